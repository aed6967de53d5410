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

static void json_is_broken_behind_commas_and_at_blanks(void **state) {
    (void)state;
    static const struct {
        const char *json;
        size_t column;
        const char *want;
    } breaks[] = {
        {"{\"a\":1}", 2, "{\"a\":1}"},
        {"{\"a\":1,\"b\":2}", 2, "{\"a\":1,\n  \"b\":2}"},
        {"[1,2,3,4,5]", 2, "[1,2,3,4,\n  5]"},
        {"\"some words\"", 2, "\"some\n  words\""},
        {"\"some  words\"", 2, "\"some\n  words\""},
        {"01234567890123456789", 2, "0123456789\n  0123456789"},
        {"x 01234567890123", 2, "x 01234567\n  890123"},
        {"\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4 \xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", 2,
         "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4 \xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"},
        {"{\"a\":{\"b\":\"123456\"}", 2, "{\"a\":{\"b\":\n  \"123456\"}"},
        {"abc,def", 8, "abc,\n  def"},
        {"", 2, ""},
    };
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        struct text out = {0};
        text_add(&out, "");
        json_break(&out, breaks[i].json, breaks[i].column, 2, 12);
        assert_string_equal(out.bytes, breaks[i].want);
        text_release(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(breaks_at_blanks),
                                       cmocka_unit_test(json_is_broken_behind_commas_and_at_blanks)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
