#include "harness/base/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void extended_expressions_find_their_text(void **state) {
    (void)state;
    static const struct {
        const char *expression, *text;
        size_t length;
        bool found;
    } rows[] = {{"^a+$", "aaa", 3, true},        {"^a+$", "aab", 3, false}, {"b", "abc", 3, true},
                {"^(x|yz){2}$", "xyz", 3, true}, {"^$", "", 0, true},       {"[0-9]", "no", 2, false},
                {"^a", "a\0b", 3, false},        {"", "\0", 1, false},      {"", "x", 1, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pattern *pattern = NULL;
        assert_int_equal(pattern_compile(rows[i].expression, &pattern), HP_OK);
        assert_int_equal(pattern_matches(pattern, rows[i].text, rows[i].length), rows[i].found);
        pattern_free(pattern);
    }
    pattern_free(NULL);
}

static void what_is_no_expression_is_invalid(void **state) {
    (void)state;
    static const char *const rows[] = {"[", "(", "a{2,1}", "*(", "[[:none:]]", "\\"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pattern *pattern = (struct pattern *)&pattern;
        assert_int_equal(pattern_compile(rows[i], &pattern), HP_INVALID);
        assert_null(pattern);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(extended_expressions_find_their_text),
                                       cmocka_unit_test(what_is_no_expression_is_invalid)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
