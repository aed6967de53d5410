#include "reference/base/text.h"
#include "reference/core/json.h"
#include "reference/service/door.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#define UNKNOWN "00000000-0000-4000-8000-000000000000"

static enum hp_status call(struct bench *bench, const char *method, const char *params, json_t **result) {
    hp_problem_clear(&bench->problem);
    return door_call(bench->service, method, params, strlen(params), result, &bench->problem);
}

/* The result of a call that must succeed, as compact JSON; the caller frees it. */
static char *answer(struct bench *bench, const char *method, const char *params) {
    json_t *result = NULL;
    if (call(bench, method, params, &result) != HP_OK) {
        fail_msg("%s %s: %s", method, params, bench->problem.detail);
    }
    char *text = json_to_text(result);
    json_decref(result);
    return text;
}

static void assert_answer(struct bench *bench, const char *method, const char *params, const char *want) {
    char *text = answer(bench, method, params);
    assert_string_equal(text, want);
    free(text);
}

#define INTERRUPT(id, rest)                                                                                  \
    "{\"id\":\"" id                                                                                          \
    "\",\"kind\":\"confirmation\",\"request_id\":\"r1\",\"user_id\":\"ann\",\"session_id\":\"s1\","          \
    "\"envelope_id\":null,\"question\":null,\"message\":\"Go?\",\"data\":{}," rest "}"

/* Creates Go? for ann and writes its id. */
static void create(struct bench *bench, char id[HP_ID_SIZE]) {
    json_t *result = NULL;
    assert_int_equal(
        call(bench, "interrupt.create",
             "{\"kind\":\"confirmation\",\"request_id\":\"r1\",\"user_id\":\"ann\",\"session_id\":\"s1\","
             "\"message\":\"Go?\",\"id\":\"mine\"}",
             &result),
        HP_OK);
    const json_t *interrupt = json_object_get(result, "interrupt");
    text_put(id, HP_ID_SIZE, json_string_value(json_object_get(interrupt, "id")));
    json_decref(result);
}

static void assert_format(struct bench *bench, const char *method, const char *id, const char *params_format,
                          const char *want_format) {
    char params[512], want[2048];
    struct text text = {0};
    for (const char *at = params_format; *at; at++) {
        text_add(&text, *at == '@' ? id : (const char[]){*at, '\0'});
    }
    text_put(params, sizeof params, text.bytes);
    text_clear(&text);
    for (const char *at = want_format; *at; at++) {
        text_add(&text, *at == '@' ? id : (const char[]){*at, '\0'});
    }
    text_put(want, sizeof want, text.bytes);
    text_release(&text);
    assert_answer(bench, method, params, want);
}

#define PENDING                                                                                              \
    INTERRUPT("@",                                                                                           \
              "\"response\":null,\"status\":\"pending\",\"created_at\":\"2025-12-11T09:30:00.000000Z\","     \
              "\"expires_at\":\"2025-12-11T10:30:00.000000Z\",\"resolved_at\":null,\"trace_id\":null,"       \
              "\"span_id\":null")
#define DENIED                                                                                               \
    INTERRUPT(                                                                                               \
        "@",                                                                                                 \
        "\"response\":{\"text\":null,\"approved\":false,\"decision\":null,\"data\":{\"x\":1},"               \
        "\"received_at\":\"2025-12-11T09:30:01.000000Z\"},\"status\":\"resolved\","                          \
        "\"created_at\":\"2025-12-11T09:30:00.000000Z\",\"expires_at\":\"2025-12-11T10:30:00.000000Z\","     \
        "\"resolved_at\":\"2025-12-11T09:30:01.000000Z\",\"trace_id\":null,\"span_id\":null")

/* Every method once, with its whole answer. */
static void test_methods(void **state) {
    (void)state;
    struct bench bench;
    char id[HP_ID_SIZE];
    bench_init(&bench);
    assert_answer(&bench, "interrupt.pending_for_request", "{\"request_id\":\"r1\"}", "{\"interrupt\":null}");
    assert_answer(&bench, "interrupt.list", "{\"user_id\":\"ann\"}",
                  "{\"interrupts\":[],\"total\":0,\"next_cursor\":null}");
    create(&bench, id);
    bench_forget_events(&bench);
    assert_format(&bench, "interrupt.get", id, "{\"id\":\"@\",\"user_id\":\"ann\"}",
                  "{\"interrupt\":" PENDING "}");
    assert_format(&bench, "interrupt.list", id, "{\"session_id\":\"s1\"}",
                  "{\"interrupts\":[" PENDING "],\"total\":1,\"next_cursor\":null}");
    assert_format(&bench, "interrupt.pending_for_request", id, "{\"request_id\":\"r1\",\"user_id\":\"ann\"}",
                  "{\"interrupt\":" PENDING "}");
    bench_pass(&bench, HP_SECOND_US);
    assert_format(&bench, "interrupt.respond", id,
                  "{\"id\":\"@\",\"user_id\":\"ann\",\"response\":{\"approved\":false,\"data\":{\"x\":1},"
                  "\"received_at\":\"1999-01-01T00:00:00Z\"}}",
                  "{\"interrupt\":" DENIED ",\"request_can_resume\":false}");
    json_t *result = NULL;
    assert_int_equal(call(&bench, "events.drain", "", &result), HP_OK);
    const json_t *events = json_object_get(result, "events");
    assert_int_equal(json_array_size(events), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(events, 0), "event_type")),
                        "interrupt.resolved");
    json_decref(result);
    assert_answer(&bench, "events.drain", "{}", "{\"events\":[]}");
    assert_answer(&bench, "interrupt.expire_pending", "", "{\"ids\":[]}");
    bench_release(&bench);
}

