#include "harness/adapters/yield_store.h"

#include "reference/store/store.h"

#include <stdlib.h>

struct yield_store {
    struct hp_store store; /* first, so that a store is its yield_store */
    struct hp_store *inner;
    struct yield *yield;
};

void yield_init(struct yield *yield) {
    atomic_init(&yield->gate, NULL);
    pthread_rwlock_init(&yield->lock, NULL);
}

void yield_release(struct yield *yield) {
    pthread_rwlock_destroy(&yield->lock);
}

static void pass(const struct yield_store *own, const char *point) {
    struct gate *gate = atomic_load(&own->yield->gate);
    if (gate) {
        gate->pass(gate, point);
    }
}

/* Comes to the point, and then to the store. */
static struct hp_store *enter(struct hp_store *store, const char *point) {
    const struct yield_store *own = (struct yield_store *)store;
    pass(own, point);
    pthread_rwlock_rdlock(&own->yield->lock);
    return own->inner;
}

static enum hp_status leave(struct hp_store *store, const char *point, enum hp_status status) {
    const struct yield_store *own = (struct yield_store *)store;
    pthread_rwlock_unlock(&own->yield->lock);
    pass(own, point);
    return status;
}

static enum hp_status yield_create(struct hp_store *store, const struct hp_create *create,
                                   struct hp_interrupt **created, struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "create");
    return leave(store, "create.done", inner->ops->create(inner, create, created, problem));
}

static enum hp_status yield_get(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                                struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "get");
    return leave(store, "get.done", inner->ops->get(inner, id, shown, problem));
}

static enum hp_status yield_list(struct hp_store *store, const struct hp_query *query,
                                 const struct hp_position *after, struct hp_page *page,
                                 struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "list");
    return leave(store, "list.done", inner->ops->list(inner, query, after, page, problem));
}

static enum hp_status yield_change(struct hp_store *store, const struct hp_change *change,
                                   struct hp_interrupt **after, struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "change");
    return leave(store, "change.done", inner->ops->change(inner, change, after, problem));
}

static enum hp_status yield_expire_due(struct hp_store *store, struct hp_id_list *ids,
                                       struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "sweep");
    return leave(store, "sweep.done", inner->ops->expire_due(inner, ids, problem));
}

static enum hp_status yield_outbox_take(struct hp_store *store, size_t max, struct hp_event_list *events,
                                        struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "take");
    return leave(store, "take.done", inner->ops->outbox_take(inner, max, events, problem));
}

static enum hp_status yield_outbox_settle(struct hp_store *store, const struct hp_event *event,
                                          enum hp_delivery delivery, struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "settle");
    return leave(store, "settle.done", inner->ops->outbox_settle(inner, event, delivery, problem));
}

static enum hp_status yield_subscribe(struct hp_store *store, const struct hp_subscription *subscription,
                                      char id[HP_ID_SIZE], struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "subscribe");
    return leave(store, "subscribe.done", inner->ops->subscribe(inner, subscription, id, problem));
}

static enum hp_status yield_webhooks_take(struct hp_store *store, const struct hp_webhook_appetite *appetite,
                                          struct hp_webhook_list *list, struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "webhook.take");
    return leave(store, "webhook.take.done", inner->ops->webhooks_take(inner, appetite, list, problem));
}

static enum hp_status yield_webhook_settle(struct hp_store *store, const struct hp_webhook_delivery *delivery,
                                           const struct hp_webhook_attempt *attempt,
                                           struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "webhook.settle");
    return leave(store, "webhook.settle.done", inner->ops->webhook_settle(inner, delivery, attempt, problem));
}

static enum hp_status yield_webhooks_dead(struct hp_store *store, struct hp_webhook_list *list,
                                          struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "webhook.dead");
    return leave(store, "webhook.dead.done", inner->ops->webhooks_dead(inner, list, problem));
}

static enum hp_status yield_moment(struct hp_store *store, struct hp_moment *moment,
                                   struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "moment");
    return leave(store, "moment.done", inner->ops->moment(inner, moment, problem));
}

static enum hp_status yield_flow_add(struct hp_store *store, const struct hp_flow *flow,
                                     struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "flow.add");
    return leave(store, "flow.add.done", inner->ops->flow_add(inner, flow, problem));
}

static enum hp_status yield_flow_get(struct hp_store *store, const char *pid, struct hp_flow **flow,
                                     struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "flow.get");
    return leave(store, "flow.get.done", inner->ops->flow_get(inner, pid, flow, problem));
}

static enum hp_status yield_flow_change(struct hp_store *store, const struct hp_flow *after,
                                        struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "flow.change");
    return leave(store, "flow.change.done", inner->ops->flow_change(inner, after, problem));
}

static enum hp_status yield_flow_resume(struct hp_store *store, const char *pid, const char *interrupt_id,
                                        const struct hp_flow *after, struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "flow.resume");
    return leave(store, "flow.resume.done",
                 inner->ops->flow_resume(inner, pid, interrupt_id, after, problem));
}

static enum hp_status yield_rate_set(struct hp_store *store, const struct hp_rate_rule *rule,
                                     struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "rate.set");
    return leave(store, "rate.set.done", inner->ops->rate_set(inner, rule, problem));
}

static enum hp_status yield_rate_check(struct hp_store *store, const struct hp_rate_call *call,
                                       struct hp_rate_answer *answer, struct hp_problem *problem) {
    struct hp_store *inner = enter(store, "rate.check");
    return leave(store, "rate.check.done", inner->ops->rate_check(inner, call, answer, problem));
}

static void yield_free(struct hp_store *store) {
    hp_store_free(((struct yield_store *)store)->inner);
    free(store);
}

static const struct hp_store_ops yield_operations = {
    .create = yield_create,
    .get = yield_get,
    .list = yield_list,
    .change = yield_change,
    .expire_due = yield_expire_due,
    .outbox_take = yield_outbox_take,
    .outbox_settle = yield_outbox_settle,
    .subscribe = yield_subscribe,
    .webhooks_take = yield_webhooks_take,
    .webhook_settle = yield_webhook_settle,
    .webhooks_dead = yield_webhooks_dead,
    .free = yield_free,
    .moment = yield_moment,
    .flow_add = yield_flow_add,
    .flow_get = yield_flow_get,
    .flow_change = yield_flow_change,
    .flow_resume = yield_flow_resume,
    .rate_set = yield_rate_set,
    .rate_check = yield_rate_check,
};

struct hp_store *yield_store_wrap(struct hp_store *inner, void *yield) {
    struct yield_store *own = malloc(sizeof *own);
    if (!own) {
        hp_store_free(inner);
        return NULL;
    }
    *own = (struct yield_store){{&yield_operations}, inner, yield};
    return &own->store;
}
