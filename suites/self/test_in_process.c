#include "harness/adapters/in_process.h"
#include "reference/core/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

/* A target with one session on each endpoint. */
struct line {
    struct target *target;
    struct session *sessions[2];
    struct answer answer;
};

static void line_init(struct line *line) {
    *line = (struct line){.target = in_process_memory_new()};
    assert_non_null(line->target);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(target_open(line->target, i, &line->sessions[i], NULL), HP_OK);
    }
}

static void line_release(struct line *line) {
    answer_release(&line->answer);
    session_close(line->sessions[0]);
    session_close(line->sessions[1]);
    target_free(line->target);
}

static const struct answer *ask(struct line *line, unsigned endpoint, const char *method,
                                const char *params) {
    const struct request request = {
        .method = method, .params = params, .params_length_bytes = strlen(params)};
    answer_release(&line->answer);
    memset(&line->answer, 0, sizeof line->answer);
    session_call(line->sessions[endpoint], &request, 1000, &line->answer);
    return &line->answer;
}

static void assert_result(const struct answer *answer, const char *want) {
    if (answer->kind != ANSWER_RESULT) {
        fail_msg("refused: %s %s", answer->error_name, answer->detail);
    }
    char *text = json_to_text(answer->result);
    assert_string_equal(text, want);
    free(text);
}

static void test_hello(void **state) {
    (void)state;
    static const char *const capabilities[] = {
        "create",   "get",      "list",   "respond",  "cancel",   "expire_pending", "pending_for_request",
        "events",   "webhooks", "clock",  "reset",    "describe", "instants",       "concurrent",
        "envelope", "flow",     "kernel", "ratelimit"};
    struct target *target = in_process_memory_new();
    struct hello hello = {0};
    assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
    assert_int_equal(hello.endpoints, 2);
    assert_non_null(hello.name);
    assert_non_null(hello.version);
    assert_string_equal(hello.language, "C");
    assert_int_equal(json_array_size(hello.capabilities), sizeof capabilities / sizeof capabilities[0]);
    for (size_t i = 0; i < sizeof capabilities / sizeof capabilities[0]; i++) {
        assert_true(hello_declares(&hello, capabilities[i]));
    }
    assert_false(hello_declares(&hello, "database"));
    assert_false(hello_declares(&hello, "restart"));
    hello_release(&hello);
    target_free(target);
}

static void test_endpoints(void **state) {
    (void)state;
    struct target *target = in_process_memory_new();
    struct session *session = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(target_open(target, 2, &session, &problem), HP_INVALID);
    assert_null(session);
    assert_true(problem.detail[0] != '\0');
    target_free(target);
}

#define CREATE "{\"kind\":\"checkpoint\",\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\"}"
#define LIST "{\"user_id\":\"u\"}"

/* Both endpoints see the same interrupts; a reset forgets them, and the clock. */
static void test_state_and_reset(void **state) {
    (void)state;
    struct line line;
    line_init(&line);
    assert_result(ask(&line, 0, "clock.set", "{\"now\":\"2025-12-11T10:30:00+01:00\"}"),
                  "{\"now\":\"2025-12-11T09:30:00.000000Z\"}");
    assert_int_equal(ask(&line, 0, "interrupt.create", CREATE)->kind, ANSWER_RESULT);
    const struct answer *listed = ask(&line, 1, "interrupt.list", LIST);
    assert_int_equal(json_integer_value(json_object_get(listed->result, "total")), 1);
    const json_t *row = json_array_get(json_object_get(listed->result, "interrupts"), 0);
    assert_string_equal(json_string_value(json_object_get(row, "created_at")), "2025-12-11T09:30:00.000000Z");
    assert_result(ask(&line, 1, "reset", "{}"), "{}");
    assert_result(ask(&line, 0, "clock.set", "{\"now\":\"2001-01-01T00:00:00Z\"}"),
                  "{\"now\":\"2001-01-01T00:00:00.000000Z\"}");
    assert_result(ask(&line, 0, "interrupt.list", LIST),
                  "{\"interrupts\":[],\"total\":0,\"next_cursor\":null}");
    line_release(&line);
}

