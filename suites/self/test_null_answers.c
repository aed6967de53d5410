#include "harness/adapters/null_answers.h"
#include "harness/base/method.h"
#include "reference/core/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef bool null_answer(const char *method, const json_t *params, unsigned counter, struct answer *answer);

#define MINE(status)                                                                                         \
    "{\"id\":\"mine\",\"status\":\"" status "\",\"created_at\":\"2025-12-11T09:30:00.000000Z\","             \
    "\"expires_at\":null,\"resolved_at\":null,\"kind\":null,\"request_id\":null,\"user_id\":\"ann\","        \
    "\"session_id\":null,\"envelope_id\":null,\"question\":null,\"message\":null,\"data\":{\"a\":[1]},"      \
    "\"response\":null,\"trace_id\":null,\"span_id\":null}"
#define PARAMS "{\"id\":\"mine\",\"user_id\":\"ann\",\"data\":{\"a\":[1]},\"other\":1}"

static const struct {
    null_answer *answer;
    const char *method, *params, *wanted;
} rows[] = {
    {null_answer_empty, "interrupt.create", PARAMS, "{}"},
    {null_answer_empty, "reset", NULL, "{}"},
    {null_answer_accept, "interrupt.create", PARAMS, "{\"interrupt\":" MINE("pending") "}"},
    {null_answer_accept, "interrupt.get", PARAMS, "{\"interrupt\":" MINE("pending") "}"},
    {null_answer_accept, "interrupt.respond", PARAMS,
     "{\"interrupt\":" MINE("resolved") ",\"request_can_resume\":true}"},
    {null_answer_accept, "interrupt.cancel", PARAMS, "{\"interrupt\":" MINE("cancelled") "}"},
    {null_answer_accept, "interrupt.list", PARAMS, "{\"interrupts\":[],\"total\":0,\"next_cursor\":null}"},
    {null_answer_accept, "interrupt.expire_pending", PARAMS, "{\"ids\":[]}"},
    {null_answer_accept, "interrupt.pending_for_request", PARAMS, "{\"interrupt\":null}"},
    {null_answer_accept, "events.drain", PARAMS, "{\"events\":[]}"},
    {null_answer_accept, "describe", PARAMS, "{\"kinds\":[],\"statuses\":[],\"decisions\":[]}"},
    {null_answer_accept, "clock.set", "{\"now\":7}", "{\"now\":7}"},
    {null_answer_accept, "clock.set", NULL, "{\"now\":null}"},
    {null_answer_accept, "reset", "{}", "{}"},
    {null_answer_accept, "http.request", "{\"json\":" PARAMS "}",
     "{\"status\":200,\"headers\":{\"content-type\":\"application/json\"},\"bytes\":2,\"body\":" MINE(
         "pending") "}"},
    {null_answer_accept, "envelope.roundtrip", "{\"envelope\":{\"iteration\":2}}",
     "{\"envelope\":{\"iteration\":2}}"},
    {null_answer_accept, "flow.resume", NULL, "{\"envelope\":null}"},
    {null_answer_accept, "kernel.submit", "{\"envelope\":{\"iteration\":2}}",
     "{\"state\":\"running\",\"envelope\":{\"iteration\":2}}"},
    {null_answer_accept, "kernel.interrupt",
     "{\"pid\":\"p\",\"id\":\"mine\",\"user_id\":\"ann\",\"data\":{\"a\":[1]}}",
     "{\"state\":\"waiting\",\"envelope\":{\"envelope_id\":\"p\",\"interrupt_pending\":true,"
     "\"interrupt\":" MINE("pending") "}}"},
    {null_answer_accept, "kernel.get", "{\"pid\":\"p\"}",
     "{\"state\":\"running\",\"envelope\":{\"envelope_id\":\"p\",\"interrupt_pending\":false,\"interrupt\":"
     "null}}"},
    {null_answer_accept, "ratelimit.set", "{}", "{}"},
    {null_answer_accept, "ratelimit.check", "{}",
     "{\"allowed\":true,\"limit_type\":null,\"current_count\":null,\"limit\":null,\"retry_after_seconds\":0,"
     "\"remaining\":null}"},
    {null_answer_reject, "http.request", "{}",
     "{\"status\":400,\"headers\":{\"content-type\":\"application/problem+json\"},\"bytes\":2,\"body\":{"
     "\"type\":\"urn:holdpoint:problem:invalid\",\"title\":\"refused\",\"status\":400,\"detail\":\"this "
     "target "
     "refuses everything\",\"name\":\"invalid\"}}"},
    {null_answer_reject, "interrupt.create", PARAMS, "refused invalid: this target refuses everything"},
    {null_answer_reject, "reset", "{}", "{}"},
    {null_answer_reject, "clock.set", "{\"now\":7}", "{\"now\":7}"},
    {null_answer_echo, "interrupt.create", PARAMS, PARAMS},
    {null_answer_echo, "interrupt.create", NULL, "null"},
    {null_answer_drop, "reset", "{}", "broken: the connection was dropped at reset"},
};

