/* Holds the frame checks in C (rpc.c) against fixtures/schema/wire.json, and what the harness sends against
 * the schema too. */
#include "harness/adapters/hello.h"
#include "harness/adapters/rpc.h"
#include "harness/base/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "{\"jsonrpc\":\"2.0\",\"id\":7,"
#define ERROR_OF(data) HEAD "\"error\":{\"code\":-1,\"message\":\"no\",\"data\":" data "}}"

struct wire {
    json_t *document;
    struct schema *schema;
};

static struct wire wire;

static int read_schema(void **state) {
    (void)state;
    wire.document = json_load_file("fixtures/schema/wire.json", JSON_REJECT_DUPLICATES, NULL);
    return wire.document && schema_compile(wire.document, &wire.schema, NULL) == HP_OK ? 0 : -1;
}

static int release_schema(void **state) {
    (void)state;
    schema_free(wire.schema);
    json_decref(wire.document);
    return 0;
}

static bool schema_accepts(const char *line) {
    json_t *value = json_loads(line, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    bool accepted = schema_check(wire.schema, value, NULL) == HP_OK;
    json_decref(value);
    return accepted;
}

static void code_and_schema_agree_on_answers(void **state) {
    (void)state;
    static const struct {
        const char *line;
        bool good;
    } rows[] = {
        {HEAD "\"result\":{}}", true},
        {HEAD "\"result\":null}", true},
        {HEAD "\"result\":[],\"extra\":1}", true},
        {"{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":1}", true},
        {"{\"jsonrpc\":\"2.0\",\"id\":4294967295,\"result\":1}", true},
        {"{\"jsonrpc\":\"2.0\",\"id\":4294967296,\"result\":1}", false},
        {"{\"jsonrpc\":\"2.0\",\"id\":-1,\"result\":1}", false},
        {"{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"result\":1}", false},
        {"{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":1}", false},
        {"{\"jsonrpc\":\"2.0\",\"result\":1}", false},
        {"{\"jsonrpc\":\"2\",\"id\":7,\"result\":1}", false},
        {"{\"id\":7,\"result\":1}", false},
        {HEAD "\"result\":1,\"error\":null}", false},
        {HEAD "\"other\":1}", false},
        {HEAD "\"error\":null}", false},
        {HEAD "\"error\":{\"message\":\"no\",\"data\":{\"name\":\"invalid\"}}}", false},
        {HEAD "\"error\":{\"code\":1.5,\"message\":\"no\",\"data\":{\"name\":\"invalid\"}}}", false},
        {HEAD "\"error\":{\"code\":1,\"message\":null,\"data\":{\"name\":\"invalid\"}}}", false},
        {HEAD "\"error\":{\"code\":1,\"message\":\"no\"}}", false},
        {"{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"\",\"data\":{\"name\":"
         "\"internal\"}}}",
         true},
        {ERROR_OF("{\"name\":\"invalid\"}"), true},
        {ERROR_OF("{\"name\":\"not_found\"}"), true},
        {ERROR_OF("{\"name\":\"forbidden\"}"), true},
        {ERROR_OF("{\"name\":\"conflict\",\"interrupt_status\":\"expired\"}"), true},
        {ERROR_OF("{\"name\":\"unavailable\",\"field\":null,\"interrupt_status\":null}"), true},
        {ERROR_OF("{\"name\":\"unsupported\",\"field\":\"/a\",\"more\":[]}"), true},
        {ERROR_OF("{\"name\":\"ok\"}"), false},
        {ERROR_OF("{\"name\":\"Invalid\"}"), false},
        {ERROR_OF("{\"name\":7}"), false},
        {ERROR_OF("{}"), false},
        {ERROR_OF("[]"), false},
        {ERROR_OF("{\"name\":\"invalid\",\"field\":1}"), false},
        {ERROR_OF("{\"name\":\"conflict\",\"interrupt_status\":{}}"), false},
        {"[]", false},
        {"1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rpc_answer answer;
        bool decoded = rpc_decode_answer(rows[i].line, strlen(rows[i].line), &answer, NULL) == HP_OK;
        rpc_answer_release(&answer);
        if (decoded != rows[i].good || schema_accepts(rows[i].line) != rows[i].good) {
            fail_msg("%s: the code says %s", rows[i].line, decoded ? "good" : "bad");
        }
    }
}

#define HELLO "\"protocol\":1,\"nonce\":\"n\",\"capabilities\":[\"get\"]"

static void code_and_schema_agree_on_hellos(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"{" HELLO "}", true},
        {"{" HELLO ",\"name\":7,\"limits\":{\"endpoints\":64,\"processes\":64,\"clock_error_us\":0,\"x\":1}}",
         true},
        {"{" HELLO ",\"limits\":{\"endpoints\":65}}", false},
        {"{" HELLO ",\"limits\":{\"endpoints\":\"1\"}}", false},
        {"{" HELLO ",\"limits\":{\"processes\":0}}", false},
        {"{" HELLO ",\"limits\":{\"clock_error_us\":60000001}}", false},
        {"{" HELLO ",\"limits\":{\"clock_error_us\":60000000}}", true},
        {"{" HELLO ",\"database\":{\"conninfo\":\"\",\"schema\":null}}", true},
        {"{" HELLO ",\"database\":{\"schema\":\"a\"}}", false},
        {"{\"protocol\":2,\"nonce\":\"n\",\"capabilities\":[]}", false},
        {"{\"protocol\":1,\"capabilities\":[]}", false},
        {"{\"protocol\":1,\"nonce\":\"n\",\"capabilities\":[1]}", false},
        {"[]", false},
    };
    json_t *document =
        json_pack("{s:s, s:O}", "$ref", "#/$defs/hello", "$defs", json_object_get(wire.document, "$defs"));
    struct schema *schema = NULL;
    assert_int_equal(schema_compile(document, &schema, NULL), HP_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *value = json_loads(rows[i].text, 0, NULL);
        struct hello hello = {0};
        bool decoded = hello_decode(value, "n", &hello, NULL) == HP_OK;
        bool accepted = schema_check(schema, value, NULL) == HP_OK;
        hello_release(&hello);
        json_decref(value);
        if (decoded != rows[i].good || accepted != rows[i].good) {
            fail_msg("%s: the code says %s", rows[i].text, decoded ? "good" : "bad");
        }
    }
    schema_free(schema);
    json_decref(document);
}

