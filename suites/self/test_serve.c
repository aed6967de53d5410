#include "harness/adapters/null.h"
#include "harness/adapters/serve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Serves a null with that input; the answers are added to output. */
static enum hp_status serve(const char *null, const char *input, size_t length_bytes, struct text *output,
                            struct hp_problem *problem) {
    struct target *target = NULL;
    FILE *in = tmpfile(), *out = tmpfile();
    char chunk[4096];
    size_t count;
    assert_int_equal(null_new(null, &target, NULL), HP_OK);
    assert_non_null(in);
    assert_non_null(out);
    assert_int_equal(fwrite(input, 1, length_bytes, in), length_bytes);
    rewind(in);
    enum hp_status status = serve_target(target, fileno(in), out, problem);
    rewind(out);
    while ((count = fread(chunk, 1, sizeof chunk, out)) > 0) {
        text_append(output, chunk, count);
    }
    fclose(in);
    fclose(out);
    target_free(target);
    return status;
}

#define REQUEST "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":"

static void each_line_has_its_answer(void **state) {
    (void)state;
    static const struct {
        const char *null;
        const char *line;
        const char *answer;
    } rows[] = {
        {"empty", REQUEST "\"interrupt.get\",\"params\":{}}", "\"id\":7,\"result\":{}"},
        {"empty", REQUEST "\"interrupt.get\"}", "\"id\":7,\"result\":{}"},
        {"echo", REQUEST "\"a.b\",\"params\":{\"a\":[1,2.5]}}", "\"result\":{\"a\":[1,2.5]}"},
        {"echo", REQUEST "\"a.b\",\"params\":{\"a\":1,\"a\":\"\\ud800\"}}", "\"result\":null"},
        {"echo", "{\"jsonrpc\":\"2.0\",\"id\":\"x\\\"y\",\"method\":\"a\",\"params\":1}",
         "\"id\":\"x\\\"y\",\"result\":1"},
        {"echo", "{\"jsonrpc\":\"2.0\",\"id\":1,\"endpoint\":1,\"method\":\"a\",\"params\":1}",
         "\"id\":1,\"result\":1"},
        {"echo", "{\"jsonrpc\":\"2.0\",\"id\":1,\"endpoint\":2,\"method\":\"a\",\"params\":1}",
         "\"field\":\"/endpoint\""},
        {"echo", "{\"jsonrpc\":\"2.0\",\"id\":1,\"endpoint\":\"1\",\"method\":\"a\"}",
         "\"field\":\"/endpoint\""},
        {"reject-all", REQUEST "\"interrupt.get\",\"params\":{}}", "\"code\":-32602"},
        {"reject-all", REQUEST "\"interrupt.get\",\"params\":{}}", "\"data\":{\"name\":\"invalid\"}"},
        {"empty", "nonsense", "\"id\":null,\"error\":{\"code\":-32700"},
        {"empty", REQUEST "\"a\",\"params\":{\"x\":}", "\"id\":7,\"error\":{\"code\":-32700"},
        {"empty", REQUEST "\"a\",\"params\":{}}}", "\"id\":7,\"error\":{\"code\":-32700"},
        {"empty", "[]", "\"id\":null,\"error\":{\"code\":-32700"},
        {"empty", "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"a\"}",
         "\"id\":null,\"error\":{\"code\":-32600"},
        {"empty", "{\"jsonrpc\":\"2.0\",\"method\":\"a\"}", "\"id\":null,\"error\":{\"code\":-32600"},
        {"empty", "{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"a\"}", "\"id\":7,\"error\":{\"code\":-32600"},
        {"empty", "{\"jsonrpc\":\"2.0\",\"id\":7}", "\"id\":7,\"error\":{\"code\":-32600"},
        {"empty", REQUEST "7}", "\"id\":7,\"error\":{\"code\":-32600"},
        {"empty", REQUEST "\"a\\u0062\"}", "\"id\":7,\"error\":{\"code\":-32600"},
        {"empty", REQUEST "\"a\",\"method\":\"b\"}", "\"id\":7,\"error\":{\"code\":-32600"},
        {"empty", REQUEST "\"hello\",\"params\":{\"protocol\":1,\"nonce\":\"abc\"}}", "\"nonce\":\"abc\""},
        {"empty", REQUEST "\"hello\",\"params\":{\"protocol\":1,\"nonce\":\"abc\"}}",
         "\"limits\":{\"endpoints\":2}"},
        {"empty", REQUEST "\"hello\",\"params\":{\"protocol\":2,\"nonce\":\"abc\"}}",
         "\"field\":\"/protocol\""},
        {"empty", REQUEST "\"hello\",\"params\":{\"protocol\":1}}", "\"field\":\"/nonce\""},
        {"empty", REQUEST "\"hello\"}", "\"field\":\"/protocol\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text input = {0}, output = {0};
        struct hp_problem problem = {0};
        /* The empty lines count for nothing. */
        text_addf(&input, "\n%s\n \r\n", rows[i].line);
        enum hp_status status = serve(rows[i].null, input.bytes, input.length_bytes, &output, &problem);
        bool one_line = output.bytes && strchr(output.bytes, '\n') == output.bytes + output.length_bytes - 1;
        if (status != HP_OK || !one_line || !strstr(output.bytes, rows[i].answer)) {
            fail_msg("row %zu, %s: %s", i, rows[i].line, output.bytes ? output.bytes : problem.detail);
        }
        text_release(&input);
        text_release(&output);
    }
}

static void a_line_that_is_too_long_costs_itself_only(void **state) {
    (void)state;
    struct text input = {0}, output = {0};
    for (size_t i = 0; i < SERVE_LINE_MAX / 8 + 8; i++) {
        text_add(&input, "xxxxxxxx");
    }
    text_add(&input, "\n" REQUEST "\"a\"}");
    assert_int_equal(serve("empty", input.bytes, input.length_bytes, &output, NULL), HP_OK);
    assert_non_null(strstr(output.bytes, "\"id\":null,\"error\":{\"code\":-32700"));
    assert_non_null(strstr(output.bytes, "8 MiB"));
    assert_non_null(strstr(output.bytes, "\"id\":7,\"result\":{}"));
    text_release(&input);
    text_release(&output);
}

static void a_target_without_an_answer_ends_the_line(void **state) {
    (void)state;
    static const char input[] = REQUEST "\"a\"}\n" REQUEST "\"b\"}\n";
    struct text output = {0};
    struct hp_problem problem = {0};
    assert_int_equal(serve("drop-connection", input, sizeof input - 1, &output, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "no answer to "));
    assert_int_equal(output.length_bytes, 0);
    text_release(&output);
}

static void output_that_cannot_be_written_ends_it(void **state) {
    (void)state;
    struct target *target = NULL;
    struct hp_problem problem = {0};
    FILE *in = tmpfile(), *out = fopen("/dev/full", "w");
    if (!out) {
        out = fopen("/dev/null", "r");
    }
    assert_int_equal(null_new("empty", &target, NULL), HP_OK);
    fputs(REQUEST "\"a\"}\n", in);
    rewind(in);
    assert_int_equal(serve_target(target, fileno(in), out, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "could not be written"));
    fclose(in);
    fclose(out);
    target_free(target);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_line_has_its_answer),
                                       cmocka_unit_test(a_line_that_is_too_long_costs_itself_only),
                                       cmocka_unit_test(a_target_without_an_answer_ends_the_line),
                                       cmocka_unit_test(output_that_cannot_be_written_ends_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
