/* Every allocation around flows and limits fails once: an error and no crash, no leak (the sanitizers look for it), and what is
 * refused has changed nothing, or all of it and only the answer could not be made. */
#include "reference/core/envelope.h"
#include "reference/service/door.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_flow.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

static const char full[] = "{'envelope_id': 'e', 'user_id': 'u', 'received_at': '2025-01-02T03:04:05Z', "
                           "'outputs': {'a': {'b': [1]}},"
                           "'iteration': 1.0, 'stage_order': ['q'], 'errors': [{}], 'interrupt': {'id': 'i', "
                           "'kind': 'timeout'}, 'odd': {}}";

static enum hp_status decode(void *context) {
    static const struct hp_moment moment = {0, {"a", "b", "c"}};
    json_t *read = NULL;
    enum hp_status status = envelope_decode(context, "/envelope", &moment, &read, NULL);
    assert_int_equal(read != NULL, status == HP_OK);
    json_decref(read);
    return status;
}

static void envelopes(void **state) {
    (void)state;
    json_t *given = json_short(full);
    assert_true(fail_alloc_sweep(decode, given, false) > 30);
    json_decref(given);
}

/* What stands before a call, and the call; @ is the id of the interrupt. */
struct step {
    const char *name;
    bool submitted, raised;
    const char *method, *params;
    const char *state; /* of the process afterwards; NULL: there is none to look at */
    const char *before;
};

/* The state of e1, "none" when there is none. */
static void read_state(struct bench *bench, char state[32]) {
    json_t *result = NULL;
    char *params = text_short("{'pid': 'e1'}");
    enum hp_status status = door_call(bench->service, "kernel.get", params, strlen(params), &result, NULL);
    const char *name = json_string_value(json_object_get(result, "state"));
    snprintf(state, 32, "%s", status == HP_OK ? name : "none");
    json_decref(status == HP_OK ? result : NULL);
    free(params);
}

/* Tries the call in a new scene with the nth allocation failing; whether one failed. */
static bool try_once(const struct step *step, size_t nth) {
    struct bench bench;
    char id[HP_ID_SIZE] = "", state[32];
    json_t *result = NULL;
    struct text text = {0};
    bench_init(&bench);
    if (step->submitted) {
        flow_submit(&bench);
    }
    if (step->raised) {
        flow_raise(&bench, "confirmation", id);
    }
    for (const char *at = step->params; *at; at++) {
        text_add(&text, *at == '@' ? id : (const char[]){*at == '\'' ? '"' : *at, '\0'});
    }
    fail_alloc_arm(nth);
    enum hp_status status =
        door_call(bench.service, step->method, text.bytes, text.length_bytes, &result, NULL);
    bool hit = fail_alloc_disarm();
    assert_true(status == HP_OK || (hit && status == HP_INTERNAL));
    json_decref(status == HP_OK ? result : NULL);
    text_release(&text);
    read_state(&bench, state);
    if (strcmp(state, step->state) != 0 && strcmp(state, step->before) != 0 && strcmp(state, "ready") != 0) {
        fail_msg("%s: %s", step->name, state);
    }
    assert_true(status != HP_OK || strcmp(state, step->state) == 0);
    bench_release(&bench);
    return hit;
}

static void operations(void **state) {
    (void)state;
    static const struct step steps[] = {
        {"submit", false, false, "kernel.submit", "{'envelope': {'envelope_id': 'e1', 'user_id': 'ann'}}",
         "running", "none"},
        {"interrupt", true, false, "kernel.interrupt",
         "{'pid': 'e1', 'kind': 'clarification', 'data': {'a': 1}}", "waiting", "running"},
        {"timeout", true, false, "kernel.interrupt", "{'pid': 'e1', 'kind': 'timeout'}", "terminated",
         "running"},
        {"record", true, false, "kernel.record", "{'pid': 'e1', 'llm_calls': 2}", "running", "running"},
        {"exhaust", true, false, "kernel.record", "{'pid': 'e1', 'llm_calls': 20}", "terminated", "running"},
        {"get", true, true, "kernel.get", "{'pid': 'e1'}", "waiting", "waiting"},
        {"cancel", true, true, "kernel.cancel", "{'pid': 'e1'}", "terminated", "waiting"},
        {"resume", true, true, "kernel.resume",
         "{'pid': 'e1', 'interrupt_id': '@', 'response': {'approved': true}}", "running", "waiting"},
        {"deny", true, true, "kernel.resume",
         "{'pid': 'e1', 'interrupt_id': '@', 'response': {'approved': false}}", "terminated", "waiting"},
        {"flow", true, true, "flow.resume",
         "{'envelope': {'envelope_id': 'e1', 'user_id': 'ann'}, 'interrupt_id': '@', 'response': "
         "{'approved': true}}",
         "terminated", "waiting"},
        {"set", false, false, "ratelimit.set", "{'user_id': 'ann', 'per_minute': 1}", "none", "none"},
        {"check", false, false, "ratelimit.check",
         "{'user_id': 'ann', 'endpoint': '/x', 'request_id': 'r', 'session_id': 's'}", "none", "none"},
        {"roundtrip", false, false, "envelope.roundtrip", "{'envelope': {'odd': 1}}", "none", "none"},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        size_t nth = 1;
        while (try_once(&steps[i], nth)) {
            nth++;
        }
        assert_true(nth > 3);
    }
}

