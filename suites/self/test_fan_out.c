#include "harness/report/fan_out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_results.h"

struct counter {
    struct reporter reporter;
    char *calls; /* borrowed: one letter for each call */
    bool written;
    bool settled;
    int settled_code; /* what it heard */
};

static void note(struct reporter *reporter, const char *letter) {
    strcat(((struct counter *)reporter)->calls, letter);
}

static void counter_begin(struct reporter *reporter, const struct run_header *header) {
    assert_int_equal(header->seed, 7);
    note(reporter, "b");
}

static void counter_target_begin(struct reporter *reporter, const char *target, const struct hello *hello,
                                 const char *down) {
    assert_non_null(target);
    assert_true((hello == NULL) == (down != NULL));
    note(reporter, "t");
}

static void counter_case_done(struct reporter *reporter, const char *target,
                              const struct case_result *result) {
    assert_non_null(target);
    assert_non_null(result->test_case);
    note(reporter, "c");
}

static void counter_target_end(struct reporter *reporter, const struct target_summary *summary) {
    assert_int_equal(tally_sum(&summary->tally), summary->result_count);
    note(reporter, "T");
}

static void counter_parity(struct reporter *reporter, const struct parity *parity) {
    assert_int_equal(parity_count_differences(parity), 3);
    note(reporter, "p");
}

static bool counter_settle(struct reporter *reporter, int exit_code) {
    ((struct counter *)reporter)->settled_code = exit_code;
    note(reporter, "s");
    return ((struct counter *)reporter)->settled;
}

static void counter_end(struct reporter *reporter, int exit_code) {
    assert_int_equal(exit_code, 1);
    note(reporter, "e");
}

static bool counter_close(struct reporter *reporter) {
    note(reporter, "x");
    return ((struct counter *)reporter)->written;
}

static const struct reporter_ops counter_ops = {
    counter_begin,  counter_target_begin, counter_case_done, counter_target_end,
    counter_parity, counter_settle,       counter_end,       counter_close,
};

static void each_hears_everything(void **state) {
    (void)state;
    char calls[2][64] = {"", ""};
    struct counter counters[] = {{{&counter_ops}, calls[0], true, true, 0},
                                 {{&counter_ops}, calls[1], true, true, 0}};
    struct reporter *both[] = {&counters[0].reporter, &counters[1].reporter};
    assert_true(sample_play(SAMPLE_HOSTILE, reporter_fan_out_take(both, 2)));
    assert_string_equal(calls[0], "btcccTsex");
    assert_string_equal(calls[1], "btcccTsex");
}

static void each_hears_of_parity(void **state) {
    (void)state;
    char calls[2][64] = {"", ""};
    struct counter counters[] = {{{&counter_ops}, calls[0], true, true, 0},
                                 {{&counter_ops}, calls[1], true, true, 0}};
    struct reporter *both[] = {&counters[0].reporter, &counters[1].reporter};
    assert_true(sample_play(SAMPLE_PARITY, reporter_fan_out_take(both, 2)));
    assert_string_equal(calls[0], "btccccccccTtccccccccTtccccccccTpsex");
    assert_string_equal(calls[1], calls[0]);
}

static void one_that_failed_is_a_failure_and_all_are_closed(void **state) {
    (void)state;
    char calls[2][64] = {"", ""};
    struct counter counters[] = {{{&counter_ops}, calls[0], false, true, 0},
                                 {{&counter_ops}, calls[1], true, true, 0}};
    struct reporter *both[] = {&counters[0].reporter, &counters[1].reporter};
    assert_false(sample_play(SAMPLE_HOSTILE, reporter_fan_out_take(both, 2)));
    assert_string_equal(calls[1], "btcccTsex");
}

/* Those that are settled behind one that cannot be written hear what the command returns then. */
static void one_that_cannot_be_settled_makes_the_code(void **state) {
    (void)state;
    char calls[3][64] = {"", "", ""};
    struct counter counters[] = {{{&counter_ops}, calls[0], true, true, 0},
                                 {{&counter_ops}, calls[1], true, false, 0},
                                 {{&counter_ops}, calls[2], true, true, 0}};
    struct reporter *all[] = {&counters[0].reporter, &counters[1].reporter, &counters[2].reporter};
    struct reporter *fan = reporter_fan_out_take(all, 3);
    assert_false(fan->ops->settle(fan, 1));
    assert_int_equal(counters[0].settled_code, 1);
    assert_int_equal(counters[1].settled_code, 1);
    assert_int_equal(counters[2].settled_code, REPORT_BROKEN_CODE);
    assert_true(fan->ops->close(fan));
}

static void none_at_all_is_fine(void **state) {
    (void)state;
    assert_true(sample_play(SAMPLE_HOSTILE, reporter_fan_out_take(NULL, 0)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_hears_everything),
        cmocka_unit_test(each_hears_of_parity),
        cmocka_unit_test(one_that_failed_is_a_failure_and_all_are_closed),
        cmocka_unit_test(one_that_cannot_be_settled_makes_the_code),
        cmocka_unit_test(none_at_all_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
