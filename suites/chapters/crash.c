#include "suites/chapters/crash.h"

#include "harness/adapters/deadline.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SLICE_MS = 20, HOLD_SIZE = 64, STATUS_OK_MIN = 200, STATUS_OK_MAX = 299 };

/* When things happen, by the servers' clock. What is due is due at DUE; leases have run out at LATER. */
#define BEGIN "2026-01-01T00:00:00Z"
#define DUE "2026-01-01T00:05:00Z"
#define LATER "2026-01-01T00:10:00Z"

static bool is_fine(const struct http_reply *reply) {
    return !reply->broken && reply->status >= STATUS_OK_MIN && reply->status <= STATUS_OK_MAX;
}

/* A request, whose parts it owns. */
struct wish {
    const char *verb;
    struct text url, body;
};

static void wish_release(struct wish *wish) {
    text_release(&wish->url);
    text_release(&wish->body);
}

static enum hp_status send_wish(struct crash *crash, const struct wish *wish, struct hp_problem *problem) {
    static const char *const headers[] = {"Content-Type: application/json", "Idempotency-Key: crash",
                                          ("Authorization: Bearer " VICTIM_TOKEN)};
    if (wish->url.failed || wish->body.failed) {
        return hp_problem_no_memory(problem);
    }
    /* Only creations and answers take a key. */
    bool keyed = crash->act == CRASH_CREATE || crash->act == CRASH_RESPOND;
    const char *const chosen[] = {headers[0], headers[2], headers[1]};
    const struct http_request request = {.verb = wish->verb,
                                         .url = wish->url.bytes,
                                         .headers = chosen,
                                         .header_count = keyed ? 3 : 2,
                                         .body = wish->body.length_bytes > 0 ? wish->body.bytes : NULL,
                                         .body_length_bytes = wish->body.length_bytes};
    return http_line_start(crash->line, &request, problem);
}

enum hp_status crash_call(struct crash *crash, const char *method, const char *params, json_t **result,
                          struct hp_problem *problem) {
    struct text url = {0}, body = {0};
    struct http_reply reply = {0};
    static const char *const headers[] = {"Content-Type: application/json"};
    text_addf(&url, "%s/call", victim_controls(crash->victim));
    text_addf(&body, "{\"method\":\"%s\",\"params\":%s}", method, params);
    const struct http_request request = {"POST", url.bytes, headers, 1, body.bytes, body.length_bytes};
    enum hp_status status = url.failed || body.failed ? hp_problem_no_memory(problem)
                                                      : http_line_start(crash->line, &request, problem);
    if (status == HP_OK && (!http_line_wait(crash->line, crash->deadline_ms, &reply) || !is_fine(&reply))) {
        status =
            hp_problem_set(problem, HP_INTERNAL, NULL, "%s was answered with %u: %.200s%s", method,
                           reply.status, reply.body.length_bytes > 0 ? reply.body.bytes : "", reply.detail);
    }
    json_t *answer = status == HP_OK ? json_loadb(reply.body.bytes, reply.body.length_bytes, 0, NULL) : NULL;
    *result = json_incref(json_object_get(answer, "result"));
    if (status == HP_OK && !*result) {
        status = hp_problem_set(problem, HP_INTERNAL, NULL, "the answer to %s is no result", method);
    }
    json_decref(answer);
    http_reply_release(&reply);
    text_release(&url);
    text_release(&body);
    return status;
}

/* A call whose result does not matter. */
static enum hp_status do_call(struct crash *crash, const char *method, const char *params,
                              struct hp_problem *problem) {
    json_t *result = NULL;
    enum hp_status status = crash_call(crash, method, params, &result, problem);
    json_decref(result);
    return status;
}

