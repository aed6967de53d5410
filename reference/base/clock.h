/* The clock that a store reads: the system's, until it is set; then it stands still until set again. */
#ifndef HOLDPOINT_BASE_CLOCK_H
#define HOLDPOINT_BASE_CLOCK_H

#include "reference/base/api.h"
#include "reference/base/problem.h"

#include <stdint.h>

/* Safe for any number of threads. Never runs backwards, whatever the system's clock does. */
struct hp_clock;

/* A clock that runs with the system's. NULL when memory runs out. The caller frees it, after all stores that
 * read it. */
HP_API struct hp_clock *hp_clock_new(void);

/* NULL is allowed. */
HP_API void hp_clock_free(struct hp_clock *clock);

/* The present instant, in microseconds as hp_instant_parse gives them. */
HP_API int64_t hp_clock_now(struct hp_clock *clock);

/* Stops the clock at an instant (REQ-TIME-8). HP_INVALID, field /now, when the clock was set to a later one
 * or has shown a later one before, or when the instant lies outside the years 0001 to 9999. A fresh clock
 * that nobody has read yet can be set to any. */
HP_API enum hp_status hp_clock_set(struct hp_clock *clock, int64_t instant_us, struct hp_problem *problem);

#endif
