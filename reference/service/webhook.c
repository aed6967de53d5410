#include "reference/service/webhook.h"
#include "reference/service/webhook_worker.h"
#include "reference/store/calls.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { POLL_MS = 250, FLUSH_WAIT_MS = 100 };

struct hp_webhooks {
    struct hp_store *store;
    pthread_mutex_t mutex; /* whoever has it may step the worker */
    struct webhook_worker *worker;
    unsigned poll_ms;
    bool discard_events;
    pthread_t thread;
    pthread_cond_t called; /* ends the rest of the thread */
    bool running;          /* of whoever starts and stops */
    atomic_int flushes;    /* under way; the thread lets them go first */
    atomic_bool ending;    /* the thread is to end */
    int64_t deadline_ms;   /* when it ends at the latest; written before `ending` */
};

struct hp_webhooks *hp_webhooks_new(struct hp_store *store, const struct hp_webhook_options *options) {
    static const struct hp_webhook_options none = {0};
    options = options ? options : &none;
    struct hp_webhooks *webhooks = calloc(1, sizeof *webhooks);
    if (!webhooks) {
        return NULL;
    }
    webhooks->store = store;
    webhooks->poll_ms = options->poll_ms ? options->poll_ms : POLL_MS;
    webhooks->discard_events = options->discard_events;
    webhooks->worker = webhook_worker_new(store, options);
    if (!webhooks->worker) {
        free(webhooks);
        return NULL;
    }
    pthread_mutex_init(&webhooks->mutex, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&webhooks->called, &monotonic);
    pthread_condattr_destroy(&monotonic);
    atomic_init(&webhooks->flushes, 0);
    atomic_init(&webhooks->ending, false);
    return webhooks;
}

void hp_webhooks_free(struct hp_webhooks *webhooks) {
    if (webhooks) {
        hp_webhooks_stop(webhooks, 0);
        webhook_worker_free(webhooks->worker);
        pthread_cond_destroy(&webhooks->called);
        pthread_mutex_destroy(&webhooks->mutex);
        free(webhooks);
    }
}

static enum hp_status step(struct hp_webhooks *webhooks, bool take, unsigned wait_ms,
                           struct hp_webhook_counts *counts, bool *idle, struct hp_problem *problem) {
    pthread_mutex_lock(&webhooks->mutex);
    enum hp_status status = webhook_worker_step(webhooks->worker, take, wait_ms, counts, idle, problem);
    pthread_mutex_unlock(&webhooks->mutex);
    return status;
}

enum hp_status hp_webhooks_flush(struct hp_webhooks *webhooks, struct hp_webhook_counts *counts,
                                 struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    bool idle = false;
    *counts = (struct hp_webhook_counts){0};
    atomic_fetch_add(&webhooks->flushes, 1);
    webhook_worker_wake(webhooks->worker);
    while (status == HP_OK && !idle) {
        status = step(webhooks, true, FLUSH_WAIT_MS, counts, &idle, problem);
    }
    atomic_fetch_sub(&webhooks->flushes, 1);
    return status;
}

static int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void discard_events(struct hp_webhooks *webhooks) {
    struct hp_event_list events = {0};
    if (store_outbox_take(webhooks->store, 1000, &events, NULL) == HP_OK) {
        for (size_t i = 0; i < events.count; i++) {
            store_outbox_settle(webhooks->store, events.events[i], HP_DELIVERED, NULL);
        }
    }
    hp_event_list_release(&events);
}

/* Until there may be something new to do. */
static void rest(struct hp_webhooks *webhooks) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(webhooks->poll_ms % 1000) * 1000000;
    until.tv_sec += webhooks->poll_ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&webhooks->mutex);
    int waited = 0;
    while (waited == 0 && !atomic_load(&webhooks->ending)) {
        waited = pthread_cond_timedwait(&webhooks->called, &webhooks->mutex, &until);
    }
    pthread_mutex_unlock(&webhooks->mutex);
}

/* A store that is away is asked again after a rest. */
static void *deliver(void *argument) {
    struct hp_webhooks *webhooks = argument;
    struct hp_webhook_counts counts = {0};
    bool idle = false;
    while (!atomic_load(&webhooks->ending)) {
        enum hp_status status = step(webhooks, true, webhooks->poll_ms, &counts, &idle, NULL);
        if (webhooks->discard_events) {
            discard_events(webhooks);
        }
        if (idle || status != HP_OK || atomic_load(&webhooks->flushes) > 0) {
            rest(webhooks);
        }
    }
    int64_t left_ms;
    while (!idle && (left_ms = webhooks->deadline_ms - clock_ms()) > 0) {
        unsigned wait_ms = left_ms < webhooks->poll_ms ? (unsigned)left_ms : webhooks->poll_ms;
        step(webhooks, false, wait_ms, &counts, &idle, NULL);
    }
    return NULL;
}

enum hp_status hp_webhooks_start(struct hp_webhooks *webhooks, struct hp_problem *problem) {
    if (webhooks->running) {
        return hp_problem_set(problem, HP_CONFLICT, NULL, "the webhooks are being delivered already");
    }
    atomic_store(&webhooks->ending, false);
    if (pthread_create(&webhooks->thread, NULL, deliver, webhooks) != 0) {
        return hp_problem_set(problem, HP_INTERNAL, NULL, "there is no thread to deliver webhooks");
    }
    webhooks->running = true;
    return HP_OK;
}

void hp_webhooks_stop(struct hp_webhooks *webhooks, unsigned grace_ms) {
    if (!webhooks->running) {
        return;
    }
    webhooks->deadline_ms = clock_ms() + grace_ms;
    atomic_store(&webhooks->ending, true);
    webhook_worker_wake(webhooks->worker); /* whether it waits for an endpoint or rests */
    pthread_mutex_lock(&webhooks->mutex);
    pthread_cond_signal(&webhooks->called);
    pthread_mutex_unlock(&webhooks->mutex);
    pthread_join(webhooks->thread, NULL);
    webhooks->running = false;
    pthread_mutex_lock(&webhooks->mutex);
    webhook_worker_abandon(webhooks->worker);
    pthread_mutex_unlock(&webhooks->mutex);
}
