#include "reference/core/ratelimit.h"

static const struct {
    const char *name;
    int64_t length_us, limit;
} windows[] = {
#define X(constant, name, seconds, limit) {name, seconds * HP_SECOND_US, limit},
    HP_RATE_WINDOW_LIST(X)
#undef X
};

const char *hp_rate_window_name(enum hp_rate_window window) {
    return windows[window].name;
}

int64_t hp_rate_window_us(enum hp_rate_window window) {
    return windows[window].length_us;
}

struct hp_rate_limits hp_rate_limits_default(void) {
    struct hp_rate_limits limits;
    for (int i = 0; i < HP_RATE_WINDOW_COUNT; i++) {
        limits.most[i] = windows[i].limit;
    }
    return limits;
}

/* How many instants are later than that one: those of a window that begins there. */
static size_t count_after(const int64_t *instants_us, size_t count, int64_t begin_us) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (instants_us[middle] > begin_us) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return count - low;
}

struct hp_rate_facts hp_rate_count(const int64_t *instants_us, size_t count, int64_t now_us,
                                   const struct hp_rate_limits *limits) {
    struct hp_rate_facts facts;
    for (int i = 0; i < HP_RATE_WINDOW_COUNT; i++) {
        int64_t most = limits->most[i];
        size_t within = count_after(instants_us, count, now_us - windows[i].length_us);
        bool full = most > 0 && within >= (uint64_t)most;
        facts.count[i] = (int64_t)within;
        facts.filler_us[i] = full ? instants_us[count - (size_t)most] : HP_INSTANT_NONE;
    }
    return facts;
}

struct hp_rate_verdict hp_rate_judge(const struct hp_rate_facts *facts, const struct hp_rate_limits *limits,
                                     int64_t now_us) {
    struct hp_rate_verdict verdict = {.allowed = true, .remaining = -1};
    for (int i = 0; i < HP_RATE_WINDOW_COUNT; i++) {
        int64_t most = limits->most[i];
        if (most <= 0) {
            continue;
        }
        int64_t left = facts->count[i] < most ? most - facts->count[i] - 1 : 0;
        verdict.remaining = verdict.remaining < 0 || left < verdict.remaining ? left : verdict.remaining;
        int64_t wait_us = facts->count[i] < most ? 0 : facts->filler_us[i] + windows[i].length_us - now_us;
        if (wait_us > verdict.retry_after_us) {
            verdict.allowed = false;
            verdict.window = (enum hp_rate_window)i;
            verdict.count = facts->count[i];
            verdict.limit = most;
            verdict.retry_after_us = wait_us;
        }
    }
    return verdict;
}
