#include "harness/base/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *parse(const char *text) {
    json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(value);
    return value;
}

static void values_are_equal_as_numbers_and_sets_of_members(void **state) {
    (void)state;
    static const struct {
        const char *one, *other;
        bool equal;
    } rows[] = {{"1", "1.0", true},
                {"9007199254740993", "9007199254740992.0", false},
                {"9223372036854775807", "9223372036854775808.0", false},
                {"-9223372036854775808", "-9223372036854775808.0", true},
                {"0", "-0.0", true},
                {"1", "true", false},
                {"\"a\"", "\"a\\u0000\"", false},
                {"\"a\\u0000b\"", "\"a\\u0000c\"", false},
                {"{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}", true},
                {"{\"a\":1}", "{\"a\":1,\"b\":1}", false},
                {"{\"a\":1}", "{\"b\":1}", false},
                {"[1,2]", "[2,1]", false},
                {"[1]", "[1,1]", false},
                {"null", "null", true},
                {"null", "false", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *one = parse(rows[i].one);
        json_t *other = parse(rows[i].other);
        assert_int_equal(value_equals(one, other), rows[i].equal);
        assert_int_equal(value_equals(other, one), rows[i].equal);
        json_decref(one);
        json_decref(other);
    }
    assert_true(value_equals(NULL, NULL));
}

static void numbers_are_ordered_exactly(void **state) {
    (void)state;
    static const struct {
        const char *one, *other;
        int order;
    } rows[] = {{"1", "2", -1},    {"2", "1.5", 1},    {"1", "1.5", -1},
                {"-1", "-1.5", 1}, {"1", "1e300", -1}, {"1", "-1e300", 1},
                {"1.5", "1", 1},   {"1.5", "2.5", -1}, {"9223372036854775807", "9223372036854775808.0", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *one = parse(rows[i].one);
        json_t *other = parse(rows[i].other);
        assert_int_equal(value_compare_numbers(one, other), rows[i].order);
        assert_int_equal(value_compare_numbers(other, one), -rows[i].order);
        json_decref(one);
        json_decref(other);
    }
}

static void pointers_lead_where_rfc_6901_says(void **state) {
    (void)state;
    static const struct {
        const char *pointer, *found;
    } rows[] = {{"", "{\"a/b\":{\"~\":[10,20]},\"\":1}"},
                {"/a~1b/~0/1", "20"},
                {"/", "1"},
                {"/a~1b/~0/2", NULL},
                {"/a~1b/~0/01", NULL},
                {"/a~1b/~0/-", NULL},
                {"/a~1b/~0/0/x", NULL},
                {"/a~2b", NULL},
                {"a", NULL},
                {"/none", NULL}};
    json_t *root = parse("{\"a/b\":{\"~\":[10,20]},\"\":1}");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const json_t *found = value_at(root, rows[i].pointer);
        char *shown = value_show(found, 100);
        assert_string_equal(shown, rows[i].found ? rows[i].found : "nothing");
        free(shown);
    }
    json_decref(root);
}

static void long_values_are_cut_between_characters(void **state) {
    (void)state;
    json_t *value = parse("\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"");
    char *shown = value_show(value, 4);
    assert_string_equal(shown, "\"\xc3\xa9... (10 bytes)");
    free(shown);
    json_decref(value);
}

static void text_is_written_as_json(void **state) {
    (void)state;
    struct text text = {0};
    assert_true(value_write_string(&text, "a\"\\\n\t\x01\x00z", 8));
    assert_string_equal(text.bytes, "\"a\\\"\\\\\\n\\t\\u0001\\u0000z\"");
    text_clear(&text);
    pointer_add_key(&text, "a/b~c");
    pointer_add_index(&text, 3);
    assert_string_equal(text.bytes, "/a~1b~0c/3");
    text_release(&text);
}

static void types_have_the_names_of_json_schema(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"1", "integer"},     {"1.5", "number"}, {"\"\"", "string"},
                                          {"[]", "array"},      {"{}", "object"},  {"true", "boolean"},
                                          {"false", "boolean"}, {"null", "null"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *value = parse(rows[i][0]);
        assert_string_equal(value_type_name(value), rows[i][1]);
        json_decref(value);
    }
    assert_string_equal(value_type_name(NULL), "nothing");
}

/* Keys of up to 511 bytes are followed, and indexes of up to 9 digits. */
static void pointers_have_an_end(void **state) {
    (void)state;
    char key[514] = "/";
    memset(key + 1, 'k', 512);
    json_t *root = json_object();
    json_t *list = parse("[1]");
    json_object_set_new(root, key + 1, json_integer(1));
    assert_null(value_at(root, key));
    key[512] = '\0';
    json_object_set_new(root, key + 1, json_integer(2));
    assert_int_equal(json_integer_value(value_at(root, key)), 2);
    assert_int_equal(json_integer_value(value_at(list, "/0")), 1);
    assert_null(value_at(list, "/18446744073709551616"));
    assert_null(value_at(list, "/4294967296"));
    assert_null(value_at(list, "/"));
    assert_null(value_at(list, "/0x"));
    assert_null(value_at(NULL, "/0"));
    json_decref(root);
    json_decref(list);
}

static void nothing_equals_nothing_only(void **state) {
    (void)state;
    json_t *null = json_null();
    assert_false(value_equals(NULL, null));
    assert_false(value_equals(null, NULL));
    struct text text = {0};
    assert_true(value_write(&text, NULL));
    assert_int_equal(text.length_bytes, 0);
}

static void copies_are_shallow(void **state) {
    (void)state;
    static const char *const rows[] = {"{\"a\":[1],\"b\":2}", "[1,[2]]", "\"x\"", "{}"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *value = parse(rows[i]);
        json_t *copy = value_copy(value);
        assert_true(value_equals(value, copy));
        assert_ptr_not_equal(value, copy);
        assert_ptr_equal(json_object_get(value, "a"), json_object_get(copy, "a"));
        json_decref(value);
        json_decref(copy);
    }
}

/* What has failed already stays as it is, and what fits is not cut. */
static void texts_are_shortened_once(void **state) {
    (void)state;
    struct text text = {0};
    assert_true(text_add(&text, "12345") && text_shorten(&text, 5));
    assert_string_equal(text.bytes, "12345");
    assert_true(text_shorten(&text, 4));
    assert_string_equal(text.bytes, "1234... (5 bytes)");
    text_release(&text);
    text_init(&text, 8);
    json_t *value = parse("[1,2,3,4,5,6]");
    assert_false(value_write(&text, value));
    assert_false(text_shorten(&text, 2));
    text_release(&text);
    json_decref(value);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_equal_as_numbers_and_sets_of_members),
                                       cmocka_unit_test(numbers_are_ordered_exactly),
                                       cmocka_unit_test(pointers_lead_where_rfc_6901_says),
                                       cmocka_unit_test(long_values_are_cut_between_characters),
                                       cmocka_unit_test(text_is_written_as_json),
                                       cmocka_unit_test(types_have_the_names_of_json_schema),
                                       cmocka_unit_test(pointers_have_an_end),
                                       cmocka_unit_test(nothing_equals_nothing_only),
                                       cmocka_unit_test(copies_are_shallow),
                                       cmocka_unit_test(texts_are_shortened_once)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
