#include "harness/adapters/crowd.h"
#include "harness/adapters/in_process.h"
#include "harness/adapters/null.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CROWD = 35, PATIENCE_MS = 10000 };

static struct answer ask(struct session *session, const char *method, const char *params) {
    const struct request request = {method, params, strlen(params), false};
    struct answer answer = {0};
    session_call(session, &request, PATIENCE_MS, &answer);
    return answer;
}

/* How many interrupts of each status the three users of the crowd have. */
static size_t count_crowd(struct session *session, const char *status) {
    size_t total = 0;
    for (unsigned user = 0; user < 3; user++) {
        struct text params = {0};
        text_addf(&params, "{\"user_id\":\"crowd-user-%u\",\"status\":\"%s\"}", user, status);
        struct answer answer = ask(session, "interrupt.list", params.bytes);
        total += (size_t)json_integer_value(json_object_get(answer.result, "total"));
        answer_release(&answer);
        text_release(&params);
    }
    return total;
}

static void expect_result(struct session *session, const char *method, const char *params) {
    struct answer answer = ask(session, method, params);
    if (answer.kind != ANSWER_RESULT) {
        fail_msg("%s: %s", method, answer.detail);
    }
    answer_release(&answer);
}

static void strangers_come_at_first_and_after_each_reset(void **state) {
    (void)state;
    struct target *target = crowd_new(in_process_memory_new(), CROWD, PATIENCE_MS);
    struct session *session = NULL, *other = NULL;
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    assert_int_equal(target_open(target, 1, &other, NULL), HP_OK);
    for (size_t i = 0; i < 3; i++) {
        expect_result(session, "clock.set", "{\"now\":\"2025-12-11T09:30:00Z\"}");
        assert_int_equal(count_crowd(other, "all"), CROWD);
        assert_int_equal(count_crowd(session, "pending"), CROWD);
        expect_result(session, "clock.set", "{\"now\":\"2025-12-11T09:30:00.000002Z\"}");
        /* A fifth is due after a microsecond, but for the one of them that is a checkpoint. */
        assert_int_equal(count_crowd(session, "expired"), CROWD / 5 - 1);
        assert_int_equal(count_crowd(session, "all"), CROWD);
        expect_result(session, "reset", "{}");
    }
    session_close(session);
    session_close(other);
    target_free(target);
}

static void at_the_end_of_time_strangers_have_no_term(void **state) {
    (void)state;
    struct target *target = crowd_new(in_process_memory_new(), CROWD, PATIENCE_MS);
    struct session *session = NULL;
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    expect_result(session, "clock.set", "{\"now\":\"9999-12-31T23:59:59.999999Z\"}");
    assert_int_equal(count_crowd(session, "pending"), CROWD);
    session_close(session);
    target_free(target);
}

static void a_crowd_that_cannot_come_is_told(void **state) {
    (void)state;
    static const char *const nulls[] = {"reject-all", "drop-connection"};
    for (size_t i = 0; i < 2; i++) {
        struct target *inner = NULL;
        struct session *session = NULL;
        assert_int_equal(null_new(nulls[i], &inner, NULL), HP_OK);
        struct target *target = crowd_new(inner, CROWD, PATIENCE_MS);
        assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
        struct answer answer = ask(session, "interrupt.get", "{}");
        assert_int_equal(answer.kind, ANSWER_BROKEN);
        assert_non_null(strstr(answer.detail, "crowd: stranger 0 could not be created"));
        answer_release(&answer);
        target_restart(target);
        session_close(session);
        target_free(target);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(strangers_come_at_first_and_after_each_reset),
                                       cmocka_unit_test(at_the_end_of_time_strangers_have_no_term),
                                       cmocka_unit_test(a_crowd_that_cannot_come_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
