#include "harness/commands/catalog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_suite.h"

static void knows_what_proves_what(void **state) {
    (void)state;
    const struct suite *suite = suite_sample();
    static const size_t counts[] = {3, 2, 0, 0};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(catalog_count(suite, &suite->requirements[i]), counts[i]);
    }
    assert_true(catalog_proves(&suite->cases[1], &suite->requirements[0]));
    assert_false(catalog_proves(&suite->cases[1], &suite->requirements[1]));
}

static void counts_a_template_once(void **state) {
    (void)state;
    const struct suite *suite = suite_sample();
    assert_int_equal(catalog_count_templates(suite, &suite->requirements[0]), 2);
    assert_int_equal(catalog_count_templates(suite, &suite->requirements[2]), 0);
    assert_true(catalog_is_first(suite, 0, &suite->requirements[0]));
    assert_false(catalog_is_first(suite, 1, &suite->requirements[0]));
    assert_true(catalog_is_first(suite, 2, &suite->requirements[0]));
}

static void suggests_the_nearest(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    assert_int_equal(catalog_refuse(suite_sample(), "users.othr", &problem), HP_INVALID);
    assert_string_equal(
        problem.detail,
        "there is no case, template, chapter or requirement \"users.othr\"; did you mean users.other?");
    hp_problem_clear(&problem);
    catalog_refuse(suite_sample(), "zzzzzzzzzzzzz", &problem);
    assert_non_null(strstr(problem.detail, "; the chapters are kinds (2), users (1)"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_what_proves_what),
        cmocka_unit_test(counts_a_template_once),
        cmocka_unit_test(suggests_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