static enum hp_status start_server(struct crash *crash, const char *hold, struct hp_problem *problem) {
    struct text store = {0};
    text_addf(&store, crash->in_memory ? "memory" : "postgres:%s", crash->conninfo);
    const struct victim_options options = {.store = store.bytes,
                                           .schema = crash->schema,
                                           .hold = hold,
                                           .fault = crash->fault,
                                           .legacy_zone =
                                               crash->lock == CRASH_LOCK_LEGACY ? "Europe/Berlin" : NULL};
    enum hp_status status =
        store.failed ? hp_problem_no_memory(problem) : victim_start(&options, &crash->victim, problem);
    text_release(&store);
    http_line_free(crash->line);
    crash->line = http_line_new(HTTP_REPLY_MAX_BYTES);
    return status == HP_OK && !crash->line ? hp_problem_no_memory(problem) : status;
}

static void kill_server(struct crash *crash) {
    victim_kill(crash->victim);
    crash->victim = NULL;
}

static enum hp_status run_sql(struct crash *crash, const char *format, const char *value,
                              struct hp_problem *problem) {
    struct text sql = {0};
    text_addf(&sql, format, crash->schema, value);
    enum hp_status status =
        sql.failed ? hp_problem_no_memory(problem) : database_run(crash->database, sql.bytes, problem);
    text_release(&sql);
    return status;
}

/* The old tables, in the schema. */
static enum hp_status load_legacy(struct crash *crash, struct hp_problem *problem) {
    struct text path = {0}, sql = {0};
    char block[BUFSIZ];
    size_t length;
    text_addf(&path, "%s/legacy/tables.sql", crash->fixtures);
    FILE *file = path.failed ? NULL : fopen(path.bytes, "r");
    if (!file) {
        text_release(&path);
        return hp_problem_set(problem, HP_INVALID, NULL, "legacy/tables.sql of the fixtures cannot be read");
    }
    text_addf(&sql, "set search_path = %s; ", crash->schema);
    while ((length = fread(block, 1, sizeof block, file)) > 0) {
        text_append(&sql, block, length);
    }
    fclose(file);
    enum hp_status status = sql.failed ? hp_problem_no_memory(problem) : HP_OK;
    if (status ==
        HP_OK) { /* on its own: the whole of a text is read before its first statement is carried out */
        status = database_run(crash->database, "set standard_conforming_strings = on", problem);
    }
    if (status == HP_OK) {
        status = database_run(crash->database, sql.bytes, problem);
    }
    text_release(&path);
    text_release(&sql);
    return status;
}

static enum hp_status create_one(struct crash *crash, size_t at, struct hp_problem *problem) {
    json_t *result = NULL;
    char params[256];
    snprintf(
        params, sizeof params,
        "{\"kind\":\"clarification\",\"request_id\":\"req-%zu\",\"user_id\":\"ann\",\"session_id\":\"ses\","
        "\"ttl_seconds\":%s}",
        at, crash->act == CRASH_SWEEP ? "60" : "null");
    enum hp_status status = crash_call(crash, "interrupt.create", params, &result, problem);
    const char *id = json_string_value(json_object_get(json_object_get(result, "interrupt"), "id"));
    if (status == HP_OK && !(id && text_put(crash->ids[at], sizeof crash->ids[at], id))) {
        status = hp_problem_set(problem, HP_INTERNAL, NULL, "a creation was answered without an id");
    }
    json_decref(result);
    return status;
}

static enum hp_status answer_one(struct crash *crash, size_t at, struct hp_problem *problem) {
    char params[256];
    snprintf(params, sizeof params,
             "{\"id\":\"%s\",\"user_id\":\"ann\",\"response\":{\"text\":\"early %zu\"}}", crash->ids[at], at);
    return do_call(crash, "interrupt.respond", params, problem);
}

static enum hp_status read_one(struct crash *crash, size_t at, struct hp_problem *problem) {
    char params[128];
    snprintf(params, sizeof params, "{\"id\":\"%s\",\"user_id\":\"ann\"}", crash->ids[at]);
    return crash_call(crash, "interrupt.get", params, &crash->known[at], problem);
}

static enum hp_status subscribe(struct crash *crash, struct hp_problem *problem) {
    char params[256];
    snprintf(params, sizeof params, "{\"url\":\"%s\",\"events\":[\"*\"],\"secret\":\"s\"}", crash->endpoint);
    return do_call(crash, "webhook.subscribe", params, problem);
}

