#include "reference/core/json.h"
#include "reference/server/log_line.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_line(void **state) {
    (void)state;
    struct text line = {0};
    const struct log_entry entry = {.time_us = BENCH_NOW_US,
                                    .method = "GET",
                                    .target = "/a\"\x01/\xff%00?user_id=secret",
                                    .status = 200,
                                    .bytes = 12,
                                    .duration_us = 34,
                                    .request_id = "5-6",
                                    .complete = true};
    assert_true(log_line_write(&line, &entry));
    assert_string_equal(
        line.bytes,
        "{\"time\":\"2025-12-11T09:30:00.000000Z\",\"method\":\"GET\",\"path\":\"/a\\\"\\u0001/?%00\","
        "\"status\":200,\"bytes\":12,\"duration_us\":34,\"request_id\":\"5-6\",\"complete\":true}\n");
    text_release(&line);
}

static void test_long(void **state) {
    (void)state;
    static char target[10000];
    struct text line = {0};
    json_t *value = NULL;
    memset(target, '"', sizeof target - 1);
    const struct log_entry entry = {.method = target, .target = target, .request_id = ""};
    assert_true(log_line_write(&line, &entry));
    assert_true(line.length_bytes < 4096);
    assert_int_equal(json_read(line.bytes, line.length_bytes, &value, NULL), HP_OK);
    assert_true(json_is_false(json_object_get(value, "complete")));
    json_decref(value);
    text_release(&line);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_line), cmocka_unit_test(test_long)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