static void what_the_harness_sends_is_a_request(void **state) {
    (void)state;
    static const struct {
        const char *method;
        const char *params;
        unsigned endpoint;
    } rows[] = {{"hello", "{\"protocol\":1,\"nonce\":\"n\"}", 0}, {"interrupt.expire_pending", "{}", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct request request = {rows[i].method, rows[i].params, strlen(rows[i].params), false};
        struct text line = {0};
        assert_int_equal(rpc_check_request(&request, NULL), HP_OK);
        assert_true(rpc_add_request(&line, 1, rows[i].endpoint, &request));
        assert_true(schema_accepts(line.bytes));
        text_release(&line);
    }
    assert_false(schema_accepts("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"get\"}"));
    assert_false(schema_accepts("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"get\",\"params\":[]}"));
    assert_false(schema_accepts("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a b\",\"params\":{}}"));
}

static void what_the_server_answers_is_an_answer(void **state) {
    (void)state;
    struct text line = {0};
    const struct answer refusal = {
        .kind = ANSWER_REFUSED, .error_name = "conflict", .interrupt_status = "expired"};
    json_t *result = json_object();
    assert_true(rpc_add_result(&line, (struct slice){"5", 1}, result));
    json_decref(result);
    assert_true(schema_accepts(line.bytes));
    text_clear(&line);
    assert_true(rpc_add_error(&line, (struct slice){NULL, 0}, RPC_PARSE_ERROR, &refusal));
    assert_true(schema_accepts(line.bytes));
    text_release(&line);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(code_and_schema_agree_on_answers),
                                       cmocka_unit_test(code_and_schema_agree_on_hellos),
                                       cmocka_unit_test(what_the_harness_sends_is_a_request),
                                       cmocka_unit_test(what_the_server_answers_is_an_answer)};
    return cmocka_run_group_tests(tests, read_schema, release_schema);
}
