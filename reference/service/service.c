#include "reference/service/service.h"
#include "reference/base/text.h"
#include "reference/core/json.h"
#include "reference/core/pipeline.h"
#include "reference/core/request.h"
#include "reference/service/checked.h"
#include "reference/store/calls.h"

#include <stdlib.h>
#include <string.h>

struct hp_service {
    struct hp_store *store;
    struct hp_webhooks *webhooks; /* lent; NULL: nothing delivers here */
    char *routes;                 /* NULL: the shipped ones */
};

struct hp_store *service_store(struct hp_service *service) {
    return service->store;
}

const char *service_routes(struct hp_service *service) {
    return service->routes;
}

struct hp_service *hp_service_new(struct hp_store *store) {
    struct hp_service *service = calloc(1, sizeof *service);
    if (service) {
        service->store = store;
    }
    return service;
}

void hp_service_free(struct hp_service *service) {
    if (service) {
        free(service->routes);
        free(service);
    }
}

enum hp_status hp_service_set_routes(struct hp_service *service, const char *routes,
                                     struct hp_problem *problem) {
    struct pipeline *pipeline = NULL;
    enum hp_status status = pipeline_read_text(routes, &pipeline, problem);
    pipeline_free(pipeline);
    char *copy = status == HP_OK ? text_copy(routes) : NULL;
    if (status == HP_OK && routes && !copy) {
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        free(service->routes);
        service->routes = copy;
    }
    return status;
}

enum hp_status service_create_checked(struct hp_service *service, const struct hp_create *create,
                                      struct hp_interrupt **created, struct hp_problem *problem) {
    return store_create(service->store, create, created, problem);
}

enum hp_status hp_service_create(struct hp_service *service, const struct hp_create *create,
                                 struct hp_interrupt **created, struct hp_problem *problem) {
    enum hp_status status = hp_create_check(create, problem);
    if (status == HP_OK && create->data) {
        status = json_check_object(create->data, "/data", problem);
    }
    return status == HP_OK ? service_create_checked(service, create, created, problem) : status;
}

static enum hp_status check_found_id(const char *id, struct hp_problem *problem) {
    if (!id) {
        return hp_problem_set(problem, HP_INVALID, "/id", "id is required");
    }
    return hp_id_is_canonical(id) ? HP_OK
                                  : hp_problem_set(problem, HP_NOT_FOUND, NULL, "there is no such interrupt");
}

enum hp_status hp_service_get(struct hp_service *service, const char *id, const char *user_id,
                              struct hp_interrupt **interrupt, struct hp_problem *problem) {
    struct hp_interrupt *shown = NULL;
    enum hp_status status = user_id ? hp_id_check(user_id, "/user_id", problem) : HP_OK;
    if (status == HP_OK) {
        status = check_found_id(id, problem);
    }
    if (status == HP_OK) {
        status = store_get(service->store, id, &shown, problem);
    }
    if (status == HP_OK && user_id && strcmp(shown->user_id, user_id) != 0) {
        status = hp_problem_set(problem, HP_FORBIDDEN, NULL, "the interrupt belongs to another user");
    }
    if (status != HP_OK) {
        hp_interrupt_free(shown);
        return status;
    }
    *interrupt = shown;
    return HP_OK;
}

enum hp_status hp_service_list(struct hp_service *service, const struct hp_query *query, struct hp_page *page,
                               struct hp_problem *problem) {
    struct hp_query checked = *query;
    struct hp_position after;
    enum hp_status status = hp_query_check(&checked, problem);
    if (status == HP_OK && checked.cursor) {
        status = hp_cursor_read(&checked, &after, problem);
    }
    if (status != HP_OK) {
        return status;
    }
    return store_list(service->store, &checked, checked.cursor ? &after : NULL, page, problem);
}

enum hp_status hp_service_pending_for_request(struct hp_service *service, const char *request_id,
                                              const char *user_id, struct hp_interrupt **interrupt,
                                              struct hp_problem *problem) {
    const struct hp_query query = {.request_id = request_id, .user_id = user_id, .limit = 1};
    enum hp_status status = hp_id_check(request_id, "/request_id", problem);
    struct hp_page page = {0};
    if (status == HP_OK) {
        status = hp_service_list(service, &query, &page, problem);
    }
    if (status != HP_OK) {
        return status;
    }
    *interrupt = NULL;
    if (page.count > 0) {
        *interrupt = page.interrupts[0];
        page.interrupts[0] = NULL;
    }
    hp_page_release(&page);
    return HP_OK;
}

enum hp_status service_change_checked(struct hp_service *service, const struct hp_change *change,
                                      struct hp_interrupt **interrupt, struct hp_problem *problem) {
    enum hp_status status = check_found_id(change->id, problem);
    return status == HP_OK ? store_change(service->store, change, interrupt, problem) : status;
}

