/* What was read comes back byte for byte, and sorted when it was not. */
#include "harness/lab/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *rewrite(const char *text) {
    struct history history = {0};
    struct hp_problem problem = {0};
    char *bytes = NULL;
    size_t length = 0;
    FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "rb");
    assert_non_null(in);
    history_read(&history, "h", in, &problem);
    assert_string_equal(problem.detail, "");
    fclose(in);
    FILE *out = open_memstream(&bytes, &length);
    assert_non_null(out);
    assert_int_equal(history_write(&history, out, &problem), HP_OK);
    fclose(out);
    history_release(&history);
    return bytes;
}

#define GET(client, invoke)                                                                                  \
    "{\"client\":" client                                                                                    \
    ",\"key\":1,\"op\":\"get\",\"args\":{},\"result\":\"pending\",\"invoke_ns\":" invoke                     \
    ",\"return_ns\":99}\n"

static void every_form_comes_back(void **state) {
    (void)state;
    static const char text[] =
        "{\"client\":1,\"key\":\"k\",\"op\":\"create\",\"args\":{\"owner\":\"a\\\"b\\n\",\"expires_ns\":null,"
        "\"checkpoint\":false},\"result\":\"ok\",\"invoke_ns\":0,\"return_ns\":1}\n"
        "{\"client\":1,\"key\":\"k2\",\"op\":\"create\",\"args\":{\"owner\":\"a\",\"expires_ns\":17,"
        "\"checkpoint\":true},\"result\":\"unknown\",\"invoke_ns\":1,\"return_ns\":null}\n"
        "{\"client\":-2,\"key\":\"k\",\"op\":\"respond\",\"args\":{\"by\":-2,\"user\":\"a\"},\"result\":"
        "\"forbidden\","
        "\"invoke_ns\":2,\"return_ns\":3}\n"
        "{\"client\":\"x "
        "\xc3\xa4\\\\\",\"key\":7,\"op\":\"respond\",\"args\":{\"by\":\"y\"},\"result\":\"conflict\","
        "\"invoke_ns\":3,\"return_ns\":4}\n"
        "{\"client\":1,\"key\":7,\"op\":\"cancel\",\"args\":{},\"result\":\"conflict:resolved\",\"invoke_"
        "ns\":4,"
        "\"return_ns\":5}\n"
        "{\"client\":1,\"key\":7,\"op\":\"cancel\",\"args\":{\"user\":\"a\"},\"result\":\"not_found\","
        "\"invoke_ns\":5,"
        "\"return_ns\":6}\n"
        "{\"client\":1,\"key\":7,\"op\":\"cancel\",\"args\":{\"by\":1},\"result\":\"unknown\",\"invoke_ns\":"
        "6,"
        "\"return_ns\":null}\n"
        "{\"client\":1,\"key\":7,\"op\":\"expire\",\"args\":{},\"result\":\"none\",\"invoke_ns\":7,\"return_"
        "ns\":8}\n"
        "{\"client\":1,\"key\":7,\"op\":\"list\",\"args\":{\"filter\":[\"pending\",\"expired\"]},\"result\":"
        "\"omitted\","
        "\"invoke_ns\":8,\"return_ns\":9}\n"
        "{\"client\":1,\"key\":7,\"op\":\"list\",\"args\":{\"filter\":[\"resolved\",\"cancelled\"]},"
        "\"result\":"
        "\"resolved:x \xc3\xa4\\\\\",\"invoke_ns\":9,\"return_ns\":10}\n"
        "{\"client\":1,\"key\":7,\"op\":\"get\",\"args\":{},\"result\":\"absent\",\"invoke_ns\":10,\"return_"
        "ns\":10}\n";
    char *bytes = rewrite(text);
    assert_string_equal(bytes, text);
    free(bytes);
}

static void lines_are_sorted_by_call_and_client(void **state) {
    (void)state;
    static const char text[] = GET("\"a\"", "5") GET("10", "5") GET("2", "5") GET("2", "4") GET("7", "40");
    static const char sorted[] = GET("2", "4") GET("2", "5") GET("10", "5") GET("\"a\"", "5") GET("7", "40");
    char *bytes = rewrite(text);
    assert_string_equal(bytes, sorted);
    free(bytes);
}

static void an_empty_history_is_an_empty_file(void **state) {
    (void)state;
    struct history history = {0};
    char *bytes = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&bytes, &length);
    assert_int_equal(history_write(&history, out, NULL), HP_OK);
    fclose(out);
    assert_int_equal(length, 0);
    free(bytes);
}

static void a_full_disk_is_told(void **state) {
    (void)state;
    struct history history = {0};
    struct hp_problem problem = {0};
    static const char line[] = GET("1", "2");
    assert_int_equal(history_read_line(&history, "h", 1, line, sizeof line - 2, &problem), HP_OK);
    FILE *full = fopen("/dev/full", "wb");
    assert_non_null(full);
    assert_int_equal(history_write(&history, full, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "the history cannot be written: No space left"));
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(history_write(&history, full, &problem), HP_UNAVAILABLE);
    fclose(full);
    history_release(&history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_comes_back),
        cmocka_unit_test(lines_are_sorted_by_call_and_client),
        cmocka_unit_test(an_empty_history_is_an_empty_file),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
