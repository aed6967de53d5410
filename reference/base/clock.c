#include "reference/base/clock.h"
#include "reference/base/clock_state.h"
#include "reference/base/instant.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct hp_clock {
    pthread_mutex_t mutex;
    int64_t last_us; /* the latest instant that was read or set */
    bool stands;     /* it was set */
};

struct hp_clock *hp_clock_new(void) {
    struct hp_clock *clock = malloc(sizeof *clock);
    if (clock) {
        *clock = (struct hp_clock){.last_us = HP_INSTANT_MIN};
        pthread_mutex_init(&clock->mutex, NULL);
    }
    return clock;
}

void hp_clock_free(struct hp_clock *clock) {
    if (clock) {
        pthread_mutex_destroy(&clock->mutex);
        free(clock);
    }
}

static int64_t system_now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * HP_SECOND_US + now.tv_nsec / 1000;
}

int64_t hp_clock_now(struct hp_clock *clock) {
    pthread_mutex_lock(&clock->mutex);
    if (!clock->stands) {
        int64_t now_us = system_now_us();
        clock->last_us = now_us > clock->last_us ? now_us : clock->last_us;
    }
    int64_t now_us = clock->last_us;
    pthread_mutex_unlock(&clock->mutex);
    return now_us;
}

enum hp_status hp_clock_set(struct hp_clock *clock, int64_t instant_us, struct hp_problem *problem) {
    if (instant_us < HP_INSTANT_MIN || instant_us > HP_INSTANT_MAX) {
        return hp_problem_set(problem, HP_INVALID, "/now", "the clock holds the years 0001 to 9999");
    }
    pthread_mutex_lock(&clock->mutex);
    bool back = instant_us < clock->last_us;
    if (!back) {
        clock->last_us = instant_us;
        clock->stands = true;
    }
    pthread_mutex_unlock(&clock->mutex);
    return back ? hp_problem_set(problem, HP_INVALID, "/now", "the clock is never set back without a reset")
                : HP_OK;
}

/* The system's instant, or the latest that was read when that lies ahead. The mutex is held. */
static void run_on(struct hp_clock *clock) {
    int64_t now_us = system_now_us();
    clock->last_us = now_us > clock->last_us ? now_us : clock->last_us;
}

bool clock_stands(struct hp_clock *clock, int64_t *instant_us) {
    pthread_mutex_lock(&clock->mutex);
    bool stands = clock->stands;
    if (!stands) {
        run_on(clock);
    }
    *instant_us = clock->last_us;
    pthread_mutex_unlock(&clock->mutex);
    return stands;
}

void clock_restart(struct hp_clock *clock) {
    pthread_mutex_lock(&clock->mutex);
    clock->stands = false;
    clock->last_us = HP_INSTANT_MIN;
    pthread_mutex_unlock(&clock->mutex);
}
