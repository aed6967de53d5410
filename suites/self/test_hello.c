#include "harness/adapters/hello.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GOOD "\"protocol\":1,\"nonce\":\"n\",\"capabilities\":[\"get\"]"

static void each_hello_is_judged(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *field; /* NULL: good */
        unsigned endpoints, processes;
        int64_t clock_error_us;
    } rows[] = {
        {"{" GOOD "}", NULL, 1, 1, 0},
        {"{" GOOD ",\"limits\":{}}", NULL, 1, 1, 0},
        {"{" GOOD ",\"limits\":{\"endpoints\":3}}", NULL, 3, 1, 0},
        {"{" GOOD ",\"limits\":{\"endpoints\":3,\"processes\":3}}", NULL, 3, 3, 0},
        {"{" GOOD ",\"limits\":{\"processes\":1,\"clock_error_us\":60000000}}", NULL, 1, 1, 60000000},
        {"{" GOOD ",\"limits\":{\"endpoints\":0}}", "/limits/endpoints", 0, 0, 0},
        {"{" GOOD ",\"limits\":{\"endpoints\":65}}", "/limits/endpoints", 0, 0, 0},
        {"{" GOOD ",\"limits\":{\"endpoints\":\"2\"}}", "/limits/endpoints", 0, 0, 0},
        {"{" GOOD ",\"limits\":{\"endpoints\":3,\"processes\":4}}", "/limits/processes", 0, 0, 0},
        {"{" GOOD ",\"limits\":{\"processes\":2}}", "/limits/processes", 0, 0, 0},
        {"{" GOOD ",\"limits\":{\"processes\":0}}", "/limits/processes", 0, 0, 0},
        {"{" GOOD ",\"limits\":{\"processes\":1.0}}", "/limits/processes", 0, 0, 0},
        {"{" GOOD ",\"limits\":{\"clock_error_us\":-1}}", "/limits/clock_error_us", 0, 0, 0},
        {"{" GOOD ",\"limits\":{\"clock_error_us\":60000001}}", "/limits/clock_error_us", 0, 0, 0},
        {"{" GOOD ",\"limits\":{\"clock_error_us\":null}}", "/limits/clock_error_us", 0, 0, 0},
        {"{\"protocol\":2,\"nonce\":\"n\",\"capabilities\":[]}", "/protocol", 0, 0, 0},
        {"{\"protocol\":\"1\",\"nonce\":\"n\",\"capabilities\":[]}", "/protocol", 0, 0, 0},
        {"{\"nonce\":\"n\",\"capabilities\":[]}", "/protocol", 0, 0, 0},
        {"{\"protocol\":1,\"nonce\":\"m\",\"capabilities\":[]}", "/nonce", 0, 0, 0},
        {"{\"protocol\":1,\"capabilities\":[]}", "/nonce", 0, 0, 0},
        {"{\"protocol\":1,\"nonce\":\"n\"}", "/capabilities", 0, 0, 0},
        {"{\"protocol\":1,\"nonce\":\"n\",\"capabilities\":{}}", "/capabilities", 0, 0, 0},
        {"{\"protocol\":1,\"nonce\":\"n\",\"capabilities\":[1]}", "/capabilities", 0, 0, 0},
        {"{" GOOD ",\"database\":{\"conninfo\":\"dbname=a\"}}", NULL, 1, 1, 0},
        {"{" GOOD ",\"database\":{\"conninfo\":\"dbname=a\",\"schema\":null}}", NULL, 1, 1, 0},
        {"{" GOOD ",\"database\":{\"conninfo\":\"dbname=a\",\"schema\":1}}", "/database", 0, 0, 0},
        {"{" GOOD ",\"database\":{}}", "/database", 0, 0, 0},
        {"{" GOOD ",\"database\":\"dbname=a\"}", "/database", 0, 0, 0},
        {"[]", "", 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hello hello = {0};
        struct hp_problem problem = {0};
        json_t *result = json_loads(rows[i].text, 0, NULL);
        enum hp_status status = hello_decode(result, "n", &hello, &problem);
        json_decref(result);
        assert_int_equal(status, rows[i].field ? HP_INVALID : HP_OK);
        assert_int_equal(hello.endpoints, rows[i].endpoints);
        assert_int_equal(hello.processes, rows[i].processes);
        assert_int_equal(hello.clock_error_us, rows[i].clock_error_us);
        assert_string_equal(problem.field, rows[i].field ? rows[i].field : "");
        assert_int_equal(hello_declares(&hello, "get"), rows[i].field == NULL);
        if (!rows[i].field) {
            assert_string_equal(hello.name, "unknown");
        }
        hello_release(&hello);
    }
}

static void what_is_written_is_read(void **state) {
    (void)state;
    struct hello hello = {.name = text_copy("a service"),
                          .version = text_copy("2"),
                          .language = text_copy("Go"),
                          .capabilities = json_pack("[ss]", "reset", "clock"),
                          .endpoints = 4,
                          .processes = 3,
                          .clock_error_us = 20000,
                          .database = text_copy("dbname=a"),
                          .schema = text_copy("app")};
    struct hello copy, read = {0};
    assert_true(hello_copy(&hello, &copy));
    json_t *result = hello_encode(&copy, "abc");
    assert_int_equal(hello_decode(result, "abc", &read, NULL), HP_OK);
    json_decref(result);
    assert_string_equal(read.name, "a service");
    assert_string_equal(read.version, "2");
    assert_string_equal(read.language, "Go");
    assert_int_equal(read.endpoints, 4);
    assert_int_equal(read.processes, 3);
    assert_int_equal(read.clock_error_us, 20000);
    assert_string_equal(read.database, "dbname=a");
    assert_string_equal(read.schema, "app");
    assert_true(json_equal(read.capabilities, hello.capabilities));
    hello_release(&hello);
    hello_release(&copy);
    hello_release(&read);
}

static void no_two_nonces_are_the_same(void **state) {
    (void)state;
    char nonces[50][HELLO_NONCE_SIZE];
    for (size_t i = 0; i < 50; i++) {
        hello_make_nonce(nonces[i]);
        assert_int_equal(strspn(nonces[i], "0123456789abcdef"), 16);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(nonces[i], nonces[j]);
        }
    }
    struct text params = {0};
    assert_true(hello_add_params(&params, "abc"));
    assert_string_equal(params.bytes, "{\"protocol\":1,\"nonce\":\"abc\"}");
    text_release(&params);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_hello_is_judged),
                                       cmocka_unit_test(what_is_written_is_read),
                                       cmocka_unit_test(no_two_nonces_are_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
