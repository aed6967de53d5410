#include "harness/adapters/environment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void replaces(void **state) {
    (void)state;
    struct text text = {0};
    struct hp_problem problem = {0};
    assert_int_equal(setenv("HP_TEST_ONE", "1 ${HP_TEST_TWO}", 1), 0);
    assert_int_equal(environment_expand("$ a ${HP_TEST_ONE}-${HP_TEST_ONE} {b}", &text, &problem), HP_OK);
    assert_string_equal(text.bytes, "$ a 1 ${HP_TEST_TWO}-1 ${HP_TEST_TWO} {b}");
    text_release(&text);
    assert_int_equal(environment_expand("", &text, &problem), HP_OK);
    assert_string_equal(text.bytes, "");
    text_release(&text);
}

static void refuses(void **state) {
    (void)state;
    const char *const rows[] = {"${}", "${A B}", "x ${HP", "${HP-X}"};
    struct text text = {0};
    struct hp_problem problem = {0};
    unsetenv("HP_TEST_NOBODY");
    assert_int_equal(environment_expand("a ${HP_TEST_NOBODY}", &text, &problem), HP_INVALID);
    assert_string_equal(problem.detail, "the environment variable HP_TEST_NOBODY is not set");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hp_problem_clear(&problem);
        assert_int_equal(environment_expand(rows[i], &text, &problem), HP_INVALID);
        assert_non_null(strstr(problem.detail, "${NAME}"));
    }
    text_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(replaces), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
