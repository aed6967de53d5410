#include "reference/core/json.h"
#include "reference/core/transition.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A pending interrupt of ann; static texts. */
static struct hp_interrupt pending(enum hp_kind kind) {
    struct hp_interrupt interrupt = bench_full_interrupt();
    interrupt.kind = kind;
    interrupt.status = HP_PENDING;
    interrupt.has_response = false;
    interrupt.response = (struct hp_response){0};
    interrupt.resolved_at_us = HP_INSTANT_NONE;
    return interrupt;
}

static void test_resolve(void **state) {
    (void)state;
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        struct hp_interrupt current = pending((enum hp_kind)kind);
        struct hp_interrupt before = current;
        struct hp_response response = bench_response((enum hp_kind)kind);
        response.received_at_us = 4711; /* ignored */
        response.data = "{\"b\":2}";
        const struct hp_change change = {.user_id = "ann", .to = HP_RESOLVED, .response = &response};
        struct hp_interrupt *after = NULL;
        assert_int_equal(hp_transition(&current, &change, BENCH_NOW_US + 7, &after, NULL), HP_OK);
        before.status = HP_RESOLVED;
        before.has_response = true;
        before.response = response;
        before.response.received_at_us = BENCH_NOW_US + 7;
        before.resolved_at_us = BENCH_NOW_US + 7;
        assert_same_interrupt(after, &before);
        assert_int_equal(current.status, HP_PENDING);
        hp_interrupt_free(after);
    }
}

