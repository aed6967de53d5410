#include "harness/adapters/null.h"
#include "harness/adapters/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct session_ops passing_session_ops = {wrapped_start, wrapped_poll, wrapped_close};

static enum hp_status open_wrapped(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    return wrapped_open(target, &passing_session_ops, sizeof(struct wrapped_session), endpoint, session,
                        problem);
}

/* Decorators that change nothing; the second does not even wrap its sessions. */
static const struct target_ops passing_ops[] = {
    {wrap_hello, open_wrapped, wrap_restart, wrap_take_log, wrap_reproduce, wrap_free, wrap_set_gate},
    {wrap_hello, wrap_open, wrap_restart, wrap_take_log, wrap_reproduce, wrap_free, wrap_set_gate}};

static void everything_is_passed_on(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct wrap *wrap = calloc(1, sizeof *wrap);
        struct session *session = NULL;
        struct hello hello;
        struct answer answer = {0};
        struct text text = {0};
        const struct request request = {"describe", "{\"a\":1}", 7, false};
        assert_non_null(wrap);
        wrap->target.ops = &passing_ops[i];
        assert_int_equal(null_new("echo", &wrap->inner, NULL), HP_OK);
        struct target *target = &wrap->target;
        assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
        assert_string_equal(hello.name, "null: echo");
        hello_release(&hello);
        assert_int_equal(target_open(target, 2, &session, NULL), HP_UNSUPPORTED);
        assert_null(session);
        assert_int_equal(target_open(target, 1, &session, NULL), HP_OK);
        assert_ptr_equal(session->target, i == 0 ? target : wrap->inner);
        session_call(session, &request, 0, &answer);
        assert_int_equal(json_integer_value(json_object_get(answer.result, "a")), 1);
        answer_release(&answer);
        target_restart(target);
        target_take_log(target, &text);
        target_reproduce(target, &request, &text);
        assert_int_equal(text.length_bytes, 0);
        session_close(session);
        target_free(target);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_is_passed_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
