#include "harness/base/locate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "{\n \"a\": [\n  1,\n  {\"b/c\": \"}]\\\"\",\n   \"d\": 2}\n ],\n \"e\": {}\n}\n";

static void pointers_have_lines(void **state) {
    (void)state;
    static const struct {
        const char *pointer;
        size_t line;
    } rows[] = {{"", 1},   {"/a", 2},   {"/a/0", 3}, {"/a/1", 4},    {"/a/1/b~1c", 4}, {"/a/1/d", 5},
                {"/e", 7}, {"/a/2", 2}, {"/zz", 1},  {"/a/1/zz", 4}, {"/e/x", 7},      {"/a/0/deep", 3}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(locate_pointer(text, strlen(text), rows[i].pointer), rows[i].line);
    }
}

static void elements_have_lines(void **state) {
    (void)state;
    size_t lines[4] = {0};
    assert_int_equal(locate_elements(text, strlen(text), "/a", lines, 4), 2);
    assert_int_equal(lines[0], 3);
    assert_int_equal(lines[1], 4);
    assert_int_equal(locate_elements(text, strlen(text), "/a", lines, 1), 1);
    assert_int_equal(locate_elements(text, strlen(text), "/e", lines, 4), 0);
    assert_int_equal(locate_elements(text, strlen(text), "/none", lines, 4), 0);
}

/* Other text than JSON gives some line of it, and the scan ends. */
static void broken_text_is_survived(void **state) {
    (void)state;
    static const char broken[] = "{\"a\": [[[\0\0, \"x";
    for (size_t length = 0; length < sizeof broken; length++) {
        assert_int_equal(locate_pointer(broken, length, "/a/5/b"), 1);
        assert_int_equal(locate_pointer(broken, length, "/x"), 1);
    }
}

/* Keys are found by what their escapes stand for, in the pointer and (the simple ones) in the text. */
static void escaped_keys_are_found(void **state) {
    (void)state;
    static const char escaped[] =
        "{\n\"a~b\":1,\n\"a/b\":2,\n\"a\\\"b\":3,\n\"ab\":[[],\n[{\"x\":[]}],\n\"\\\"]\",\n7]\n}";
    static const struct {
        const char *pointer;
        size_t line;
    } rows[] = {{"/a~0b", 2}, {"/a~1b", 3}, {"/a\"b", 4}, {"/ab", 5},   {"/ab/0", 5}, {"/ab/1/0/x", 6},
                {"/ab/2", 7}, {"/ab/3", 8}, {"/ab/4", 5}, {"/ab/x", 5}, {"/a", 1},    {"/abc", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(locate_pointer(escaped, strlen(escaped), rows[i].pointer), rows[i].line);
    }
}

/* Pieces of JSON, cut anywhere: some line, and never a byte past the end. */
static void every_beginning_is_survived(void **state) {
    (void)state;
    for (size_t length = 0; length <= strlen(text); length++) {
        char *cut = malloc(length ? length : 1);
        size_t lines[4];
        assert_non_null(cut);
        memcpy(cut, text, length);
        assert_in_range(locate_pointer(cut, length, "/a/1/d"), 1, 8);
        assert_in_range(locate_pointer(cut, length, "/e/x"), 1, 8);
        assert_in_range(locate_elements(cut, length, "/a", lines, 4), 0, 2);
        free(cut);
    }
    assert_int_equal(locate_pointer("}", 1, "/a"), 1);
    assert_int_equal(locate_pointer("{\"a\" 1}", 8, "/a"), 1);
    assert_int_equal(locate_pointer("[1 2]", 5, "/1"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointers_have_lines), cmocka_unit_test(elements_have_lines),
        cmocka_unit_test(broken_text_is_survived), cmocka_unit_test(escaped_keys_are_found),
        cmocka_unit_test(every_beginning_is_survived)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
