#include "harness/commands/explain_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_results.h"
#include "suites/self/support_suite.h"

static void explains_every_kind_of_step(void **state) {
    (void)state;
    const struct suite *suite = suite_sample();
    struct text out = {0};
    for (size_t i = 0; i < suite->case_count; i++) {
        explain_case(&out, suite, &suite->cases[i], 100);
        text_add(&out, "----\n");
    }
    assert_false(out.failed);
    golden_compare("explain_case", "txt", out.bytes);
    text_release(&out);
}

static void explains_requirements(void **state) {
    (void)state;
    const struct suite *suite = suite_sample();
    struct text out = {0};
    for (size_t i = 0; i < suite->requirement_count; i++) {
        explain_requirement(&out, suite, &suite->requirements[i], 100);
        text_add(&out, "----\n");
    }
    assert_false(out.failed);
    golden_compare("explain_requirement", "txt", out.bytes);
    text_release(&out);
}

static void explains_a_template_with_its_rows(void **state) {
    (void)state;
    struct text out = {0};
    assert_true(explain_template(&out, suite_sample(), "kinds.each", 100));
    assert_false(out.failed);
    golden_compare("explain_template", "txt", out.bytes);
    text_clear(&out);
    assert_false(explain_template(&out, suite_sample(), "kinds", 100));
    assert_int_equal(out.length_bytes, 0);
    text_release(&out);
}

static void explains_a_chapter_by_a_list(void **state) {
    (void)state;
    struct text out = {0};
    assert_true(explain_group(&out, suite_sample(), "kinds", 100));
    assert_string_equal(out.bytes,
                        "kinds: 2 cases in 1 template\n\n  kinds.each  (2 rows)\n      Each kind works\n\n"
                        "Each can be explained by its id; `holdpoint list --filter kinds` shows every "
                        "row.\n");
    text_clear(&out);
    assert_true(explain_group(&out, suite_sample(), "users.other", 100));
    assert_non_null(strstr(out.bytes, "users.other: 1 case in 1 template\n\n  users.other\n"));
    text_clear(&out);
    assert_false(explain_group(&out, suite_sample(), "nothing", 100));
    assert_int_equal(out.length_bytes, 0);
    text_release(&out);
}

/* A tab that stands in raw params and the escape \t are two things. */
static void a_raw_tab_is_not_an_escaped_one(void **state) {
    (void)state;
    struct text out = {0};
    struct step step = {.kind = STEP_CALL, .method = "describe", .times = 1, .raw = "{\"a\":\"\t\\t\"}"};
    struct test_case one = suite_sample()->cases[2];
    one.steps = &step;
    one.step_count = 1;
    explain_case(&out, suite_sample(), &one, 100);
    assert_non_null(strstr(out.bytes, "with     {\"a\":\"<U+0009>\\t\"}\n"));
    text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explains_every_kind_of_step),       cmocka_unit_test(explains_requirements),
        cmocka_unit_test(explains_a_template_with_its_rows), cmocka_unit_test(explains_a_chapter_by_a_list),
        cmocka_unit_test(a_raw_tab_is_not_an_escaped_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
