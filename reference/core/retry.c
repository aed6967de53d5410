#include "reference/core/retry.h"
#include "reference/base/instant.h"

#define DELAY_MOST_US (24 * 3600 * HP_SECOND_US)

enum retry_verdict retry_judge(int status) {
    if (status >= 200 && status < 300) {
        return RETRY_DELIVERED;
    }
    return status >= 400 && status < 500 && status != 408 && status != 429 ? RETRY_NEVER : RETRY_LATER;
}

int64_t retry_delay_us(int64_t base_us, unsigned tries, unsigned jitter_permille, uint64_t random) {
    int64_t delay_us = base_us;
    for (unsigned i = 1; i < tries && delay_us < DELAY_MOST_US; i++) {
        delay_us *= 2;
    }
    delay_us = delay_us < DELAY_MOST_US ? delay_us : DELAY_MOST_US;
    int64_t share = (int64_t)(random % 1001); /* in thousandths of the jitter */
    return delay_us + delay_us / 1000 * (int64_t)jitter_permille * share / 1000;
}
