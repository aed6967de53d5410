/* Normal forms of the contract's records: private to normal.c. All are for the caller to drop; NULL when memory runs
 * out. What is not of the shape is taken as any value. */
#ifndef HOLDPOINT_CASE_NORMAL_SHAPE_H
#define HOLDPOINT_CASE_NORMAL_SHAPE_H

#include "harness/case/normal.h"

json_t *normal_interrupt(struct normal *normal, const json_t *value);
json_t *normal_event(struct normal *normal, const json_t *value);

/* True when another interrupt of the case was created at the same instant; loose: when there is another one at all. */
bool normal_is_tied(const struct normal *normal, const json_t *interrupt);

/* What is left of a tied one. */
json_t *normal_tied(const json_t *interrupt);

#endif
