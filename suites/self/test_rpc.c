#include "harness/adapters/rpc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "{\"jsonrpc\":\"2.0\",\"id\":7,"
#define ERROR_OF(data) HEAD "\"error\":{\"code\":-1,\"message\":\"no\",\"data\":" data "}}"

struct row {
    const char *line;
    const char *detail; /* NULL: a good answer */
    bool has_id;
};

static const struct row rows[] = {
    {HEAD "\"result\":{}}", NULL, true},
    {HEAD "\"result\":null}", NULL, true},
    {" {\"result\" : [ ] , \"id\":7,\"jsonrpc\":\"2.0\", \"extra\":1 } ", NULL, true},
    {ERROR_OF("{\"name\":\"invalid\"}"), NULL, true},
    {ERROR_OF("{\"name\":\"conflict\",\"interrupt_status\":\"expired\",\"field\":null}"), NULL, true},
    {"{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"\",\"data\":{\"name\":\"invalid\"}"
     "}}",
     NULL, false},
    {"", "not JSON", false},
    {"nonsense", "not JSON", false},
    {"{\"id\":7,", "not JSON", true},
    {HEAD "\"result\":{\"a\":\"\\ud800\"}}", "not JSON", true},
    {HEAD "\"result\":{}} {}", "not JSON", true},
    {HEAD "\"result\":\"\xC0\x80\"}", "not UTF-8", true},
    {HEAD "\"result\":{},\"result\":{}}", "duplicate", true},
    {HEAD "\"result\":1e400}", "not JSON", true},
    {"[]", "the answer is an array", false},
    {"\"text\"", "the answer is text", false},
    {"true", "the answer is true", false},
    {"1.5", "the answer is a real number", false},
    {"{\"jsonrpc\":\"2.0\",\"result\":{}}", "id is missing", false},
    {"{\"jsonrpc\":\"2.0\",\"id\":-1,\"result\":{}}", "id is an integer", false},
    {"{\"jsonrpc\":\"2.0\",\"id\":4294967296,\"result\":{}}", "id is an integer", false},
    {"{\"jsonrpc\":\"2.0\",\"id\":{},\"result\":{}}", "id is an object", false},
    {"{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{}}", "the id null", false},
    {"{\"id\":7,\"result\":{}}", "lacks \"jsonrpc\"", true},
    {"{\"jsonrpc\":2.0,\"id\":7,\"result\":{}}", "lacks \"jsonrpc\"", true},
    {HEAD "\"other\":{}}", "neither result nor error", true},
    {HEAD "\"result\":{},\"error\":null}", "both result and error", true},
    {HEAD "\"error\":null}", "the error is not", true},
    {HEAD "\"error\":{\"code\":\"1\",\"message\":\"no\",\"data\":{\"name\":\"invalid\"}}}",
     "the error is not", true},
    {HEAD "\"error\":{\"code\":1,\"data\":{\"name\":\"invalid\"}}}", "the error is not", true},
    {ERROR_OF("null"), "error.data.name is missing", true},
    {ERROR_OF("{\"name\":\"ok\"}"), "error.data.name is \"ok\"", true},
    {ERROR_OF("{\"name\":\"Invalid\"}"), "error.data.name is \"Invalid\"", true},
    {ERROR_OF("{\"name\":\"invalid\",\"field\":[]}"), "error.data.field is an array", true},
    {ERROR_OF("{\"name\":\"invalid\",\"interrupt_status\":true}"), "error.data.interrupt_status is true",
     true},
};

static void each_line_is_judged(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rpc_answer answer;
        struct hp_problem problem = {0};
        enum hp_status status = rpc_decode_answer(rows[i].line, strlen(rows[i].line), &answer, &problem);
        bool judged = rows[i].detail ? status == HP_INVALID && strstr(problem.detail, rows[i].detail) != NULL
                                     : status == HP_OK && problem.status == HP_OK;
        bool identified = answer.has_id == rows[i].has_id && answer.id == (rows[i].has_id ? 7U : 0U);
        rpc_answer_release(&answer);
        if (!judged || !identified) {
            fail_msg("row %zu, %s: %s, id %sfound", i, rows[i].line, problem.detail,
                     identified ? "as it should be " : "wrongly ");
        }
    }
}