static char *gist(const struct answer *answer) {
    struct text text = {0};
    if (answer->kind == ANSWER_RESULT) {
        return json_to_text(answer->result);
    }
    text_addf(&text, "%s%s: %s", answer->kind == ANSWER_REFUSED ? "refused " : "broken", answer->error_name,
              answer->detail);
    return text_take(&text);
}

static void each_null_has_an_answer_to_each_call(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer = {0};
        json_t *params = rows[i].params ? json_loads(rows[i].params, 0, NULL) : NULL;
        assert_true(rows[i].answer(rows[i].method, params, 5, &answer));
        char *text = gist(&answer);
        if (strcmp(text, rows[i].wanted) != 0) {
            fail_msg("row %zu, %s: %s", i, rows[i].method, text);
        }
        free(text);
        answer_release(&answer);
        json_decref(params);
    }
}

/* What was made from the params is a value of its own: a change to the one is none to the other. */
static void answers_do_not_share_the_params(void **state) {
    (void)state;
    static null_answer *const makers[] = {null_answer_accept, null_answer_echo};
    for (size_t i = 0; i < 2; i++) {
        struct answer answer = {0};
        json_t *params = json_loads(PARAMS, 0, NULL);
        assert_true(makers[i]("interrupt.create", params, 5, &answer));
        json_object_set_new(json_object_get(params, "data"), "a", json_null());
        const json_t *made = i == 0 ? json_object_get(answer.result, "interrupt") : answer.result;
        assert_true(json_is_array(json_object_get(json_object_get(made, "data"), "a")));
        answer_release(&answer);
        json_decref(params);
    }
}

static void a_fresh_id_is_made_of_the_counter(void **state) {
    (void)state;
    struct answer answer = {0};
    assert_true(null_answer_accept("interrupt.create", NULL, 0xab, &answer));
    assert_string_equal(json_string_value(json_object_get(json_object_get(answer.result, "interrupt"), "id")),
                        "00000000-0000-4000-8000-0000000000ab");
    answer_release(&answer);
}

/* One and the same answer to every call, in which each method finds the members that it promises. */
static void the_constant_answer_has_every_shape(void **state) {
    (void)state;
    static const char *const members[] = {
        "interrupt",          "interrupts", "total",      "next_cursor", "ids",      "events", "now",
        "request_can_resume", "id",         "deliveries", "state",       "envelope", "allowed"};
    struct answer first = {0};
    assert_true(null_answer_constant("interrupt.create", NULL, 1, &first));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        assert_non_null(json_object_get(first.result, members[i]));
    }
    assert_int_equal(json_object_size(json_object_get(first.result, "interrupt")), 16);
    assert_ptr_equal(json_array_get(json_object_get(first.result, "interrupts"), 0),
                     json_object_get(first.result, "interrupt"));
    for (size_t i = 0; method_offered(i); i++) {
        struct answer answer = {0};
        assert_true(null_answer_constant(method_offered(i), first.result, (unsigned)i + 2, &answer));
        assert_true(json_equal(answer.result, first.result));
        answer_release(&answer);
    }
    answer_release(&first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_null_has_an_answer_to_each_call),
        cmocka_unit_test(answers_do_not_share_the_params),
        cmocka_unit_test(a_fresh_id_is_made_of_the_counter),
        cmocka_unit_test(the_constant_answer_has_every_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
