#include "harness/adapters/null.h"
#include "harness/base/method.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Calls a null once; the answer's gist, as text, is the caller's to free. */
static char *ask(const char *null, const char *method, const char *params) {
    struct target *target = NULL;
    struct session *session = NULL;
    struct answer answer = {0};
    const struct request request = {method, params, strlen(params), true};
    assert_int_equal(null_new(null, &target, NULL), HP_OK);
    assert_int_equal(target_open(target, 1, &session, NULL), HP_OK);
    session_call(session, &request, 0, &answer);
    struct text gist = {0};
    if (answer.kind == ANSWER_RESULT) {
        char *dump = json_dumps(answer.result, JSON_COMPACT | JSON_ENCODE_ANY);
        text_add(&gist, dump ? dump : "");
        free(dump);
    } else {
        text_addf(&gist, "%s %s: %s", answer.kind == ANSWER_REFUSED ? "refused" : "broken", answer.error_name,
                  answer.detail);
    }
    answer_release(&answer);
    session_close(session);
    target_free(target);
    return text_take(&gist);
}

static void each_null_answers_in_its_way(void **state) {
    (void)state;
    static const struct {
        const char *null;
        const char *method;
        const char *params;
        const char *part;
    } rows[] = {
        {"empty", "interrupt.create", "{\"kind\":\"timeout\"}", "{}"},
        {"empty", "reset", "{}", "{}"},
        {"accept-all", "interrupt.create", "{\"kind\":\"x\",\"user_id\":\"ann\"}", "\"kind\":\"x\""},
        {"accept-all", "interrupt.create", "{\"kind\":\"x\",\"user_id\":\"ann\"}", "\"status\":\"pending\""},
        {"accept-all", "interrupt.create", "{\"kind\":", "\"kind\":null"},
        {"accept-all", "interrupt.get", "{\"id\":\"mine\"}", "\"id\":\"mine\""},
        {"accept-all", "interrupt.respond", "{\"id\":\"mine\",\"response\":{\"text\":\"a\"}}",
         "\"response\":{\"text\":\"a\"}"},
        {"accept-all", "interrupt.respond", "{\"id\":\"mine\"}", "\"request_can_resume\":true"},
        {"accept-all", "interrupt.cancel", "{\"id\":\"mine\"}", "\"status\":\"cancelled\""},
        {"accept-all", "interrupt.list", "{}", "{\"interrupts\":[],\"total\":0,\"next_cursor\":null}"},
        {"accept-all", "interrupt.expire_pending", "{}", "{\"ids\":[]}"},
        {"accept-all", "interrupt.pending_for_request", "{}", "{\"interrupt\":null}"},
        {"accept-all", "events.drain", "{}", "{\"events\":[]}"},
        {"accept-all", "describe", "{}", "\"kinds\":[]"},
        {"accept-all", "clock.set", "{\"now\":\"then\"}", "{\"now\":\"then\"}"},
        {"accept-all", "clock.set", "{}", "{\"now\":null}"},
        {"accept-all", "something.else", "{}", "{}"},
        {"reject-all", "interrupt.create", "{}", "refused invalid: this target refuses everything"},
        {"reject-all", "describe", "{}", "refused invalid"},
        {"reject-all", "reset", "{}", "{}"},
        {"reject-all", "clock.set", "{\"now\":\"then\"}", "{\"now\":\"then\"}"},
        {"echo", "interrupt.create", "{\"a\":[1]}", "{\"a\":[1]}"},
        {"echo", "interrupt.create", "{\"a\":", "null"},
        {"constant", "interrupt.list", "{}",
         "\"interrupts\":[{\"id\":\"00000000-0000-4000-8000-000000000001\""},
        {"constant", "events.drain", "{}", "\"event_type\":\"interrupt.clarification_needed\""},
        {"constant", "interrupt.create", "{\"kind\":\"timeout\"}", "\"kind\":\"clarification\""},
        {"drop-connection", "interrupt.get", "{}", "broken : the connection was dropped at interrupt.get"},
        {"drop-connection", "reset", "{}", "broken : "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *gist = ask(rows[i].null, rows[i].method, rows[i].params);
        if (!gist || !strstr(gist, rows[i].part)) {
            fail_msg("%s, %s: %s", rows[i].null, rows[i].method, gist ? gist : "nothing");
        }
        free(gist);
    }
}

static void created_ids_are_fresh_and_interrupts_full(void **state) {
    (void)state;
    struct target *target = NULL;
    struct session *session = NULL;
    const struct request request = {"interrupt.create", "{}", 2, false};
    struct answer one = {0}, other = {0};
    assert_int_equal(null_new("accept-all", &target, NULL), HP_OK);
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    session_call(session, &request, 0, &one);
    session_call(session, &request, 0, &other);
    const json_t *interrupt = json_object_get(one.result, "interrupt");
    assert_int_equal(json_object_size(interrupt), 16);
    assert_false(json_equal(json_object_get(interrupt, "id"),
                            json_object_get(json_object_get(other.result, "interrupt"), "id")));
    answer_release(&one);
    answer_release(&other);
    session_close(session);
    target_free(target);
}

static void each_null_promises_everything(void **state) {
    (void)state;
    size_t count = 0;
    for (; null_name(count); count++) {
        struct target *target = NULL;
        struct session *session = NULL;
        struct hello hello;
        struct hp_problem problem = {0};
        struct text text = {0};
        assert_int_equal(null_new(null_name(count), &target, NULL), HP_OK);
        assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
        for (size_t i = 0; capability_offered(i); i++) {
            assert_true(hello_declares(&hello, capability_offered(i)));
        }
        for (size_t i = 0; capability_of_flows(i); i++) {
            assert_true(hello_declares(&hello, capability_of_flows(i)));
        }
        assert_non_null(strstr(hello.name, null_name(count)));
        assert_int_equal(hello.endpoints, 2);
        hello_release(&hello);
        assert_int_equal(target_open(target, 2, &session, &problem), HP_UNSUPPORTED);
        target_restart(target);
        target_take_log(target, &text);
        target_reproduce(target, NULL, &text);
        assert_int_equal(text.length_bytes, 0);
        target_free(target);
    }
    assert_int_equal(count, 6);
}

static void an_unknown_null_names_the_known(void **state) {
    (void)state;
    struct target *target = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(null_new("nothing", &target, &problem), HP_INVALID);
    assert_null(target);
    for (size_t i = 0; null_name(i); i++) {
        assert_non_null(strstr(problem.detail, null_name(i)));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_null_answers_in_its_way),
                                       cmocka_unit_test(created_ids_are_fresh_and_interrupts_full),
                                       cmocka_unit_test(each_null_promises_everything),
                                       cmocka_unit_test(an_unknown_null_names_the_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