static void big_integers_become_doubles(void **state) {
    (void)state;
    static const char line[] =
        HEAD "\"result\":[9223372036854775807,-9223372036854775808,9223372036854775808,"
             "123456789012345678901234567890,\"99999999999999999999\",\"\\\"9999999999999999999999\"]}";
    struct rpc_answer answer;
    struct hp_problem problem = {0};
    assert_int_equal(rpc_decode_answer(line, sizeof line - 1, &answer, &problem), HP_OK);
    const json_t *list = answer.answer.result;
    assert_true(json_integer_value(json_array_get(list, 0)) == INT64_MAX);
    assert_true(json_integer_value(json_array_get(list, 1)) == INT64_MIN);
    assert_true(json_real_value(json_array_get(list, 2)) == 9223372036854775808.0);
    assert_true(json_real_value(json_array_get(list, 3)) == 123456789012345678901234567890.0);
    assert_string_equal(json_string_value(json_array_get(list, 4)), "99999999999999999999");
    assert_string_equal(json_string_value(json_array_get(list, 5)), "\"9999999999999999999999");
    rpc_answer_release(&answer);
}

static void a_request_is_put_around_its_params(void **state) {
    (void)state;
    const struct request request = {"interrupt.get", "{\"a\": 1, \"a\":2}xyz", 15, true};
    struct text line = {0};
    assert_true(rpc_add_request(&line, 3, 0, &request));
    assert_true(rpc_add_request(&line, 4, 1, &request));
    assert_string_equal(
        line.bytes,
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"interrupt.get\",\"params\":{\"a\": 1, \"a\":2}}\n"
        "{\"jsonrpc\":\"2.0\",\"id\":4,\"endpoint\":1,\"method\":\"interrupt.get\",\"params\":{\"a\": 1, "
        "\"a\":2}}\n");
    text_release(&line);
}

static void requests_of_our_own_are_judged(void **state) {
    (void)state;
    static const struct {
        const char *method;
        const char *params;
        bool raw;
        const char *detail;
    } requests[] = {
        {"describe", "{}", false, NULL},
        {"describe", "{\"a\":", true, NULL},
        {"describe", "{\"a\":1,\"a\":2}", true, NULL},
        {"describe", "{\"a\":1,\"a\":2}", false, "no JSON object"},
        {"describe", "[]", false, "no JSON object"},
        {"describe", "", true, "empty"},
        {"describe", "{\n}", true, "line break"},
        {"", "{}", false, "no name"},
        {"a\"b", "{}", false, "no name"},
    };
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        struct hp_problem problem = {0};
        const struct request request = {requests[i].method, requests[i].params, strlen(requests[i].params),
                                        requests[i].raw};
        enum hp_status status = rpc_check_request(&request, &problem);
        assert_int_equal(status, requests[i].detail ? HP_INTERNAL : HP_OK);
        if (requests[i].detail) {
            assert_non_null(strstr(problem.detail, requests[i].detail));
            assert_int_equal(strncmp(problem.detail, "harness: ", 9), 0);
        }
    }
}

static void each_error_name_has_its_code(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int code;
    } codes[] = {{"invalid", -32602},  {"not_found", -32001},   {"forbidden", -32002},
                 {"conflict", -32003}, {"unavailable", -32004}, {"unsupported", -32005},
                 {"internal", -32006}, {"teapot", -32006}};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_int_equal(rpc_error_code(codes[i].name), codes[i].code);
    }
}

static void answers_written_are_answers_read(void **state) {
    (void)state;
    struct text line = {0};
    struct rpc_answer answer;
    struct hp_problem problem = {0};
    struct answer refusal = {.kind = ANSWER_REFUSED,
                             .error_name = "conflict",
                             .interrupt_status = "expired",
                             .field = "/id",
                             .detail = "too \"late\""};
    assert_true(rpc_add_error(&line, (struct slice){"12", 2}, -32003, &refusal));
    assert_int_equal(rpc_decode_answer(line.bytes, line.length_bytes, &answer, &problem), HP_OK);
    assert_int_equal(answer.id, 12);
    assert_int_equal(answer.answer.kind, ANSWER_REFUSED);
    assert_string_equal(answer.answer.interrupt_status, "expired");
    assert_string_equal(answer.answer.field, "/id");
    assert_string_equal(answer.answer.detail, "too \"late\"");
    rpc_answer_release(&answer);
    text_clear(&line);
    json_t *result = json_pack("{s:i}", "total", 3);
    assert_true(rpc_add_result(&line, (struct slice){NULL, 0}, result));
    json_decref(result);
    assert_string_equal(line.bytes, "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{\"total\":3}}\n");
    text_release(&line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_is_judged),
        cmocka_unit_test(big_integers_become_doubles),
        cmocka_unit_test(a_request_is_put_around_its_params),
        cmocka_unit_test(requests_of_our_own_are_judged),
        cmocka_unit_test(each_error_name_has_its_code),
        cmocka_unit_test(answers_written_are_answers_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
