#include "harness/adapters/json_slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void members(void **state) {
    (void)state;
    const struct {
        const char *text, *name;
        enum json_slice_end end;
        const char *slice;
    } rows[] = {
        {"{\"a\":1,\"b\":[1,{\"a\":2}] }", "b", JSON_SLICE_FOUND, "[1,{\"a\":2}]"},
        {" { \"a\" : \"x,}\\\"\" } ", "a", JSON_SLICE_FOUND, "\"x,}\\\"\""},
        {"{\"a\":{\"b\":1,\"b\":2},\"c\":\"\\ud800\"}", "a", JSON_SLICE_FOUND, "{\"b\":1,\"b\":2}"},
        {"{\"a\":1}", "b", JSON_SLICE_NONE, NULL},
        {"{}", "a", JSON_SLICE_NONE, NULL},
        {"{\"a\":1,\"a\":1}", "a", JSON_SLICE_UNCLEAR, NULL},
        {"{\"a\":1,}", "a", JSON_SLICE_UNCLEAR, NULL},
        {"{\"a\":1} {}", "a", JSON_SLICE_UNCLEAR, NULL},
        {"{\"a\":\"", "a", JSON_SLICE_UNCLEAR, NULL},
        {"{\"a\":}", "a", JSON_SLICE_UNCLEAR, NULL},
        {"{\"a\"", "a", JSON_SLICE_UNCLEAR, NULL},
        {"[1]", "a", JSON_SLICE_UNCLEAR, NULL},
        {"", "a", JSON_SLICE_UNCLEAR, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct json_slice slice = {0};
        assert_int_equal(json_slice_member(rows[i].text, strlen(rows[i].text), rows[i].name, &slice),
                         rows[i].end);
        if (rows[i].slice) {
            assert_int_equal(slice.length_bytes, strlen(rows[i].slice));
            assert_memory_equal(slice.at, rows[i].slice, slice.length_bytes);
        }
    }
}

/* The text need not end with NUL, and every cut of it is read within its bounds. */
static void cut_anywhere(void **state) {
    (void)state;
    static const char text[] = "{\"a\":{\"b\":[\"\\\\\"]},\"c\":1}";
    for (size_t length = 0; length < sizeof text - 1; length++) {
        char *copy = malloc(length + 1);
        struct json_slice slice;
        assert_non_null(copy);
        memcpy(copy, text, length);
        assert_int_equal(json_slice_member(copy, length, "c", &slice), JSON_SLICE_UNCLEAR);
        free(copy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(members), cmocka_unit_test(cut_anywhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
