/* The third layer, for the tests of the other two: every order of up to BRUTE_OPERATIONS_MAX operations, with nothing
 * clever about it. Any thread. */
#ifndef HOLDPOINT_LAB_BRUTE_H
#define HOLDPOINT_LAB_BRUTE_H

#include "harness/lab/judgement.h"

enum { BRUTE_OPERATIONS_MAX = 8 };

/* Checks one key; UNDECIDED when it has more operations. A violation names no operation. clock_error_ns is 0 or more. */
void brute_check(const struct history *history, size_t key, int64_t clock_error_ns,
                 struct judgement *judgement);

#endif
