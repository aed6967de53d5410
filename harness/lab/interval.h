/* The first layer: no search. An interrupt comes into the world at most once and leaves pending at most once, so there
 * are two moments to find: each answer says before or after which of them its operation happened, hence no earlier than
 * its call or no later than its return. All of these bounds are gathered in one pass, O(n); where a lower bound lies
 * behind an upper one, the two operations that set them are the counterexample. Only when nothing says how the
 * interrupt ended, a few passes, one for each way.
 *
 * Every history that harness/lab/history.h can hold is decided. Written apart from sequential.c on purpose: the layers
 * are tested against each other. Any thread. */
#ifndef HOLDPOINT_LAB_INTERVAL_H
#define HOLDPOINT_LAB_INTERVAL_H

#include "harness/lab/judgement.h"

/* Checks one key. clock_error_ns is 0 or more. */
void interval_check(const struct history *history, size_t key, int64_t clock_error_ns,
                    struct judgement *judgement);

#endif
