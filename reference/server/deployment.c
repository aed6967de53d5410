#include "reference/server/deployment.h"
#include "reference/base/clock_state.h"
#include "reference/store/calls.h"
#include "reference/store/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct deployment {
    pthread_rwlock_t lock; /* operations share it; a reset and a new time have it alone */
    pthread_mutex_t
        turnstile; /* held by who waits to have it alone, since operations would overtake him for ever */
    atomic_bool awaited; /* the turnstile is held */
    struct hp_clock *clock;
    struct hp_ids *ids; /* outlives resets, so that ids are fresh across them too */
    struct hp_store *store;
    struct hp_service *service;
    bool in_memory;
};

static struct deployment *deployment_new(void) {
    struct deployment *deployment = calloc(1, sizeof *deployment);
    if (!deployment) {
        return NULL;
    }
    pthread_rwlock_init(&deployment->lock, NULL);
    pthread_mutex_init(&deployment->turnstile, NULL);
    atomic_init(&deployment->awaited, false);
    deployment->clock = hp_clock_new();
    deployment->ids = hp_ids_random_new();
    if (!deployment->clock || !deployment->ids) {
        deployment_free(deployment);
        return NULL;
    }
    return deployment;
}

/* Puts a service over the store, which it takes over; NULL, and all freed, when one of them is not there. */
static struct deployment *complete(struct deployment *deployment, struct hp_store *store) {
    deployment->store = store;
    deployment->service = store ? hp_service_new(store) : NULL;
    if (!deployment->service) {
        deployment_free(deployment);
        return NULL;
    }
    return deployment;
}

struct deployment *deployment_memory_new(void) {
    struct deployment *deployment = deployment_new();
    if (!deployment) {
        return NULL;
    }
    deployment->in_memory = true;
    return complete(deployment, hp_store_memory_new(deployment->clock, deployment->ids));
}

struct deployment *deployment_postgres_new(const char *conninfo, const char *schema) {
    struct deployment *deployment = deployment_new();
    if (!deployment) {
        return NULL;
    }
    const struct hp_postgres_options options = {
        .schema = schema, .clock = deployment->clock, .ids = deployment->ids};
    return complete(deployment, hp_store_postgres_new(conninfo, &options));
}

void deployment_free(struct deployment *deployment) {
    if (deployment) {
        hp_service_free(deployment->service);
        hp_store_free(deployment->store);
        hp_ids_free(deployment->ids);
        hp_clock_free(deployment->clock);
        pthread_mutex_destroy(&deployment->turnstile);
        pthread_rwlock_destroy(&deployment->lock);
        free(deployment);
    }
}

struct hp_service *deployment_enter(struct deployment *deployment) {
    if (atomic_load_explicit(&deployment->awaited, memory_order_relaxed)) {
        pthread_mutex_lock(&deployment->turnstile);
        pthread_mutex_unlock(&deployment->turnstile);
    }
    pthread_rwlock_rdlock(&deployment->lock);
    return deployment->service;
}

void deployment_leave(struct deployment *deployment) {
    pthread_rwlock_unlock(&deployment->lock);
}

static void lock_alone(struct deployment *deployment) {
    pthread_mutex_lock(&deployment->turnstile);
    atomic_store(&deployment->awaited, true);
    pthread_rwlock_wrlock(&deployment->lock);
    atomic_store(&deployment->awaited, false);
    pthread_mutex_unlock(&deployment->turnstile);
}

/* A fresh store and service in place of the old ones. */
static enum hp_status replace_store(struct deployment *deployment, struct hp_problem *problem) {
    struct hp_store *store = hp_store_memory_new(deployment->clock, deployment->ids);
    struct hp_service *service = store ? hp_service_new(store) : NULL;
    if (!service) {
        hp_store_free(store);
        return hp_problem_no_memory(problem);
    }
    hp_service_free(deployment->service);
    hp_store_free(deployment->store);
    deployment->store = store;
    deployment->service = service;
    return HP_OK;
}

enum hp_status deployment_reset(struct deployment *deployment, struct hp_problem *problem) {
    lock_alone(deployment);
    enum hp_status status = deployment->in_memory ? replace_store(deployment, problem)
                                                  : postgres_empty(deployment->store, problem);
    if (status == HP_OK) {
        clock_restart(deployment->clock);
    }
    pthread_rwlock_unlock(&deployment->lock);
    return status;
}

enum hp_status deployment_set_clock(struct deployment *deployment, int64_t now_us,
                                    struct hp_problem *problem) {
    lock_alone(deployment);
    enum hp_status status = hp_clock_set(deployment->clock, now_us, problem);
    pthread_rwlock_unlock(&deployment->lock);
    return status;
}
