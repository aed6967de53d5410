#include "suites/self/support_flow.h"

#include "harness/base/value.h"
#include "reference/base/text.h"
#include "reference/core/envelope.h"
#include "reference/service/door.h"
#include "reference/store/calls.h"
#include "suites/self/support_json.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

static enum hp_status call(struct bench *bench, const char *method, const char *format, va_list arguments,
                           json_t **result) {
    struct text text = {0};
    assert_true(text_addv(&text, format, arguments));
    char *params = text_short(text.bytes);
    text_release(&text);
    hp_problem_clear(&bench->problem);
    enum hp_status status =
        door_call(bench->service, method, params, strlen(params), result, &bench->problem);
    free(params);
    return status;
}

static json_t *call_well(struct bench *bench, const char *method, const char *format, va_list arguments) {
    json_t *result = NULL;
    if (call(bench, method, format, arguments, &result) != HP_OK) {
        fail_msg("%s: %s %s", method, bench->problem.field, bench->problem.detail);
    }
    return result;
}

json_t *flow_call(struct bench *bench, const char *method, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    json_t *result = call_well(bench, method, format, arguments);
    va_end(arguments);
    return result;
}

void flow_do(struct bench *bench, const char *method, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    json_decref(call_well(bench, method, format, arguments));
    va_end(arguments);
}

void flow_refuse(struct bench *bench, enum hp_status status, const char *field, const char *interrupt_status,
                 const char *method, const char *format, ...) {
    va_list arguments;
    json_t *result = NULL;
    va_start(arguments, format);
    enum hp_status got = call(bench, method, format, arguments, &result);
    va_end(arguments);
    if (got != status || strcmp(bench->problem.field, field) != 0 ||
        strcmp(bench->problem.interrupt_status, interrupt_status) != 0) {
        fail_msg("%s: %s at '%s', '%s': %s", method, hp_status_name(got), bench->problem.field,
                 bench->problem.interrupt_status, bench->problem.detail);
    }
    assert_null(result);
}

void flow_expect(const json_t *value, const char *pointer, const char *wanted) {
    assert_json(value_at(value, pointer), wanted);
}

json_t *flow_decode(const char *text) {
    static const struct hp_moment moment = {0, {"a", "b", "c"}};
    json_t *given = json_short(text), *read = NULL;
    assert_int_equal(envelope_decode(given, "", &moment, &read, NULL), HP_OK);
    json_decref(given);
    return read;
}

void flow_submit(struct bench *bench) {
    flow_do(bench, "kernel.submit",
            "{'envelope': {'envelope_id': 'e1', 'request_id': 'r1', 'user_id': 'ann', 'session_id': 's1',"
            "'current_stage': 'planner', 'metadata': {'big': 1e22, 'n': -0.5}, 'odd': [null]}}");
}

void flow_raise(struct bench *bench, const char *kind, char id[HP_ID_SIZE]) {
    json_t *shown =
        flow_call(bench, "kernel.interrupt", "{'pid': 'e1', 'kind': '%s', 'question': '?'}", kind);
    text_put(id, HP_ID_SIZE, json_string_value(value_at(shown, "/envelope/interrupt/id")));
    json_decref(shown);
}

void flow_expect_state(struct bench *bench, const char *state) {
    json_t *shown = flow_call(bench, "kernel.get", "{'pid': 'e1'}");
    assert_string_equal(json_string_value(json_object_get(shown, "state")), state);
    json_decref(shown);
}

