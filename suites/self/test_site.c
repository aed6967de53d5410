#include "suites/self/support_api.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LINE "POST /interrupts"
#define BODY "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":\"ann\",\"session_id\":\"s\"}"

/* The topmost fault of a request counts. */
static void test_order(void **state) {
    (void)state;
    static char large[SERVER_BODY_MAX_BYTES + 1];
    struct api_bench bench;
    api_bench_init(&bench, NULL);
    memset(large, 'x', sizeof large);
    api_expect(&bench,
               &(struct api_request){.line = "PUT /nothing?%00",
                                     .body = large,
                                     .body_length_bytes = sizeof large,
                                     .content_type = "text/plain"},
               404, "not_found", NULL);
    api_expect(&bench,
               &(struct api_request){.line = "PUT /interrupts?%00",
                                     .body = large,
                                     .body_length_bytes = sizeof large,
                                     .content_type = "text/plain"},
               405, "unsupported", NULL);
    api_expect(&bench,
               &(struct api_request){.line = LINE "?%00",
                                     .body = large,
                                     .body_length_bytes = sizeof large,
                                     .content_type = "text/plain"},
               415, "invalid", NULL);
    api_expect(&bench,
               &(struct api_request){.line = LINE "?%00", .body = large, .body_length_bytes = sizeof large},
               413, "invalid", NULL);
    api_expect(&bench, &(struct api_request){.line = LINE "?a=%00", .body = "x"}, 400, "invalid", "/a");
    api_expect(&bench, &(struct api_request){.line = LINE, .body = "x"}, 400, "invalid", NULL);
    api_expect(&bench, &(struct api_request){.line = LINE, .body = BODY}, 201, NULL, NULL);
    api_expect(
        &bench,
        &(struct api_request){.line = "GET /healthz", .body = large, .body_length_bytes = sizeof large}, 413,
        "invalid", NULL);
    api_bench_release(&bench);
}

static void test_allow(void **state) {
    (void)state;
    static const struct {
        const char *line, *allow;
        unsigned status;
    } rows[] = {
        {"PUT /interrupts", "GET, HEAD, POST, OPTIONS", 405},
        {"OPTIONS /interrupts/", "GET, HEAD, POST, OPTIONS", 204},
        {"POST /interrupts/x", "GET, HEAD, DELETE, OPTIONS", 405},
        {"OPTIONS /interrupts/x/respond", "POST, OPTIONS", 204},
        {"GET /interrupts/expire", "POST, OPTIONS", 405},
        {"BREW /healthz", "GET, HEAD, OPTIONS", 405},
        {"OPTIONS /openapi.json", "GET, HEAD, OPTIONS", 204},
    };
    struct api_bench bench;
    api_bench_init(&bench, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct api_reply reply;
        api_call(&bench, &(struct api_request){.line = rows[i].line}, &reply);
        assert_int_equal(reply.status, rows[i].status);
        assert_string_equal(response_header(&reply.response, "Allow"), rows[i].allow);
        assert_int_equal(reply.json != NULL, rows[i].status == 405);
        api_reply_release(&reply);
    }
    api_bench_release(&bench);
}

static void test_content_types(void **state) {
    (void)state;
    static const struct {
        const char *type;
        unsigned status;
    } rows[] = {
        {"application/json", 201},
        {"Application/JSON", 201},
        {"application/json ; charset=UTF-8", 201},
        {"application/json;charset=\"utf-8\"", 201},
        {"application/json; profile=x; charset=utf-8", 201},
        {"application/json; charset=latin1", 415},
        {"application/json; charset=utf-88", 415},
        {"application/jsonp", 415},
        {"application/json x", 415},
        {"application/merge-patch+json", 415},
        {"text/json", 415},
        {"text/plain", 415},
        {"", 415},
        {"json", 415},
    };
    struct api_bench bench;
    api_bench_init(&bench, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        api_expect(&bench, &(struct api_request){.line = LINE, .body = BODY, .content_type = rows[i].type},
                   rows[i].status, rows[i].status == 415 ? "invalid" : NULL, NULL);
    }
    api_expect(&bench, &(struct api_request){.line = LINE}, 400, "invalid", NULL);
    api_bench_release(&bench);
}

static void test_targets(void **state) {
    (void)state;
    const struct server_options options = {.prefix = "/api/v1"};
    static const struct {
        const char *line;
        unsigned status;
    } rows[] = {
        {"GET /api/v1/interrupts?user_id=ann", 200},
        {"GET /api/v1/interrupts/?user_id=ann", 200},
        {"GET http://example.org:80/api/v1/interrupts?user_id=ann", 200},
        {"GET HTTP://example.org/api/v1/interrupts?user_id=a://b", 200},
        {"GET http://example.org?user_id=ann", 404},
        {"GET x?a=://t/healthz", 404},
        {"GET /interrupts?user_id=ann", 404},
        {"GET /api/v1?user_id=ann", 404},
        {"GET /healthz", 200},
        {"GET /api/v1/healthz/", 200},
        {"HEAD /openapi.json", 200},
        {"GET *", 404},
        {"GET  /healthz", 404},
    };
    struct api_bench bench;
    struct api_reply reply;
    api_bench_init(&bench, &options);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        api_expect(&bench, &(struct api_request){.line = rows[i].line}, rows[i].status, NULL, NULL);
    }
    api_call(&bench, &(struct api_request){.line = "POST /api/v1/interrupts", .body = BODY}, &reply);
    assert_memory_equal(response_header(&reply.response, "Location"), "/api/v1/interrupts/", 19);
    api_reply_release(&reply);
    api_bench_release(&bench);
}

static void test_options(void **state) {
    (void)state;
    static const char *const prefixes[] = {"/",    "api",   "/api/", "/a//b", "/a b",
                                           "/a?b", "/\r\n", "/%41",  "//"};
    static const char *const headers[] = {"", "X User", "X:User", "X\r\n", "\xc3\xa9"};
    struct site site;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        assert_int_equal(site_init(&site, NULL, 0, NULL, prefixes[i], NULL), HP_INVALID);
        site_release(&site);
    }
    assert_int_equal(site_init(&site, NULL, 0, NULL, "", NULL), HP_OK);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        assert_int_equal(site_set_auth_header(&site, headers[i], NULL), HP_INVALID);
    }
    assert_int_equal(site_set_operator_token(&site, "", NULL), HP_INVALID);
    assert_int_equal(site_set_operator_token(&site, NULL, NULL), HP_OK);
    site_release(&site);
}

/* The body was thrown away because it was too large, or came with two lengths. */
static void test_what_the_transport_found(void **state) {
    (void)state;
    struct api_bench bench;
    api_bench_init(&bench, NULL);
    struct server_call call = {.site = &bench.site,
                               .request = {.method = "POST",
                                           .target = "/interrupts",
                                           .announced_bytes = REQUEST_CHUNKED,
                                           .headers = {[HEADER_CONTENT_TYPE] = "application/json"},
                                           .too_large = true}};
    assert_false(call_screen(&call));
    call_answer(&call);
    assert_int_equal(call.response.status, 413);
    call_release(&call);
    struct server_call twice = {.site = &bench.site,
                                .request = {.method = "GET", .target = "/nothing", .ambiguous = true}};
    assert_true(call_screen(&twice));
    assert_int_equal(twice.response.status, 400);
    call_release(&twice);
    api_bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),         cmocka_unit_test(test_allow),
        cmocka_unit_test(test_content_types), cmocka_unit_test(test_targets),
        cmocka_unit_test(test_options),       cmocka_unit_test(test_what_the_transport_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
