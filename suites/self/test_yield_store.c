#include "harness/adapters/in_process.h"
#include "harness/adapters/null.h"
#include "harness/adapters/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID "5f0c2b9e-3f7a-4d5e-9a51-0c8f6a1f2b11"

enum { POINTS_MAX = 16, DEADLINE_MS = 10000 };

/* Notes the points, and at the first sets the clock, in the thread that stands there. */
struct noting_gate {
    struct gate gate;
    const char *points[POINTS_MAX];
    size_t count;
    struct session *clock;
};

static void ask(struct session *session, const char *method, const char *params) {
    const struct request request = {method, params, strlen(params), false};
    struct answer answer = {0};
    session_call(session, &request, DEADLINE_MS, &answer);
    assert_int_not_equal(answer.kind, ANSWER_BROKEN);
    answer_release(&answer);
}

static void note(struct gate *gate, const char *point) {
    struct noting_gate *noting = (struct noting_gate *)gate;
    assert_true(noting->count < POINTS_MAX);
    noting->points[noting->count++] = point;
    if (noting->clock) {
        ask(noting->clock, "clock.set", "{\"now\":\"2026-03-01T12:00:00Z\"}");
    }
}

static void expect_points(struct noting_gate *gate, const char *expected) {
    char points[256] = "";
    for (size_t i = 0; i < gate->count; i++) {
        strcat(strcat(points, i > 0 ? " " : ""), gate->points[i]);
    }
    assert_string_equal(points, expected);
    gate->count = 0;
}

static void each_call_of_the_store_has_two_points(void **state) {
    static const struct {
        const char *method, *params, *points;
    } rows[] = {
        {"interrupt.create",
         "{\"kind\":\"checkpoint\",\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\"}",
         "create create.done"},
        {"interrupt.get", "{\"id\":\"" ID "\"}", "get get.done"},
        {"interrupt.list", "{\"user_id\":\"u\"}", "list list.done"},
        {"interrupt.pending_for_request", "{\"request_id\":\"r\"}", "list list.done"},
        {"interrupt.cancel", "{\"id\":\"" ID "\",\"user_id\":\"u\"}", "change change.done"},
        {"interrupt.expire_pending", "{}", "sweep sweep.done"},
        {"clock.set", "{\"now\":\"2026-02-01T12:00:00Z\"}", ""},
        {"reset", "{}", ""},
        {"interrupt.cancel", "{\"id\":\"no id\",\"user_id\":\"u\"}", ""}, /* refused at the door */
    };
    (void)state;
    struct noting_gate gate = {.gate = {note}};
    struct target *target = in_process_memory_new();
    struct session *session = NULL;
    assert_non_null(target);
    assert_int_equal(target_open(target, 1, &session, NULL), HP_OK);
    assert_true(target_set_gate(target, &gate.gate));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ask(session, rows[i].method, rows[i].params);
        expect_points(&gate, rows[i].points);
    }
    ask(session, "interrupt.create", rows[0].params);
    gate.count = 0;
    ask(session, "events.drain", "{}");
    expect_points(&gate, "take take.done settle settle.done");
    assert_true(target_set_gate(target, NULL));
    ask(session, "interrupt.get", rows[1].params);
    expect_points(&gate, "");
    session_close(session);
    target_free(target);
}

/* Whoever stands at a point holds nothing that a clock.set waits for. */
static void the_clock_moves_while_a_call_stands_at_a_point(void **state) {
    (void)state;
    struct noting_gate gate = {.gate = {note}};
    struct target *target = in_process_memory_new();
    struct session *session = NULL;
    assert_non_null(target);
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    assert_int_equal(target_open(target, 0, &gate.clock, NULL), HP_OK);
    assert_true(target_set_gate(target, &gate.gate));
    ask(session, "interrupt.get", "{\"id\":\"" ID "\"}");
    expect_points(&gate, "get get.done");
    session_close(gate.clock);
    session_close(session);
    target_free(target);
}

static void a_decorator_passes_the_gate_on_and_others_have_none(void **state) {
    (void)state;
    struct noting_gate gate = {.gate = {note}};
    struct session *session = NULL;
    struct target *nothing = NULL;
    FILE *trace = tmpfile();
    assert_non_null(trace);
    struct target *target = trace_new(in_process_memory_new(), trace);
    assert_non_null(target);
    assert_true(target_set_gate(target, &gate.gate));
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    ask(session, "interrupt.get", "{\"id\":\"" ID "\"}");
    expect_points(&gate, "get get.done");
    session_close(session);
    target_free(target);
    fclose(trace);
    assert_int_equal(null_new("empty", &nothing, NULL), HP_OK);
    assert_false(target_set_gate(nothing, &gate.gate));
    target_free(nothing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_of_the_store_has_two_points),
        cmocka_unit_test(the_clock_moves_while_a_call_stands_at_a_point),
        cmocka_unit_test(a_decorator_passes_the_gate_on_and_others_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