static void a_process_is_kept_as_it_is(struct bench *bench) {
    const struct hp_flow first = {.pid = "p \xc3\xa9",
                                  .state = HP_FLOW_RUNNING,
                                  .version = 1,
                                  .envelope = "{\"b\":1e22,\"a\":[]}",
                                  .notes = "{}"};
    struct hp_flow *read = NULL;
    assert_int_equal(store_flow_get(bench->store, first.pid, &read, NULL), HP_NOT_FOUND);
    assert_int_equal(store_flow_add(bench->store, &first, NULL), HP_OK);
    assert_int_equal(store_flow_add(bench->store, &first, NULL), HP_CONFLICT);
    assert_int_equal(store_flow_get(bench->store, first.pid, &read, NULL), HP_OK);
    assert_string_equal(read->pid, first.pid);
    assert_string_equal(read->envelope, first.envelope);
    assert_string_equal(read->notes, "{}");
    assert_string_equal(read->interrupt_id, "");
    assert_int_equal(read->state, HP_FLOW_RUNNING);
    assert_int_equal(read->version, 1);
    hp_flow_free(read);
}

#define SOME_ID "0f8fad5b-d9cb-469f-a165-70867728950e"

static void a_change_names_its_version(struct bench *bench) {
    struct hp_flow flow = {
        .pid = "p", .state = HP_FLOW_RUNNING, .version = 1, .envelope = "{}", .notes = "{}"};
    struct hp_flow *read = NULL;
    assert_int_equal(store_flow_change(bench->store, &flow, NULL), HP_CONFLICT);
    assert_int_equal(store_flow_add(bench->store, &flow, NULL), HP_OK);
    assert_int_equal(store_flow_change(bench->store, &flow, NULL), HP_CONFLICT);
    flow.version = 2;
    flow.state = HP_FLOW_TERMINATED;
    flow.envelope = "{\"x\":2}";
    memcpy(flow.interrupt_id, SOME_ID, HP_ID_SIZE);
    assert_int_equal(store_flow_change(bench->store, &flow, NULL), HP_OK);
    assert_int_equal(store_flow_change(bench->store, &flow, NULL), HP_CONFLICT);
    assert_int_equal(store_flow_get(bench->store, "p", &read, NULL), HP_OK);
    assert_string_equal(read->envelope, "{\"x\":2}");
    assert_string_equal(read->interrupt_id, SOME_ID);
    assert_int_equal(read->state, HP_FLOW_TERMINATED);
    assert_int_equal(read->version, 2);
    hp_flow_free(read);
}

/* The interrupt and the process are made together, or neither is. */
static void a_process_raises_whole_or_not(struct bench *bench) {
    struct hp_flow flow = {
        .pid = "p", .state = HP_FLOW_RUNNING, .version = 1, .envelope = "{}", .notes = "{}"};
    struct hp_create create = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = NULL;
    struct hp_flow *read = NULL;
    struct hp_page page = {0};
    assert_int_equal(store_flow_add(bench->store, &flow, NULL), HP_OK);
    bench_forget_events(bench);
    flow.state = HP_FLOW_WAITING;
    flow.version = 3;
    create.flow = &flow;
    assert_int_equal(store_create(bench->store, &create, &created, NULL), HP_CONFLICT);
    flow.version = 2;
    create.ttl_us = HP_INSTANT_MAX;
    assert_int_equal(store_create(bench->store, &create, &created, NULL), HP_INVALID);
    create.ttl_us = HP_TTL_DEFAULT;
    assert_null(created);
    assert_int_equal(hp_service_list(bench->service, &(struct hp_query){.user_id = "ann"}, &page, NULL),
                     HP_OK);
    assert_int_equal(page.total, 0);
    hp_page_release(&page);
    assert_int_equal(store_flow_get(bench->store, "p", &read, NULL), HP_OK);
    assert_int_equal(read->version, 1);
    hp_flow_free(read);
    assert_int_equal(store_create(bench->store, &create, &created, NULL), HP_OK);
    assert_int_equal(store_flow_get(bench->store, "p", &read, NULL), HP_OK);
    assert_int_equal(read->version, 2);
    assert_int_equal(read->state, HP_FLOW_WAITING);
    assert_string_equal(read->interrupt_id, created->id);
    hp_flow_free(read);
    hp_interrupt_free(created);
}

