/* Normal forms of arrays whose order the contract leaves free: private to normal.c. All are for the caller to drop;
 * NULL when memory runs out. What is no array is taken as any value. */
#ifndef HOLDPOINT_CASE_NORMAL_ORDER_H
#define HOLDPOINT_CASE_NORMAL_ORDER_H

#include "harness/case/normal.h"

/* The ids of a sweep, the events of a drain: the case's own, by interrupt. */
json_t *normal_ids(struct normal *normal, const json_t *value);
json_t *normal_events(struct normal *normal, const json_t *value);

/* The rows of a list; normal->several says whether they are all. */
json_t *normal_rows(struct normal *normal, const json_t *value);

/* The newest of several interrupts. */
json_t *normal_newest(struct normal *normal, const json_t *value);

/* Words in any order. */
json_t *normal_set(struct normal *normal, const json_t *value);

#endif
