#include "reference/core/canonical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *canonical(const char *json) {
    json_t *value = NULL;
    struct text text = {0};
    assert_int_equal(json_read(json, strlen(json), &value, NULL), HP_OK);
    assert_true(canonical_write(&text, value));
    json_decref(value);
    return text_take(&text);
}

static void test_spelling(void **state) {
    (void)state;
    static const struct {
        const char *json, *wanted;
    } rows[] = {
        {"{}", "{}"},
        {" { \"b\" : 1 , \"a\" : [ true , null , \"x\\u0041\\n\" ] } ",
         "{\"a\":[true,null,\"xA\\n\"],\"b\":1}"},
        {"{\"b\":{\"d\":1,\"c\":2},\"\":0,\"ab\":0,\"\\u00e9\":0}",
         "{\"\":0,\"ab\":0,\"b\":{\"c\":2,\"d\":1},\"\xc3\xa9\":0}"},
        {"[1.0,1e2,-0.0,100E-2]", "[1,100,0,1]"},
        {"[1.5,0.1e1,15e-1]", "[1.5,1,1.5]"},
        {"[9223372036854775807,-9223372036854775808]", "[9223372036854775807,-9223372036854775808]"},
        {"[9007199254740993,9007199254740992.0]", "[9007199254740993,9007199254740992]"},
        {"[-9223372036854775808.0]", "[-9223372036854775808]"},
        {"[[],[[]],{\"a\":{}}]", "[[],[[]],{\"a\":{}}]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = canonical(rows[i].json);
        assert_string_equal(text, rows[i].wanted);
        free(text);
    }
}

/* Each pair is equal, or not. */
static void test_equality(void **state) {
    (void)state;
    static const struct {
        const char *one, *other;
        int equal;
    } rows[] = {
        {"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", 1},
        {"[1,2]", "[2,1]", 0},
        {"1e22", "10000000000000000000000.0", 1},
        {"9223372036854775807", "9223372036854775808.0", 0},
        {"\"1\"", "1", 0},
        {"null", "false", 0},
        {"{\"a\":null}", "{}", 0},
        {"\"\\u00e9\"", "\"\xc3\xa9\"", 1},
        {"0.1", "0.10000000000000001", 1},
        {"{\"a\":\"b\"}", "{\"a\\\":\\\"b\":0}", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *one = canonical(rows[i].one), *other = canonical(rows[i].other);
        assert_int_equal(strcmp(one, other) == 0, rows[i].equal);
        free(one);
        free(other);
    }
}

static void test_cap(void **state) {
    (void)state;
    json_t *value = json_pack("{s[iii]}", "a", 1, 2, 3);
    struct text text = {.cap_bytes = 6};
    assert_false(canonical_write(&text, value));
    json_decref(value);
    text_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_spelling), cmocka_unit_test(test_equality),
                                       cmocka_unit_test(test_cap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
