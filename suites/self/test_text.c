#include "reference/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_append(void **state) {
    (void)state;
    struct text text = {0};
    assert_true(text_append(&text, NULL, 0));
    assert_string_equal(text.bytes, "");
    assert_true(text_add(&text, "one"));
    assert_true(text_add_byte(&text, ','));
    assert_true(text_addf(&text, "%s=%d", "two", 2));
    assert_true(text_append(&text, "\0z", 2));
    assert_int_equal(text.length_bytes, 11);
    assert_memory_equal(text.bytes, "one,two=2\0z", 12);
    text_clear(&text);
    assert_int_equal(text.length_bytes, 0);
    assert_string_equal(text.bytes, "");
    text_release(&text);
    assert_null(text.bytes);
    text_clear(&text); /* nothing there to clear */
}

static void test_growth(void **state) {
    (void)state;
    struct text text = {0};
    for (size_t i = 0; i < 5000; i++) {
        assert_true(text_addf(&text, "%zu,", i));
    }
    assert_memory_equal(text.bytes + text.length_bytes - 5, "4999,", 6);
    text_release(&text);
}

static void test_cap(void **state) {
    (void)state;
    struct text text;
    text_init(&text, 4);
    assert_true(text_add(&text, "abc"));
    assert_false(text_add_byte(&text, 'd'));
    assert_true(text.failed);
    assert_string_equal(text.bytes, "abc");
    assert_false(text_append(&text, "", 0)); /* failed stays */
    assert_false(text_addf(&text, "x"));
    text_clear(&text);
    assert_false(text.failed);
    assert_false(text_add(&text, "four"));
    assert_null(text_take(&text));
    assert_null(text.bytes);
    assert_int_equal(text.cap_bytes, 4);
}

static void test_take(void **state) {
    (void)state;
    struct text text = {0};
    char *empty = text_take(&text);
    assert_string_equal(empty, "");
    free(empty);
    text_add(&text, "mine");
    char *taken = text_take(&text);
    assert_string_equal(taken, "mine");
    assert_null(text.bytes);
    assert_true(text_add(&text, "again"));
    assert_string_equal(text.bytes, "again");
    assert_string_equal(taken, "mine");
    free(taken);
    text_release(&text);
}

static void test_copy(void **state) {
    (void)state;
    assert_null(text_copy(NULL));
    char *copy = text_copy("copy");
    assert_string_equal(copy, "copy");
    free(copy);
    copy = text_copy_bytes("a\0b", 3);
    assert_memory_equal(copy, "a\0b", 4);
    free(copy);
    copy = text_copy_bytes(NULL, 0);
    assert_string_equal(copy, "");
    free(copy);
}

static void test_put(void **state) {
    (void)state;
    static const struct {
        const char *string;
        const char *want;
        bool fits;
    } rows[] = {
        {"", "", true},
        {"abcd", "abcd", true},
        {"abcde", "abcd", false},
        {"abc\xC3\xA9", "abc", false},
        {"ab\xE2\x82\xAC", "ab", false},
        {"a\xF0\x9F\x98\x80", "a", false},
        {"\xF0\x9F\x98\x80!", "\xF0\x9F\x98\x80", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buffer[5];
        assert_int_equal(text_put(buffer, sizeof buffer, rows[i].string), rows[i].fits);
        assert_string_equal(buffer, rows[i].want);
    }
}

static void test_put_line(void **state) {
    (void)state;
    static const struct {
        const char *string, *want;
        bool fits;
    } rows[] = {
        {"", "", true},          {"\n", "", true},         {"ab\n", "ab", true},
        {"a\nb\n", "a b", true}, {"ab \n\n", "ab", false}, {"abc\nde", "abc", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buffer[5];
        assert_int_equal(text_put_line(buffer, sizeof buffer, rows[i].string), rows[i].fits);
        assert_string_equal(buffer, rows[i].want);
    }
}

static void test_trim_partial(void **state) {
    (void)state;
    static const struct {
        const char *string;
        const char *want;
    } rows[] = {
        {"", ""},
        {"abc", "abc"},
        {"a\xC3", "a"},
        {"a\xC3\xA9", "a\xC3\xA9"},
        {"a\xE2\x82", "a"},
        {"a\xE2\x82\xAC", "a\xE2\x82\xAC"},
        {"a\xF0\x9F\x98", "a"},
        {"\xF0", ""},
        {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
        {"\x80\x80\x80\x80\x80", "\x80\x80\x80\x80\x80"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buffer[16];
        memcpy(buffer, rows[i].string, strlen(rows[i].string) + 1);
        text_trim_partial(buffer);
        assert_string_equal(buffer, rows[i].want);
    }
}

static const struct {
    const char *bytes;
    bool valid;
} utf8_rows[] = {
    {"", true},
    {"ascii \x01 \x7f", true},
    {"\xC2\x80 \xDF\xBF", true},
    {"\xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF", true},
    {"\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF", true},
    {"\x80", false},
    {"\xBF", false},
    {"\xC0\x80", false},
    {"\xC1\xBF", false},
    {"\xC3", false},
    {"\xC3(", false},
    {"\xC3\xC0", false},
    {"\xE0\x9F\xBF", false},
    {"\xE0\xC0\x80", false},
    {"\xED\xA0\x80", false},
    {"\xED\xBF\xBF", false},
    {"\xED\x7F\x80", false},
    {"\xE2\x82", false},
    {"\xE2\x82(", false},
    {"\xF0\x8F\xBF\xBF", false},
    {"\xF0\xC0\x80\x80", false},
    {"\xF4\x90\x80\x80", false},
    {"\xF4\x7F\x80\x80", false},
    {"\xF0\x9F\x98(", false},
    {"\xF5\x80\x80\x80", false},
    {"\xFF", false},
};

static void test_utf8(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof utf8_rows / sizeof utf8_rows[0]; i++) {
        assert_int_equal(text_is_utf8(utf8_rows[i].bytes, strlen(utf8_rows[i].bytes)), utf8_rows[i].valid);
    }
    assert_false(text_is_utf8("a\0b", 3));
}

static size_t encode(unsigned point, char out[4]) {
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xE0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (point & 0x3F));
    return 4;
}

/* Every value of 21 bits, encoded by the plain scheme: exactly the scalar values but U+0000 are taken. */
static void test_every_code_point(void **state) {
    (void)state;
    for (unsigned point = 0; point < 0x110400; point++) {
        char bytes[4];
        size_t length = encode(point, bytes);
        bool scalar = point != 0 && point < 0x110000 && (point < 0xD800 || point > 0xDFFF);
        if (text_is_utf8(bytes, length) != scalar || text_count_code_points(bytes, length) != 1) {
            fail_msg("U+%04X is misjudged", point);
        }
    }
}

static void test_count(void **state) {
    (void)state;
    assert_int_equal(text_count_code_points("", 0), 0);
    assert_int_equal(text_count_code_points("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 10), 4);
}

/* Test vectors of the FNV reference. */
static void test_hash(void **state) {
    (void)state;
    assert_true(text_hash(TEXT_HASH_START, "", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(text_hash(TEXT_HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(text_hash(TEXT_HASH_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
    assert_true(text_hash(text_hash(TEXT_HASH_START, "foo", 3), "bar", 3) == UINT64_C(0x85944171f73967e8));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_cap),
        cmocka_unit_test(test_take),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_put),
        cmocka_unit_test(test_put_line),
        cmocka_unit_test(test_trim_partial),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
