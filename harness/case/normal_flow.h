/* Normal forms of envelopes: private to normal.c. For the caller to drop; NULL when memory runs out. What is no object is taken as
 * any value; of one the 37 fields stay, where null is absent. */
#ifndef HOLDPOINT_CASE_NORMAL_FLOW_H
#define HOLDPOINT_CASE_NORMAL_FLOW_H

#include "harness/case/normal.h"

/* One that was only read and written: all that the caller gave, to the last member of its interrupt. */
json_t *normal_envelope(struct normal *normal, const json_t *value);

/* One to which something happened. What the service notes about its running, and how it puts the reason of its end, is its own
 * affair: of the history the names of the stages stay, counters and states of stages do not. */
json_t *normal_flow(struct normal *normal, const json_t *value);

/* A number of any type: 60 and 60.0 are the same. */
json_t *normal_amount(struct normal *normal, const json_t *value);

#endif
