#include "reference/store/calls.h"

#include <stdlib.h>

void hp_page_release(struct hp_page *page) {
    for (size_t i = 0; i < page->count; i++) {
        hp_interrupt_free(page->interrupts[i]);
    }
    free(page->interrupts);
    *page = (struct hp_page){0};
}

/* Grows an array of `size` bytes an item to hold `needed`; returns NULL, the old one untouched, when memory
 * runs out. */
static void *grow(void *items, size_t size, size_t needed, size_t *room) {
    size_t more = *room ? *room : 16;
    while (more < needed) {
        more *= 2;
    }
    void *grown = realloc(items, more * size);
    if (grown) {
        *room = more;
    }
    return grown;
}

void hp_id_list_release(struct hp_id_list *list) {
    free(list->ids);
    *list = (struct hp_id_list){0};
}

bool id_list_reserve(struct hp_id_list *list, size_t more) {
    if (list->room - list->count >= more) {
        return true;
    }
    void *grown = grow(list->ids, sizeof *list->ids, list->count + more, &list->room);
    list->ids = grown ? grown : list->ids;
    return grown != NULL;
}

void hp_event_list_release(struct hp_event_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        hp_event_free(list->events[i]);
    }
    free(list->events);
    *list = (struct hp_event_list){0};
}

bool event_list_reserve(struct hp_event_list *list, size_t more) {
    if (list->room - list->count >= more) {
        return true;
    }
    void *grown = grow(list->events, sizeof(struct hp_event *), list->count + more, &list->room);
    list->events = grown ? grown : list->events;
    return grown != NULL;
}

void webhook_delivery_free(struct hp_webhook_delivery *delivery) {
    if (delivery) {
        hp_event_free(delivery->event);
        hp_subscription_free(delivery->subscription);
        free(delivery);
    }
}

struct hp_webhook_delivery *webhook_delivery_new(const struct hp_webhook_delivery *draft) {
    struct hp_webhook_delivery *copy = malloc(sizeof *copy);
    if (!copy) {
        return NULL;
    }
    *copy = *draft;
    copy->event = hp_event_new(draft->event->id, draft->event->timestamp_us, draft->event->interrupt);
    copy->subscription = hp_subscription_new(draft->subscription);
    if (!copy->event || !copy->subscription) {
        webhook_delivery_free(copy);
        return NULL;
    }
    return copy;
}

void hp_webhook_list_release(struct hp_webhook_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        webhook_delivery_free(list->deliveries[i]);
    }
    free(list->deliveries);
    *list = (struct hp_webhook_list){0};
}

bool webhook_list_reserve(struct hp_webhook_list *list, size_t more) {
    if (list->room - list->count >= more) {
        return true;
    }
    void *grown =
        grow(list->deliveries, sizeof(struct hp_webhook_delivery *), list->count + more, &list->room);
    list->deliveries = grown ? grown : list->deliveries;
    return grown != NULL;
}

enum hp_status store_create(struct hp_store *store, const struct hp_create *create,
                            struct hp_interrupt **created, struct hp_problem *problem) {
    return store->ops->create(store, create, created, problem);
}

enum hp_status store_get(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                         struct hp_problem *problem) {
    return store->ops->get(store, id, shown, problem);
}

enum hp_status store_list(struct hp_store *store, const struct hp_query *query,
                          const struct hp_position *after, struct hp_page *page, struct hp_problem *problem) {
    return store->ops->list(store, query, after, page, problem);
}

enum hp_status store_change(struct hp_store *store, const struct hp_change *change,
                            struct hp_interrupt **after, struct hp_problem *problem) {
    return store->ops->change(store, change, after, problem);
}

enum hp_status store_expire_due(struct hp_store *store, struct hp_id_list *ids, struct hp_problem *problem) {
    return store->ops->expire_due(store, ids, problem);
}

enum hp_status store_outbox_take(struct hp_store *store, size_t max, struct hp_event_list *events,
                                 struct hp_problem *problem) {
    return store->ops->outbox_take(store, max, events, problem);
}

enum hp_status store_outbox_settle(struct hp_store *store, const struct hp_event *event,
                                   enum hp_delivery delivery, struct hp_problem *problem) {
    return store->ops->outbox_settle(store, event, delivery, problem);
}

enum hp_status store_subscribe(struct hp_store *store, const struct hp_subscription *subscription,
                               char id[HP_ID_SIZE], struct hp_problem *problem) {
    return store->ops->subscribe(store, subscription, id, problem);
}

enum hp_status store_webhooks_take(struct hp_store *store, const struct hp_webhook_appetite *appetite,
                                   struct hp_webhook_list *list, struct hp_problem *problem) {
    return store->ops->webhooks_take(store, appetite, list, problem);
}

enum hp_status store_webhook_settle(struct hp_store *store, const struct hp_webhook_delivery *delivery,
                                    const struct hp_webhook_attempt *attempt, struct hp_problem *problem) {
    return store->ops->webhook_settle(store, delivery, attempt, problem);
}

enum hp_status store_webhooks_dead(struct hp_store *store, struct hp_webhook_list *list,
                                   struct hp_problem *problem) {
    return store->ops->webhooks_dead(store, list, problem);
}

enum hp_status store_moment(struct hp_store *store, struct hp_moment *moment, struct hp_problem *problem) {
    return store->ops->moment(store, moment, problem);
}

enum hp_status store_flow_add(struct hp_store *store, const struct hp_flow *flow,
                              struct hp_problem *problem) {
    return store->ops->flow_add(store, flow, problem);
}

enum hp_status store_flow_get(struct hp_store *store, const char *pid, struct hp_flow **flow,
                              struct hp_problem *problem) {
    return store->ops->flow_get(store, pid, flow, problem);
}

enum hp_status store_flow_change(struct hp_store *store, const struct hp_flow *after,
                                 struct hp_problem *problem) {
    return store->ops->flow_change(store, after, problem);
}

enum hp_status store_flow_resume(struct hp_store *store, const char *pid, const char *interrupt_id,
                                 const struct hp_flow *after, struct hp_problem *problem) {
    return store->ops->flow_resume(store, pid, interrupt_id, after, problem);
}

enum hp_status store_rate_set(struct hp_store *store, const struct hp_rate_rule *rule,
                              struct hp_problem *problem) {
    return store->ops->rate_set(store, rule, problem);
}

enum hp_status store_rate_check(struct hp_store *store, const struct hp_rate_call *call,
                                struct hp_rate_answer *answer, struct hp_problem *problem) {
    return store->ops->rate_check(store, call, answer, problem);
}

void hp_store_free(struct hp_store *store) {
    if (store) {
        store->ops->free(store);
    }
}