static void an_interrupt_lets_one_go_on(struct bench *bench) {
    static const char other[] = "0f8fad5b-d9cb-469f-a165-70867728950f";
    struct hp_flow flow = {.pid = "p",
                           .state = HP_FLOW_WAITING,
                           .version = 1,
                           .interrupt_id = SOME_ID,
                           .envelope = "{}",
                           .notes = "{}"};
    struct hp_flow *read = NULL;
    assert_int_equal(store_flow_resume(bench->store, "q", SOME_ID, NULL, NULL), HP_OK);
    assert_int_equal(store_flow_resume(bench->store, "q", SOME_ID, NULL, NULL), HP_CONFLICT);
    assert_int_equal(store_flow_resume(bench->store, "r", SOME_ID, NULL, NULL), HP_CONFLICT);
    assert_int_equal(store_flow_add(bench->store, &flow, NULL), HP_OK);
    assert_int_equal(store_flow_resume(bench->store, "p", other, NULL, NULL),
                     HP_CONFLICT); /* it has a process */
    flow.version = 2;
    flow.state = HP_FLOW_READY;
    assert_int_equal(store_flow_resume(bench->store, "p", SOME_ID, &flow, NULL), HP_CONFLICT);
    assert_int_equal(store_flow_get(bench->store, "p", &read, NULL), HP_OK);
    assert_int_equal(read->state, HP_FLOW_WAITING);
    hp_flow_free(read);
    assert_int_equal(store_flow_resume(bench->store, "p", other, &flow, NULL), HP_OK);
    flow.version = 3;
    assert_int_equal(store_flow_resume(bench->store, "p", other, &flow, NULL), HP_CONFLICT);
    assert_int_equal(store_flow_get(bench->store, "p", &read, NULL), HP_OK);
    assert_int_equal(read->state, HP_FLOW_READY);
    assert_int_equal(read->version, 2);
    hp_flow_free(read);
}

static void a_moment_is_the_clocks(struct bench *bench) {
    struct hp_moment moment, other;
    assert_int_equal(store_moment(bench->store, &moment, NULL), HP_OK);
    assert_int_equal(store_moment(bench->store, &other, NULL), HP_OK);
    assert_true(moment.now_us == BENCH_NOW_US);
    assert_true(hp_id_is_canonical(moment.ids[0]) && hp_id_is_canonical(moment.ids[2]));
    assert_string_not_equal(moment.ids[0], moment.ids[1]);
    assert_string_not_equal(moment.ids[0], other.ids[0]);
}

/* Makes a call; whether it was allowed. */
static struct hp_rate_verdict rate(struct bench *bench, const char *user, const char *endpoint, bool record) {
    const struct hp_rate_call wish = {user, endpoint, record};
    struct hp_rate_answer answer;
    assert_int_equal(store_rate_check(bench->store, &wish, &answer, NULL), HP_OK);
    return answer.verdict;
}

static void windows_are_exact(struct bench *bench) {
    const struct hp_rate_rule rule = {.user_id = "ann", .limits = {{2, 3, 0}}};
    assert_int_equal(store_rate_set(bench->store, &rule, NULL), HP_OK);
    assert_true(rate(bench, "ann", "/x", true).allowed);
    bench_pass(bench, 1);
    assert_int_equal(rate(bench, "ann", "/x", false).remaining, 0);
    assert_true(rate(bench, "ann", "/x", true).allowed);
    struct hp_rate_verdict verdict = rate(bench, "ann", "/x", true);
    assert_false(verdict.allowed);
    assert_int_equal(verdict.window, HP_RATE_MINUTE);
    assert_int_equal(verdict.count, 2);
    assert_int_equal(verdict.limit, 2);
    assert_true(verdict.retry_after_us == 59999999);
    bench_pass(bench, 59999998);
    assert_true(rate(bench, "ann", "/x", true).retry_after_us == 1);
    bench_pass(bench, 1);
    assert_true(rate(bench, "ann", "/x", true).allowed);
    verdict = rate(bench, "ann", "/x", true);
    assert_int_equal(verdict.window, HP_RATE_HOUR);
    assert_int_equal(verdict.count, 3);
    assert_true(verdict.retry_after_us == INT64_C(3540000000));
}

