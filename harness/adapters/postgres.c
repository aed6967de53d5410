#include "harness/adapters/postgres.h"

#include "harness/adapters/answer_json.h"
#include "harness/adapters/database.h"
#include "harness/adapters/ready.h"
#include "harness/base/value.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_SIZE = 32, OWNER_SIZE = 1024 };

/* A row as the wire has it. */
#define TIME(column) "to_char(" column " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
#define ROW                                                                                                  \
    "json_build_object('id', id::text, 'kind', kind, 'request_id', request_id, 'user_id', user_id, "         \
    "'session_id', session_id, 'envelope_id', envelope_id, 'question', question, 'message', message, "       \
    "'data', data, 'response', response, 'status', status, 'trace_id', trace_id, 'span_id', span_id, "       \
    "'created_at', " TIME("created_at") ", 'expires_at', " TIME("expires_at") ", 'resolved_at', " TIME(      \
        "resolved_at") ")"

static const char insert_sql[] =
    "with moment as materialized (select clock_timestamp() as now) "
    "insert into flow_interrupts (kind, request_id, user_id, session_id, envelope_id, question, message, "
    "trace_id, span_id, data, status, created_at, expires_at) "
    "select $1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10::jsonb, '{}'), 'pending', now, "
    "now + $11::bigint * interval '1 microsecond' from moment returning json_build_object('interrupt', " ROW
    ")";

static const char get_sql[] = "select json_build_object('interrupt', " ROW ") from flow_interrupts "
                              "where id::text = $1";

static const char owner_sql[] = "select user_id from flow_interrupts where id::text = $1";

static const char list_sql[] =
    "with chosen as (select * from flow_interrupts where ($1::text is null or user_id = $1) "
    "and ($2::text is null or session_id = $2) and ($3::text is null or request_id = $3) "
    "and (coalesce($4, 'pending') in ('all', status)) "
    "and ($5::json is null or kind in (select json_array_elements_text($5::json)))) "
    "select json_build_object('interrupts', (select coalesce(json_agg(row), '[]') from "
    "(select " ROW " as row from chosen order by created_at desc, id desc "
    "limit coalesce($6::bigint, 50)) page), 'total', (select count(*) from chosen), 'next_cursor', null)";

/* How long an interrupt of a kind stays open, in seconds; 0: for ever. */
static const struct {
    const char *kind;
    int64_t seconds;
} lives[] = {{"clarification", 86400},    {"confirmation", 3600}, {"critic_review", 1800}, {"checkpoint", 0},
             {"resource_exhausted", 300}, {"timeout", 300},       {"system_error", 3600}};

struct postgres {
    struct target target;
    char *conninfo;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t given;  /* a connection, or room for one */
    struct database *idle[POSTGRES_CONNECTIONS];
    size_t idle_count, open_count;
};

struct postgres_session {
    struct session session;
    struct database *database; /* during a call */
    struct ready_list ready;
};

/* Lends a connection; waits while all are lent. */
static enum hp_status take_connection(struct postgres *postgres, struct database **database,
                                      struct hp_problem *problem) {
    pthread_mutex_lock(&postgres->mutex);
    while (postgres->idle_count == 0 && postgres->open_count == POSTGRES_CONNECTIONS) {
        pthread_cond_wait(&postgres->given, &postgres->mutex);
    }
    bool kept = postgres->idle_count > 0;
    if (kept) {
        *database = postgres->idle[--postgres->idle_count];
    } else {
        postgres->open_count++;
    }
    pthread_mutex_unlock(&postgres->mutex);
    enum hp_status status = kept ? HP_OK : database_open(postgres->conninfo, database, problem);
    if (status != HP_OK) {
        pthread_mutex_lock(&postgres->mutex);
        postgres->open_count--;
        pthread_cond_signal(&postgres->given);
        pthread_mutex_unlock(&postgres->mutex);
    }
    return status;
}

static void give_connection(struct postgres *postgres, struct database *database) {
    pthread_mutex_lock(&postgres->mutex);
    postgres->idle[postgres->idle_count++] = database;
    pthread_cond_signal(&postgres->given);
    pthread_mutex_unlock(&postgres->mutex);
}

static const char *text_of(const json_t *params, const char *name) {
    return json_string_value(json_object_get(params, name));
}

