#include "harness/adapters/sluice.h"

#include "harness/adapters/deadline.h"

bool sluice_init(struct sluice *sluice) {
    *sluice = (struct sluice){0};
    if (pthread_mutex_init(&sluice->mutex, NULL) != 0) {
        return false;
    }
    if (!deadline_condition_init(&sluice->changed)) {
        pthread_mutex_destroy(&sluice->mutex);
        return false;
    }
    return true;
}

void sluice_release(struct sluice *sluice) {
    pthread_cond_destroy(&sluice->changed);
    pthread_mutex_destroy(&sluice->mutex);
}

void sluice_enter(struct sluice *sluice) {
    pthread_mutex_lock(&sluice->mutex);
    while (sluice->shut) {
        pthread_cond_wait(&sluice->changed, &sluice->mutex);
    }
    sluice->inside++;
    pthread_mutex_unlock(&sluice->mutex);
}

void sluice_leave(struct sluice *sluice) {
    pthread_mutex_lock(&sluice->mutex);
    if (--sluice->inside == 0 && sluice->shut) {
        pthread_cond_broadcast(&sluice->changed);
    }
    pthread_mutex_unlock(&sluice->mutex);
}

bool sluice_shut(struct sluice *sluice, unsigned timeout_ms) {
    pthread_mutex_lock(&sluice->mutex);
    while (sluice->shut) {
        pthread_cond_wait(&sluice->changed, &sluice->mutex);
    }
    sluice->shut = true;
    int64_t deadline_us = deadline_after_ms(timeout_ms);
    struct timespec until = deadline_timespec(deadline_us);
    while (sluice->inside > 0 && deadline_remaining_ms(deadline_us) > 0) {
        pthread_cond_timedwait(&sluice->changed, &sluice->mutex, &until);
    }
    bool alone = sluice->inside == 0;
    pthread_mutex_unlock(&sluice->mutex);
    return alone;
}

void sluice_open(struct sluice *sluice) {
    pthread_mutex_lock(&sluice->mutex);
    sluice->shut = false;
    pthread_cond_broadcast(&sluice->changed);
    pthread_mutex_unlock(&sluice->mutex);
}
