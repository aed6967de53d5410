#include "harness/adapters/relay.h"

#include "suites/self/support_fake_target.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void call(struct session *session, const char *method, struct answer *answer) {
    const struct request request = {method, "{}", 2, false};
    session_call(session, &request, 1000, answer);
}

/* A fake stays the test's own. */
static void passes_on(void **state) {
    (void)state;
    static const struct fake_answer inner_script[] = {
        {"interrupt.get", "{\"from\":\"inner\"}", NULL, NULL, NULL}, {0}};
    static const struct fake_answer other_script[] = {
        {"interrupt.create", "{\"from\":\"other\"}", NULL, NULL, NULL},
        {"interrupt.list", "{\"from\":\"other\"}", NULL, NULL, NULL},
        {0}};
    struct fake_target inner, other;
    struct hello hello = {0};
    struct session *session = NULL;
    struct answer answer;
    fake_target_init(&inner, "[\"get\",\"list\"]", inner_script);
    fake_target_init(&other, "[\"create\"]", other_script);
    struct target *relay = relay_new(&inner.target);
    assert_true(relay_add(relay, "interrupt.create", &other.target, true));
    assert_true(relay_add(relay, "interrupt.list", &other.target, false));
    assert_int_equal(target_hello(relay, &hello, NULL), HP_OK);
    assert_true(hello_declares(&hello, "create"));
    assert_true(hello_declares(&hello, "get"));
    assert_false(hello_declares(&hello, "list")); /* the other does not promise it */
    assert_int_equal(json_array_size(hello.stand_ins), 1);
    assert_string_equal(json_string_value(json_array_get(hello.stand_ins, 0)), "interrupt.create");
    hello_release(&hello);
    assert_int_equal(target_open(relay, 0, &session, NULL), HP_OK);
    assert_int_equal(other.opened, 0);
    static const char *const methods[] = {"interrupt.create", "interrupt.get", "interrupt.list"};
    static const char *const from[] = {"other", "inner", "other"};
    for (size_t i = 0; i < 3; i++) {
        call(session, methods[i], &answer);
        assert_int_equal(answer.kind, ANSWER_RESULT);
        assert_string_equal(json_string_value(json_object_get(answer.result, "from")), from[i]);
        answer_release(&answer);
    }
    session_close(session);
    assert_int_equal(other.opened, other.closed);
    target_restart(relay);
    assert_int_equal(inner.restarts, 1);
    assert_true(other.restarts >= 1);
    target_free(relay);
    fake_target_release(&inner);
    fake_target_release(&other);
}

static void other_is_away(void **state) {
    (void)state;
    static const struct fake_answer none[] = {{0}};
    struct fake_target inner, other;
    struct hello hello = {0};
    struct session *session = NULL;
    struct answer answer;
    fake_target_init(&inner, "[]", none);
    fake_target_init(&other, "[]", none);
    struct target *relay = relay_new(&inner.target);
    assert_true(relay_add(relay, "reset", &other.target, false));
    other.hello_fails = other.open_fails = true;
    assert_int_not_equal(target_hello(relay, &hello, NULL), HP_OK);
    assert_null(hello.capabilities);
    assert_int_equal(target_open(relay, 0, &session, NULL), HP_OK);
    call(session, "reset", &answer);
    assert_int_equal(answer.kind, ANSWER_BROKEN);
    answer_release(&answer);
    session_close(session);
    target_free(relay);
    fake_target_release(&inner);
    fake_target_release(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(passes_on), cmocka_unit_test(other_is_away)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
