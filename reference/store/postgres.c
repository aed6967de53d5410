#include "reference/store/postgres.h"
#include "reference/base/clock_state.h"
#include "reference/base/text.h"
#include "reference/core/jsonb.h"
#include "reference/core/room.h"
#include "reference/store/calls.h"
#include "reference/store/postgres_change.h"
#include "reference/store/postgres_flow.h"
#include "reference/store/postgres_key.h"
#include "reference/store/postgres_list.h"
#include "reference/store/postgres_store.h"
#include "reference/store/postgres_webhook.h"

#include <stdlib.h>

enum { ID_TRIES = 16, TAKE_MOST = 1 << 30 };

/* Where statements with a key give what key_read reads: behind the row. */
enum { CREATED_KEY_COLUMN = 17, CHANGED_KEY_COLUMN = 18 };

static struct postgres_store *postgres_of(struct hp_store *store) {
    return (struct postgres_store *)store;
}

static enum hp_status refuse_unknown(struct hp_problem *problem) {
    return hp_problem_set(problem, HP_NOT_FOUND, NULL, "there is no such interrupt");
}

void postgres_add_now(struct postgres_store *postgres, struct parameters *parameters) {
    int64_t now_us;
    bool stands = postgres->clock && clock_stands(postgres->clock, &now_us);
    parameters_add_instant(parameters, stands ? now_us : HP_INSTANT_NONE);
}

enum hp_status postgres_run(struct postgres_store *postgres, unsigned number, const char *sql,
                            const struct parameters *parameters, PGresult **result,
                            struct hp_problem *problem) {
    struct connection *connection = NULL;
    enum hp_status status = pool_borrow(&postgres->pool, &connection, problem);
    if (status == HP_OK) {
        status = connection_run_prepared(connection, number, sql, parameters, result, problem);
    }
    pool_return(&postgres->pool, connection);
    return status;
}

/* Runs a statement of statement_sql. */
static enum hp_status run(struct postgres_store *postgres, enum statement statement,
                          const struct parameters *parameters, PGresult **result,
                          struct hp_problem *problem) {
    return postgres_run(postgres, statement, statement_sql(statement), parameters, result, problem);
}

/* Everything about a creation that one try does not change. */
struct creation {
    const struct hp_create *create;
    int64_t ttl_us; /* or HP_TTL_NEVER */
    struct text data;
};

/* What does not depend on the instant is refused here: the size, and an end behind the year 9999 whenever it
 * begins. */
static enum hp_status creation_init(struct creation *creation, const struct hp_create *create,
                                    struct hp_problem *problem) {
    *creation = (struct creation){.create = create, .ttl_us = create->ttl_us};
    if (creation->ttl_us == HP_TTL_DEFAULT) {
        creation->ttl_us = hp_kind_rule(create->kind)->default_ttl_us;
    }
    struct hp_interrupt *trial = NULL;
    enum hp_status status = hp_interrupt_create(create, "", HP_INSTANT_MIN, &trial, problem);
    if (status == HP_OK && !jsonb_write(&creation->data, trial->data)) {
        status = hp_problem_no_memory(problem);
    }
    hp_interrupt_free(trial);
    return status;
}

static void add_creation(struct parameters *parameters, const struct creation *creation) {
    const struct hp_create *create = creation->create;
    parameters_add_text(parameters, hp_kind_rule(create->kind)->name);
    parameters_add_text(parameters, create->request_id);
    parameters_add_text(parameters, create->user_id);
    parameters_add_text(parameters, create->session_id);
    parameters_add_text(parameters, create->envelope_id);
    parameters_add_text(parameters, create->question);
    parameters_add_text(parameters, create->message);
    parameters_add_text(parameters, creation->data.bytes);
    parameters_add_text(parameters, create->trace_id);
    parameters_add_text(parameters, create->span_id);
    if (creation->ttl_us == HP_TTL_NEVER) {
        parameters_add_text(parameters, NULL);
    } else {
        parameters_add_span(parameters, creation->ttl_us);
    }
    parameters_add_instant(parameters, HP_INSTANT_MAX);
}

/* Adds what a creation brings along, and names the statement that carries both out. */
static enum statement add_company(struct parameters *parameters, const struct hp_create *create) {
    if (create->flow) {
        flow_add_process(parameters, create->flow);
        return STATEMENT_CREATE_FLOW;
    }
    if (create->rate) {
        parameters_add_text(parameters, create->rate->user_id);
        parameters_add_text(parameters, create->rate->endpoint);
        parameters_add_text(parameters, create->rate->before[0] ? create->rate->before : NULL);
        return STATEMENT_CREATE_RATE;
    }
    key_add(parameters, create->idempotency);
    return create->idempotency ? STATEMENT_CREATE_ONCE : STATEMENT_CREATE;
}