/* Carries out a change whose user was checked. */
static enum hp_status change_interrupt(struct hp_service *service, const struct hp_change *change,
                                       struct hp_interrupt **interrupt, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    if (change->to == HP_RESOLVED) {
        status = change->response ? hp_response_check(change->response, problem)
                                  : hp_problem_set(problem, HP_INVALID, "/response", "response is required");
    }
    if (change->reason && !text_is_utf8(change->reason, strlen(change->reason))) {
        return hp_problem_set(problem, HP_INVALID, "/reason", "reason must be UTF-8");
    }
    return status == HP_OK ? service_change_checked(service, change, interrupt, problem) : status;
}

enum hp_status hp_service_respond(struct hp_service *service, const char *id, const char *user_id,
                                  const struct hp_response *response, struct hp_interrupt **interrupt,
                                  struct hp_problem *problem) {
    const struct hp_change change = {.id = id, .user_id = user_id, .to = HP_RESOLVED, .response = response};
    enum hp_status status = hp_id_check(user_id, "/user_id", problem);
    return status == HP_OK ? change_interrupt(service, &change, interrupt, problem) : status;
}

enum hp_status hp_service_cancel(struct hp_service *service, const char *id, const char *user_id,
                                 const char *reason, struct hp_interrupt **interrupt,
                                 struct hp_problem *problem) {
    const struct hp_change change = {.id = id, .user_id = user_id, .to = HP_CANCELLED, .reason = reason};
    enum hp_status status = hp_id_check(user_id, "/user_id", problem);
    return status == HP_OK ? change_interrupt(service, &change, interrupt, problem) : status;
}

enum hp_status hp_service_respond_trusted(struct hp_service *service, const char *id,
                                          const struct hp_response *response, struct hp_interrupt **interrupt,
                                          struct hp_problem *problem) {
    const struct hp_change change = {.id = id, .to = HP_RESOLVED, .response = response};
    return change_interrupt(service, &change, interrupt, problem);
}

enum hp_status hp_service_cancel_trusted(struct hp_service *service, const char *id, const char *reason,
                                         struct hp_interrupt **interrupt, struct hp_problem *problem) {
    const struct hp_change change = {.id = id, .to = HP_CANCELLED, .reason = reason};
    return change_interrupt(service, &change, interrupt, problem);
}

enum hp_status hp_service_expire_pending(struct hp_service *service, struct hp_id_list *ids,
                                         struct hp_problem *problem) {
    return store_expire_due(service->store, ids, problem);
}

enum hp_status hp_service_settle_events(struct hp_service *service, const struct hp_event_list *events,
                                        enum hp_delivery delivery, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < events->count; i++) {
        enum hp_status one = store_outbox_settle(service->store, events->events[i], delivery, problem);
        status = status == HP_OK ? one : status;
    }
    return status;
}

enum hp_status hp_service_take_events(struct hp_service *service, struct hp_event_list *events,
                                      struct hp_problem *problem) {
    struct hp_event_list taken = {0};
    enum hp_status status = store_outbox_take(service->store, SIZE_MAX, &taken, problem);
    if (status == HP_OK && !event_list_reserve(events, taken.count)) {
        hp_service_settle_events(service, &taken, HP_RETURNED, NULL);
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        for (size_t i = 0; i < taken.count; i++) {
            events->events[events->count++] = taken.events[i];
        }
        taken.count = 0;
    }
    hp_event_list_release(&taken);
    return status;
}

enum hp_status service_subscribe_checked(struct hp_service *service,
                                         const struct hp_subscription *subscription, char id[HP_ID_SIZE],
                                         struct hp_problem *problem) {
    return store_subscribe(service->store, subscription, id, problem);
}

enum hp_status hp_service_subscribe(struct hp_service *service, const struct hp_subscription *subscription,
                                    char id[HP_ID_SIZE], struct hp_problem *problem) {
    struct hp_subscription whole = *subscription;
    whole.headers = whole.headers ? whole.headers : "{}";
    whole.timeout_us = whole.timeout_us ? whole.timeout_us : HP_TIMEOUT_DEFAULT_US;
    whole.base_delay_us = whole.base_delay_us ? whole.base_delay_us : HP_DELAY_DEFAULT_US;
    whole.max_tries = whole.max_tries ? whole.max_tries : HP_TRIES_DEFAULT;
    enum hp_status status = hp_subscription_check(&whole, problem);
    if (status == HP_OK) {
        status = request_check_headers(whole.headers, problem);
    }
    return status == HP_OK ? service_subscribe_checked(service, &whole, id, problem) : status;
}

enum hp_status hp_service_dead_webhooks(struct hp_service *service, struct hp_webhook_list *list,
                                        struct hp_problem *problem) {
    return store_webhooks_dead(service->store, list, problem);
}

void hp_service_lend_webhooks(struct hp_service *service, struct hp_webhooks *webhooks) {
    service->webhooks = webhooks;
}

enum hp_status hp_service_flush_webhooks(struct hp_service *service, struct hp_webhook_counts *counts,
                                         struct hp_problem *problem) {
    return service->webhooks
               ? hp_webhooks_flush(service->webhooks, counts, problem)
               : hp_problem_set(problem, HP_UNSUPPORTED, NULL, "this service delivers no webhooks");
}
