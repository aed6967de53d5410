/* Brings a target to where a case begins: private to scenario.c. */
#ifndef HOLDPOINT_CASE_PREPARE_H
#define HOLDPOINT_CASE_PREPARE_H

#include "harness/case/outcome.h"

#include <stdbool.h>

/* Resets the target when it can be, sets the clock to the case's start, fills the scope with {run}, the start
 * and the row. False when the case ends here; the result then says why. */
bool prepare(struct scenario *scenario);

/* Sets the target's clock, as the step with that index or RECORD_SETUP. False when the case ends here. */
bool clock_set(struct scenario *scenario, int step, int64_t instant_us);

/* The monotonic clock in microseconds. */
int64_t monotonic_us(void);

#endif