/* What the client has done, and was told, before. */
static enum hp_status furnish(struct crash *crash, struct hp_problem *problem) {
    enum hp_status status = do_call(crash, "clock.set", "{\"now\":\"" BEGIN "\"}", problem);
    if (status == HP_OK && crash->endpoint) {
        status = subscribe(crash, problem);
    }
    for (size_t i = 0; status == HP_OK && i < crash->interrupts; i++) {
        status = create_one(crash, i, problem);
    }
    for (size_t i = 0; status == HP_OK && i < crash->answered; i++) {
        status = answer_one(crash, crash->interrupts - 1 - i, problem);
    }
    for (size_t i = 0; status == HP_OK && i < crash->interrupts; i++) {
        status = read_one(crash, i, problem);
    }
    if (status == HP_OK && crash->act == CRASH_SWEEP) {
        status = do_call(crash, "clock.set", "{\"now\":\"" DUE "\"}", problem);
    }
    return status;
}

/* The point with the number of the act among the calls that come there. */
static const char *number_hold(const struct crash *crash, char hold[HOLD_SIZE]) {
    size_t before = crash->act == CRASH_CREATE                              ? crash->interrupts
                    : strncmp(crash->hold, "change", strlen("change")) == 0 ? crash->answered
                                                                            : 0;
    snprintf(hold, HOLD_SIZE, "%.40s:%zu", crash->hold, before + 1);
    return hold;
}

enum hp_status crash_prepare(struct crash *crash, struct hp_problem *problem) {
    static atomic_uint last;
    char hold[HOLD_SIZE];
    snprintf(crash->schema, sizeof crash->schema, "holdpoint_crash_%ld_%u", (long)getpid(),
             atomic_fetch_add(&last, 1));
    enum hp_status status = database_open(crash->conninfo, &crash->database, problem);
    if (status == HP_OK) {
        status = run_sql(crash, "create schema %s", "", problem);
    }
    if (status == HP_OK && crash->lock == CRASH_LOCK_LEGACY) {
        return load_legacy(crash, problem);
    }
    if (status == HP_OK) {
        status = start_server(crash, crash->hold ? number_hold(crash, hold) : NULL, problem);
    }
    if (status == HP_OK) {
        status = victim_await(crash->victim, crash->deadline_ms, problem);
    }
    return status == HP_OK ? furnish(crash, problem) : status;
}

static void make_wish(const struct crash *crash, struct wish *wish) {
    const char *url = victim_url(crash->victim);
    *wish = (struct wish){.verb = crash->act == CRASH_CANCEL ? "DELETE" : "POST"};
    switch (crash->act) {
    case CRASH_CREATE:
        text_addf(&wish->url, "%s/interrupts", url);
        text_add(&wish->body, "{\"kind\":\"clarification\",\"request_id\":\"req-act\",\"user_id\":\"ann\","
                              "\"session_id\":\"ses\",\"ttl_seconds\":null}");
        break;
    case CRASH_RESPOND:
        text_addf(&wish->url, "%s/interrupts/%s/respond?user_id=ann", url, crash->ids[0]);
        text_add(&wish->body, "{\"text\":\"late\"}");
        break;
    case CRASH_CANCEL:
        text_addf(&wish->url, "%s/interrupts/%s?user_id=ann", url, crash->ids[0]);
        break;
    case CRASH_SWEEP:
        text_addf(&wish->url, "%s/interrupts/expire", url);
        break;
    default:
        text_addf(&wish->url, "%s/call", victim_controls(crash->victim));
        text_add(&wish->body, "{\"method\":\"webhook.flush\",\"params\":{}}");
    }
}

static enum hp_status take_lock(struct crash *crash, struct hp_problem *problem) {
    static const char *const statements[CRASH_LOCK_COUNT] = {
        [CRASH_LOCK_ROW] =
            "begin; do $$ begin perform 1 from %s.flow_interrupts where id::text = '%s' for update; end $$",
        [CRASH_LOCK_MIGRATIONS] = "select pg_advisory_lock(hashtextextended('holdpoint migrations %s', 0))",
        [CRASH_LOCK_LEGACY] = "begin; lock table %s.pending_confirmations in access exclusive mode",
    };
    const char *statement = statements[crash->lock];
    return statement ? run_sql(crash, statement, crash->ids[0], problem) : HP_OK;
}