/* The time to live in microseconds as a parameter; NULL: for ever. */
static const char *put_life(const json_t *params, char number[NUMBER_SIZE]) {
    const json_t *given = json_object_get(params, "ttl_seconds");
    const char *kind = text_of(params, "kind");
    int64_t life_us = 0;
    if (json_is_number(given)) {
        life_us = llround(json_number_value(given) * 1e6);
    }
    for (size_t i = 0; !given && kind && i < sizeof lives / sizeof lives[0]; i++) {
        life_us = strcmp(lives[i].kind, kind) == 0 ? lives[i].seconds * 1000000 : life_us;
    }
    if (life_us == 0) {
        return NULL;
    }
    snprintf(number, NUMBER_SIZE, "%lld", (long long)life_us);
    return number;
}

/* Asks for one row of JSON; HP_NOT_FOUND when there is none. */
static enum hp_status ask(struct postgres_session *own, const char *sql, const char *const *parameters,
                          int count, json_t **result, struct hp_problem *problem) {
    struct text value = {0};
    json_error_t error;
    bool found = false;
    enum hp_status status = database_query(own->database, sql, parameters, count, &value, &found, problem);
    if (status == HP_OK && !found) {
        status = hp_problem_set(problem, HP_NOT_FOUND, NULL, "there is no such row");
    }
    if (status == HP_OK) {
        *result = answer_json_load(value.bytes, value.length_bytes, &error);
        status = *result ? HP_OK : hp_problem_set(problem, HP_INTERNAL, NULL, "the row: %s", error.text);
    }
    text_release(&value);
    return status;
}

static enum hp_status create(struct postgres_session *own, const json_t *params, json_t **result,
                             struct hp_problem *problem) {
    static const char *const texts[] = {"kind",     "request_id", "user_id",  "session_id", "envelope_id",
                                        "question", "message",    "trace_id", "span_id"};
    enum { TEXTS = sizeof texts / sizeof texts[0] };
    const char *parameters[TEXTS + 2];
    const json_t *data = json_object_get(params, "data");
    char life[NUMBER_SIZE];
    char *dump = data && !json_is_null(data) ? value_dump(data, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    if (data && !json_is_null(data) && !dump) {
        return hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < TEXTS; i++) {
        parameters[i] = text_of(params, texts[i]);
    }
    parameters[TEXTS] = dump;
    parameters[TEXTS + 1] = put_life(params, life);
    enum hp_status status = ask(own, insert_sql, parameters, TEXTS + 2, result, problem);
    free(dump);
    return status;
}

static enum hp_status check_owner(struct postgres_session *own, const json_t *params,
                                  struct hp_problem *problem) {
    const char *id = text_of(params, "id"), *user = text_of(params, "user_id");
    struct text owner = {0};
    bool found = false;
    enum hp_status status = database_query(own->database, owner_sql, &id, 1, &owner, &found, problem);
    if (status == HP_OK && found && user && strcmp(owner.bytes, user) != 0) {
        status = hp_problem_set(problem, HP_FORBIDDEN, NULL, "the row is another user's");
    }
    text_release(&owner);
    return status;
}

static enum hp_status get(struct postgres_session *own, const json_t *params, json_t **result,
                          struct hp_problem *problem) {
    const char *id = text_of(params, "id");
    enum hp_status status = check_owner(own, params, problem);
    return status == HP_OK ? ask(own, get_sql, &id, 1, result, problem) : status;
}

static enum hp_status list(struct postgres_session *own, const json_t *params, json_t **result,
                           struct hp_problem *problem) {
    char limit[NUMBER_SIZE];
    const json_t *kinds = json_object_get(params, "kinds"), *number = json_object_get(params, "limit");
    if (text_of(params, "cursor")) {
        return hp_problem_set(problem, HP_UNSUPPORTED, "/cursor",
                              "there is one page only; take a larger limit");
    }
    char *dump = json_is_array(kinds) ? value_dump(kinds, JSON_COMPACT) : NULL;
    snprintf(limit, sizeof limit, "%lld", (long long)json_integer_value(number));
    const char *parameters[] = {text_of(params, "user_id"),
                                text_of(params, "session_id"),
                                text_of(params, "request_id"),
                                text_of(params, "status"),
                                dump,
                                json_is_integer(number) ? limit : NULL};
    enum hp_status status = ask(own, list_sql, parameters, 6, result, problem);
    free(dump);
    return status;
}

static const struct {
    const char *method;
    enum hp_status (*call)(struct postgres_session *own, const json_t *params, json_t **result,
                           struct hp_problem *problem);
} methods[] = {{"interrupt.create", create}, {"interrupt.get", get}, {"interrupt.list", list}};

static enum hp_status call(struct postgres_session *own, const struct request *request, json_t **result,
                           struct hp_problem *problem) {
    json_error_t error;
    json_t *params =
        json_loadb(request->params, request->params_length_bytes, JSON_REJECT_DUPLICATES, &error);
    if (!params) {
        return hp_problem_set(problem, HP_INVALID, NULL, "the params are no JSON: %s", error.text);
    }
    struct postgres *postgres = (struct postgres *)own->session.target;
    enum hp_status status = take_connection(postgres, &own->database, problem);
    if (status != HP_OK) {
        json_decref(params);
        return status;
    }
    status = HP_UNSUPPORTED;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i].method, request->method) == 0) {
            status = methods[i].call(own, params, result, problem);
        }
    }
    give_connection(postgres, own->database);
    own->database = NULL;
    json_decref(params);
    return status == HP_OK ? HP_OK : hp_problem_set(problem, status, NULL, "there is no SQL for this method");
}

