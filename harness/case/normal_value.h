/* Normal forms of single values: private to normal.c and normal_shape.c. All are for the caller to drop; NULL when
 * memory runs out. */
#ifndef HOLDPOINT_CASE_NORMAL_VALUE_H
#define HOLDPOINT_CASE_NORMAL_VALUE_H

#include "harness/case/normal.h"

#include <stdint.h>

/* Anything: what callers store, and what the contract does not describe. */
json_t *normal_value(struct normal *normal, const json_t *value);

/* Text that is no instant: UUIDs numbered, {run} put back, long text shortened to its beginning, length and hash. */
json_t *normal_words(struct normal *normal, const char *bytes, size_t length_bytes);

/* A member that the contract says is an instant; another value as normal_value. */
json_t *normal_instant(struct normal *normal, const json_t *value);

/* "{start+3600.000000}", from the named instant. */
json_t *normal_distance(const char *from, int64_t distance_us);

/* The number of a UUID, given when it is new; 0 when the value is none, or memory runs out. */
json_int_t normal_number(struct normal *normal, const json_t *value);

/* Reads an instant's text; false for any other value. */
bool instant_of(const json_t *value, int64_t *instant_us);

/* Puts a member, taking it over; false when it is NULL or memory runs out. */
bool put_member(json_t *object, const char *key, json_t *taken);

#endif
