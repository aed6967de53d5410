/* Deadlines by the monotonic clock, which nobody sets. */
#ifndef HOLDPOINT_ADAPTERS_DEADLINE_H
#define HOLDPOINT_ADAPTERS_DEADLINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* The instant so many milliseconds from now, in microseconds of the monotonic clock. */
int64_t deadline_after_ms(unsigned wait_ms);

/* How long until then, rounded up, for poll(); 0 when it has passed. */
int deadline_remaining_ms(int64_t deadline_us);

/* Makes a condition that is timed by this clock. False when the system has none to give. */
bool deadline_condition_init(pthread_cond_t *condition);

/* The same instant for pthread_cond_timedwait on such a condition. */
struct timespec deadline_timespec(int64_t deadline_us);

#endif
