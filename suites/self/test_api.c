#include "suites/self/support_api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_health(void **state) {
    (void)state;
    struct api_bench bench;
    api_bench_init(&bench, NULL);
    api_expect(&bench, &(struct api_request){.line = "GET /healthz"}, 200, NULL, NULL);
    api_bench_release(&bench);
}

/* A store that is away: every route that needs it says so, and when to come again. */
static void test_store_away(void **state) {
    (void)state;
    static const struct {
        const char *line, *body;
    } rows[] = {
        {"GET /healthz", NULL},
        {"GET /interrupts?user_id=ann", NULL},
        {"POST /interrupts",
         "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":\"ann\",\"session_id\":\"s\"}"},
        {"GET /interrupts/0f8fad5b-d9cb-469f-a165-70867728950e?user_id=ann", NULL},
        {"DELETE /interrupts/0f8fad5b-d9cb-469f-a165-70867728950e?user_id=ann", NULL},
        {"POST /interrupts/0f8fad5b-d9cb-469f-a165-70867728950e/respond?user_id=ann", "{\"approved\":true}"},
        {"POST /interrupts/expire", NULL},
    };
    const struct server_options options = {.operator_token = "t"};
    struct api_bench bench = {.deployment = deployment_postgres_new("host=/no/such/folder", NULL)};
    assert_int_equal(api_init(&bench.site, bench.deployment, &options, NULL), HP_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct api_reply reply;
        api_call(&bench,
                 &(struct api_request){
                     .line = rows[i].line, .body = rows[i].body, .authorization = "Bearer t", .key = "k"},
                 &reply);
        assert_int_equal(reply.status, 503);
        assert_string_equal(json_string_value(json_object_get(reply.json, "name")), "unavailable");
        assert_string_equal(response_header(&reply.response, "Retry-After"), "1");
        api_reply_release(&reply);
    }
    api_expect(&bench, &(struct api_request){.line = "GET /openapi.json"}, 200, NULL, NULL);
    api_bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_health), cmocka_unit_test(test_store_away)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
