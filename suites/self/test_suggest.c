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

static void the_first_of_equals_wins(void **state) {
    (void)state;
    static const char *const known[] = {"cat", "bat", "rat", NULL, "hatter"};
    const char *nearest[5];
    assert_string_equal(suggest_nearest("hat", known, 3), "cat");
    assert_int_equal(suggest_several("hat", known, 5, nearest, 5), 4);
    assert_string_equal(nearest[0], "hatter");
    assert_string_equal(nearest[1], "cat");
    assert_string_equal(nearest[2], "bat");
    assert_string_equal(nearest[3], "rat");
    assert_int_equal(suggest_several("hat", known, 5, nearest, 2), 2);
    assert_string_equal(nearest[1], "cat");
    assert_int_equal(suggest_several("hat", known, 5, nearest, 0), 0);
    assert_int_equal(suggest_several("", known, 5, nearest, 5), 0);
}

/* A word of which nothing would be left is not meant. */
static void short_words_are_not_guessed(void **state) {
    (void)state;
    static const char *const known[] = {"a", "ab"};
    assert_null(suggest_nearest("x", known, 1));
    assert_string_equal(suggest_nearest("A", known, 2), "a");
    assert_string_equal(suggest_nearest("b", known, 2), "ab");
}

static void long_words_are_compared_by_their_beginning(void **state) {
    (void)state;
    char one[400], other[400];
    memset(one, 'a', sizeof one);
    memset(other, 'a', sizeof other);
    one[300] = other[310] = '\0';
    other[255] = 'b';
    assert_int_equal(suggest_distance(one, other), 0);
    other[254] = 'b';
    assert_int_equal(suggest_distance(one, other), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_nearest_word_is_found),
                                       cmocka_unit_test(distances_count_half_edits),
                                       cmocka_unit_test(several_words_come_best_first),
                                       cmocka_unit_test(the_first_of_equals_wins),
                                       cmocka_unit_test(short_words_are_not_guessed),
                                       cmocka_unit_test(long_words_are_compared_by_their_beginning)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
