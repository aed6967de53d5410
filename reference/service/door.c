#include "reference/service/door.h"
#include "reference/base/text.h"
#include "reference/core/request.h"
#include "reference/core/wire.h"
#include "reference/service/checked.h"
#include "reference/service/door_flow.h"

#include <stdlib.h>
#include <string.h>

/* Wraps a value as the only member of a result and takes it; NULL when memory runs out or value is NULL. */
static json_t *wrap(const char *key, json_t *value) {
    json_t *object = json_object();
    if (json_object_set_new_nocheck(object, key, value) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static enum hp_status answer(json_t **result, json_t *value, struct hp_problem *problem) {
    *result = value;
    return value ? HP_OK : hp_problem_no_memory(problem);
}

/* Answers {interrupt} and frees it; a NULL one is null. */
static enum hp_status answer_interrupt(json_t **result, struct hp_interrupt *interrupt,
                                       struct hp_problem *problem) {
    json_t *value = wrap("interrupt", interrupt ? interrupt_encode(interrupt) : json_null());
    hp_interrupt_free(interrupt);
    return answer(result, value, problem);
}

static enum hp_status call_create(struct hp_service *service, const json_t *params, json_t **result,
                                  struct hp_problem *problem) {
    struct hp_create create;
    struct hp_interrupt *created = NULL;
    char *data = NULL;
    enum hp_status status = request_read_create(params, &create, &data, problem);
    if (status == HP_OK) {
        status = service_create_checked(service, &create, &created, problem);
    }
    free(data);
    return status == HP_OK ? answer_interrupt(result, created, problem) : status;
}

static enum hp_status call_get(struct hp_service *service, const json_t *params, json_t **result,
                               struct hp_problem *problem) {
    const char *id, *user_id;
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status = request_read_get(params, &id, &user_id, problem);
    if (status == HP_OK) {
        status = hp_service_get(service, id, user_id, &interrupt, problem);
    }
    return status == HP_OK ? answer_interrupt(result, interrupt, problem) : status;
}

static json_t *encode_page(const struct hp_page *page) {
    json_t *rows = json_array();
    for (size_t i = 0; rows && i < page->count; i++) {
        if (json_array_append_new(rows, interrupt_encode(page->interrupts[i])) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    json_t *object = wrap("interrupts", rows);
    json_t *cursor = page->next_cursor[0] ? json_string(page->next_cursor) : json_null();
    if (json_object_set_new(object, "total", json_integer((json_int_t)page->total)) != 0 ||
        json_object_set(object, "next_cursor", cursor) != 0) {
        json_decref(object);
        object = NULL;
    }
    json_decref(cursor);
    return object;
}

static enum hp_status call_list(struct hp_service *service, const json_t *params, json_t **result,
                                struct hp_problem *problem) {
    struct hp_query query;
    struct hp_page page = {0};
    enum hp_status status = request_read_list(params, &query, problem);
    if (status == HP_OK) {
        status = hp_service_list(service, &query, &page, problem);
    }
    if (status != HP_OK) {
        return status;
    }
    json_t *value = encode_page(&page);
    hp_page_release(&page);
    return answer(result, value, problem);
}

static enum hp_status call_pending(struct hp_service *service, const json_t *params, json_t **result,
                                   struct hp_problem *problem) {
    const char *request_id, *user_id;
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status = request_read_pending(params, &request_id, &user_id, problem);
    if (status == HP_OK) {
        status = hp_service_pending_for_request(service, request_id, user_id, &interrupt, problem);
    }
    return status == HP_OK ? answer_interrupt(result, interrupt, problem) : status;
}

static enum hp_status call_respond(struct hp_service *service, const json_t *params, json_t **result,
                                   struct hp_problem *problem) {
    struct hp_change change;
    struct hp_response response;
    struct hp_interrupt *interrupt = NULL;
    char *data = NULL;
    enum hp_status status = request_read_respond(params, &change, &response, &data, problem);
    if (status == HP_OK) {
        status = service_change_checked(service, &change, &interrupt, problem);
    }
    free(data);
    if (status != HP_OK) {
        return status;
    }
    bool can_resume = hp_request_can_resume(interrupt);
    status = answer_interrupt(result, interrupt, problem);
    if (status == HP_OK &&
        json_object_set_new(*result, "request_can_resume", json_boolean(can_resume)) != 0) {
        json_decref(*result);
        return answer(result, NULL, problem);
    }
    return status;
}

static enum hp_status call_cancel(struct hp_service *service, const json_t *params, json_t **result,
                                  struct hp_problem *problem) {
    struct hp_change change;
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status = request_read_cancel(params, &change, problem);
    if (status == HP_OK) {
        status = service_change_checked(service, &change, &interrupt, problem);
    }
    return status == HP_OK ? answer_interrupt(result, interrupt, problem) : status;
}

static enum hp_status call_expire(struct hp_service *service, const json_t *params, json_t **result,
                                  struct hp_problem *problem) {
    (void)params;
    struct hp_id_list ids = {0};
    enum hp_status status = hp_service_expire_pending(service, &ids, problem);
    json_t *array = status == HP_OK ? json_array() : NULL;
    for (size_t i = 0; array && i < ids.count; i++) {
        if (json_array_append_new(array, json_string_nocheck(ids.ids[i])) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    hp_id_list_release(&ids);
    return status == HP_OK ? answer(result, wrap("ids", array), problem) : status;
}

static json_t *encode_events(const struct hp_event_list *events) {
    json_t *array = json_array();
    for (size_t i = 0; array && i < events->count; i++) {
        if (json_array_append_new(array, event_encode(events->events[i])) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return wrap("events", array);
}

/* The events are settled once the answer stands; when it cannot be made they go back, and nothing is lost. */
static enum hp_status call_drain(struct hp_service *service, const json_t *params, json_t **result,
                                 struct hp_problem *problem) {
    (void)params;
    struct hp_event_list events = {0};
    enum hp_status status = hp_service_take_events(service, &events, problem);
    json_t *value = status == HP_OK ? encode_events(&events) : NULL;
    if (status == HP_OK) {
        hp_service_settle_events(service, &events, value ? HP_DELIVERED : HP_RETURNED, NULL);
        status = answer(result, value, problem);
    }
    hp_event_list_release(&events);
    return status;
}

static enum hp_status call_subscribe(struct hp_service *service, const json_t *params, json_t **result,
                                     struct hp_problem *problem) {
    struct hp_subscription subscription;
    char id[HP_ID_SIZE], *texts = NULL;
    enum hp_status status = request_read_subscribe(params, &subscription, &texts, problem);
    if (status == HP_OK) {
        status = service_subscribe_checked(service, &subscription, id, problem);
    }
    free(texts);
    return status == HP_OK ? answer(result, wrap("id", json_string_nocheck(id)), problem) : status;
}

/* Secrets are shown nowhere. */
static json_t *encode_delivery(const struct hp_webhook_delivery *delivery) {
    char dead_at[HP_INSTANT_SIZE];
    hp_instant_format(delivery->dead_at_us, dead_at);
    return json_pack(
        "{ss ss ss ss ss si so so ss}", "event_id", delivery->event->id, "event_type", delivery->event->type,
        "request_id", delivery->event->interrupt->request_id, "subscription", delivery->subscription->id,
        "url", delivery->subscription->url, "tries", (int)delivery->tries, "last_status",
        delivery->last_status ? json_integer(delivery->last_status) : json_null(), "error",
        *delivery->last_error ? json_string(delivery->last_error) : json_null(), "dead_at", dead_at);
}

static enum hp_status call_dead(struct hp_service *service, const json_t *params, json_t **result,
                                struct hp_problem *problem) {
    (void)params;
    struct hp_webhook_list list = {0};
    enum hp_status status = hp_service_dead_webhooks(service, &list, problem);
    json_t *array = status == HP_OK ? json_array() : NULL;
    for (size_t i = 0; array && i < list.count; i++) {
        if (json_array_append_new(array, encode_delivery(list.deliveries[i])) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    hp_webhook_list_release(&list);
    return status == HP_OK ? answer(result, wrap("deliveries", array), problem) : status;
}

static enum hp_status call_flush(struct hp_service *service, const json_t *params, json_t **result,
                                 struct hp_problem *problem) {
    (void)params;
    struct hp_webhook_counts counts;
    enum hp_status status = hp_service_flush_webhooks(service, &counts, problem);
    if (status != HP_OK) {
        return status;
    }
    return answer(result,
                  json_pack("{sI sI sI}", "sent", (json_int_t)counts.sent, "delivered",
                            (json_int_t)counts.delivered, "failed", (json_int_t)counts.failed),
                  problem);
}

/* The names of a row of constants, from `first` up to but without `end`. */
static json_t *encode_names(const char *(*name)(int value), int first, int end) {
    json_t *array = json_array();
    for (int i = first; i < end; i++) {
        json_array_append_new(array, json_string_nocheck(name(i)));
    }
    if (json_array_size(array) == (size_t)(end - first)) {
        return array;
    }
    json_decref(array);
    return NULL;
}

static const char *kind_name(int value) {
    return hp_kind_rule((enum hp_kind)value)->name;
}

static const char *status_name(int value) {
    return hp_interrupt_status_name((enum hp_interrupt_status)value);
}

static const char *decision_name(int value) {
    return hp_decision_name((enum hp_decision)value);
}

json_t *door_describe(void) {
    json_t *object = wrap("kinds", encode_names(kind_name, 0, HP_KIND_COUNT));
    json_t *statuses = encode_names(status_name, 0, HP_INTERRUPT_STATUS_COUNT);
    json_t *decisions = encode_names(decision_name, HP_DECISION_NONE + 1, HP_DECISION_COUNT);
    if (json_object_set(object, "statuses", statuses) != 0 ||
        json_object_set(object, "decisions", decisions) != 0) {
        json_decref(object);
        object = NULL;
    }
    json_decref(statuses);
    json_decref(decisions);
    return object;
}

static enum hp_status call_describe(struct hp_service *service, const json_t *params, json_t **result,
                                    struct hp_problem *problem) {
    (void)service;
    (void)params;
    return answer(result, door_describe(), problem);
}

static const struct {
    const char *method;
    enum hp_status (*call)(struct hp_service *service, const json_t *params, json_t **result,
                           struct hp_problem *problem);
} methods[] = {
    {"interrupt.create", call_create},
    {"interrupt.get", call_get},
    {"interrupt.list", call_list},
    {"interrupt.respond", call_respond},
    {"interrupt.cancel", call_cancel},
    {"interrupt.expire_pending", call_expire},
    {"interrupt.pending_for_request", call_pending},
    {"events.drain", call_drain},
    {"webhook.subscribe", call_subscribe},
    {"webhook.dead", call_dead},
    {"webhook.flush", call_flush},
    {"describe", call_describe},
};

enum hp_status door_call(struct hp_service *service, const char *method, const char *params,
                         size_t params_length_bytes, json_t **result, struct hp_problem *problem) {
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i].method, method) != 0) {
            continue;
        }
        json_t *object = NULL;
        enum hp_status status = request_read(params, params_length_bytes, &object, problem);
        if (status == HP_OK) {
            status = methods[i].call(service, object, result, problem);
        }
        json_decref(object);
        return status;
    }
    if (door_flow_has(method)) {
        json_t *object = NULL;
        enum hp_status status = request_read(params, params_length_bytes, &object, problem);
        if (status == HP_OK) {
            door_flow_call(service, method, object, result, &status, problem);
        }
        json_decref(object);
        return status;
    }
    char shown[81]; /* cut between characters, which "%.80s" would not do */
    text_put(shown, sizeof shown, method);
    return hp_problem_set(problem, HP_UNSUPPORTED, NULL, "there is no method %s", shown);
}