/* Tries one id. *taken says that it is in use. */
static enum hp_status create_with_id(struct postgres_store *postgres, const struct creation *creation,
                                     const char *id, const char *event_id, struct hp_interrupt **created,
                                     bool *taken, struct hp_problem *problem) {
    struct parameters parameters = {0};
    PGresult *result = NULL;
    postgres_add_now(postgres, &parameters);
    parameters_add_text(&parameters, id);
    add_creation(&parameters, creation);
    parameters_add_text(&parameters, event_id);
    parameters_add_text(&parameters, hp_kind_rule(creation->create->kind)->created_event);
    struct hp_idempotency *idempotency = creation->create->idempotency;
    enum hp_status status =
        run(postgres, add_company(&parameters, creation->create), &parameters, &result, problem);
    struct hp_interrupt *kept = NULL;
    if (status == HP_OK) {
        status = key_read(result, CREATED_KEY_COLUMN, idempotency, &kept, problem);
    }
    if (status != HP_OK || kept) {
        *created = kept ? kept : *created;
        PQclear(result);
        return status;
    }
    int64_t now_us = row_read_instant(result, 0, 0);
    if (!PQgetisnull(result, 0, 1)) {
        status = row_read_interrupt(result, 0, 1, created, problem);
    } else if (creation->ttl_us > HP_INSTANT_MAX - now_us) {
        status = hp_problem_set(problem, HP_INVALID, "/ttl_seconds",
                                "the interrupt would expire after the year 9999");
    } else if (creation->create->flow || creation->create->rate) {
        status =
            hp_problem_set(problem, HP_CONFLICT, NULL, "what the interrupt is about was changed meanwhile");
    } else {
        *taken = true;
    }
    PQclear(result);
    return status;
}

static enum hp_status postgres_create(struct hp_store *store, const struct hp_create *create,
                                      struct hp_interrupt **created, struct hp_problem *problem) {
    struct postgres_store *postgres = postgres_of(store);
    struct creation creation;
    bool taken = true;
    enum hp_status status = creation_init(&creation, create, problem);
    for (int i = 0; status == HP_OK && taken && i < ID_TRIES; i++) {
        char id[HP_ID_SIZE], event_id[HP_ID_SIZE];
        taken = false;
        status = hp_ids_next(postgres->ids, id, problem);
        if (status == HP_OK) {
            status = hp_ids_next(postgres->ids, event_id, problem);
        }
        if (status == HP_OK) {
            status = create_with_id(postgres, &creation, id, event_id, created, &taken, problem);
        }
    }
    text_release(&creation.data);
    return status == HP_OK && taken
               ? hp_problem_set(problem, HP_INTERNAL, NULL, "the source of ids repeats itself")
               : status;
}

/* The interrupt with the status that is shown at that instant. */
static void show(struct hp_interrupt *interrupt, int64_t now_us) {
    interrupt->status = hp_interrupt_shown_status(interrupt, now_us);
}

static enum hp_status postgres_get(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                                   struct hp_problem *problem) {
    struct postgres_store *postgres = postgres_of(store);
    struct parameters parameters = {0};
    PGresult *result = NULL;
    if (!hp_id_is_canonical(id)) {
        return refuse_unknown(problem);
    }
    postgres_add_now(postgres, &parameters);
    parameters_add_text(&parameters, id);
    enum hp_status status = run(postgres, STATEMENT_GET, &parameters, &result, problem);
    if (status != HP_OK) {
        return status;
    }
    status =
        PQntuples(result) == 0 ? refuse_unknown(problem) : row_read_interrupt(result, 0, 1, shown, problem);
    if (status == HP_OK) {
        show(*shown, row_read_instant(result, 0, 0));
    }
    PQclear(result);
    return status;
}

static enum hp_status postgres_list(struct hp_store *store, const struct hp_query *query,
                                    const struct hp_position *after, struct hp_page *page,
                                    struct hp_problem *problem) {
    return postgres_list_page(postgres_of(store), query, after, page, problem);
}

/* Which statement carries the change out, and the key that it takes. */
static enum statement change_statement(const struct hp_change *change, struct hp_idempotency **idempotency) {
    *idempotency = change->to == HP_RESOLVED ? change->idempotency : NULL;
    if (change->to != HP_RESOLVED) {
        return STATEMENT_CANCEL;
    }
    return *idempotency ? STATEMENT_RESOLVE_ONCE : STATEMENT_RESOLVE;
}