/* A saved envelope: the mark of the flow is made, or it may be tried again. */
static bool resume_once(size_t nth) {
    struct bench bench;
    char params[512];
    bench_init(&bench);
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = bench_create(&bench, &request);
    snprintf(params, sizeof params,
             "{\"envelope\":{\"user_id\":\"ann\",\"current_stage\":\"planner\",\"interrupt\":{\"id\":\"%s\","
             "\"kind\":"
             "\"confirmation\"}},\"interrupt_id\":\"%s\",\"response\":{\"approved\":true},"
             "\"pipeline\":{\"stages\":[\"planner\"]},\"effects\":{\"planner\":{\"output\":{\"a\":1},"
             "\"fail\":\"x\"}}}",
             created->id, created->id);
    json_t *result = NULL;
    fail_alloc_arm(nth);
    enum hp_status status = door_call(bench.service, "flow.resume", params, strlen(params), &result, NULL);
    bool hit = fail_alloc_disarm();
    assert_true(status == HP_OK || (hit && status == HP_INTERNAL));
    json_decref(status == HP_OK ? result : NULL);
    result = NULL;
    enum hp_status again = door_call(bench.service, "flow.resume", params, strlen(params), &result, NULL);
    assert_true(again == HP_CONFLICT || (again == HP_OK && status != HP_OK));
    json_decref(again == HP_OK ? result : NULL);
    hp_interrupt_free(created);
    bench_release(&bench);
    return hit;
}

static void saved_envelopes(void **state) {
    (void)state;
    size_t nth = 1;
    while (resume_once(nth)) {
        nth++;
    }
    assert_true(nth > 50);
}

/* A call over the limit, in a new scene. */
static bool refuse_once(size_t nth) {
    struct bench bench;
    json_t *result = NULL;
    char *params = text_short("{'user_id': 'ann', 'endpoint': '/x', 'request_id': 'r', 'session_id': 's'}");
    bench_init(&bench);
    flow_do(&bench, "ratelimit.set", "{'endpoint': '/x', 'per_minute': 1}");
    flow_do(&bench, "ratelimit.check",
            "{'user_id': 'ann', 'endpoint': '/x', 'request_id': 'r', 'session_id': 's'}");
    fail_alloc_arm(nth);
    enum hp_status status =
        door_call(bench.service, "ratelimit.check", params, strlen(params), &result, NULL);
    bool hit = fail_alloc_disarm();
    assert_true(status == HP_OK || (hit && status == HP_INTERNAL));
    json_decref(status == HP_OK ? result : NULL);
    flow_do(&bench, "ratelimit.check",
            "{'user_id': 'ann', 'endpoint': '/x', 'request_id': 'r', 'session_id': 's'}");
    result = flow_call(&bench, "interrupt.list", "{'user_id': 'ann'}");
    flow_expect(result, "/total", "1");
    json_decref(result);
    free(params);
    bench_release(&bench);
    return hit;
}

static void refusals(void **state) {
    (void)state;
    size_t nth = 1;
    while (refuse_once(nth)) {
        nth++;
    }
    assert_true(nth > 10);
}

int main(void) {
    fail_alloc_install();
    const struct CMUnitTest tests[] = {cmocka_unit_test(envelopes), cmocka_unit_test(operations),
                                       cmocka_unit_test(saved_envelopes), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
