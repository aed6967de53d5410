#include "reference/store/postgres_webhook.h"
#include "reference/base/text.h"
#include "reference/store/calls.h"
#include "reference/store/postgres_store.h"

#include <stdlib.h>

/* Where the columns of WEBHOOKS_TAKE and WEBHOOKS_DEAD stand; those of the event are row_read_event's. */
enum column {
    COLUMN_NUMBER,
    COLUMN_INSTANT,
    COLUMN_EVENT,
    COLUMN_SUBSCRIPTION = COLUMN_EVENT + 3,
    COLUMN_URL,
    COLUMN_EVENTS,
    COLUMN_SECRET,
    COLUMN_REQUEST,
    COLUMN_HEADERS,
    COLUMN_TIMEOUT,
    COLUMN_DELAY,
    COLUMN_MAX_TRIES,
    COLUMN_TRIES,
    COLUMN_TAKES,
    COLUMN_STATUS,
    COLUMN_ERROR,
    COLUMN_DEAD,
};

static struct postgres_store *postgres_of(struct hp_store *store) {
    return (struct postgres_store *)store;
}

static enum hp_status run(struct hp_store *store, enum statement statement,
                          const struct parameters *parameters, PGresult **result,
                          struct hp_problem *problem) {
    return postgres_run(postgres_of(store), statement, statement_sql(statement), parameters, result, problem);
}

enum hp_status postgres_subscribe(struct hp_store *store, const struct hp_subscription *subscription,
                                  char id[HP_ID_SIZE], struct hp_problem *problem) {
    struct parameters parameters = {0};
    PGresult *result = NULL;
    char fresh[HP_ID_SIZE];
    enum hp_status status = hp_ids_next(postgres_of(store)->ids, fresh, problem);
    if (status != HP_OK) {
        return status;
    }
    parameters_add_text(&parameters, fresh);
    parameters_add_text(&parameters, subscription->url);
    parameters_add_text(&parameters, subscription->events);
    parameters_add_text(&parameters, subscription->secret);
    parameters_add_text(&parameters, subscription->request_id);
    parameters_add_text(&parameters, subscription->headers);
    parameters_add_span(&parameters, subscription->timeout_us);
    parameters_add_span(&parameters, subscription->base_delay_us);
    parameters_add_number(&parameters, subscription->max_tries);
    status = run(store, STATEMENT_SUBSCRIBE, &parameters, &result, problem);
    PQclear(result);
    if (status == HP_OK) {
        text_put(id, HP_ID_SIZE, fresh);
    }
    return status;
}

static const char *text_of(const PGresult *result, int row, enum column column) {
    return PQgetisnull(result, row, (int)column) ? NULL : PQgetvalue(result, row, (int)column);
}

static enum hp_status read_delivery(const PGresult *result, int row, struct hp_webhook_delivery **delivery,
                                    struct hp_problem *problem) {
    struct hp_subscription subscription = {
        .url = text_of(result, row, COLUMN_URL),
        .events = text_of(result, row, COLUMN_EVENTS),
        .secret = text_of(result, row, COLUMN_SECRET),
        .request_id = text_of(result, row, COLUMN_REQUEST),
        .headers = text_of(result, row, COLUMN_HEADERS),
        .timeout_us = row_read_number(result, row, COLUMN_TIMEOUT),
        .base_delay_us = row_read_number(result, row, COLUMN_DELAY),
        .max_tries = (unsigned)row_read_number(result, row, COLUMN_MAX_TRIES),
    };
    struct hp_webhook_delivery draft = {
        .subscription = &subscription,
        .tries = (unsigned)row_read_number(result, row, COLUMN_TRIES),
        .take = row_read_number(result, row, COLUMN_TAKES),
        .taken_at_us = row_read_instant(result, row, COLUMN_INSTANT),
        .last_status = (int)row_read_number(result, row, COLUMN_STATUS),
        .dead_at_us = row_read_instant(result, row, COLUMN_DEAD),
    };
    text_put(subscription.id, sizeof subscription.id, text_of(result, row, COLUMN_SUBSCRIPTION));
    const char *error = text_of(result, row, COLUMN_ERROR);
    text_put(draft.last_error, sizeof draft.last_error, error ? error : "");
    enum hp_status status = row_read_event(result, row, COLUMN_EVENT, &draft.event, problem);
    if (status != HP_OK) {
        return status;
    }
    *delivery = webhook_delivery_new(&draft);
    hp_event_free(draft.event);
    return *delivery ? HP_OK : hp_problem_no_memory(problem);
}

