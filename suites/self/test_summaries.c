#include "harness/report/summaries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/case/case.h"

static struct test_case cases[] = {
    {.id = "a.1", .chapter = "a"}, {.id = "a.2", .chapter = "a"}, {.id = "b.1", .chapter = "b"}};

static void counts_by_chapter(void **state) {
    (void)state;
    struct case_result results[] = {
        {.test_case = &cases[0], .verdict = VERDICT_PASSED, .duration_us = 5},
        {.test_case = &cases[1], .verdict = VERDICT_FAILED, .duration_us = 7},
        {.test_case = &cases[2], .verdict = VERDICT_FAILED, .duration_us = 11},
    };
    struct target_summary summary = {.results = results, .result_count = 3};
    struct chapter chapter;
    size_t at = 0;
    assert_true(chapter_take(&summary, &at, &chapter));
    assert_string_equal(chapter.name, "a");
    assert_int_equal(chapter.count, 2);
    assert_int_equal(chapter.duration_us, 12);
    assert_int_equal(chapter.tally.counts[VERDICT_FAILED], 1);
    assert_true(chapter_take(&summary, &at, &chapter));
    assert_ptr_equal(chapter.results, &results[2]);
    assert_int_equal(chapter.count, 1);
    assert_false(chapter_take(&summary, &at, &chapter));
}

static void keeps_and_sums_targets(void **state) {
    (void)state;
    struct summaries summaries = {0};
    struct target_summary summary = {.target = "one", .tally.counts[VERDICT_FAILED] = 2};
    summaries_add(&summaries, &summary);
    summary.target = "two";
    summaries_add(&summaries, &summary);
    assert_false(summaries.failed);
    assert_int_equal(summaries_count(&summaries, VERDICT_FAILED), 4);
    assert_int_equal(summaries_count(&summaries, VERDICT_PASSED), 0);
    assert_string_equal(summaries.items[0].target, "one");
    summaries_release(&summaries);
    assert_int_equal(summaries.count, 0);
}

static void nothing_but_unsupported_proves_nothing(void **state) {
    (void)state;
    struct target_summary summary = {.result_count = 2,
                                     .tally.counts = {[VERDICT_UNSUPPORTED] = 1, [VERDICT_NOT_RUN] = 1}};
    assert_true(summary_is_empty(&summary));
    summary.tally.counts[VERDICT_NOT_RUN] = 0;
    summary.tally.counts[VERDICT_PASSED] = 1;
    assert_false(summary_is_empty(&summary));
    summary.result_count = 0;
    assert_false(summary_is_empty(&summary));
}

static void knows_nulls(void **state) {
    (void)state;
    assert_string_equal(target_null_name("null:empty"), "empty");
    assert_null(target_null_name("memory"));
    struct test_case test_case = {.null_ok = json_pack("{ss}", "empty", "why")};
    assert_true(case_allows_null(&test_case, "empty"));
    assert_false(case_allows_null(&test_case, "echo"));
    assert_false(case_allows_null(&cases[0], "empty"));
    json_decref(test_case.null_ok);
}

static void the_command_survives_a_shell(void **state) {
    (void)state;
    struct run_header header = {.seed = UINT64_MAX, .repeat = " --crowd 5"};
    struct case_result result = {.test_case = &cases[0]};
    struct text out = {0};
    add_repeat_command(&out, &header, "stdio:it's", &result);
    assert_string_equal(out.bytes, "holdpoint run --target 'stdio:it'\\''s' --filter a.1 --seed "
                                   "18446744073709551615 --crowd 5");
    text_clear(&out);
    header.verb = "replay a.json";
    add_repeat_command(&out, &header, "memory", &result);
    assert_string_equal(out.bytes, "holdpoint replay a.json --target memory --filter a.1 --seed "
                                   "18446744073709551615 --crowd 5");
    text_release(&out);
}

static void seconds_have_a_dot(void **state) {
    (void)state;
    static const struct {
        int64_t duration_us;
        unsigned digits;
        const char *want;
    } rows[] = {{0, 3, "0.000"},
                {1999, 3, "0.001"},
                {1234567, 2, "1.23"},
                {-5, 3, "0.000"},
                {61000000, 6, "61.000000"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text out = {0};
        add_seconds(&out, rows[i].duration_us, rows[i].digits);
        assert_string_equal(out.bytes, rows[i].want);
        text_release(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_by_chapter),
        cmocka_unit_test(keeps_and_sums_targets),
        cmocka_unit_test(nothing_but_unsupported_proves_nothing),
        cmocka_unit_test(knows_nulls),
        cmocka_unit_test(the_command_survives_a_shell),
        cmocka_unit_test(seconds_have_a_dot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
