/* Deadlines by the monotonic clock, which nobody sets. */
#ifndef HOLDPOINT_ADAPTERS_DEADLINE_H
#define HOLDPOINT_ADAPTERS_DEADLINE_H

#include <stdint.h>
#include <time.h>

/* The instant so many milliseconds from now, in microseconds of the monotonic clock. */
int64_t deadline_after_ms(unsigned wait_ms);

/* How long until then, rounded up, for poll(); 0 when it has passed. */
int deadline_remaining_ms(int64_t deadline_us);

/* The same instant for pthread_cond_timedwait on a condition of CLOCK_MONOTONIC. */
struct timespec deadline_timespec(int64_t deadline_us);

#endif