static enum hp_status let_go(struct crash *crash, struct hp_problem *problem) {
    static const char *const statements[CRASH_LOCK_COUNT] = {
        [CRASH_LOCK_ROW] = "rollback",
        [CRASH_LOCK_MIGRATIONS] = "select pg_advisory_unlock_all()",
        [CRASH_LOCK_LEGACY] = "rollback",
    };
    const char *statement = statements[crash->lock];
    return statement ? database_run(crash->database, statement, problem) : HP_OK;
}

/* Whether the act stands where it should. */
static enum hp_status look(struct crash *crash, bool *stands, struct hp_problem *problem) {
    static const char waiting[] = "select count(*) from pg_locks where not granted and pg_backend_pid() = "
                                  "any(pg_blocking_pids(pid))";
    int64_t count = 0;
    enum hp_status status =
        crash->lock == CRASH_NO_LOCK ? HP_OK : database_ask(crash->database, waiting, &count, problem);
    *stands = crash->hold ? victim_holds(crash->victim) : count > 0;
    return status;
}

static enum hp_status await(struct crash *crash, struct hp_problem *problem) {
    int64_t deadline_us = deadline_after_ms(crash->deadline_ms);
    bool stands = false, answered = false;
    struct http_reply reply = {0};
    enum hp_status status = look(crash, &stands, problem);
    while (status == HP_OK && !stands && !answered && deadline_remaining_ms(deadline_us) > 0) {
        victim_look(crash->victim, SLICE_MS);
        answered = crash->act != CRASH_START && http_line_wait(crash->line, 0, &reply);
        status = look(crash, &stands, problem);
    }
    if (status == HP_OK && (!stands || answered)) {
        status = hp_problem_set(problem, HP_CONFLICT, NULL, "nobody stood there%s%.200s%s",
                                answered ? ": the call was answered, " : " in time",
                                reply.body.length_bytes > 0 ? reply.body.bytes : "", reply.detail);
    }
    http_reply_release(&reply);
    return status;
}

static enum hp_status begin_act(struct crash *crash, struct hp_problem *problem) {
    struct wish wish;
    if (crash->act == CRASH_START) {
        return start_server(crash, NULL, problem);
    }
    make_wish(crash, &wish);
    enum hp_status status = send_wish(crash, &wish, problem);
    wish_release(&wish);
    return status;
}

enum hp_status crash_happen(struct crash *crash, struct hp_problem *problem) {
    if (crash->act == CRASH_START) {
        kill_server(crash);
    }
    enum hp_status status = take_lock(crash, problem);
    if (status == HP_OK) {
        status = begin_act(crash, problem);
    }
    if (status == HP_OK) {
        status = await(crash, problem);
    }
    kill_server(crash);
    enum hp_status freed = let_go(crash, status == HP_OK ? problem : NULL);
    return status == HP_OK ? freed : status;
}

enum hp_status crash_resume(struct crash *crash, struct hp_problem *problem) {
    enum hp_status status = start_server(crash, NULL, problem);
    if (status == HP_OK) {
        status = victim_await(crash->victim, crash->deadline_ms, problem);
    }
    return status == HP_OK ? do_call(crash, "clock.set", "{\"now\":\"" LATER "\"}", problem) : status;
}

enum hp_status crash_repeat(struct crash *crash, struct http_reply *reply, struct hp_problem *problem) {
    enum hp_status status = begin_act(crash, problem);
    if (status == HP_OK && !http_line_wait(crash->line, crash->deadline_ms, reply)) {
        status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the repeated call had no answer within %u ms",
                                crash->deadline_ms);
    }
    return status;
}

void crash_release(struct crash *crash) {
    http_line_free(crash->line);
    victim_kill(crash->victim);
    if (crash->database) {
        run_sql(crash, "drop schema if exists %s cascade", "", NULL);
        database_close(crash->database);
    }
    for (size_t i = 0; i < CRASH_INTERRUPTS_MAX; i++) {
        json_decref(crash->known[i]);
    }
}
