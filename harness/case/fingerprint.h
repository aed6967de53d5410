/* A short mark of what failed and how, the same in every run of the same fault. */
#ifndef HOLDPOINT_CASE_FINGERPRINT_H
#define HOLDPOINT_CASE_FINGERPRINT_H

#include "harness/case/verdict.h"

/* Fills in result->fingerprint from its requirements, reason, path, expected and got. UUIDs, instants, the
 * run's suffix and array indexes count for nothing, and of an object or array in `got` only that it is one.
 * The step's number is left out too, so that a case may get another step without all baselines going
 * stale. */
void fingerprint_make(struct case_result *result, const char *run);

#endif
