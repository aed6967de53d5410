#include "harness/adapters/deadline.h"

#include <limits.h>

static int64_t monotonic_us(void) {
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t deadline_after_ms(unsigned wait_ms) {
    return monotonic_us() + (int64_t)wait_ms * 1000;
}

int deadline_remaining_ms(int64_t deadline_us) {
    int64_t rest_us = deadline_us - monotonic_us();
    if (rest_us <= 0) {
        return 0;
    }
    int64_t rest_ms = (rest_us + 999) / 1000;
    return rest_ms > INT_MAX ? INT_MAX : (int)rest_ms;
}

bool deadline_condition_init(pthread_cond_t *condition) {
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) {
        return false;
    }
    bool done = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return done;
}

struct timespec deadline_timespec(int64_t deadline_us) {
    return (struct timespec){.tv_sec = (time_t)(deadline_us / 1000000),
                             .tv_nsec = (long)(deadline_us % 1000000) * 1000};
}
