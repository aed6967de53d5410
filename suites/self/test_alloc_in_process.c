/* Every allocation of the target in process fails once: a refusal or an error, and the target answers as
 * before. */
#include "harness/adapters/in_process.h"
#include "suites/self/support_fail_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum hp_status make_target(void *context) {
    (void)context;
    struct target *target = in_process_memory_new();
    target_free(target);
    return target ? HP_OK : HP_INTERNAL;
}

static enum hp_status say_hello(void *context) {
    struct hello hello = {0};
    enum hp_status status = target_hello(context, &hello, NULL);
    assert_int_equal(hello.capabilities != NULL, status == HP_OK);
    hello_release(&hello);
    return status;
}

static enum hp_status open_session(void *context) {
    struct session *session = NULL;
    enum hp_status status = target_open(context, 1, &session, NULL);
    assert_int_equal(session != NULL, status == HP_OK);
    session_close(session);
    return status;
}

/* One call; what the target answers becomes a status again. */
static enum hp_status call(struct session *session, const char *method, const char *params) {
    const struct request request = {
        .method = method, .params = params, .params_length_bytes = strlen(params)};
    struct answer answer = {0};
    enum hp_status status = HP_OK;
    session_call(session, &request, 1000, &answer);
    if (answer.kind != ANSWER_RESULT) {
        assert_int_equal(answer.kind, ANSWER_REFUSED);
        assert_true(hp_status_from_name(answer.error_name, &status));
    }
    answer_release(&answer);
    return status;
}

static enum hp_status reset(void *context) {
    return call(context, "reset", "{}");
}

static enum hp_status set_clock(void *context) {
    return call(context, "clock.set", "{\"now\":\"2025-12-11T09:30:00Z\"}");
}

static enum hp_status list(void *context) {
    return call(context, "interrupt.list", "{\"user_id\":\"ann\"}");
}

static void test_target(void **state) {
    (void)state;
    struct target *target = in_process_memory_new();
    struct session *session = NULL;
    assert_true(fail_alloc_sweep(make_target, NULL, false) > 5);
    assert_true(fail_alloc_sweep(say_hello, target, false) > 10);
    assert_true(fail_alloc_sweep(open_session, target, false) > 1);
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    assert_true(fail_alloc_sweep(reset, session, false) > 5);
    assert_true(fail_alloc_sweep(set_clock, session, false) > 5);
    assert_true(fail_alloc_sweep(list, session, false) > 5);
    session_close(session);
    target_free(target);
}

int main(void) {
    fail_alloc_install();
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_target)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