/* Owner, pending, kind: the first that is broken decides, whatever else is broken behind it. */
static void test_order_of_checks(void **state) {
    (void)state;
    static const struct {
        const char *user_id;
        enum hp_interrupt_status status;
        bool late;
        bool fits;
        enum hp_status want;
        const char *shown;
    } rows[] = {
        {"bob", HP_PENDING, false, true, HP_FORBIDDEN, ""},
        {"bob", HP_RESOLVED, true, false, HP_FORBIDDEN, ""},
        {"Ann", HP_PENDING, false, true, HP_FORBIDDEN, ""},
        {"ann ", HP_PENDING, false, true, HP_FORBIDDEN, ""},
        {"ann", HP_RESOLVED, false, false, HP_CONFLICT, "resolved"},
        {"ann", HP_CANCELLED, false, true, HP_CONFLICT, "cancelled"},
        {"ann", HP_EXPIRED, false, true, HP_CONFLICT, "expired"},
        {"ann", HP_PENDING, true, false, HP_CONFLICT, "expired"},
        {"ann", HP_RESOLVED, true, true, HP_CONFLICT, "resolved"},
        {"ann", HP_PENDING, false, false, HP_INVALID, ""},
        {"ann", HP_PENDING, false, true, HP_OK, ""},
        {NULL, HP_PENDING, false, true, HP_OK, ""},
        {NULL, HP_EXPIRED, false, true, HP_CONFLICT, "expired"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_interrupt current = pending(HP_CONFIRMATION);
        current.status = rows[i].status;
        struct hp_response response = bench_response(rows[i].fits ? HP_CONFIRMATION : HP_CLARIFICATION);
        const struct hp_change change = {
            .user_id = rows[i].user_id, .to = HP_RESOLVED, .response = &response};
        struct hp_interrupt *after = NULL;
        struct hp_problem problem = {0};
        int64_t now_us = current.expires_at_us + rows[i].late;
        assert_int_equal(hp_transition(&current, &change, now_us, &after, &problem), rows[i].want);
        assert_int_equal(problem.status, rows[i].want);
        assert_string_equal(problem.interrupt_status, rows[i].shown);
        assert_int_equal(after != NULL, rows[i].want == HP_OK);
        hp_interrupt_free(after);
    }
}

/* A refusal without a problem to fill, and with one that holds another already. */
static void test_conflict_keeps_the_first_problem(void **state) {
    (void)state;
    struct hp_interrupt current = pending(HP_CHECKPOINT);
    current.status = HP_CANCELLED;
    const struct hp_change change = {.to = HP_CANCELLED};
    struct hp_interrupt *after = NULL;
    assert_int_equal(hp_transition(&current, &change, BENCH_NOW_US, &after, NULL), HP_CONFLICT);
    struct hp_problem problem = {.status = HP_INVALID};
    assert_int_equal(hp_transition(&current, &change, BENCH_NOW_US, &after, &problem), HP_CONFLICT);
    assert_int_equal(problem.status, HP_INVALID);
    assert_string_equal(problem.interrupt_status, "");
    assert_null(after);
}

static void test_cancel(void **state) {
    (void)state;
    static const struct {
        const char *data;
        const char *reason;
        const char *want;
    } rows[] = {
        {"{}", NULL, "{}"},
        {"{}", "", "{}"},
        {"{\"a\":1}", NULL, "{\"a\":1}"},
        {"{}", "no", "{\"cancel_reason\":\"no\"}"},
        {"{\"a\":[{}]}", "no \"more\"", "{\"a\":[{}],\"cancel_reason\":\"no \\\"more\\\"\"}"},
        {"{\"cancel_reason\":\"old\",\"b\":9223372036854775807}", "new",
         "{\"cancel_reason\":\"new\",\"b\":9223372036854775807}"},
        {"{\"cancel_reason\":{\"x\":1}}", "", "{\"cancel_reason\":{\"x\":1}}"},
        {"{\"x\":0.1}", " ", "{\"x\":0.1,\"cancel_reason\":\" \"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_interrupt current = pending(HP_CLARIFICATION);
        current.data = rows[i].data;
        const struct hp_change change = {.user_id = "ann", .to = HP_CANCELLED, .reason = rows[i].reason};
        struct hp_interrupt *after = NULL;
        assert_int_equal(hp_transition(&current, &change, BENCH_NOW_US, &after, NULL), HP_OK);
        struct hp_interrupt want = current;
        want.status = HP_CANCELLED;
        want.data = rows[i].want;
        assert_same_interrupt(after, &want);
        assert_string_equal(current.data, rows[i].data);
        hp_interrupt_free(after);
    }
}

static void test_result_too_large(void **state) {
    (void)state;
    char *text = malloc(JSON_SIZE_MAX_BYTES);
    assert_non_null(text);
    memset(text, 'a', JSON_SIZE_MAX_BYTES - 1);
    text[JSON_SIZE_MAX_BYTES - 1] = '\0';
    struct hp_interrupt current = pending(HP_CHECKPOINT);
    struct hp_response response = {.text = text};
    const struct hp_change changes[] = {{.to = HP_RESOLVED, .response = &response},
                                        {.to = HP_CANCELLED, .reason = text}};
    for (size_t i = 0; i < 2; i++) {
        struct hp_interrupt *after = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(hp_transition(&current, &changes[i], BENCH_NOW_US, &after, &problem), HP_INVALID);
        assert_string_equal(problem.field, i == 0 ? "/response/text" : "/reason");
        assert_null(after);
    }
    free(text);
}

static void test_expire(void **state) {
    (void)state;
    struct hp_interrupt current = pending(HP_TIMEOUT);
    struct hp_interrupt *after = hp_transition_expire(&current);
    assert_int_equal(current.status, HP_PENDING);
    current.status = HP_EXPIRED;
    assert_same_interrupt(after, &current);
    hp_interrupt_free(after);
}

static void test_can_resume(void **state) {
    (void)state;
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        for (int approved = HP_APPROVAL_NONE; approved <= HP_DENIED; approved++) {
            struct hp_interrupt resolved = bench_full_interrupt();
            resolved.kind = (enum hp_kind)kind;
            resolved.response.approved = (enum hp_approval)approved;
            bool denied = kind == HP_CONFIRMATION && approved == HP_DENIED;
            assert_int_equal(hp_request_can_resume(&resolved), !denied);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolve),
        cmocka_unit_test(test_order_of_checks),
        cmocka_unit_test(test_conflict_keeps_the_first_problem),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_result_too_large),
        cmocka_unit_test(test_expire),
        cmocka_unit_test(test_can_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