static void users_and_endpoints_are_apart(struct bench *bench) {
    const struct hp_rate_rule user = {.user_id = "ann", .limits = {{1, 0, 0}}};
    const struct hp_rate_rule endpoint = {.endpoint = "/wide", .limits = {{3, 0, 0}}};
    assert_int_equal(store_rate_set(bench->store, &user, NULL), HP_OK);
    assert_int_equal(store_rate_set(bench->store, &endpoint, NULL), HP_OK);
    assert_true(rate(bench, "ann", "/x", true).allowed);
    assert_false(rate(bench, "ann", "/x", true).allowed);
    assert_true(rate(bench, "ann", "/y", true).allowed);
    assert_true(rate(bench, "bob", "/x", true).allowed);
    assert_int_equal(rate(bench, "bob", "/x", true).remaining, 58);
    for (int i = 0; i < 3; i++) {
        assert_true(rate(bench, "ann", "/wide", true).allowed);
    }
    assert_false(rate(bench, "ann", "/wide", true).allowed);
    const struct hp_rate_rule none = {.endpoint = "/wide", .limits = {{0, -1, 0}}};
    assert_int_equal(store_rate_set(bench->store, &none, NULL), HP_OK);
    assert_int_equal(rate(bench, "ann", "/wide", true).remaining, -1);
}

static void an_interrupt_about_a_limit_is_one(struct bench *bench) {
    const struct hp_rate_call look = {"ann", "/x", false};
    struct hp_rate_answer answer;
    struct hp_create create = bench_request(HP_RESOURCE_EXHAUSTED);
    struct hp_interrupt *first = NULL, *second = NULL;
    assert_int_equal(store_rate_check(bench->store, &look, &answer, NULL), HP_OK);
    assert_string_equal(answer.interrupt_id, "");
    create.rate = &(struct hp_rate_claim){"ann", "/x", ""};
    assert_int_equal(store_create(bench->store, &create, &first, NULL), HP_OK);
    assert_int_equal(store_create(bench->store, &create, &second, NULL), HP_CONFLICT);
    assert_int_equal(store_rate_check(bench->store, &look, &answer, NULL), HP_OK);
    assert_string_equal(answer.interrupt_id, first->id);
    create.rate = &(struct hp_rate_claim){"ann", "/x", first->id};
    assert_int_equal(store_create(bench->store, &create, &second, NULL), HP_OK);
    assert_string_not_equal(first->id, second->id);
    hp_interrupt_free(first);
    hp_interrupt_free(second);
}

