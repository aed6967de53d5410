#include "reference/server/tally.h"

#include <errno.h>
#include <time.h>

/* The bit of under_way that says that no more begin. */
static const unsigned TALLY_CLOSED = 1U << 31;

void tally_init(struct tally *tally) {
    pthread_condattr_t attributes;
    atomic_init(&tally->under_way, 0);
    atomic_init(&tally->stopping, false);
    pthread_mutex_init(&tally->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&tally->none, &attributes);
    pthread_condattr_destroy(&attributes);
}

void tally_release(struct tally *tally) {
    pthread_cond_destroy(&tally->none);
    pthread_mutex_destroy(&tally->mutex);
}

static bool is_empty(unsigned under_way) {
    return (under_way & ~TALLY_CLOSED) == 0;
}

/* Looks and counts in one step: one that is refused is never seen by whoever waits. */
bool tally_begin(struct tally *tally) {
    unsigned under_way = atomic_load(&tally->under_way);
    do {
        if (under_way & TALLY_CLOSED) {
            return false;
        }
    } while (!atomic_compare_exchange_weak(&tally->under_way, &under_way, under_way + 1));
    return true;
}

void tally_end(struct tally *tally) {
    if (is_empty(atomic_fetch_sub(&tally->under_way, 1) - 1) && atomic_load(&tally->stopping)) {
        pthread_mutex_lock(&tally->mutex);
        pthread_cond_broadcast(&tally->none);
        pthread_mutex_unlock(&tally->mutex);
    }
}

bool tally_is_stopping(const struct tally *tally) {
    return atomic_load(&tally->stopping);
}

static bool wait_for_none(struct tally *tally, const struct timespec *deadline) {
    int failure = 0;
    bool empty;
    pthread_mutex_lock(&tally->mutex);
    while (!(empty = is_empty(atomic_load(&tally->under_way))) && failure != ETIMEDOUT) {
        failure = pthread_cond_timedwait(&tally->none, &tally->mutex, deadline);
    }
    pthread_mutex_unlock(&tally->mutex);
    return empty;
}

bool tally_close(struct tally *tally, unsigned seconds) {
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += (time_t)seconds;
    atomic_store(&tally->stopping, true);
    wait_for_none(tally, &deadline);
    atomic_fetch_or(&tally->under_way, TALLY_CLOSED);
    return wait_for_none(tally, &deadline); /* some may have begun in between */
}
