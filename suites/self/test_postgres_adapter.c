#include "harness/adapters/postgres.h"

#include "harness/base/value.h"
#include "suites/self/support_cluster.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

static struct database *other;
static struct target *target;
static struct session *session;

static int begin(void **state) {
    const struct hp_postgres_options options = {.schema = "flows"};
    char conninfo[1024];
    if (support_cluster_start(state) != 0 ||
        hp_postgres_migrate(support_conninfo(), &options, NULL) != HP_OK) {
        return -1;
    }
    snprintf(conninfo, sizeof conninfo, "%s options=-csearch_path=flows", support_conninfo());
    target = postgres_new(conninfo);
    return target && target_open(target, 0, &session, NULL) == HP_OK &&
                   database_open(conninfo, &other, NULL) == HP_OK
               ? 0
               : -1;
}

static int end(void **state) {
    session_close(session);
    target_free(target);
    database_close(other);
    return support_cluster_stop(state);
}

static void call(const char *method, const char *params, struct answer *answer) {
    const struct request request = {method, params, strlen(params), false};
    session_call(session, &request, 20000, answer);
}

#define CREATE(kind, more)                                                                                   \
    "{\"kind\":\"" kind "\",\"request_id\":\"r\",\"user_id\":\"ann\",\"session_id\":\"s\"" more "}"

/* The id of what was made, for the caller to free. */
static char *create(const char *params) {
    struct answer answer;
    call("interrupt.create", params, &answer);
    if (answer.kind != ANSWER_RESULT) {
        fail_msg("%s", answer.detail);
    }
    char *id = text_copy(json_string_value(value_at(answer.result, "/interrupt/id")));
    assert_non_null(id);
    answer_release(&answer);
    return id;
}

