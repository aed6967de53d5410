#include "reference/server/controls.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

static struct deployment *deployment;
static struct site site;

/* Calls a control; what it answered, for the caller to drop. */
static json_t *control(const char *path, const char *body, unsigned status) {
    struct server_call call = {
        .site = &site,
        .request = {.method = "POST",
                    .target = path,
                    .headers = {[HEADER_CONTENT_TYPE] = body ? "application/json" : NULL},
                    .announced_bytes = body ? strlen(body) : 0}};
    size_t length;
    if (!call_screen(&call)) {
        call.request.body = body;
        call.request.body_length_bytes = body ? strlen(body) : 0;
        call_answer(&call);
    }
    const char *answer = response_body(&call.response, &length);
    if (call.response.status != status) {
        fail_msg("%s: %u, not %u: %s", path, call.response.status, status, answer);
    }
    json_t *value = json_loadb(answer, length, 0, NULL);
    assert_non_null(value);
    call_release(&call);
    return value;
}

static void refused(const char *path, const char *body, unsigned status, const char *name,
                    const char *field) {
    json_t *problem = control(path, body, status);
    const char *given = json_string_value(json_object_get(problem, "field"));
    assert_string_equal(json_string_value(json_object_get(problem, "name")), name);
    assert_string_equal(given ? given : "", field);
    json_decref(problem);
}

static int set_up(void **state) {
    (void)state;
    deployment = deployment_memory_new();
    return deployment && controls_init(&site, deployment, NULL) == HP_OK ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    site_release(&site);
    deployment_free(deployment);
    return 0;
}

#define NEW                                                                                                  \
    "{\"method\":\"interrupt.create\",\"endpoint\":0,\"params\":{\"kind\":\"timeout\",\"request_id\":\"r\"," \
    "\"user_id\":"                                                                                           \
    "\"ann\",\"session_id\":\"s\"}}"

static void test_clock(void **state) {
    (void)state;
    json_t *now = control("/clock", "{\"now\":\"2025-12-11T10:30:00+01:00\"}", 200);
    assert_string_equal(json_string_value(json_object_get(now, "now")), "2025-12-11T09:30:00.000000Z");
    json_decref(now);
    json_t *made = control("/call", NEW, 200);
    const json_t *interrupt = json_object_get(json_object_get(made, "result"), "interrupt");
    assert_string_equal(json_string_value(json_object_get(interrupt, "created_at")),
                        "2025-12-11T09:30:00.000000Z");
    json_decref(made);
    refused("/clock", "{\"now\":\"2025-12-11T09:29:59Z\"}", 400, "invalid", "/now");
    refused("/clock", "{\"now\":\"2025-12-11T09:30:00\"}", 400, "invalid", "/now");
    refused("/clock", "{}", 400, "invalid", "/now");
    refused("/clock", NULL, 400, "invalid", "");
    json_decref(
        control("/call", "{\"method\":\"clock.set\",\"params\":{\"now\":\"2025-12-11T09:30:01Z\"}}", 200));
    json_decref(control("/reset", NULL, 200));
    json_decref(control("/clock", "{\"now\":\"2025-12-11T09:29:59Z\"}", 200));
}

static void test_drain_and_reset(void **state) {
    (void)state;
    json_decref(control("/reset", NULL, 200));
    json_decref(control("/call", NEW, 200));
    json_t *events = control("/drain", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(events, "events")), 1);
    json_decref(events);
    json_decref(control("/call", NEW, 200));
    json_decref(control("/call", "{\"method\":\"reset\",\"params\":{}}", 200));
    events = control("/drain", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(events, "events")), 0);
    json_decref(events);
    json_t *list = control("/call", "{\"method\":\"interrupt.list\",\"params\":{\"user_id\":\"ann\"}}", 200);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(list, "result"), "total")), 0);
    json_decref(list);
}

/* A drain is the only one to tell its events: they come, though they are more than a text takes by default. */
static void test_large_drain(void **state) {
    (void)state;
    enum { DATA_BYTES = 980000, COUNT = 70 };
    static const char begin[] =
        "{\"method\":\"interrupt.create\",\"endpoint\":0,\"params\":{\"kind\":\"timeout\","
        "\"request_id\":\"r\",\"user_id\":\"ann\",\"session_id\":\"s\",\"data\":{\"x\":\"";
    struct text body = {0};
    json_decref(control("/reset", NULL, 200));
    text_add(&body, begin);
    for (size_t i = 0; i < DATA_BYTES; i++) {
        text_add_byte(&body, 'y');
    }
    assert_true(text_add(&body, "\"}}}"));
    for (size_t i = 0; i < COUNT; i++) {
        json_decref(control("/call", body.bytes, 200));
    }
    json_t *events = control("/drain", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(events, "events")), COUNT);
    json_decref(events);
    json_decref(control("/reset", NULL, 200));
    text_release(&body);
}

static void test_refusals(void **state) {
    (void)state;
    refused("/call", "{\"method\":\"interrupt.create\",\"params\":{\"kind\":\"x\"}}", 400, "invalid",
            "/kind");
    refused("/call", "{\"method\":\"interrupt.get\",\"params\":{\"id\":\"x\"}}", 404, "not_found", "");
    refused("/call", "{\"method\":\"interrupt.lose\",\"params\":{}}", 501, "unsupported", "");
    refused("/call", "{\"method\":\"describe\"}", 400, "invalid", "");
    refused("/call", "{\"method\":1,\"params\":{}}", 400, "invalid", "");
    refused("/call", "{\"method\":\"describe\",\"params\":[]}", 400, "invalid", "");
    refused("/call", "{\"method\":\"describe\",\"params\":{},\"endpoint\":1}", 400, "invalid", "");
    refused("/call", "{\"method\":\"describe\",\"params\":{\"a\":1,\"a\":2}}", 400, "invalid", "");
    refused("/call", "[]", 400, "invalid", "");
    refused("/nothing", NULL, 404, "not_found", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_clock), cmocka_unit_test(test_drain_and_reset),
                                       cmocka_unit_test(test_large_drain), cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
