#include "reference/server/deployment.h"
#include "reference/base/clock_state.h"
#include "reference/base/text.h"
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
    struct hp_ids *ids;     /* outlives resets, so that ids are fresh across them too */
    struct hp_store *store; /* what the service works on: the innermost, or what was put around it */
    struct hp_store *innermost;
    deployment_wrap wrap; /* NULL: nothing is put around it */
    void *wrap_context;
    struct hp_service *service;
    struct hp_webhooks *webhooks; /* NULL: it delivers nothing */
    struct hp_webhook_options webhook_options;
    char *routes;   /* of the service; NULL: the shipped ones */
    bool by_itself; /* a thread delivers */
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
    deployment->store = deployment->innermost = store;
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

enum hp_status deployment_set_routes(struct deployment *deployment, const char *routes,
                                     struct hp_problem *problem) {
    enum hp_status status = hp_service_set_routes(deployment->service, routes, problem);
    char *copy = status == HP_OK ? text_copy(routes) : NULL;
    if (status == HP_OK && routes && !copy) {
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        free(deployment->routes);
        deployment->routes = copy;
    }
    return status;
}

enum hp_status deployment_decorate(struct deployment *deployment, deployment_wrap wrap, void *context,
                                   struct hp_problem *problem) {
    deployment->wrap = wrap;
    deployment->wrap_context = context;
    hp_service_free(deployment->service);
    deployment->service = NULL;
    deployment->store = wrap(deployment->store, context);
    deployment->service = deployment->store ? hp_service_new(deployment->store) : NULL;
    return deployment->service ? HP_OK : hp_problem_no_memory(problem);
}

void deployment_free(struct deployment *deployment) {
    if (deployment) {
        hp_service_free(deployment->service);
        hp_webhooks_free(deployment->webhooks);
        hp_store_free(deployment->store);
        hp_ids_free(deployment->ids);
        hp_clock_free(deployment->clock);
        pthread_mutex_destroy(&deployment->turnstile);
        pthread_rwlock_destroy(&deployment->lock);
        free(deployment->routes);
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

static enum hp_status start_webhooks(const struct deployment *deployment, struct hp_store *store,
                                     struct hp_webhooks **webhooks, struct hp_problem *problem) {
    struct hp_webhooks *made = hp_webhooks_new(store, &deployment->webhook_options);
    enum hp_status status = made ? HP_OK : hp_problem_no_memory(problem);
    if (status == HP_OK && deployment->by_itself) {
        status = hp_webhooks_start(made, problem);
    }
    if (status != HP_OK) {
        hp_webhooks_free(made);
        return status;
    }
    *webhooks = made;
    return HP_OK;
}

enum hp_status deployment_deliver(struct deployment *deployment, const struct hp_webhook_options *options,
                                  bool by_itself, struct hp_problem *problem) {
    deployment->webhook_options = *options;
    deployment->by_itself = by_itself;
    enum hp_status status = start_webhooks(deployment, deployment->store, &deployment->webhooks, problem);
    hp_service_lend_webhooks(deployment->service, deployment->webhooks);
    return status;
}

void deployment_stop_delivering(struct deployment *deployment, unsigned grace_ms) {
    if (deployment && deployment->webhooks) {
        hp_webhooks_stop(deployment->webhooks, grace_ms);
    }
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
    struct hp_store *innermost = hp_store_memory_new(deployment->clock, deployment->ids);
    struct hp_store *store =
        innermost && deployment->wrap ? deployment->wrap(innermost, deployment->wrap_context) : innermost;
    struct hp_service *service = store ? hp_service_new(store) : NULL;
    struct hp_webhooks *webhooks = NULL;
    enum hp_status status = service ? HP_OK : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = hp_service_set_routes(service, deployment->routes, problem);
    }
    if (status == HP_OK && deployment->webhooks) {
        status = start_webhooks(deployment, store, &webhooks, problem);
    }
    if (status != HP_OK) {
        hp_service_free(service);
        hp_store_free(store);
        return status;
    }
    hp_service_lend_webhooks(service, webhooks);
    hp_service_free(deployment->service);
    hp_webhooks_free(deployment->webhooks);
    hp_store_free(deployment->store);
    deployment->store = store;
    deployment->innermost = innermost;
    deployment->service = service;
    deployment->webhooks = webhooks;
    return HP_OK;
}

enum hp_status deployment_reset(struct deployment *deployment, struct hp_problem *problem) {
    lock_alone(deployment);
    enum hp_status status = deployment->in_memory ? replace_store(deployment, problem)
                                                  : postgres_empty(deployment->innermost, problem);
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