static void lives(void **state) {
    (void)state;
    static const struct {
        const char *params;
        long long life_us; /* -1: for ever */
    } rows[] = {{CREATE("clarification", ""), 86400000000},
                {CREATE("confirmation", ""), 3600000000},
                {CREATE("critic_review", ""), 1800000000},
                {CREATE("checkpoint", ""), -1},
                {CREATE("timeout", ",\"ttl_seconds\":1.5"), 1500000},
                {CREATE("timeout", ",\"ttl_seconds\":null"), -1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *id = create(rows[i].params);
        int64_t life_us = 0;
        struct text sql = {0};
        text_addf(&sql,
                  "select coalesce((extract(epoch from expires_at - created_at) * 1000000)::bigint, -1) "
                  "from flow_interrupts where id = '%s'",
                  id);
        assert_int_equal(database_ask(other, sql.bytes, &life_us, NULL), HP_OK);
        assert_true(life_us == rows[i].life_us);
        text_release(&sql);
        free(id);
    }
}

static void writes_and_reads(void **state) {
    (void)state;
    struct answer answer;
    struct text params = {0};
    char *id = create(
        CREATE("clarification",
               ",\"question\":\"q\xc3\xa9\",\"message\":\"m\",\"envelope_id\":\"e\",\"trace_id\":\"t\","
               "\"span_id\":\"p\",\"data\":{\"n\":[1,{\"a\":null}]}"));
    text_addf(&params, "{\"id\":\"%s\",\"user_id\":\"ann\"}", id);
    call("interrupt.get", params.bytes, &answer);
    json_t *expected = json_loads(
        "{\"kind\":\"clarification\",\"request_id\":\"r\",\"user_id\":\"ann\",\"session_id\":\"s\","
        "\"question\":\"q\xc3\xa9\",\"message\":\"m\",\"envelope_id\":\"e\",\"trace_id\":\"t\",\"span_id\":"
        "\"p\",\"data\":{\"n\":[1,{\"a\":null}]},\"response\":null,\"status\":\"pending\",\"resolved_at\":"
        "null}",
        0, NULL);
    const char *key;
    json_t *value;
    assert_int_equal(json_object_size(json_object_get(answer.result, "interrupt")), 16);
    json_object_foreach(expected, key, value) {
        assert_true(value_equals(json_object_get(json_object_get(answer.result, "interrupt"), key), value));
    }
    const char *created = json_string_value(value_at(answer.result, "/interrupt/created_at"));
    assert_int_equal(strlen(created), 27);
    assert_int_equal(created[26], 'Z');
    answer_release(&answer);
    json_decref(expected);
    text_clear(&params);
    text_addf(&params, "{\"id\":\"%s\",\"user_id\":\"bob\"}", id);
    call("interrupt.get", params.bytes, &answer);
    assert_string_equal(answer.error_name, "forbidden");
    answer_release(&answer);
    text_release(&params);
    free(id);
}

static void refuses(void **state) {
    (void)state;
    static const struct {
        const char *method, *params, *name;
    } rows[] = {{"interrupt.create", CREATE("postponed", ""), "invalid"},
                {"interrupt.create", "{\"kind\":\"timeout\"}", "invalid"},
                {"interrupt.create", "{\"kind\":", "invalid"},
                {"interrupt.get", "{\"id\":\"no-such\"}", "not_found"},
                {"interrupt.get", "{}", "not_found"},
                {"interrupt.list", "{\"user_id\":\"ann\",\"cursor\":\"x\"}", "unsupported"},
                {"interrupt.respond", "{}", "unsupported"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer;
        call(rows[i].method, rows[i].params, &answer);
        assert_int_equal(answer.kind, ANSWER_REFUSED);
        assert_string_equal(answer.error_name, rows[i].name);
        answer_release(&answer);
    }
}

static void lists(void **state) {
    (void)state;
    struct answer answer;
    static const char *const made[] = {
        "{\"kind\":\"timeout\",\"request_id\":\"r1\",\"user_id\":\"eve\",\"session_id\":\"s1\"}",
        "{\"kind\":\"checkpoint\",\"request_id\":\"r2\",\"user_id\":\"eve\",\"session_id\":\"s2\"}",
        "{\"kind\":\"timeout\",\"request_id\":\"r2\",\"user_id\":\"eve\",\"session_id\":\"s2\"}"};
    for (size_t i = 0; i < 3; i++) {
        free(create(made[i]));
    }
    assert_int_equal(
        database_run(other, "update flow_interrupts set status = 'cancelled' where request_id = 'r1'", NULL),
        HP_OK);
    static const struct {
        const char *params;
        size_t rows, total;
    } rows[] = {{"{\"user_id\":\"eve\"}", 2, 2},
                {"{\"user_id\":\"eve\",\"status\":\"all\",\"limit\":1}", 1, 3},
                {"{\"session_id\":\"s2\",\"kinds\":[\"timeout\"]}", 1, 1},
                {"{\"request_id\":\"r1\",\"status\":\"cancelled\"}", 1, 1},
                {"{\"user_id\":\"nobody\"}", 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        call("interrupt.list", rows[i].params, &answer);
        if (answer.kind != ANSWER_RESULT) {
            fail_msg("%s", answer.detail);
        }
        assert_int_equal(json_array_size(json_object_get(answer.result, "interrupts")), rows[i].rows);
        assert_int_equal(json_integer_value(json_object_get(answer.result, "total")), rows[i].total);
        answer_release(&answer);
    }
}

/* More sessions than connections, and a server that is not there. */
static void connections(void **state) {
    (void)state;
    struct session *sessions[2 * POSTGRES_CONNECTIONS];
    struct hello hello = {0};
    struct hp_problem problem = {0};
    for (size_t i = 0; i < 2 * POSTGRES_CONNECTIONS; i++) {
        const struct request request = {"interrupt.get", "{}", 2, false};
        struct answer answer;
        assert_int_equal(target_open(target, 0, &sessions[i], NULL), HP_OK);
        session_call(sessions[i], &request, 20000, &answer);
        assert_string_equal(answer.error_name, "not_found");
        answer_release(&answer);
    }
    for (size_t i = 0; i < 2 * POSTGRES_CONNECTIONS; i++) {
        session_close(sessions[i]);
    }
    assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
    assert_true(hello_declares(&hello, "create"));
    hello_release(&hello);
    struct target *nobody = postgres_new("host=/nowhere password=s3cret");
    assert_int_equal(target_hello(nobody, &hello, &problem), HP_UNAVAILABLE);
    assert_null(strstr(problem.detail, "s3cret"));
    target_free(nobody);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lives), cmocka_unit_test(writes_and_reads),
                                       cmocka_unit_test(refuses), cmocka_unit_test(lists),
                                       cmocka_unit_test(connections)};
    return cmocka_run_group_tests(tests, begin, end);
}