/* The row as it is now: changed, or the reason why not by the rule that every store goes by. */
static enum hp_status read_outcome(const PGresult *result, const struct hp_change *change,
                                   struct hp_interrupt **after, struct hp_problem *problem) {
    struct hp_interrupt *row = NULL, *changed = NULL;
    if (PQntuples(result) == 0 || PQgetisnull(result, 0, 1)) {
        return refuse_unknown(problem);
    }
    enum hp_status status = row_read_interrupt(result, 0, 2, &row, problem);
    if (status != HP_OK) {
        return status;
    }
    if (row_read_flag(result, 0, 1)) {
        *after = row;
        return HP_OK;
    }
    status = hp_transition(row, change, row_read_instant(result, 0, 0), &changed, problem);
    if (status == HP_OK) {
        /* Only the size is counted by two, and the database counts the same value a little longer. */
        status = interrupt_refuse_size(changed, problem);
        hp_interrupt_free(changed);
    }
    hp_interrupt_free(row);
    return status;
}

static enum hp_status postgres_change(struct hp_store *store, const struct hp_change *change,
                                      struct hp_interrupt **after, struct hp_problem *problem) {
    struct postgres_store *postgres = postgres_of(store);
    struct parameters parameters = {0};
    struct change_texts texts = {0};
    struct hp_idempotency *idempotency;
    enum statement statement = change_statement(change, &idempotency);
    char event_id[HP_ID_SIZE];
    PGresult *result = NULL;
    if (!hp_id_is_canonical(change->id)) {
        return refuse_unknown(problem);
    }
    enum hp_status status = hp_ids_next(postgres->ids, event_id, problem);
    if (status == HP_OK) {
        postgres_add_now(postgres, &parameters);
        parameters_add_text(&parameters, change->id);
        parameters_add_text(&parameters, change->user_id);
        parameters_add_text(&parameters, event_id);
        status = change_add(&parameters, change, &texts, problem);
    }
    if (status == HP_OK) {
        key_add(&parameters, idempotency);
        status = run(postgres, statement, &parameters, &result, problem);
    }
    change_texts_release(&texts);
    struct hp_interrupt *kept = NULL;
    if (status == HP_OK) {
        status = key_read(result, CHANGED_KEY_COLUMN, idempotency, &kept, problem);
    }
    if (kept) {
        *after = kept;
    } else if (status == HP_OK) {
        status = read_outcome(result, change, after, problem);
    }
    PQclear(result);
    return status;
}

/* Expires one batch at *now_us, or, when that is HP_INSTANT_NONE, at the database's instant, which is kept
 * for the batches behind it. */
static enum hp_status sweep_batch(struct postgres_store *postgres, enum statement statement, int64_t *now_us,
                                  struct hp_id_list *ids, size_t *count, struct hp_problem *problem) {
    struct parameters parameters = {0};
    PGresult *result = NULL;
    *count = 0;
    if (!id_list_reserve(ids, SWEEP_BATCH)) {
        return hp_problem_no_memory(problem);
    }
    parameters_add_instant(&parameters, *now_us);
    enum hp_status status = run(postgres, statement, &parameters, &result, problem);
    if (status != HP_OK) {
        return status;
    }
    *now_us = row_read_instant(result, 0, 0);
    for (int row = 0; row < PQntuples(result); row++) {
        if (!PQgetisnull(result, row, 1)) {
            text_put(ids->ids[ids->count++], HP_ID_SIZE, PQgetvalue(result, row, 1));
            ++*count;
        }
    }
    PQclear(result);
    return HP_OK;
}

/* Drops the answers that are no longer kept. What cannot be dropped now goes with a later sweep. */
static void forget_answers(struct postgres_store *postgres, int64_t now_us) {
    struct parameters parameters = {0};
    int dropped = FORGET_BATCH;
    parameters_add_instant(&parameters, now_us);
    while (dropped == FORGET_BATCH) {
        PGresult *result = NULL;
        dropped = run(postgres, STATEMENT_FORGET, &parameters, &result, NULL) == HP_OK
                      ? atoi(PQcmdTuples(result))
                      : 0;
        PQclear(result);
    }
}

/* First what nobody holds, so that one slow holder does not keep the rest from being told, then what was
 * held, in the order of ids, so that two sweeps never wait for each other in a circle. */
static enum hp_status postgres_expire_due(struct hp_store *store, struct hp_id_list *ids,
                                          struct hp_problem *problem) {
    static const enum statement phases[] = {STATEMENT_SWEEP, STATEMENT_SWEEP_HELD};
    struct postgres_store *postgres = postgres_of(store);
    size_t before = ids->count, count = 0;
    int64_t now_us = HP_INSTANT_NONE;
    enum hp_status status = HP_OK;
    if (postgres->clock && !clock_stands(postgres->clock, &now_us)) {
        now_us = HP_INSTANT_NONE;
    }
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        do {
            status = sweep_batch(postgres, phases[i], &now_us, ids, &count, problem);
        } while (status == HP_OK && count == SWEEP_BATCH);
        if (status != HP_OK) {
            break;
        }
    }
    if (status == HP_OK) {
        forget_answers(postgres, now_us);
    }
    if (status != HP_OK && ids->count > before) {
        hp_problem_clear(problem);
        return HP_OK;
    }
    return status;
}

