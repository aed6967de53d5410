/* What becomes of a delivery after a try, pure: the rule of statuses, and how long to wait. */
#ifndef HOLDPOINT_CORE_RETRY_H
#define HOLDPOINT_CORE_RETRY_H

#include <stdint.h>

enum retry_verdict {
    RETRY_DELIVERED, /* 2xx */
    RETRY_LATER,     /* no answer at all, a redirect, 408, 429, 5xx, anything else */
    RETRY_NEVER,     /* 4xx but 408 and 429: asking again would be answered the same */
};

/* status 0: there was no answer. */
enum retry_verdict retry_judge(int status);

/* How long to wait after so many failed tries (1 or more): base, twice, four times as long, ..., at most a day; then up
 * to jitter_permille thousandths of it more, never less, as `random` (any bits) has it. */
int64_t retry_delay_us(int64_t base_us, unsigned tries, unsigned jitter_permille, uint64_t random);

#endif
