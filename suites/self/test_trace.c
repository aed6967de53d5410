#include "harness/adapters/null.h"
#include "harness/adapters/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Traces one call of a null and returns what was written, for the caller to free. */
static char *trace_call(const char *null, const char *params, size_t length_bytes) {
    struct target *inner = NULL;
    struct session *session = NULL;
    struct answer answer = {0};
    const struct request request = {"interrupt.get", params, length_bytes, true};
    FILE *file = tmpfile();
    char chunk[2048];
    assert_non_null(file);
    assert_int_equal(null_new(null, &inner, NULL), HP_OK);
    struct target *target = trace_new(inner, file);
    assert_non_null(target);
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    session_call(session, &request, 0, &answer);
    answer_release(&answer);
    session_close(session);
    target_restart(target);
    target_free(target);
    rewind(file);
    size_t count = fread(chunk, 1, sizeof chunk, file);
    fclose(file);
    return text_copy_bytes(chunk, count);
}

static void each_call_and_answer_is_a_line(void **state) {
    (void)state;
    static const struct {
        const char *null;
        const char *params;
        const char *lines;
    } rows[] = {
        {"echo", "{\"id\": 1}",
         "{\"session\":1,\"call\":1,\"method\":\"interrupt.get\",\"params\":{\"id\":1}}\n"
         "{\"session\":1,\"call\":1,\"result\":{\"id\":1}}\n{\"restart\":true}\n"},
        {"reject-all", "{\"a\":",
         "{\"session\":1,\"call\":1,\"method\":\"interrupt.get\",\"params_text\":\"{\\\"a\\\":\"}\n"
         "{\"session\":1,\"call\":1,\"refused\":\"invalid\",\"detail\":\"this target refuses everything\"}\n"
         "{\"restart\":true}\n"},
        {"drop-connection", "\xff",
         "{\"session\":1,\"call\":1,\"method\":\"interrupt.get\",\"params_text\":\"(1 bytes that are not "
         "UTF-8)\"}\n"
         "{\"session\":1,\"call\":1,\"broken\":\"the connection was dropped at "
         "interrupt.get\"}\n{\"restart\":true}\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *lines = trace_call(rows[i].null, rows[i].params, strlen(rows[i].params));
        assert_string_equal(lines, rows[i].lines);
        free(lines);
    }
}

static void the_rest_is_passed_on(void **state) {
    (void)state;
    struct target *inner = NULL;
    struct session *session = NULL;
    struct hello hello;
    struct text text = {0};
    assert_int_equal(null_new("echo", &inner, NULL), HP_OK);
    struct target *target = trace_new(inner, stderr);
    assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
    assert_string_equal(hello.name, "null: echo");
    hello_release(&hello);
    target_take_log(target, &text);
    target_reproduce(target, NULL, &text);
    assert_int_equal(text.length_bytes, 0);
    assert_int_equal(target_open(target, 9, &session, NULL), HP_UNSUPPORTED);
    target_free(target);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_call_and_answer_is_a_line),
                                       cmocka_unit_test(the_rest_is_passed_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
