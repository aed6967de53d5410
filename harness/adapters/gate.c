#include "harness/adapters/gate.h"

#include "harness/adapters/deadline.h"

bool gate_init(struct gate *gate) {
    *gate = (struct gate){0};
    if (pthread_mutex_init(&gate->mutex, NULL) != 0) {
        return false;
    }
    if (!deadline_condition_init(&gate->changed)) {
        pthread_mutex_destroy(&gate->mutex);
        return false;
    }
    return true;
}

void gate_release(struct gate *gate) {
    pthread_cond_destroy(&gate->changed);
    pthread_mutex_destroy(&gate->mutex);
}

void gate_enter(struct gate *gate) {
    pthread_mutex_lock(&gate->mutex);
    while (gate->shut) {
        pthread_cond_wait(&gate->changed, &gate->mutex);
    }
    gate->inside++;
    pthread_mutex_unlock(&gate->mutex);
}

void gate_leave(struct gate *gate) {
    pthread_mutex_lock(&gate->mutex);
    if (--gate->inside == 0 && gate->shut) {
        pthread_cond_broadcast(&gate->changed);
    }
    pthread_mutex_unlock(&gate->mutex);
}

bool gate_shut(struct gate *gate, unsigned timeout_ms) {
    pthread_mutex_lock(&gate->mutex);
    while (gate->shut) {
        pthread_cond_wait(&gate->changed, &gate->mutex);
    }
    gate->shut = true;
    int64_t deadline_us = deadline_after_ms(timeout_ms);
    struct timespec until = deadline_timespec(deadline_us);
    while (gate->inside > 0 && deadline_remaining_ms(deadline_us) > 0) {
        pthread_cond_timedwait(&gate->changed, &gate->mutex, &until);
    }
    bool alone = gate->inside == 0;
    pthread_mutex_unlock(&gate->mutex);
    return alone;
}

void gate_open(struct gate *gate) {
    pthread_mutex_lock(&gate->mutex);
    gate->shut = false;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->mutex);
}
