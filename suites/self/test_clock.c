#include "reference/base/clock.h"
#include "reference/base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

static void test_runs_with_the_system(void **state) {
    (void)state;
    struct hp_clock *clock = hp_clock_new();
    assert_non_null(clock);
    int64_t before_us = (int64_t)time(NULL) * HP_SECOND_US;
    int64_t last_us = hp_clock_now(clock);
    assert_true(last_us >= before_us);
    for (int i = 0; i < 1000; i++) {
        int64_t now_us = hp_clock_now(clock);
        assert_true(now_us >= last_us);
        last_us = now_us;
    }
    assert_true(last_us <= (int64_t)(time(NULL) + 1) * HP_SECOND_US);
    hp_clock_free(clock);
}

static void test_stands_still_until_set(void **state) {
    (void)state;
    struct hp_clock *clock = hp_clock_new();
    assert_int_equal(hp_clock_set(clock, 1000, NULL), HP_OK);
    assert_true(hp_clock_now(clock) == 1000);
    assert_true(hp_clock_now(clock) == 1000);
    assert_int_equal(hp_clock_set(clock, 1000, NULL), HP_OK);
    assert_int_equal(hp_clock_set(clock, 1001, NULL), HP_OK);
    assert_true(hp_clock_now(clock) == 1001);
    hp_clock_free(clock);
}

static void test_refusals(void **state) {
    (void)state;
    static const int64_t refused_us[] = {
        4999, HP_INSTANT_MIN, HP_INSTANT_MIN - 1, HP_INSTANT_MAX + 1, HP_INSTANT_NONE, INT64_MAX};
    struct hp_clock *clock = hp_clock_new();
    assert_int_equal(hp_clock_set(clock, 5000, NULL), HP_OK);
    for (size_t i = 0; i < sizeof refused_us / sizeof refused_us[0]; i++) {
        struct hp_problem problem = {0};
        assert_int_equal(hp_clock_set(clock, refused_us[i], &problem), HP_INVALID);
        assert_string_equal(problem.field, "/now");
        assert_true(hp_clock_now(clock) == 5000);
    }
    assert_int_equal(hp_clock_set(clock, HP_INSTANT_MAX, NULL), HP_OK);
    assert_true(hp_clock_now(clock) == HP_INSTANT_MAX);
    hp_clock_free(clock);
}

/* What an answer has shown as past stays past. */
static void test_never_set_behind_what_was_read(void **state) {
    (void)state;
    struct hp_clock *clock = hp_clock_new();
    int64_t read_us = hp_clock_now(clock);
    assert_int_equal(hp_clock_set(clock, read_us - 1, NULL), HP_INVALID);
    assert_true(hp_clock_now(clock) >= read_us);
    assert_int_equal(hp_clock_set(clock, HP_INSTANT_MAX, NULL), HP_OK);
    hp_clock_free(clock);
}

static void test_first_setting_may_be_any(void **state) {
    (void)state;
    struct hp_clock *clock = hp_clock_new();
    assert_int_equal(hp_clock_set(clock, HP_INSTANT_MIN, NULL), HP_OK);
    assert_true(hp_clock_now(clock) == HP_INSTANT_MIN);
    hp_clock_free(clock);
    hp_clock_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_with_the_system),
        cmocka_unit_test(test_stands_still_until_set),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_never_set_behind_what_was_read),
        cmocka_unit_test(test_first_setting_may_be_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
