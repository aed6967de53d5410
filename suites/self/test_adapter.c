#include "harness/adapters/adapter.h"
#include "suites/self/support_fake_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_hello_declares_what_it_lists(void **state) {
    (void)state;
    static const struct {
        const char *capabilities, *capability;
        bool declared;
    } rows[] = {
        {"[\"create\",\"clock\"]", "clock", true}, {"[\"create\",\"clock\"]", "create", true},
        {"[\"create\",\"clock\"]", "cloc", false}, {"[\"create\",\"clock\"]", "reset", false},
        {"[17,null,\"reset\"]", "reset", true},    {"[]", "reset", false},
        {"{\"reset\":true}", "reset", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hello hello = {.capabilities = json_loads(rows[i].capabilities, 0, NULL)};
        assert_int_equal(hello_declares(&hello, rows[i].capability), rows[i].declared);
        hello_release(&hello);
    }
    struct hello nothing = {0};
    assert_false(hello_declares(&nothing, "reset"));
}

/* Releasing twice, and what holds nothing, does no harm. */
static void what_is_released_holds_nothing(void **state) {
    (void)state;
    static const struct hello no_hello = {0};
    static const struct answer no_answer = {0};
    struct hello hello = {.name = text_copy("n"),
                          .version = text_copy("1"),
                          .language = text_copy("C"),
                          .capabilities = json_array(),
                          .endpoints = 2,
                          .processes = 2,
                          .clock_error_us = 1,
                          .database = text_copy("dbname=a"),
                          .schema = text_copy("app")};
    struct answer answer = {.kind = ANSWER_RESULT, .result = json_integer(1), .detail = "d"};
    for (size_t i = 0; i < 2; i++) {
        hello_release(&hello);
        answer_release(&answer);
        assert_memory_equal(&hello, &no_hello, sizeof hello);
        assert_memory_equal(&answer, &no_answer, sizeof answer);
    }
    target_free(NULL);
    session_close(NULL);
}

static void a_target_is_asked_by_its_table(void **state) {
    (void)state;
    static const struct fake_answer script[] = {{"describe", "7", NULL, NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    const struct request request = {"describe", "{}", 2, false};
    struct fake_target fake;
    struct hello hello;
    struct session *session = NULL;
    struct answer answer;
    struct text text = {0};
    fake_target_init(&fake, "[]", script);
    fake.log = "moan";
    assert_int_equal(target_hello(&fake.target, &hello, NULL), HP_OK);
    assert_string_equal(hello.name, "fake");
    hello_release(&hello);
    assert_int_equal(target_open(&fake.target, 3, &session, NULL), HP_OK);
    memset(&answer, 'x', sizeof answer); /* what was in it before counts for nothing */
    session_call(session, &request, 10, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_int_equal(json_integer_value(answer.result), 7);
    answer_release(&answer);
    assert_string_equal(fake.calls.bytes, "@3 describe {}\n");
    session_close(session);
    assert_int_equal(fake.closed, 1);
    target_restart(&fake.target);
    assert_int_equal(fake.restarts, 1);
    target_take_log(&fake.target, &text);
    target_reproduce(&fake.target, &request, &text);
    assert_string_equal(text.bytes, "moancall describe {}");
    text_release(&text);
    target_free(&fake.target);
    fake_target_release(&fake);
}

static void a_session_that_fails_to_open_is_none(void **state) {
    (void)state;
    struct fake_target fake;
    struct session other, *session = &other;
    struct hp_problem problem = {0};
    fake_target_init(&fake, "[]", NULL);
    fake.open_fails = true;
    assert_int_equal(target_open(&fake.target, 0, &session, &problem), HP_UNAVAILABLE);
    assert_null(session);
    assert_string_equal(problem.detail, "no line to the fake");
    fake_target_release(&fake);
}

/* A session that never answers, or cannot even send. */
struct mute {
    struct session session;
    const char *fault; /* of the start; NULL: it succeeds */
    bool fails;
    unsigned asked_ms;
};

static enum hp_status mute_start(struct session *session, const struct request *request, unsigned *ticket,
                                 struct hp_problem *problem) {
    const struct mute *mute = (const struct mute *)session;
    (void)request;
    *ticket = 4;
    if (!mute->fails) {
        return HP_OK;
    }
    return mute->fault ? hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s", mute->fault) : HP_UNAVAILABLE;
}

static enum poll_state mute_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                 struct answer *answer) {
    (void)answer;
    assert_int_equal(ticket, 4);
    ((struct mute *)session)->asked_ms = timeout_ms;
    return POLL_PENDING;
}

static void a_call_without_an_answer_is_broken(void **state) {
    (void)state;
    static const struct session_ops ops = {mute_start, mute_poll, NULL};
    static const struct {
        bool fails;
        const char *fault, *detail;
    } rows[] = {
        {false, NULL, "no answer within 25 ms"},
        {true, "the pipe is gone", "the pipe is gone"},
        {true, NULL, "the call could not be sent"},
    };
    const struct request request = {"describe", "{}", 2, false};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mute mute = {{&ops, NULL}, rows[i].fault, rows[i].fails, 0};
        struct answer answer;
        memset(&answer, 'x', sizeof answer);
        session_call(&mute.session, &request, 25, &answer);
        assert_int_equal(answer.kind, ANSWER_BROKEN);
        assert_string_equal(answer.detail, rows[i].detail);
        assert_null(answer.result);
        assert_int_equal(mute.asked_ms, rows[i].fails ? 0 : 25);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hello_declares_what_it_lists),
        cmocka_unit_test(what_is_released_holds_nothing),
        cmocka_unit_test(a_target_is_asked_by_its_table),
        cmocka_unit_test(a_session_that_fails_to_open_is_none),
        cmocka_unit_test(a_call_without_an_answer_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