static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    struct postgres_session *own = (struct postgres_session *)session;
    struct hp_problem refusal = {0};
    struct answer answer = {.kind = ANSWER_RESULT};
    enum hp_status status = call(own, request, &answer.result, &refusal);
    if (status != HP_OK) {
        answer.kind = ANSWER_REFUSED;
        text_put(answer.error_name, sizeof answer.error_name, hp_status_name(status));
        text_put(answer.field, sizeof answer.field, refusal.field);
        text_put(answer.detail, sizeof answer.detail, refusal.detail);
    }
    return ready_add(&own->ready, &answer, ticket, problem);
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    (void)timeout_ms;
    return ready_take(&((struct postgres_session *)session)->ready, ticket, answer);
}

static void close_session(struct session *session) {
    struct postgres_session *own = (struct postgres_session *)session;
    ready_release(&own->ready);
    free(own);
}

static const struct session_ops session_operations = {session_start, session_poll, close_session};

static enum hp_status open_session(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    (void)endpoint;
    struct postgres_session *made = calloc(1, sizeof *made);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    made->session = (struct session){&session_operations, target};
    *session = &made->session;
    return HP_OK;
}

static enum hp_status say_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    struct postgres *postgres = (struct postgres *)target;
    struct database *database = NULL;
    enum hp_status status = take_connection(postgres, &database, problem);
    if (status != HP_OK) {
        return status;
    }
    give_connection(postgres, database);
    *hello = (struct hello){.name = text_copy("flow_interrupts, in SQL"),
                            .version = text_copy("1"),
                            .language = text_copy("SQL"),
                            .capabilities = json_pack("[ssss]", "create", "get", "list", "concurrent"),
                            .endpoints = 1,
                            .database = text_copy(postgres->conninfo)};
    if (!hello->name || !hello->version || !hello->language || !hello->capabilities || !hello->database) {
        hello_release(hello);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

static void restart(struct target *target) {
    (void)target;
}

static void take_log(struct target *target, struct text *log) {
    (void)target;
    (void)log;
}

static void reproduce(struct target *target, const struct request *request, struct text *text) {
    (void)target;
    (void)request;
    (void)text;
}

static void free_target(struct target *target) {
    struct postgres *postgres = (struct postgres *)target;
    for (size_t i = 0; i < postgres->idle_count; i++) {
        database_close(postgres->idle[i]);
    }
    pthread_cond_destroy(&postgres->given);
    pthread_mutex_destroy(&postgres->mutex);
    free(postgres->conninfo);
    free(postgres);
}

static const struct target_ops operations = {say_hello, open_session, restart, take_log,
                                             reproduce, free_target,  NULL};

struct target *postgres_new(const char *conninfo) {
    struct postgres *made = calloc(1, sizeof *made);
    if (!made) {
        return NULL;
    }
    made->target.ops = &operations;
    made->conninfo = text_copy(conninfo);
    if (!made->conninfo) {
        free(made);
        return NULL;
    }
    pthread_mutex_init(&made->mutex, NULL);
    pthread_cond_init(&made->given, NULL);
    return &made->target;
}