static void test_cancel_and_expire(void **state) {
    (void)state;
    struct bench bench;
    char id[HP_ID_SIZE], params[256];
    bench_init(&bench);
    create(&bench, id);
    snprintf(params, sizeof params, "{\"id\":\"%s\",\"user_id\":\"ann\",\"reason\":\"no\"}", id);
    char *text = answer(&bench, "interrupt.cancel", params);
    assert_non_null(strstr(text, "\"data\":{\"cancel_reason\":\"no\"}"));
    assert_non_null(strstr(text, "\"status\":\"cancelled\""));
    free(text);
    create(&bench, id);
    bench_pass(&bench, 3600 * HP_SECOND_US + 1);
    assert_format(&bench, "interrupt.expire_pending", id, "{}", "{\"ids\":[\"@\"]}");
    bench_release(&bench);
}

static void test_pages(void **state) {
    (void)state;
    struct bench bench;
    char id[HP_ID_SIZE], params[256];
    json_t *result = NULL;
    bench_init(&bench);
    create(&bench, id);
    create(&bench, id);
    assert_int_equal(call(&bench, "interrupt.list", "{\"user_id\":\"ann\",\"limit\":1}", &result), HP_OK);
    assert_int_equal(json_integer_value(json_object_get(result, "total")), 2);
    snprintf(params, sizeof params, "{\"user_id\":\"ann\",\"limit\":1,\"cursor\":\"%s\"}",
             json_string_value(json_object_get(result, "next_cursor")));
    json_decref(result);
    assert_int_equal(call(&bench, "interrupt.list", params, &result), HP_OK);
    assert_true(json_is_null(json_object_get(result, "next_cursor")));
    assert_int_equal(json_array_size(json_object_get(result, "interrupts")), 1);
    json_decref(result);
    bench_release(&bench);
}

static void test_describe(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    assert_answer(
        &bench, "describe", "{\"ignored\":1}",
        "{\"kinds\":[\"clarification\",\"confirmation\",\"critic_review\",\"checkpoint\","
        "\"resource_exhausted\",\"timeout\",\"system_error\"],\"statuses\":[\"pending\",\"resolved\","
        "\"expired\",\"cancelled\"],\"decisions\":[\"approve\",\"reject\",\"modify\"]}");
    bench_release(&bench);
}

