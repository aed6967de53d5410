#include "reference/base/json_reader.h"
#include "reference/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Where a fault is found, and what was expected there. */
static const struct {
    const char *text;
    size_t line;
    size_t column;
    const char *expected; /* a part of it */
} faults[] = {
    {"", 1, 1, "value"},
    {"\n\n  ", 3, 3, "value"},
    {"{\"a\":1,\n \"b\":x}", 2, 6, "value"},
    {"{\"a\" 1}", 1, 6, "colon"},
    {"{\"a\":1 \"b\":2}", 1, 8, "comma"},
    {"{\"a\":1,}", 1, 8, "key in quotes"},
    {"{\"a\":1,\"a\":2}", 1, 11, "twice"},
    {"[1 2]", 1, 4, "comma"},
    {"[1,", 1, 4, "value"},
    {"[", 1, 2, "value"},
    {"{", 1, 2, "key in quotes"},
    {"{\"a\":", 1, 6, "value"},
    {"1 1", 1, 3, "end"},
    {"-", 1, 2, "value"},
    {"1.x", 1, 3, "digit"},
    {"1e+", 1, 4, "digit"},
    {"-9223372036854775809", 1, 21, "64-bit"},
    {"9223372036854775808", 1, 20, "64-bit"},
    {"99999999999999999999", 1, 21, "64-bit"},
    {"1e999", 1, 6, "doubles"},
    {"\"\xC3\xA9\xF0\x9F\x98\x80\t\"", 1, 4, "quote"},
    {"\"abc", 1, 5, "quote"},
    {"\"abc\\", 1, 6, "escape"},
    {"\"\\", 1, 3, "escape"},
    {"\"\\q\"", 1, 3, "escape"},
    {"\"\\u00g0\"", 1, 6, "escape"},
    {"\"\\u0000\"", 1, 8, "escape"},
    {"\"\\ud800\"", 1, 8, "escape"},
    {"\"\\ud800\\n\"", 1, 9, "escape"},
    {"\"\\ud800\\u0041\"", 1, 14, "escape"},
    {"\"\\ud800\\uzzzz\"", 1, 10, "escape"},
    {"\"\xC3\"", 1, 4, "UTF-8"},
    {"\"\xC3\\u00a9\"", 1, 10, "UTF-8"},
    {"[true,fals]", 1, 7, "value"},
    {"tru", 1, 1, "value"},
    {"nulL", 1, 1, "value"},
};

static void test_faults(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct json_fault fault = {0};
        assert_null(json_parse(faults[i].text, strlen(faults[i].text), &fault));
        assert_false(fault.no_memory);
        if (!strstr(fault.expected, faults[i].expected) || fault.line != faults[i].line ||
            (fault.column != faults[i].column)) {
            fail_msg("%s: line %zu, column %zu: %s", faults[i].text, fault.line, fault.column,
                     fault.expected);
        }
    }
}

/* What both readers take means the same, by a reader that knows nothing of this one. */
static void test_against_jansson(void **state) {
    (void)state;
    static const char *const texts[] = {
        "null",
        "true",
        "[false]",
        "0",
        "-0",
        "-0.0",
        "12",
        "-12",
        "9223372036854775807",
        "-9223372036854775808",
        "1.5e3",
        "1E-2",
        "1e+2",
        "123456789012345678901234567890.5",
        "\"\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00\\uffff\"",
        "\"\x7f\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"",
        "[]",
        "[[],[[]]]",
        "{}",
        " { \"b\" : [ 1 , 2 ] ,\n\t\"a\":{\"\":{}}}\r\n",
        "{\"a\":1,\"A\":2,\"\\u00e9\":3}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct json_fault fault;
        json_t *own = json_parse(texts[i], strlen(texts[i]), &fault);
        json_t *theirs = json_loads(texts[i], JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(own);
        assert_non_null(theirs);
        if (!json_equal(own, theirs)) {
            fail_msg("%s is read otherwise", texts[i]);
        }
        json_decref(own);
        json_decref(theirs);
    }
}

/* The length decides; nothing behind it is read. */
static void test_length(void **state) {
    (void)state;
    struct json_fault fault;
    const char text[] = "[12345]";
    for (size_t length = 0; length < strlen(text); length++) {
        char *exact = text_copy_bytes(text, length); /* for the sanitizers to watch its end */
        assert_null(json_parse(exact, length, &fault));
        free(exact);
    }
    json_t *value = json_parse(text + 1, 3, &fault);
    assert_int_equal(json_integer_value(value), 123);
    json_decref(value);
}

static void test_levels(void **state) {
    (void)state;
    for (size_t levels = JSON_READER_LEVELS; levels <= JSON_READER_LEVELS + 1; levels++) {
        struct text text = {0};
        struct json_fault fault;
        for (size_t i = 0; i < levels; i++) {
            text_add(&text, i % 2 ? "[" : "{\"a\":");
        }
        text_add_byte(&text, '1');
        for (size_t i = levels; i-- > 0;) {
            text_add_byte(&text, i % 2 ? ']' : '}');
        }
        json_t *value = json_parse(text.bytes, text.length_bytes, &fault);
        assert_int_equal(value != NULL, levels == JSON_READER_LEVELS);
        json_decref(value);
        text_release(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_faults), cmocka_unit_test(test_against_jansson),
                                       cmocka_unit_test(test_length), cmocka_unit_test(test_levels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
