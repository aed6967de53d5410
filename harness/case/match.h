/* Holds an answer against an expectation. */
#ifndef HOLDPOINT_CASE_MATCH_H
#define HOLDPOINT_CASE_MATCH_H

#include "harness/case/expectation.h"
#include "harness/case/scope.h"

#include <jansson.h>
#include <stdbool.h>

enum { SHOWN_BYTES_MAX = 200 };

/* The first difference: where, what was asked for, what is there. Zeroed it holds nothing. The texts are
 * short: what is longer than SHOWN_BYTES_MAX is cut. */
struct difference {
    char *path; /* JSON Pointer into the answer; "" for the whole */
    char *expected;
    char *got;
};

void difference_release(struct difference *difference);

/* HP_OK when the value matches; NULL stands for a missing one. HP_INVALID when it does not: *difference,
 * which may be NULL, then says where, and the caller releases it. HP_INTERNAL when memory runs out. */
enum hp_status expectation_match(const struct matcher *matcher, const json_t *value,
                                 const struct scope *scope, struct difference *difference);

/* True for a UUID in lower-case canonical text. */
bool value_is_uuid(const json_t *value);

#endif
