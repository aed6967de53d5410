#include "harness/base/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const words[] = {"expect", "refused", "requirement", NULL, "bind", "kinds.create.each"};
enum { WORD_COUNT = sizeof words / sizeof words[0] };

static void the_nearest_word_is_found(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"expcet", "expect"},
                                          {"Expect", "expect"},
                                          {"refuse", "refused"},
                                          {"requirment", "requirement"},
                                          {"binds", "bind"},
                                          {"zzzzzz", NULL},
                                          {"", NULL},
                                          {"x", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *nearest = suggest_nearest(rows[i][0], words, WORD_COUNT);
        if (rows[i][1]) {
            assert_non_null(nearest);
            assert_string_equal(nearest, rows[i][1]);
        } else {
            assert_null(nearest);
        }
    }
}

static void distances_count_half_edits(void **state) {
    (void)state;
    assert_int_equal(suggest_distance("abc", "abc"), 0);
    assert_int_equal(suggest_distance("abc", "aBc"), 1);
    assert_int_equal(suggest_distance("abc", "acb"), 2);
    assert_int_equal(suggest_distance("abc", "ab"), 2);
    assert_int_equal(suggest_distance("", "abc"), 6);
}

static void several_words_come_best_first(void **state) {
    (void)state;
    static const char *const known[] = {"kinds.create.each", "kinds.create", "users.get", "create"};
    const char *nearest[2];
    assert_int_equal(suggest_several("create", known, 4, nearest, 2), 2);
    assert_string_equal(nearest[0], "create");
    assert_string_equal(nearest[1], "kinds.create");
    assert_int_equal(suggest_several("xxxxxxxxx", known, 4, nearest, 2), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_nearest_word_is_found),
                                       cmocka_unit_test(distances_count_half_edits),
                                       cmocka_unit_test(several_words_come_best_first)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
