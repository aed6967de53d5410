/* What every store promises of requests with a key, over the store of a bench. Everything here fails the running test by
 * cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_KEYS_H
#define HOLDPOINT_SELF_SUPPORT_KEYS_H

#include "suites/self/support_bench.h"

void keys_repeat_a_creation(struct bench *bench);
void keys_repeat_a_response(struct bench *bench);
void keys_belong_to_one_request(struct bench *bench);
void keys_of_refusals_are_free(struct bench *bench);
void keys_last_a_day(struct bench *bench);

/* Threads create and respond with one key at once: each is carried out once. */
void keys_in_a_race(struct bench *bench);

#endif
