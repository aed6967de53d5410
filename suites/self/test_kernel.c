/* The kernel by the door, on the memory store. */
#include "suites/self/support_flow.h"

#include "harness/base/value.h"
#include "reference/service/kernel.h"
#include "reference/service/kernel_process.h"
#include "reference/service/resumption.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct bench bench;

static int begin(void **state) {
    (void)state;
    bench_init(&bench);
    return 0;
}

static int end(void **state) {
    (void)state;
    bench_release(&bench);
    return 0;
}

static void submits(void **state) {
    (void)state;
    json_t *shown =
        flow_call(&bench, "kernel.submit",
                  "{'envelope': {'envelope_id': 'e', 'user_id': 'ann', 'llm_call_count': 4, 'x': 1},"
                  "'quota': {'max_llm_calls': 5, 'timeout_seconds': 1.5}}");
    flow_expect(shown, "/pid", "'e'");
    flow_expect(shown, "/state", "'running'");
    flow_expect(shown, "/envelope/x", "1");
    flow_expect(shown, "/envelope/interrupt", "null");
    flow_expect(shown, "/quota",
                "{'max_llm_calls': 5, 'max_tool_calls': 50, 'max_agent_hops': 21, 'max_iterations': 3, "
                "'timeout_seconds': 1.5}");
    flow_expect(
        shown, "/usage",
        "{'llm_calls': 4, 'tool_calls': 0, 'agent_hops': 0, 'iterations': 0, 'elapsed_seconds': 0.0}");
    json_t *read = flow_call(&bench, "kernel.get", "{'pid': 'e'}");
    assert_true(json_equal(read, shown));
    json_decref(shown);
    json_decref(read);
    shown = flow_call(&bench, "kernel.submit", "{'envelope': {}}");
    assert_true(hp_id_is_canonical(json_string_value(json_object_get(shown, "pid"))));
    json_decref(shown);
}

static void refuses_submissions(void **state) {
    (void)state;
    static const struct {
        enum hp_status status;
        const char *params, *field;
    } rows[] = {
        {HP_INVALID, "{}", "/envelope"},
        {HP_INVALID, "{'envelope': null}", "/envelope"},
        {HP_INVALID, "{'envelope': []}", "/envelope"},
        {HP_INVALID, "{'envelope': {'iteration': 'x'}}", "/envelope/iteration"},
        {HP_INVALID, "{'envelope': {'envelope_id': ''}}", "/envelope/envelope_id"},
        {HP_INVALID, "{'envelope': {'user_id': ''}}", "/envelope/user_id"},
        {HP_INVALID, "{'envelope': {}, 'quota': []}", "/quota"},
        {HP_INVALID, "{'envelope': {}, 'quota': {'max_llm_calls': -1}}", "/quota/max_llm_calls"},
        {HP_INVALID, "{'envelope': {}, 'quota': {'max_iterations': 1.5}}", "/quota/max_iterations"},
        {HP_INVALID, "{'envelope': {}, 'pipeline': {'stages': []}}", "/pipeline/stages"},
        {HP_INVALID, "{'envelope': {}, 'effects': {'x': {}}}", "/effects/x"},
        {HP_CONFLICT, "{'envelope': {'envelope_id': 'new', 'terminated': true}}", ""},
        {HP_CONFLICT, "{'envelope': {'envelope_id': 'new', 'interrupt': {'id': 'i', 'kind': 'timeout'}}}",
         ""},
        {HP_CONFLICT, "{'envelope': {'envelope_id': 'e1'}}", ""},
    };
    flow_submit(&bench);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        flow_refuse(&bench, rows[i].status, rows[i].field, "", "kernel.submit", "%s", rows[i].params);
    }
    flow_refuse(&bench, HP_NOT_FOUND, "", "", "kernel.get", "{'pid': 'new'}");
}

