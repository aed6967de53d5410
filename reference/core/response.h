/* The answer to an interrupt, and whether it fits a kind. */
#ifndef HOLDPOINT_CORE_RESPONSE_H
#define HOLDPOINT_CORE_RESPONSE_H

#include "reference/base/api.h"
#include "reference/base/problem.h"
#include "reference/core/kind.h"

#include <stdint.h>

enum { HP_TEXT_MAX_CODE_POINTS = 10000 };

/* Whether something was approved: false is a value, not an absence (REQ-RESPOND-8). */
enum hp_approval { HP_APPROVAL_NONE, HP_APPROVED, HP_DENIED };

/* An answer. Its texts are borrowed from whoever holds it: a request, or the interrupt that it resolved. */
struct hp_response {
    const char *text; /* UTF-8 of 1 to 10,000 code points; NULL: none */
    enum hp_approval approved;
    enum hp_decision decision;
    const char *data;       /* a JSON object as text, as it was given; NULL: none */
    int64_t received_at_us; /* set by the store, to the instant of resolved_at; ignored in a request */
};

/* The rules that hold whatever the kind (REQ-RESPOND-12, REQ-VALUE-8): HP_INVALID naming the field. */
HP_API enum hp_status hp_response_check(const struct hp_response *response, struct hp_problem *problem);

/* Whether the response fits a kind (REQ-RESPOND-7 to 11): HP_INVALID naming the field that is missing or too
 * much. */
HP_API enum hp_status hp_response_check_kind(const struct hp_response *response, enum hp_kind kind,
                                             struct hp_problem *problem);

#endif
