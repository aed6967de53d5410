#include "reference/server/problem_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_statuses(void **state) {
    (void)state;
    static const struct {
        enum hp_status status;
        unsigned http_status;
    } rows[] = {{HP_OK, 200},       {HP_INVALID, 400},     {HP_NOT_FOUND, 404},   {HP_FORBIDDEN, 403},
                {HP_CONFLICT, 409}, {HP_UNAVAILABLE, 503}, {HP_UNSUPPORTED, 501}, {HP_INTERNAL, 500}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(problem_status(rows[i].status), rows[i].http_status);
    }
}

static void test_members(void **state) {
    (void)state;
    struct server_response response = {0};
    struct hp_problem problem = {0};
    hp_problem_set(&problem, HP_INVALID, "/a\"b", "say \"%s\"", "x\n");
    problem_answer(&response, 400, &problem);
    assert_int_equal(response.status, 400);
    assert_string_equal(response.content_type, "application/problem+json");
    assert_string_equal(
        response.body.bytes,
        "{\"type\":\"urn:holdpoint:problem:invalid\",\"title\":\"the request is not well formed or breaks a "
        "limit\",\"status\":400,\"detail\":\"say \\\"x\\n\\\"\",\"name\":\"invalid\",\"field\":\"/a\\\"b\"}");
    assert_null(response_header(&response, "Retry-After"));
    response_release(&response);
}

static void test_try_again(void **state) {
    (void)state;
    static const struct {
        unsigned http_status;
        enum hp_status status;
        const char *interrupt_status;
        int again;
    } rows[] = {{503, HP_UNAVAILABLE, "", 1},
                {409, HP_CONFLICT, "resolved", 0},
                {409, HP_CONFLICT, "", 0},
                {404, HP_NOT_FOUND, "", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct server_response response = {0};
        struct hp_problem problem = {0};
        hp_problem_set(&problem, rows[i].status, NULL, "d");
        strcpy(problem.interrupt_status, rows[i].interrupt_status);
        problem_answer(&response, rows[i].http_status, &problem);
        assert_int_equal(response_header(&response, "Retry-After") != NULL, rows[i].again);
        assert_int_equal(strstr(response.body.bytes, "interrupt_status") != NULL,
                         rows[i].interrupt_status[0] != '\0');
        response_release(&response);
    }
}

/* What was written of an answer before is gone, also when there is no room for another. */
static void test_replaces(void **state) {
    (void)state;
    struct server_response response = {.body = {.cap_bytes = 40}};
    size_t length;
    text_add(&response.body, "{\"half\":");
    problem_refuse(&response, 415, HP_INVALID, NULL, "no JSON");
    assert_int_equal(response.status, 500);
    assert_non_null(strstr(response_body(&response, &length), "out of memory"));
    response_release(&response);
    response = (struct server_response){0};
    text_add(&response.body, "{\"half\":");
    problem_refuse(&response, 415, HP_INVALID, NULL, "no JSON");
    assert_int_equal(response.status, 415);
    assert_non_null(strstr(response_body(&response, &length),
                           "{\"type\":\"urn:holdpoint:problem:invalid\",\"title\":\"the body is no JSON\""));
    response_release(&response);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_statuses), cmocka_unit_test(test_members),
                                       cmocka_unit_test(test_try_again), cmocka_unit_test(test_replaces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
