#include "suites/self/support_faulty_store.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reference/store/calls.h"

struct faulty_store {
    struct hp_store store; /* first, so that a store is its faulty_store */
    struct hp_store *inner;
    pthread_mutex_t mutex;
    struct hp_interrupt *cached; /* NULL: none */
};

static struct faulty_store *faulty_of(struct hp_store *store) {
    return (struct faulty_store *)store;
}

static enum hp_status pass_create(struct hp_store *store, const struct hp_create *create,
                                  struct hp_interrupt **created, struct hp_problem *problem) {
    return store_create(faulty_of(store)->inner, create, created, problem);
}

static enum hp_status pass_get(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                               struct hp_problem *problem) {
    return store_get(faulty_of(store)->inner, id, shown, problem);
}

static enum hp_status pass_list(struct hp_store *store, const struct hp_query *query,
                                const struct hp_position *after, struct hp_page *page,
                                struct hp_problem *problem) {
    return store_list(faulty_of(store)->inner, query, after, page, problem);
}

static enum hp_status pass_expire(struct hp_store *store, struct hp_id_list *ids,
                                  struct hp_problem *problem) {
    return store_expire_due(faulty_of(store)->inner, ids, problem);
}

static enum hp_status pass_take(struct hp_store *store, size_t max, struct hp_event_list *events,
                                struct hp_problem *problem) {
    return store_outbox_take(faulty_of(store)->inner, max, events, problem);
}

static enum hp_status pass_settle(struct hp_store *store, const struct hp_event *event,
                                  enum hp_delivery delivery, struct hp_problem *problem) {
    return store_outbox_settle(faulty_of(store)->inner, event, delivery, problem);
}

static void faulty_free(struct hp_store *store) {
    struct faulty_store *own = faulty_of(store);
    hp_interrupt_free(own->cached);
    pthread_mutex_destroy(&own->mutex);
    hp_store_free(own->inner);
    free(own);
}

/* What was read decides; that the write came too late is not looked at. */
static enum hp_status change_unguarded(struct hp_store *store, const struct hp_change *change,
                                       struct hp_interrupt **after, struct hp_problem *problem) {
    struct faulty_store *own = faulty_of(store);
    struct hp_interrupt *read = NULL, *made = NULL, *written = NULL;
    enum hp_status status = store_get(own->inner, change->id, &read, problem);
    if (status == HP_OK) {
        status = hp_transition(read, change, read->created_at_us, &made, problem);
    }
    hp_interrupt_free(read);
    if (status != HP_OK) {
        return status;
    }
    if (store_change(own->inner, change, &written, NULL) == HP_OK) {
        hp_interrupt_free(made);
        made = written;
    }
    *after = made;
    return HP_OK;
}

/* Another interrupt in the cache, or none; owned. */
static void put_cached(struct faulty_store *own, struct hp_interrupt *cached) {
    pthread_mutex_lock(&own->mutex);
    hp_interrupt_free(own->cached);
    own->cached = cached;
    pthread_mutex_unlock(&own->mutex);
}

static struct hp_interrupt *copy_cached(struct faulty_store *own, const char *id) {
    pthread_mutex_lock(&own->mutex);
    bool holds = own->cached && strcmp(own->cached->id, id) == 0;
    struct hp_interrupt *copy = holds ? hp_interrupt_new(own->cached) : NULL;
    pthread_mutex_unlock(&own->mutex);
    return copy;
}

static enum hp_status get_cached(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                                 struct hp_problem *problem) {
    struct faulty_store *own = faulty_of(store);
    *shown = copy_cached(own, id);
    if (*shown) {
        return HP_OK;
    }
    enum hp_status status = store_get(own->inner, id, shown, problem);
    if (status == HP_OK) {
        put_cached(own, hp_interrupt_new(*shown));
    }
    return status;
}

static enum hp_status change_and_forget(struct hp_store *store, const struct hp_change *change,
                                        struct hp_interrupt **after, struct hp_problem *problem) {
    struct faulty_store *own = faulty_of(store);
    enum hp_status status = store_change(own->inner, change, after, problem);
    put_cached(own, NULL);
    return status;
}

static const struct hp_store_ops unguarded_operations = {
    .create = pass_create,
    .get = pass_get,
    .list = pass_list,
    .change = change_unguarded,
    .expire_due = pass_expire,
    .outbox_take = pass_take,
    .outbox_settle = pass_settle,
    .free = faulty_free,
};

static const struct hp_store_ops cached_operations = {
    .create = pass_create,
    .get = get_cached,
    .list = pass_list,
    .change = change_and_forget,
    .expire_due = pass_expire,
    .outbox_take = pass_take,
    .outbox_settle = pass_settle,
    .free = faulty_free,
};

static struct hp_store *faulty_new(struct hp_store *inner, const struct hp_store_ops *operations) {
    struct faulty_store *own = calloc(1, sizeof *own);
    assert_non_null(own);
    own->store.ops = operations;
    own->inner = inner;
    pthread_mutex_init(&own->mutex, NULL);
    return &own->store;
}

struct hp_store *faulty_no_guard(struct hp_store *inner, void *context) {
    (void)context;
    return faulty_new(inner, &unguarded_operations);
}

struct hp_store *faulty_cache(struct hp_store *inner, void *context) {
    (void)context;
    return faulty_new(inner, &cached_operations);
}
