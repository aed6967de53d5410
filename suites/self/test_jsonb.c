#include "reference/core/jsonb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct row {
    const char *from;
    const char *to;
};

static void check(const struct row *rows, size_t count, bool (*carry)(struct text *text, const char *json)) {
    for (size_t i = 0; i < count; i++) {
        struct text text = {0};
        assert_true(carry(&text, rows[i].from));
        assert_string_equal(text.bytes, rows[i].to);
        text_release(&text);
    }
}

static void what_jsonb_is_given(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{}", "{}"},
        {"{ \"a\" : 1 ,\n\"b\":[ ] }", "{\"a\":1,\"b\":[]}"},
        {"[1e22]", "[10000000000000000000000.0]"},
        {"[-1.5E+22]", "[-15000000000000000000000.0]"},
        {"[1.2345678901234567e17]", "[123456789012345660.0]"},
        {"[9007199254740993]", "[9007199254740993]"},
        {"[9223372036854775807,-9223372036854775808]", "[9223372036854775807,-9223372036854775808]"},
        {"[1e3,1.50]", "[1000.0,1.5]"},
        {"[1e-7]", "[1e-07]"},
        {"[1e-400]", "[0.0]"},
        {"[\"1e22 , \\\" \\\\\",1.0]", "[\"1e22 , \\\" \\\\\",1.0]"},
        {"{\"1e5\":null}", "{\"1e5\":null}"},
        {"[\"\\\\\", 1e3]", "[\"\\\\\",1000.0]"},
        {"[123456789012345678901234567890]", "[123456789012345678901234567890]"},
    };
    check(rows, sizeof rows / sizeof rows[0], jsonb_write);
}

static void what_jsonb_gives_back(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"{\"a\": 1, \"b\": [1, 2.0]}", "{\"a\":1,\"b\":[1,2.0]}"},
        {"[10000000000000000000000.0]", "[1e+22]"},
        {"[10000000000000000000000]", "[1e+22]"},
        {"[9223372036854775808]", "[9.223372036854776e+18]"},
        {"[-9223372036854775809]", "[-9.223372036854776e+18]"},
        {"[9223372036854775807]", "[9223372036854775807]"},
        {"[0.0000001]", "[1e-07]"},
        {"[\"a, b\\\\\"]", "[\"a, b\\\\\"]"},
        {"true", "true"},
        {"10000000000000000000000", "1e+22"},
    };
    check(rows, sizeof rows / sizeof rows[0], jsonb_read);
}

/* Others may store numbers that no double holds. */
static void beyond_the_doubles(void **state) {
    (void)state;
    for (int sign = 0; sign < 2; sign++) {
        struct text huge = {0}, text = {0};
        text_add(&huge, sign ? "-1" : "1");
        for (int i = 0; i < 400; i++) {
            text_add_byte(&huge, '0');
        }
        assert_true(jsonb_read(&text, huge.bytes));
        assert_string_equal(text.bytes, sign ? "-1.7976931348623157e+308" : "1.7976931348623157e+308");
        text_clear(&text);
        text_add(&huge, ".5");
        assert_true(jsonb_read(&text, huge.bytes));
        assert_string_equal(text.bytes, sign ? "-1.7976931348623157e+308" : "1.7976931348623157e+308");
        text_release(&huge);
        text_release(&text);
    }
}

static void a_cap_that_ends(void **state) {
    (void)state;
    static const char *const texts[] = {"{\"a\":\"bbbbbbbbbb\"}", "[1e22]", "[1111111111111]", "[[[[[[[[[[["};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct text text;
        text_init(&text, 8);
        assert_false(jsonb_write(&text, texts[i]));
        text_release(&text);
        text_init(&text, 4);
        assert_false(jsonb_read(&text, texts[i]));
        text_release(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_jsonb_is_given), cmocka_unit_test(what_jsonb_gives_back),
        cmocka_unit_test(beyond_the_doubles), cmocka_unit_test(a_cap_that_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