/* The whole way, and what the service says of the interrupt shows in the kernel at once. */
static void a_flow_goes_its_way(struct bench *bench) {
    char id[HP_ID_SIZE];
    flow_submit(bench);
    flow_raise(bench, "clarification", id);
    flow_refuse(bench, HP_CONFLICT, "", "", "kernel.resume", "{'pid': 'e1', 'interrupt_id': '" SOME_ID "'}");
    flow_refuse(bench, HP_INVALID, "/response", "", "kernel.resume", "{'pid': 'e1', 'interrupt_id': '%s'}",
                id);
    flow_do(bench, "interrupt.respond", "{'id': '%s', 'user_id': 'ann', 'response': {'text': 'so'}}", id);
    json_t *shown = flow_call(bench, "kernel.get", "{'pid': 'e1'}");
    flow_expect(shown, "/state", "'waiting'");
    flow_expect(shown, "/envelope/interrupt_pending", "false");
    flow_expect(shown, "/envelope/interrupt/response/text", "'so'");
    flow_expect(shown, "/envelope/metadata", "{'big': 1e22, 'n': -0.5}");
    flow_expect(shown, "/envelope/odd", "[null]");
    json_decref(shown);
    shown = flow_call(bench, "kernel.resume", "{'pid': 'e1', 'interrupt_id': '%s'}", id);
    flow_expect(shown, "/state", "'running'");
    flow_expect(shown, "/envelope/current_stage", "'intent'");
    flow_expect(shown, "/envelope/processing_history",
                "[{'stage': 'intent', 'at': '2025-12-11T09:30:00.000000Z'}]");
    json_decref(shown);
    flow_refuse(bench, HP_CONFLICT, "", "", "kernel.resume", "{'pid': 'e1', 'interrupt_id': '%s'}", id);
    flow_raise(bench, "confirmation", id);
    shown = flow_call(bench, "kernel.resume",
                      "{'pid': 'e1', 'interrupt_id': '%s', 'response': {'approved': false}}", id);
    flow_expect(shown, "/state", "'terminated'");
    flow_expect(shown, "/envelope/termination_reason", "'User denied confirmation'");
    json_decref(shown);
    flow_refuse(bench, HP_CONFLICT, "", "", "kernel.interrupt", "{'pid': 'e1', 'kind': 'timeout'}");
}

const struct flow_promise flow_promises[] = {
    {"a process is kept as it is", a_process_is_kept_as_it_is},
    {"a change names its version", a_change_names_its_version},
    {"a process raises whole or not at all", a_process_raises_whole_or_not},
    {"an interrupt lets one go on", an_interrupt_lets_one_go_on},
    {"a moment is the clock's", a_moment_is_the_clocks},
    {"windows are exact", windows_are_exact},
    {"users and endpoints are apart", users_and_endpoints_are_apart},
    {"an interrupt about a limit is one", an_interrupt_about_a_limit_is_one},
    {"a flow goes its way", a_flow_goes_its_way},
};

const size_t flow_promise_count = sizeof flow_promises / sizeof flow_promises[0];

enum { CONTENDERS = 8 };

/* One thread of several that do the same at once. */
struct contender {
    struct hp_service *service;
    pthread_barrier_t *barrier;
    const char *method;
    char *params;
    unsigned times;
    unsigned taken, allowed, conflicts, others;
};

static void *contend(void *argument) {
    struct contender *own = argument;
    pthread_barrier_wait(own->barrier);
    for (unsigned i = 0; i < own->times; i++) {
        json_t *result = NULL;
        enum hp_status status =
            door_call(own->service, own->method, own->params, strlen(own->params), &result, NULL);
        own->taken += status == HP_OK;
        own->allowed += status == HP_OK && json_is_true(json_object_get(result, "allowed"));
        own->conflicts += status == HP_CONFLICT;
        own->others += status != HP_OK && status != HP_CONFLICT;
        json_decref(result);
    }
    return NULL;
}

/* All of them at once; the sums. */
static struct contender contend_all(struct hp_service *const services[], size_t count, unsigned times,
                                    const char *method, const char *short_params) {
    struct contender contenders[CONTENDERS], sum = {0};
    pthread_t threads[CONTENDERS];
    pthread_barrier_t barrier;
    char *params = text_short(short_params);
    assert_int_equal(pthread_barrier_init(&barrier, NULL, CONTENDERS), 0);
    for (size_t i = 0; i < CONTENDERS; i++) {
        contenders[i] = (struct contender){.service = services[i % count],
                                           .barrier = &barrier,
                                           .method = method,
                                           .params = params,
                                           .times = times};
        assert_int_equal(pthread_create(&threads[i], NULL, contend, &contenders[i]), 0);
    }
    for (size_t i = 0; i < CONTENDERS; i++) {
        pthread_join(threads[i], NULL);
        sum.taken += contenders[i].taken;
        sum.allowed += contenders[i].allowed;
        sum.conflicts += contenders[i].conflicts;
        sum.others += contenders[i].others;
    }
    pthread_barrier_destroy(&barrier);
    free(params);
    assert_int_equal(sum.others, 0);
    return sum;
}