/* Every kind goes through the door as itself. */
static void every_kind_leaves_its_interrupt(void **state) {
    (void)state;
    for (int i = 0; i < HP_KIND_COUNT; i++) {
        const char *kind = hp_kind_rule((enum hp_kind)i)->name;
        bool final = i == HP_TIMEOUT || i == HP_RESOURCE_EXHAUSTED;
        flow_do(&bench, "kernel.submit", "{'envelope': {'envelope_id': 'k%d', 'request_id': 'k%d'}}", i, i);
        bench_forget_events(&bench);
        json_t *shown = flow_call(
            &bench, "kernel.interrupt",
            "{'pid': 'k%d', 'kind': '%s', 'message': 'm', 'data': {'a': 1}, 'ttl_seconds': 7}", i, kind);
        flow_expect(shown, "/state", final ? "'terminated'" : "'waiting'");
        flow_expect(shown, "/envelope/terminated", final ? "true" : "false");
        flow_expect(shown, "/envelope/interrupt_pending", "true");
        assert_string_equal(json_string_value(value_at(shown, "/envelope/interrupt/kind")), kind);
        flow_expect(shown, "/envelope/interrupt/data", "{'a': 1}");
        flow_expect(shown, "/envelope/interrupt/expires_at", "'2025-12-11T09:30:07.000000Z'");
        json_t *listed = flow_call(&bench, "interrupt.list", "{'request_id': 'k%d'}", i);
        flow_expect(listed, "/total", "1");
        assert_true(json_equal(value_at(listed, "/interrupts/0"), value_at(shown, "/envelope/interrupt")));
        flow_refuse(&bench, HP_CONFLICT, "", "", "kernel.interrupt", "{'pid': 'k%d', 'kind': 'checkpoint'}",
                    i);
        json_decref(listed);
        json_decref(shown);
        struct hp_event_list events;
        bench_drain(&bench, &events);
        assert_int_equal(events.count, 1);
        hp_event_list_release(&events);
    }
}

static void refuses_bad_interrupts(void **state) {
    (void)state;
    static const struct {
        enum hp_status status;
        const char *params, *field;
    } rows[] = {
        {HP_INVALID, "{'kind': 'timeout'}", "/pid"},
        {HP_INVALID, "{'pid': '', 'kind': 'timeout'}", "/pid"},
        {HP_INVALID, "{'pid': 'e1'}", "/kind"},
        {HP_INVALID, "{'pid': 'e1', 'kind': 'system'}", "/kind"},
        {HP_INVALID, "{'pid': 'e1', 'kind': 'agent_review'}", "/kind"},
        {HP_INVALID, "{'pid': 'e1', 'kind': 'timeout', 'ttl_seconds': 0}", "/ttl_seconds"},
        {HP_INVALID, "{'pid': 'e1', 'kind': 'timeout', 'ttl_seconds': 300000000000}", "/ttl_seconds"},
        {HP_INVALID, "{'pid': 'e1', 'kind': 'timeout', 'data': []}", "/data"},
        {HP_NOT_FOUND, "{'pid': 'e2', 'kind': 'timeout'}", ""},
    };
    flow_submit(&bench);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        flow_refuse(&bench, rows[i].status, rows[i].field, "", "kernel.interrupt", "%s", rows[i].params);
    }
    flow_expect_state(&bench, "running");
    json_t *listed = flow_call(&bench, "interrupt.list", "{'user_id': 'ann', 'status': 'all'}");
    flow_expect(listed, "/total", "0");
    json_decref(listed);
}