#define OF(user) "{\"id\":\"@\",\"user_id\":" user
static const struct {
    const char *method;
    const char *params; /* @ is the id of ann's confirmation */
    enum hp_status status;
    const char *field;
} refusals[] = {
    {"interrupt.create", "[]", HP_INVALID, ""},
    {"interrupt.create", "{", HP_INVALID, ""},
    {"interrupt.create", "", HP_INVALID, "/kind"},
    {"interrupt.create", "{\"kind\":\"x\"}", HP_INVALID, "/kind"},
    {"interrupt.get", "{}", HP_INVALID, "/id"},
    {"interrupt.get", "{\"id\":\"" UNKNOWN "\"}", HP_NOT_FOUND, ""},
    {"interrupt.get", OF("\"bob\"") "}", HP_FORBIDDEN, ""},
    {"interrupt.get", OF("\"\"") "}", HP_INVALID, "/user_id"},
    {"interrupt.list", "{}", HP_INVALID, ""},
    {"interrupt.list", "{\"user_id\":\"\"}", HP_INVALID, "/user_id"},
    {"interrupt.list", "{\"user_id\":\"ann\",\"kinds\":[]}", HP_INVALID, "/kinds"},
    {"interrupt.list", "{\"user_id\":\"ann\",\"cursor\":\"\"}", HP_INVALID, "/cursor"},
    {"interrupt.list", "{\"user_id\":\"ann\",\"cursor\":\"0123\"}", HP_INVALID, "/cursor"},
    {"interrupt.pending_for_request", "{}", HP_INVALID, "/request_id"},
    {"interrupt.pending_for_request", "{\"request_id\":\"r1\",\"user_id\":\"\"}", HP_INVALID, "/user_id"},
    {"interrupt.respond", "{}", HP_INVALID, "/id"},
    {"interrupt.respond", "{\"id\":\"" UNKNOWN "\",\"user_id\":\"ann\",\"response\":{}}", HP_NOT_FOUND, ""},
    {"interrupt.respond", OF("null") ",\"response\":{\"approved\":true}}", HP_INVALID, "/user_id"},
    {"interrupt.respond", OF("\"bob\"") ",\"response\":{\"approved\":true}}", HP_FORBIDDEN, ""},
    {"interrupt.respond", OF("\"ann\"") ",\"response\":{}}", HP_INVALID, "/response/approved"},
    {"interrupt.respond", OF("\"ann\"") ",\"response\":{\"approved\":true,\"decision\":\"reject\"}}",
     HP_INVALID, "/response/decision"},
    {"interrupt.cancel", "{}", HP_INVALID, "/id"},
    {"interrupt.cancel", OF("\"bob\"") "}", HP_FORBIDDEN, ""},
    {"interrupt.cancel", OF("\"ann\"") ",\"reason\":1}", HP_INVALID, "/reason"},
    {"interrupt.cancel", "{\"id\":\"" UNKNOWN "\",\"user_id\":\"ann\"}", HP_NOT_FOUND, ""},
    {"interrupt.expire_pending", "[]", HP_INVALID, ""},
    {"events.drain", "null", HP_INVALID, ""},
    {"describe", "1", HP_INVALID, ""},
    {"interrupt.delete", "{}", HP_UNSUPPORTED, ""},
    {"interrupt.Create", "{}", HP_UNSUPPORTED, ""},
    {"clock.set", "{}", HP_UNSUPPORTED, ""},
    {"reset", "{}", HP_UNSUPPORTED, ""},
    {"", "{}", HP_UNSUPPORTED, ""},
};

/* Each refusal once, and nothing changed by any of them. */
static void test_refusals(void **state) {
    (void)state;
    struct bench bench;
    char id[HP_ID_SIZE];
    bench_init(&bench);
    create(&bench, id);
    bench_forget_events(&bench);
    char *before = answer(&bench, "interrupt.list", "{\"user_id\":\"ann\",\"status\":\"all\"}");
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct text params = {0};
        json_t *result = NULL;
        text_add(&params, "");
        for (const char *at = refusals[i].params; *at; at++) {
            text_add(&params, *at == '@' ? id : (const char[]){*at, '\0'});
        }
        enum hp_status status = call(&bench, refusals[i].method, params.bytes, &result);
        if (status != refusals[i].status || strcmp(bench.problem.field, refusals[i].field) != 0) {
            fail_msg("%s %s: %s at %s", refusals[i].method, params.bytes, hp_status_name(status),
                     bench.problem.field);
        }
        assert_int_equal(bench.problem.status, status);
        assert_null(result);
        text_release(&params);
    }
    assert_answer(&bench, "interrupt.list", "{\"user_id\":\"ann\",\"status\":\"all\"}", before);
    assert_answer(&bench, "events.drain", "", "{\"events\":[]}");
    free(before);
    bench_release(&bench);
}

static void test_conflicts(void **state) {
    (void)state;
    static const char *const methods[] = {"interrupt.respond", "interrupt.cancel"};
    struct bench bench;
    char id[HP_ID_SIZE], params[256];
    json_t *result = NULL;
    bench_init(&bench);
    create(&bench, id);
    bench_pass(&bench, 3600 * HP_SECOND_US + 1);
    snprintf(params, sizeof params, "{\"id\":\"%s\",\"user_id\":\"ann\",\"response\":{\"approved\":true}}",
             id);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(call(&bench, methods[i], params, &result), HP_CONFLICT);
        assert_string_equal(bench.problem.interrupt_status, "expired");
    }
    bench_release(&bench);
}

static void test_long_method_is_quoted_as_text(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    for (size_t shift = 0; shift < 4; shift++) {
        struct text method = {0};
        json_t *result = NULL;
        text_addf(&method, "%.*s", (int)shift, "aaa");
        for (int i = 0; i < 60; i++) {
            text_add(&method, "\xF0\x9F\x98\x80");
        }
        assert_int_equal(call(&bench, method.bytes, "{}", &result), HP_UNSUPPORTED);
        assert_true(text_is_utf8(bench.problem.detail, strlen(bench.problem.detail)));
        text_release(&method);
    }
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_cancel_and_expire),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_describe),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_conflicts),
        cmocka_unit_test(test_long_method_is_quoted_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
