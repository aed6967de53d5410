#include "reference/server/tally.h"

#include <errno.h>
#include <time.h>

void tally_init(struct tally *tally) {
    pthread_condattr_t attributes;
    atomic_init(&tally->under_way, 0);
    atomic_init(&tally->stopping, false);
    atomic_init(&tally->closed, false);
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

/* Counted first and looked at second: whoever closes sees either the count or is seen. */
bool tally_begin(struct tally *tally) {
    atomic_fetch_add(&tally->under_way, 1);
    if (atomic_load(&tally->closed)) {
        tally_end(tally);
        return false;
    }
    return true;
}

void tally_end(struct tally *tally) {
    if (atomic_fetch_sub(&tally->under_way, 1) == 1 && atomic_load(&tally->stopping)) {
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
    pthread_mutex_lock(&tally->mutex);
    while (atomic_load(&tally->under_way) > 0 && failure != ETIMEDOUT) {
        failure = pthread_cond_timedwait(&tally->none, &tally->mutex, deadline);
    }
    pthread_mutex_unlock(&tally->mutex);
    return atomic_load(&tally->under_way) == 0;
}

bool tally_close(struct tally *tally, unsigned seconds) {
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += (time_t)seconds;
    atomic_store(&tally->stopping, true);
    wait_for_none(tally, &deadline);
    atomic_store(&tally->closed, true);
    return wait_for_none(tally, &deadline); /* some may have begun in between */
}