static void contend_once(struct bench *bench, struct hp_service *const services[], size_t count,
                         unsigned round) {
    char id[HP_ID_SIZE], params[256];
    snprintf(
        params, sizeof params,
        "{'envelope': {'envelope_id': 'p%u', 'user_id': 'ann', 'session_id': 's1', 'request_id': 'r%u'}}",
        round, round);
    assert_int_equal(contend_all(services, count, 1, "kernel.submit", params).taken, 1);
    snprintf(params, sizeof params, "{'pid': 'p%u', 'kind': 'confirmation'}", round);
    assert_int_equal(contend_all(services, count, 1, "kernel.interrupt", params).taken, 1);
    json_t *pending = flow_call(bench, "interrupt.list", "{'request_id': 'r%u'}", round);
    flow_expect(pending, "/total", "1");
    text_put(id, sizeof id, json_string_value(value_at(pending, "/interrupts/0/id")));
    json_decref(pending);
    if (round % 2 == 0) {
        flow_do(bench, "interrupt.respond", "{'id': '%s', 'user_id': 'ann', 'response': {'approved': true}}",
                id);
    }
    snprintf(params, sizeof params, "{'pid': 'p%u', 'interrupt_id': '%s', 'response': {'approved': true}}",
             round, id);
    struct contender sum = contend_all(services, count, 1, "kernel.resume", params);
    assert_int_equal(sum.taken, 1);
    assert_int_equal(sum.conflicts, CONTENDERS - 1);
    json_t *shown = flow_call(bench, "kernel.get", "{'pid': 'p%u'}", round);
    flow_expect(shown, "/state", "'running'");
    assert_int_equal(json_array_size(value_at(shown, "/envelope/processing_history")), 1);
    json_decref(shown);
    snprintf(params, sizeof params, "{'pid': 'p%u', 'tool_calls': 1}", round);
    assert_int_equal(contend_all(services, count, 3, "kernel.record", params).taken, 3 * CONTENDERS);
    shown = flow_call(bench, "kernel.get", "{'pid': 'p%u'}", round);
    flow_expect(shown, "/usage/tool_calls", "24");
    json_decref(shown);
}

/* A saved envelope that the kernel does not know. */
static void contend_for_envelope(struct bench *bench, struct hp_service *const services[], size_t count) {
    char params[512];
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = bench_create(bench, &request);
    snprintf(params, sizeof params,
             "{'envelope': {'envelope_id': 'saved', 'user_id': 'ann', 'interrupt': {'id': '%s', 'kind': "
             "'confirmation'}},"
             "'interrupt_id': '%s', 'response': {'approved': true}}",
             created->id, created->id);
    assert_int_equal(contend_all(services, count, 2, "flow.resume", params).taken, 1);
    hp_interrupt_free(created);
}

void flow_contend(struct bench *bench, struct hp_service *const services[], size_t count) {
    for (unsigned round = 0; round < 6; round++) {
        contend_once(bench, services, count, round);
    }
    contend_for_envelope(bench, services, count);
    flow_do(bench, "ratelimit.set", "{'user_id': 'cat', 'per_minute': 21}");
    struct contender sum =
        contend_all(services, count, 4, "ratelimit.check",
                    "{'user_id': 'cat', 'endpoint': '/x', 'request_id': 'r', 'session_id': 's'}");
    assert_int_equal(sum.taken, 4 * CONTENDERS);
    assert_int_equal(sum.allowed, 21);
    json_t *pending = flow_call(bench, "interrupt.list", "{'user_id': 'cat'}");
    flow_expect(pending, "/total", "1");
    json_decref(pending);
}
