#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_first_problem_is_kept(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    assert_int_equal(hp_problem_set(&problem, HP_INVALID, "/a", "%d of %s", 3, "four"), HP_INVALID);
    assert_string_equal(problem.field, "/a");
    assert_string_equal(problem.detail, "3 of four");
    assert_string_equal(problem.interrupt_status, "");
    assert_int_equal(hp_problem_set(&problem, HP_CONFLICT, "/b", "another"), HP_CONFLICT);
    assert_int_equal(problem.status, HP_INVALID);
    assert_string_equal(problem.field, "/a");
    assert_string_equal(problem.detail, "3 of four");
}

static void test_clear(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    assert_int_equal(hp_problem_no_memory(&problem), HP_INTERNAL);
    assert_int_equal(problem.status, HP_INTERNAL);
    assert_string_equal(problem.field, "");
    assert_string_equal(problem.detail, "out of memory");
    hp_problem_clear(&problem);
    assert_int_equal(problem.status, HP_OK);
    assert_string_equal(problem.detail, "");
}

static void test_no_problem_wanted(void **state) {
    (void)state;
    hp_problem_clear(NULL);
    assert_int_equal(hp_problem_set(NULL, HP_FORBIDDEN, NULL, "x"), HP_FORBIDDEN);
    assert_int_equal(hp_problem_no_memory(NULL), HP_INTERNAL);
}

/* Both texts are cut between characters, whatever the place where the room ends. */
static void test_long_text_is_cut_at_a_character(void **state) {
    (void)state;
    char lead[8] = "";
    char tail[2 * HP_PROBLEM_DETAIL_SIZE];
    for (size_t i = 0; i + 4 < sizeof tail; i += 4) {
        memcpy(tail + i, "\xF0\x9F\x98\x80", 5);
    }
    for (size_t shift = 0; shift < 4; shift++) {
        struct hp_problem problem = {0};
        char field[sizeof tail + sizeof lead];
        memset(lead, 'a', shift);
        memcpy(field, lead, shift);
        memcpy(field + shift, tail, strlen(tail) + 1);
        hp_problem_set(&problem, HP_INVALID, field, "%s%s", lead, tail);
        assert_true(text_is_utf8(problem.detail, strlen(problem.detail)));
        assert_true(strlen(problem.detail) > HP_PROBLEM_DETAIL_SIZE - 5);
        assert_true(text_is_utf8(problem.field, strlen(problem.field)));
        assert_true(strlen(problem.field) > HP_PROBLEM_FIELD_SIZE - 5);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_problem_is_kept),
        cmocka_unit_test(test_clear),
        cmocka_unit_test(test_no_problem_wanted),
        cmocka_unit_test(test_long_text_is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
