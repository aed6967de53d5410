#include "harness/report/paragraph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *first;
    const char *string;
    const char *want;
} rows[] = {
    {"- ", "", "- \n"},
    {"- ", "short", "- short\n"},
    {"- ", "twelve and more words here", "- twelve and\n  more words\n  here\n"},
    {"", "exactly twel", "exactly twel\n"},
    {"", "exactly twelv", "exactly\ntwelv\n"},
    {"- ", "averylongwordthatfitsnowhere x", "- averylongwordthatfitsnowhere\n  x\n"},
    {"- ", "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4 \xC3\xB6\xC3\xB6\xC3\xB6\xC3\xB6\xC3\xB6",
     "- \xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4 \xC3\xB6\xC3\xB6\xC3\xB6\xC3\xB6\xC3\xB6\n"},
    {"- ", "a\nb", "- a\\nb\n"},
    {"- ", NULL, "- \n"},
};

static void breaks_at_blanks(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text out = {0};
        paragraph_add(&out, rows[i].first, rows[i].string, 12);
        assert_string_equal(out.bytes, rows[i].want);
        text_release(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(breaks_at_blanks)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