static void test_refusals(void **state) {
    (void)state;
    static const struct {
        const char *method;
        const char *params;
        const char *name;
        const char *field;
    } rows[] = {
        {"clock.set", "{\"now\":\"2025-12-11T09:29:59Z\"}", "invalid", "/now"},
        {"clock.set", "{\"now\":5}", "invalid", "/now"},
        {"clock.set", "[]", "invalid", ""},
        {"interrupt.get", "{\"id\":\"x\"}", "not_found", ""},
        {"interrupt.get", "{}", "invalid", "/id"},
        {"kernel.submit", "{}", "invalid", "/envelope"},
        {"kernel.fork", "{}", "unsupported", ""},
    };
    struct line line;
    line_init(&line);
    assert_int_equal(ask(&line, 0, "clock.set", "{\"now\":\"2025-12-11T09:30:00Z\"}")->kind, ANSWER_RESULT);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct answer *answer = ask(&line, 1, rows[i].method, rows[i].params);
        assert_int_equal(answer->kind, ANSWER_REFUSED);
        assert_string_equal(answer->error_name, rows[i].name);
        assert_string_equal(answer->field, rows[i].field);
        assert_true(answer->detail[0] != '\0');
    }
    line_release(&line);
}

static void test_conflict_carries_the_status(void **state) {
    (void)state;
    struct line line;
    line_init(&line);
    const json_t *created = json_object_get(ask(&line, 0, "interrupt.create", CREATE)->result, "interrupt");
    char params[128];
    snprintf(params, sizeof params, "{\"id\":\"%s\",\"user_id\":\"u\"}",
             json_string_value(json_object_get(created, "id")));
    assert_int_equal(ask(&line, 0, "interrupt.cancel", params)->kind, ANSWER_RESULT);
    const struct answer *answer = ask(&line, 1, "interrupt.cancel", params);
    assert_int_equal(answer->kind, ANSWER_REFUSED);
    assert_string_equal(answer->error_name, "conflict");
    assert_string_equal(answer->interrupt_status, "cancelled");
    line_release(&line);
}

/* An answer waits for its own ticket, once; one that nobody fetched is dropped by the next call. */
static void test_tickets(void **state) {
    (void)state;
    const struct request request = {.method = "describe", .params = "{}", .params_length_bytes = 2};
    struct line line;
    unsigned first = 0, second = 0;
    line_init(&line);
    struct session *session = line.sessions[0];
    assert_int_equal(session->ops->start(session, &request, &first, NULL), HP_OK);
    assert_int_equal(session->ops->start(session, &request, &second, NULL), HP_OK);
    assert_int_not_equal(first, second);
    assert_int_equal(session->ops->poll(session, first, 0, &line.answer), POLL_PENDING);
    assert_int_equal(session->ops->poll(session, second, 0, &line.answer), POLL_ANSWERED);
    assert_int_equal(line.answer.kind, ANSWER_RESULT);
    struct answer none = {0};
    assert_int_equal(session->ops->poll(session, second, 0, &none), POLL_PENDING);
    assert_int_equal(session->ops->start(session, &request, &first, NULL), HP_OK); /* closed unread */
    line_release(&line);
}

/* There is no process to start again, no log and no command line. */
static void test_nothing_to_tell(void **state) {
    (void)state;
    const struct request request = {.method = "describe", .params = "{}", .params_length_bytes = 2};
    struct line line;
    struct text text = {0};
    line_init(&line);
    target_take_log(line.target, &text);
    target_reproduce(line.target, &request, &text);
    assert_int_equal(text.length_bytes, 0);
    assert_int_equal(ask(&line, 0, "interrupt.create", CREATE)->kind, ANSWER_RESULT);
    target_restart(line.target);
    const struct answer *listed = ask(&line, 1, "interrupt.list", LIST);
    assert_int_equal(json_integer_value(json_object_get(listed->result, "total")), 1);
    text_release(&text);
    line_release(&line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hello),           cmocka_unit_test(test_endpoints),
        cmocka_unit_test(test_state_and_reset), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_tickets),         cmocka_unit_test(test_conflict_carries_the_status),
        cmocka_unit_test(test_nothing_to_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
