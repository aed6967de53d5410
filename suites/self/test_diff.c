#include "harness/report/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *expected;
    const char *got;
    size_t width_columns;
    const char *want;
} rows[] = {
    {NULL, NULL, 80, ""},
    {"1", NULL, 80, "> expected  1\n> got       (nothing)\n"},
    {NULL, "\n", 80, "> expected  (nothing)\n> got       \\n\n"},
    {"abc", "abd", 80, "> expected  abc\n> got       abd\n"},
    {"abcdefgh", "abcdefxh", 80, "> expected  abcdefgh\n> got       abcdefxh\n>                 ^\n"},
    {"same text", "same text", 80, "> expected  same text\n> got       same text\n"},
    {"\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC"
     "a",
     "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC"
     "b",
     80,
     "> expected  \xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC"
     "a\n> got       \xC3\xA4\xC3\xB6\xC3\xBC\xC3\xA4\xC3\xB6\xC3\xBC"
     "b\n>                 ^\n"},
    {"0123456789012345678901234567890123456789A---------",
     "0123456789012345678901234567890123456789B---------", 30,
     "> expected  ...678901234567890123456789A-----...\n> got       ...678901234567890123456789B-----...\n"
     ">                                      ^\n"},
    {"A12345678901234567890", "B12345678901234567890", 10,
     "> expected  A123456789...\n> got       B123456789...\n"},
};

static void shows_what_differs(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text out = {0};
        diff_add(&out, "> ", rows[i].expected, rows[i].got, rows[i].width_columns, paint_get(false));
        assert_string_equal(out.bytes ? out.bytes : "", rows[i].want);
        text_release(&out);
    }
}

static void colours_both_sides(void **state) {
    (void)state;
    struct text out = {0};
    diff_add(&out, "", "1", "2", 80, paint_get(true));
    assert_string_equal(out.bytes, "expected  \x1b[32m1\x1b[0m\ngot       \x1b[31m2\x1b[0m\n");
    text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_what_differs),
        cmocka_unit_test(colours_both_sides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
