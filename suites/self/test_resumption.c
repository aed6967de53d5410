/* Resuming by the door, on the memory store; what happens at once is in support_flow.c. */
#include "suites/self/support_flow.h"

#include "harness/base/value.h"
#include "reference/base/text.h"
#include "reference/service/resumption.h"

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

/* An interrupt of ann's about the flow e; its id. */
static void create(const char *kind, char id[HP_ID_SIZE]) {
    json_t *created = flow_call(
        &bench, "interrupt.create",
        "{'kind': '%s', 'request_id': 'r', 'user_id': 'ann', 'session_id': 's', 'envelope_id': 'e'}", kind);
    text_put(id, HP_ID_SIZE, json_string_value(value_at(created, "/interrupt/id")));
    json_decref(created);
}

#define WAITING                                                                                              \
    "'envelope': {'envelope_id': 'e', 'user_id': 'ann', 'current_stage': '%s', 'interrupt': {'id': '%s', "   \
    "'kind': '%s'}}"
#define ROUTES                                                                                               \
    "'pipeline': {'stages': ['zero', 'one', 'two'], 'routes': {'clarification': 'one', 'confirmation': "     \
    "'two'}}"

/* Every kind: where it goes on, and what runs. */
static void goes_on_where_the_routes_say(void **state) {
    (void)state;
    static const struct {
        const char *kind, *response, *history;
    } rows[] = {
        {"clarification", "{'text': 'x'}", "['one', 'two']"},
        {"confirmation", "{'approved': true}", "['two']"},
        {"critic_review", "{'decision': 'reject'}", "['zero', 'one', 'two']"},
        {"checkpoint", "{}", "['zero', 'one', 'two']"},
        {"resource_exhausted", "{}", "['zero', 'one', 'two']"},
        {"timeout", "{}", "['zero', 'one', 'two']"},
        {"system_error", "{'text': 'ok'}", "['zero', 'one', 'two']"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char id[HP_ID_SIZE];
        create(rows[i].kind, id);
        json_t *result = flow_call(&bench, "flow.resume",
                                   "{" WAITING ", 'interrupt_id': '%s', 'response': %s, " ROUTES "}", "zero",
                                   id, rows[i].kind, id, rows[i].response);
        json_t *history = value_at(result, "/envelope/processing_history"), *names = json_array();
        for (size_t j = 0; j < json_array_size(history); j++) {
            json_array_append(names, value_at(json_array_get(history, j), "/stage"));
        }
        flow_expect(names, "", rows[i].history);
        flow_expect(result, "/envelope/current_stage", "'two'");
        flow_expect(result, "/envelope/terminal_reason", "'completed'");
        flow_expect(result, "/envelope/interrupt_pending", "false");
        flow_expect(result, "/envelope/interrupt/status", "'resolved'");
        json_decref(names);
        json_decref(result);
        flow_refuse(&bench, HP_CONFLICT, "", "", "flow.resume",
                    "{" WAITING ", 'interrupt_id': '%s', 'response': %s, " ROUTES "}", "zero", id,
                    rows[i].kind, id, rows[i].response);
    }
}

static void the_services_own_routes_count(void **state) {
    (void)state;
    char id[HP_ID_SIZE];
    struct hp_problem problem = {0};
    assert_int_equal(
        hp_service_set_routes(bench.service, "{\"stages\":[\"x\"],\"routes\":{\"timeout\":\"y\"}}", &problem),
        HP_INVALID);
    assert_string_equal(problem.field, "/routes/timeout");
    assert_int_equal(hp_service_set_routes(bench.service,
                                           "{\"stages\":[\"x\",\"y\"],\"routes\":{\"timeout\":\"y\"}}", NULL),
                     HP_OK);
    create("timeout", id);
    json_t *result = flow_call(&bench, "flow.resume", "{" WAITING ", 'interrupt_id': '%s', 'response': {}}",
                               "x", id, "timeout", id);
    flow_expect(result, "/envelope/processing_history",
                "[{'stage': 'y', 'at': '2025-12-11T09:30:00.000000Z'}]");
    json_decref(result);
    assert_int_equal(hp_service_set_routes(bench.service, NULL, NULL), HP_OK);
}

static void an_answer_that_is_there_is_used(void **state) {
    (void)state;
    char id[HP_ID_SIZE];
    create("clarification", id);
    flow_do(&bench, "interrupt.respond", "{'id': '%s', 'user_id': 'ann', 'response': {'text': 'first'}}", id);
    json_t *result = flow_call(&bench, "flow.resume",
                               "{" WAITING ", 'interrupt_id': '%s', 'response': {'text': 'second'}, " ROUTES
                               ", 'effects': {'two': {'output': {'n': 1}}}}",
                               "zero", id, "clarification", id);
    flow_expect(result, "/envelope/interrupt/response/text", "'first'");
    flow_expect(result, "/envelope/outputs", "{'two': {'n': 1}}");
    json_decref(result);
}

static void a_denied_one_ends(void **state) {
    (void)state;
    char id[HP_ID_SIZE];
    create("confirmation", id);
    json_t *result = flow_call(&bench, "flow.resume",
                               "{" WAITING ", 'interrupt_id': '%s', 'response': {'approved': false}}",
                               "planner", id, "confirmation", id);
    flow_expect(result, "/envelope/terminated", "true");
    flow_expect(result, "/envelope/termination_reason", "'User denied confirmation'");
    flow_expect(result, "/envelope/completed_at", "'2025-12-11T09:30:00.000000Z'");
    flow_expect(result, "/envelope/current_stage", "'planner'");
    flow_expect(result, "/envelope/processing_history", "[]");
    json_decref(result);
}

/* What is refused leaves the interrupt as it was. */
static void refuses(void **state) {
    (void)state;
    char id[HP_ID_SIZE];
    create("clarification", id);
    static const struct {
        enum hp_status status;
        const char *field, *members; /* what stands behind the envelope; @ is the id */
    } rows[] = {
        {HP_INVALID, "/interrupt_id", ""},
        {HP_INVALID, "/response", ", 'interrupt_id': '@'"},
        {HP_INVALID, "/response/text", ", 'interrupt_id': '@', 'response': {}"},
        {HP_INVALID, "/response/text", ", 'interrupt_id': '@', 'response': {'text': 1}"},
        {HP_INVALID, "/response/approved",
         ", 'interrupt_id': '@', 'response': {'text': 'x', 'approved': true}"},
        {HP_INVALID, "/pipeline/routes/timeout",
         ", 'interrupt_id': '@', 'response': {'text': 'x'},"
         "'pipeline': {'stages': ['planner'], 'routes': {'timeout': 'q'}}"},
        {HP_INVALID, "/envelope/current_stage",
         ", 'interrupt_id': '@', 'response': {'text': 'x'}, 'pipeline': {'stages': ['other']}"},
        {HP_CONFLICT, "", ", 'interrupt_id': 'another', 'response': {'text': 'x'}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text members = {0};
        for (const char *at = rows[i].members; *at; at++) {
            text_add(&members, *at == '@' ? id : (const char[]){*at, '\0'});
        }
        flow_refuse(&bench, rows[i].status, rows[i].field, "", "flow.resume", "{" WAITING "%s}", "planner",
                    id, "clarification", members.bytes ? members.bytes : "");
        text_release(&members);
    }
    flow_refuse(&bench, HP_CONFLICT, "", "", "flow.resume",
                "{'envelope': {'envelope_id': 'e', 'user_id': 'ann'}, 'interrupt_id': '%s', 'response': "
                "{'text': 'x'}}",
                id);
    flow_refuse(&bench, HP_CONFLICT, "", "", "flow.resume",
                "{'envelope': {'envelope_id': 'e', 'user_id': 'ann', 'terminated': true,"
                "'interrupt': {'id': '%s', 'kind': 'clarification'}}, 'interrupt_id': '%s', 'response': "
                "{'text': 'x'}}",
                id, id);
    flow_refuse(&bench, HP_CONFLICT, "", "", "flow.resume",
                "{'envelope': {'envelope_id': 'another', 'user_id': 'ann', 'interrupt': {'id': '%s', 'kind': "
                "'clarification'}},"
                "'interrupt_id': '%s', 'response': {'text': 'x'}}",
                id, id);
    flow_refuse(&bench, HP_FORBIDDEN, "", "", "flow.resume",
                "{'envelope': {'envelope_id': 'e', 'user_id': 'bob', 'interrupt': {'id': '%s', 'kind': "
                "'clarification'}},"
                "'interrupt_id': '%s', 'response': {'text': 'x'}}",
                id, id);
    flow_refuse(&bench, HP_NOT_FOUND, "", "", "flow.resume",
                "{'envelope': {'interrupt': {'id': 'unknown', 'kind': 'clarification'}},"
                "'interrupt_id': 'unknown', 'response': {'text': 'x'}}");
    json_t *read = flow_call(&bench, "interrupt.get", "{'id': '%s'}", id);
    flow_expect(read, "/interrupt/status", "'pending'");
    json_decref(read);
}

static void what_is_over_is_a_conflict(void **state) {
    (void)state;
    char cancelled[HP_ID_SIZE], expired[HP_ID_SIZE];
    create("clarification", cancelled);
    create("confirmation", expired);
    flow_do(&bench, "interrupt.cancel", "{'id': '%s', 'user_id': 'ann'}", cancelled);
    bench_pass(&bench, INT64_C(3600000001));
    flow_refuse(&bench, HP_CONFLICT, "", "cancelled", "flow.resume",
                "{" WAITING ", 'interrupt_id': '%s', 'response': {'text': 'x'}}", "planner", cancelled,
                "clarification", cancelled);
    flow_refuse(&bench, HP_CONFLICT, "", "expired", "flow.resume",
                "{" WAITING ", 'interrupt_id': '%s', 'response': {'approved': true}}", "planner", expired,
                "confirmation", expired);
}

/* A flow that the kernel knows goes on from the kernel's envelope, by either way once. */
static void a_process_goes_on_by_its_envelope(void **state) {
    (void)state;
    char id[HP_ID_SIZE];
    flow_submit(&bench);
    flow_raise(&bench, "confirmation", id);
    json_t *result = flow_call(&bench, "flow.resume",
                               "{'envelope': {'envelope_id': 'e1', 'user_id': 'ann'}, 'interrupt_id': '%s', "
                               "'response': {'approved': true}}",
                               id);
    flow_expect(result, "/envelope/odd", "[null]");
    flow_expect(result, "/envelope/terminal_reason", "'completed'");
    flow_expect(result, "/envelope/processing_history/0/stage", "'executor'");
    json_decref(result);
    flow_expect_state(&bench, "terminated");
    flow_refuse(&bench, HP_CONFLICT, "", "", "kernel.resume", "{'pid': 'e1', 'interrupt_id': '%s'}", id);
}

static void a_process_keeps_its_pipeline(void **state) {
    (void)state;
    flow_do(&bench, "kernel.submit",
            "{'envelope': {'envelope_id': 'e1', 'user_id': 'ann', 'current_stage': 'zero'}, " ROUTES
            ", 'effects': {'two': {'fail': 'boom'}}}");
    char id[HP_ID_SIZE];
    flow_raise(&bench, "confirmation", id);
    json_t *shown = flow_call(&bench, "kernel.resume",
                              "{'pid': 'e1', 'interrupt_id': '%s', 'response': {'approved': true}}", id);
    flow_expect(shown, "/state", "'terminated'");
    flow_expect(shown, "/envelope/errors", "[{'stage': 'two', 'error': 'boom'}]");
    json_decref(shown);
}

static void a_stranger_resumes_nothing(void **state) {
    (void)state;
    char id[HP_ID_SIZE];
    json_t *shown = NULL;
    const struct hp_response response = {.approved = HP_APPROVED};
    flow_submit(&bench);
    flow_raise(&bench, "confirmation", id);
    const struct request_resume resume = {.interrupt_id = id, .response = &response};
    assert_int_equal(resume_process(bench.service, "e1", "bob", &resume, &shown, NULL), HP_FORBIDDEN);
    assert_null(shown);
    flow_expect_state(&bench, "waiting");
    assert_int_equal(resume_process(bench.service, "e1", "ann", &resume, &shown, NULL), HP_OK);
    json_decref(shown);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(goes_on_where_the_routes_say, begin, end),
        cmocka_unit_test_setup_teardown(the_services_own_routes_count, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_that_is_there_is_used, begin, end),
        cmocka_unit_test_setup_teardown(a_denied_one_ends, begin, end),
        cmocka_unit_test_setup_teardown(refuses, begin, end),
        cmocka_unit_test_setup_teardown(what_is_over_is_a_conflict, begin, end),
        cmocka_unit_test_setup_teardown(a_process_goes_on_by_its_envelope, begin, end),
        cmocka_unit_test_setup_teardown(a_process_keeps_its_pipeline, begin, end),
        cmocka_unit_test_setup_teardown(a_stranger_resumes_nothing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