static enum hp_status postgres_outbox_take(struct hp_store *store, size_t max, struct hp_event_list *events,
                                           struct hp_problem *problem) {
    struct postgres_store *postgres = postgres_of(store);
    struct parameters parameters = {0};
    PGresult *result = NULL;
    size_t before = events->count;
    parameters_add_number(&parameters, (int64_t)(max < TAKE_MOST ? max : TAKE_MOST));
    parameters_add_span(&parameters, postgres->lease_us);
    enum hp_status status = run(postgres, STATEMENT_TAKE, &parameters, &result, problem);
    if (status == HP_OK && !event_list_reserve(events, (size_t)PQntuples(result))) {
        status = hp_problem_no_memory(problem);
    }
    for (int row = 0; status == HP_OK && row < PQntuples(result); row++) {
        status = row_read_event(result, row, 0, &events->events[events->count], problem);
        events->count += status == HP_OK;
    }
    PQclear(result);
    if (status != HP_OK && events->count > before) {
        hp_problem_clear(problem); /* the others can be taken again when the lease ends */
        return HP_OK;
    }
    return status;
}

static enum hp_status postgres_outbox_settle(struct hp_store *store, const struct hp_event *event,
                                             enum hp_delivery delivery, struct hp_problem *problem) {
    struct parameters parameters = {0};
    PGresult *result = NULL;
    if (!hp_id_is_canonical(event->id)) {
        return hp_problem_set(problem, HP_NOT_FOUND, NULL, "event %s is not taken", event->id);
    }
    parameters_add_text(&parameters, event->id);
    enum hp_status status =
        run(postgres_of(store), delivery == HP_DELIVERED ? STATEMENT_DELIVER : STATEMENT_RETURN, &parameters,
            &result, problem);
    if (status == HP_OK && atoi(PQcmdTuples(result)) == 0) {
        status = hp_problem_set(problem, HP_NOT_FOUND, NULL, "event %s is not taken", event->id);
    }
    PQclear(result);
    return status;
}

enum hp_status postgres_empty(struct hp_store *store, struct hp_problem *problem) {
    const struct parameters none = {0};
    PGresult *result = NULL;
    enum hp_status status = run(postgres_of(store), STATEMENT_EMPTY, &none, &result, problem);
    PQclear(result);
    return status;
}

static void postgres_free(struct hp_store *store) {
    struct postgres_store *postgres = postgres_of(store);
    pool_release(&postgres->pool);
    hp_ids_free(postgres->own_ids);
    free(postgres);
}

static const struct hp_store_ops postgres_ops = {
    .create = postgres_create,
    .get = postgres_get,
    .list = postgres_list,
    .change = postgres_change,
    .expire_due = postgres_expire_due,
    .outbox_take = postgres_outbox_take,
    .outbox_settle = postgres_outbox_settle,
    .subscribe = postgres_subscribe,
    .webhooks_take = postgres_webhooks_take,
    .webhook_settle = postgres_webhook_settle,
    .webhooks_dead = postgres_webhooks_dead,
    .free = postgres_free,
    .moment = postgres_moment,
    .flow_add = postgres_flow_add,
    .flow_get = postgres_flow_get,
    .flow_change = postgres_flow_change,
    .flow_resume = postgres_flow_resume,
    .rate_set = postgres_rate_set,
    .rate_check = postgres_rate_check,
};

struct hp_store *hp_store_postgres_new(const char *conninfo, const struct hp_postgres_options *options) {
    static const struct hp_postgres_options none = {0};
    options = options ? options : &none;
    struct postgres_store *postgres = calloc(1, sizeof *postgres);
    if (!postgres) {
        return NULL;
    }
    postgres->store.ops = &postgres_ops;
    postgres->clock = options->clock;
    postgres->lease_us = (int64_t)setting_or(options->lease_ms, SETTINGS_LEASE_MS) * 1000;
    postgres->own_ids = options->ids ? NULL : hp_ids_random_new();
    postgres->ids = options->ids ? options->ids : postgres->own_ids;
    if (pool_init(&postgres->pool, conninfo, options, NULL) != HP_OK || !postgres->ids) {
        postgres_free(&postgres->store);
        return NULL;
    }
    return &postgres->store;
}