static enum hp_status read_deliveries(const PGresult *result, struct hp_webhook_list *list,
                                      struct hp_problem *problem) {
    size_t before = list->count;
    enum hp_status status =
        webhook_list_reserve(list, (size_t)PQntuples(result)) ? HP_OK : hp_problem_no_memory(problem);
    for (int row = 0; status == HP_OK && row < PQntuples(result); row++) {
        status = read_delivery(result, row, &list->deliveries[list->count], problem);
        list->count += status == HP_OK;
    }
    if (status != HP_OK && list->count > before) {
        hp_problem_clear(problem); /* the others can be taken again when the lease ends */
        return HP_OK;
    }
    return status;
}

/* The subscriptions of which nothing is wanted, with commas between. */
static bool write_busy(struct text *text, const struct hp_webhook_appetite *appetite) {
    for (size_t i = 0; i < appetite->busy_count; i++) {
        text_addf(text, "%s%s", i > 0 ? "," : "", appetite->busy[i]);
    }
    return text_add(text, "");
}

enum hp_status postgres_webhooks_take(struct hp_store *store, const struct hp_webhook_appetite *appetite,
                                      struct hp_webhook_list *list, struct hp_problem *problem) {
    struct parameters parameters = {0};
    struct text busy = {0};
    PGresult *result = NULL;
    if (!write_busy(&busy, appetite)) {
        text_release(&busy);
        return hp_problem_no_memory(problem);
    }
    postgres_add_now(postgres_of(store), &parameters);
    parameters_add_number(&parameters, (int64_t)appetite->max);
    parameters_add_number(&parameters, (int64_t)appetite->max_each);
    parameters_add_text(&parameters, busy.bytes);
    parameters_add_span(&parameters, HP_WEBHOOK_LEASE_US);
    enum hp_status status = run(store, STATEMENT_WEBHOOKS_TAKE, &parameters, &result, problem);
    if (status == HP_OK) {
        status = read_deliveries(result, list, problem);
    }
    PQclear(result);
    text_release(&busy);
    return status;
}

static enum statement settle_statement(const struct hp_webhook_attempt *attempt) {
    switch (attempt->end) {
    case HP_WEBHOOK_DELIVERED:
        return STATEMENT_WEBHOOK_DELIVERED;
    case HP_WEBHOOK_RETURNED:
        return STATEMENT_WEBHOOK_RETURNED;
    case HP_WEBHOOK_LATER:
    case HP_WEBHOOK_DEAD:
        break;
    }
    return STATEMENT_WEBHOOK_FAILED;
}

enum hp_status postgres_webhook_settle(struct hp_store *store, const struct hp_webhook_delivery *delivery,
                                       const struct hp_webhook_attempt *attempt, struct hp_problem *problem) {
    enum statement statement = settle_statement(attempt);
    struct parameters parameters = {0};
    PGresult *result = NULL;
    parameters_add_text(&parameters, delivery->event->id);
    parameters_add_text(&parameters, delivery->subscription->id);
    parameters_add_number(&parameters, delivery->take);
    if (statement == STATEMENT_WEBHOOK_FAILED) {
        postgres_add_now(postgres_of(store), &parameters);
        parameters_add_span(&parameters, attempt->end == HP_WEBHOOK_LATER ? attempt->delay_us : 0);
        parameters_add_number(&parameters, attempt->status);
        parameters_add_text(&parameters, attempt->error);
        parameters_add_text(&parameters, attempt->end == HP_WEBHOOK_DEAD ? "dead" : "pending");
    }
    enum hp_status status = run(store, statement, &parameters, &result, problem);
    if (status == HP_OK && atoi(PQcmdTuples(result)) == 0) {
        status = hp_problem_set(problem, HP_NOT_FOUND, NULL, "that take of event %s no longer counts",
                                delivery->event->id);
    }
    PQclear(result);
    return status;
}

enum hp_status postgres_webhooks_dead(struct hp_store *store, struct hp_webhook_list *list,
                                      struct hp_problem *problem) {
    struct parameters parameters = {0};
    PGresult *result = NULL;
    parameters_add_number(&parameters, HP_WEBHOOK_DEAD_MAX);
    enum hp_status status = run(store, STATEMENT_WEBHOOKS_DEAD, &parameters, &result, problem);
    if (status == HP_OK) {
        status = read_deliveries(result, list, problem);
    }
    PQclear(result);
    return status;
}
