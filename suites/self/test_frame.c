#include "harness/adapters/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct row {
    const char *line;
    bool whole;
    const char *id; /* NULL: absent */
    const char *params;
    bool repeated;
} rows[] = {
    {"{}", true, NULL, NULL, false},
    {" { \"id\" : 1 , \"params\" : { } } ", true, "1", "{ }", false},
    {"{\"id\":\"a,}\\\"b\",\"params\":[1,{\"x\":\"}\"}]}", true, "\"a,}\\\"b\"", "[1,{\"x\":\"}\"}]", false},
    {"{\"params\":{\"id\":9},\"id\":1}", true, "1", "{\"id\":9}", false},
    {"{\"id\":1,\"params\":{\"a\":1,\"a\":\"\\ud800\",\"b\":999999999999999999999}}", true, "1",
     "{\"a\":1,\"a\":\"\\ud800\",\"b\":999999999999999999999}", false},
    {"{\"id\":1,\"id\":2}", true, "1", NULL, true},
    {"{\"id\":1,\"params\":{\"a\":}", false, "1", NULL, false},
    {"{\"id\":1,\"params\":{\"a\":1}}}", false, "1", "{\"a\":1}", false},
    {"{\"id\":1,\"params\":\"open", false, "1", NULL, false},
    {"{\"id\":1,\"params\":\"open\\", false, "1", NULL, false},
    {"{\"id\":}", false, NULL, NULL, false},
    {"{\"id\":1,}", false, "1", NULL, false},
    {"{\"id\" 1}", false, NULL, NULL, false},
    {"{\"id", false, NULL, NULL, false},
    {"{id:1}", false, NULL, NULL, false},
    {"{\"id\":1", false, NULL, NULL, false},
    {"{\"id\":1]", false, "1", NULL, false},
    {"[]", false, NULL, NULL, false},
    {"", false, NULL, NULL, false},
};

static bool slice_equals(struct slice slice, const char *text) {
    return text ? slice_is(slice, text) : slice.bytes == NULL;
}

static void each_line_is_cut(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct frame frame;
        bool whole = frame_scan(rows[i].line, strlen(rows[i].line), &frame);
        if (whole != rows[i].whole || !slice_equals(frame.id, rows[i].id) ||
            !slice_equals(frame.params, rows[i].params) || frame.repeated != rows[i].repeated) {
            fail_msg("row %zu: %s", i, rows[i].line);
        }
    }
}

static void numbers_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool read;
        unsigned number;
    } numbers[] = {{"0", true, 0},           {"42", true, 42},   {"999999999", true, 999999999},
                   {"1000000000", false, 0}, {"", false, 0},     {"-1", false, 0},
                   {"1.0", false, 0},        {"\"1\"", false, 0}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        unsigned number = 0;
        struct slice slice = {numbers[i].text, strlen(numbers[i].text)};
        assert_int_equal(slice_number(slice, &number), numbers[i].read);
        assert_int_equal(number, numbers[i].number);
    }
    unsigned number = 5;
    assert_false(slice_number((struct slice){NULL, 0}, &number));
    assert_int_equal(number, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_line_is_cut),
                                       cmocka_unit_test(numbers_are_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