/* Each resource, at its quota and one more. */
static void a_crossed_quota_ends_the_flow(void **state) {
    (void)state;
    static const struct {
        const char *used, *at, *one_more, *type;
    } rows[] = {
        {"llm_calls", "10", "1", "'max_llm_calls_exceeded'"},
        {"tool_calls", "50", "1", "'max_tool_calls_exceeded'"},
        {"agent_hops", "21", "1", "'max_agent_hops_exceeded'"},
        {"iterations", "3", "1", "'max_iterations_exceeded'"},
        {"elapsed_seconds", "300", "0.000001", "'timeout_exceeded'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        flow_do(&bench, "kernel.submit", "{'envelope': {'envelope_id': 'q%zu'}}", i);
        json_t *shown =
            flow_call(&bench, "kernel.record", "{'pid': 'q%zu', '%s': %s}", i, rows[i].used, rows[i].at);
        flow_expect(shown, "/state", "'running'");
        flow_expect(shown, "/envelope/interrupt", "null");
        json_decref(shown);
        shown = flow_call(&bench, "kernel.record", "{'pid': 'q%zu', '%s': %s}", i, rows[i].used,
                          rows[i].one_more);
        flow_expect(shown, "/state", "'terminated'");
        flow_expect(shown, "/envelope/terminal_reason", rows[i].type);
        flow_expect(shown, "/envelope/interrupt/kind", "'resource_exhausted'");
        flow_expect(shown, "/envelope/interrupt/data/resource_type", rows[i].type);
        flow_expect(shown, "/envelope/interrupt/data/retry_after_seconds", "60");
        flow_expect(shown, "/envelope/interrupt/status", "'pending'");
        json_decref(shown);
        flow_refuse(&bench, HP_CONFLICT, "", "", "kernel.record", "{'pid': 'q%zu', 'llm_calls': 1}", i);
    }
    flow_submit(&bench);
    json_t *shown = flow_call(&bench, "kernel.record", "{'pid': 'e1', 'iterations': 99, 'tool_calls': 99}");
    flow_expect(shown, "/envelope/interrupt/data/resource_type", "'max_tool_calls_exceeded'");
    flow_expect(shown, "/envelope/iteration", "99");
    json_decref(shown);
    flow_refuse(&bench, HP_INVALID, "/llm_calls", "", "kernel.record", "{'pid': 'e1', 'llm_calls': -1}");
}

/* The interrupt of a waiting flow ends without an answer: the flow is terminated when somebody looks. */
static void a_vain_wait_ends(void **state) {
    (void)state;
    char id[HP_ID_SIZE];
    flow_submit(&bench);
    flow_raise(&bench, "confirmation", id);
    bench_pass(&bench, INT64_C(3600000000));
    flow_expect_state(&bench, "waiting");
    bench_pass(&bench, 1);
    json_t *shown = flow_call(&bench, "kernel.get", "{'pid': 'e1'}");
    flow_expect(shown, "/state", "'terminated'");
    flow_expect(shown, "/envelope/terminated", "true");
    flow_expect(shown, "/envelope/termination_reason", "'Interrupt expired'");
    flow_expect(shown, "/envelope/interrupt", "null");
    flow_expect(shown, "/envelope/interrupt_pending", "false");
    json_decref(shown);
    flow_do(&bench, "kernel.submit", "{'envelope': {'envelope_id': 'e2', 'user_id': 'ann'}}");
    shown = flow_call(&bench, "kernel.interrupt", "{'pid': 'e2', 'kind': 'checkpoint'}");
    flow_do(&bench, "interrupt.cancel", "{'id': '%s', 'user_id': 'ann'}",
            json_string_value(value_at(shown, "/envelope/interrupt/id")));
    json_decref(shown);
    shown = flow_call(&bench, "kernel.get", "{'pid': 'e2'}");
    flow_expect(shown, "/state", "'terminated'");
    flow_expect(shown, "/envelope/termination_reason", "'Interrupt cancelled'");
    flow_expect(shown, "/envelope/interrupt", "null");
    json_decref(shown);
}

static void cancelling_clears_both(void **state) {
    (void)state;
    char id[HP_ID_SIZE];
    flow_submit(&bench);
    flow_raise(&bench, "clarification", id);
    json_t *shown = flow_call(&bench, "kernel.cancel", "{'pid': 'e1', 'reason': 'enough'}");
    flow_expect(shown, "/state", "'terminated'");
    flow_expect(shown, "/envelope/termination_reason", "'enough'");
    flow_expect(shown, "/envelope/interrupt", "null");
    json_decref(shown);
    json_t *read = flow_call(&bench, "interrupt.get", "{'id': '%s'}", id);
    flow_expect(read, "/interrupt/status", "'cancelled'");
    flow_expect(read, "/interrupt/data/cancel_reason", "'enough'");
    json_decref(read);
    flow_refuse(&bench, HP_CONFLICT, "", "", "kernel.cancel", "{'pid': 'e1'}");
    flow_refuse(&bench, HP_NOT_FOUND, "", "", "kernel.cancel", "{'pid': 'e9'}");
    flow_refuse(&bench, HP_CONFLICT, "", "cancelled", "kernel.resume",
                "{'pid': 'e1', 'interrupt_id': '%s', 'response': {'text': 'x'}}", id);
}

/* An interrupt that was answered is the flow's still, but it waits for nobody. */
static void cancelling_keeps_an_answer(void **state) {
    (void)state;
    char id[HP_ID_SIZE];
    flow_submit(&bench);
    flow_raise(&bench, "clarification", id);
    flow_do(&bench, "interrupt.respond", "{'id': '%s', 'user_id': 'ann', 'response': {'text': 'x'}}", id);
    json_t *shown = flow_call(&bench, "kernel.cancel", "{'pid': 'e1'}");
    flow_expect(shown, "/state", "'terminated'");
    flow_expect(shown, "/envelope/interrupt/status", "'resolved'");
    json_decref(shown);
}

static void a_user_sees_his_own(void **state) {
    (void)state;
    json_t *shown = NULL;
    flow_submit(&bench);
    assert_int_equal(kernel_get(bench.service, "e1", "bob", &shown, NULL), HP_FORBIDDEN);
    assert_null(shown);
    assert_int_equal(kernel_get(bench.service, "e1", "ann", &shown, NULL), HP_OK);
    json_decref(shown);
    shown = NULL;
    json_t *envelope = json_short("{'user_id': 'bob'}");
    struct kernel_submission submission = {.envelope = envelope, .user_id = "ann"};
    assert_int_equal(kernel_submit(bench.service, &submission, &shown, NULL), HP_FORBIDDEN);
    json_decref(envelope);
}

/* What his owner would find ended, a stranger does not end. */
static void a_stranger_changes_nothing(void **state) {
    (void)state;
    char id[HP_ID_SIZE];
    json_t *shown = NULL;
    struct request_resume resume = {.interrupt_id = id};
    struct kernel_process process = {0};
    flow_submit(&bench);
    flow_raise(&bench, "confirmation", id);
    bench_pass(&bench, INT64_C(3600000001));
    assert_int_equal(kernel_get(bench.service, "e1", "bob", &shown, NULL), HP_FORBIDDEN);
    assert_int_equal(resume_process(bench.service, "e1", "bob", &resume, &shown, NULL), HP_FORBIDDEN);
    flow_refuse(&bench, HP_FORBIDDEN, "", "", "flow.resume",
                "{'envelope': {'envelope_id': 'e1', 'user_id': 'bob'}, 'interrupt_id': '%s'}", id);
    assert_int_equal(kernel_process_read(bench.service, "e1", &process, NULL), HP_OK);
    assert_int_equal(process.state, HP_FLOW_WAITING);
    kernel_process_release(&process);
    flow_expect_state(&bench, "terminated");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(submits, begin, end),
        cmocka_unit_test_setup_teardown(refuses_submissions, begin, end),
        cmocka_unit_test_setup_teardown(every_kind_leaves_its_interrupt, begin, end),
        cmocka_unit_test_setup_teardown(refuses_bad_interrupts, begin, end),
        cmocka_unit_test_setup_teardown(a_crossed_quota_ends_the_flow, begin, end),
        cmocka_unit_test_setup_teardown(a_vain_wait_ends, begin, end),
        cmocka_unit_test_setup_teardown(a_stranger_changes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(cancelling_clears_both, begin, end),
        cmocka_unit_test_setup_teardown(cancelling_keeps_an_answer, begin, end),
        cmocka_unit_test_setup_teardown(a_user_sees_his_own, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
