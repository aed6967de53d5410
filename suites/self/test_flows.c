/* The routes of flows, each answer held against the OpenAPI description. */
#include "suites/self/support_api.h"
#include "suites/self/support_json.h"

#include "harness/base/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

/* Makes a call with a short body. */
static void call(struct api_bench *bench, const char *line, const char *body, struct api_reply *reply) {
    char *text = body ? text_short(body) : NULL;
    api_call(bench, &(struct api_request){.line = line, .body = text}, reply);
    free(text);
}

static void expect(struct api_bench *bench, const char *line, const char *body, unsigned status,
                   const char *name, const char *field) {
    char *text = body ? text_short(body) : NULL;
    api_expect(bench, &(struct api_request){.line = line, .body = text}, status, name, field);
    free(text);
}

#define ENVELOPE "{'envelope': {'envelope_id': 'e 1/x', 'user_id': 'ann', 'current_stage': 'planner'}}"

static void a_flow_goes_its_way(void **state) {
    (void)state;
    struct api_bench bench;
    struct api_reply reply;
    char body[256];
    api_bench_init(&bench, NULL);
    call(&bench, "POST /flows", ENVELOPE, &reply);
    assert_int_equal(reply.status, 201);
    assert_string_equal(response_header(&reply.response, "Location"), "/flows/e%201%2Fx");
    assert_json(value_at(reply.json, "/state"), "'running'");
    api_reply_release(&reply);
    expect(&bench, "POST /flows", ENVELOPE, 409, "conflict", NULL);
    json_t *raised = api_wire(&bench, "kernel.interrupt", "{\"pid\":\"e 1/x\",\"kind\":\"confirmation\"}");
    snprintf(body, sizeof body, "{'interrupt_id': '%s', 'response': {'approved': true}}",
             json_string_value(value_at(raised, "/envelope/interrupt/id")));
    json_decref(raised);
    call(&bench, "GET /flows/e%201%2Fx?user_id=ann", NULL, &reply);
    assert_int_equal(reply.status, 200);
    assert_json(value_at(reply.json, "/state"), "'waiting'");
    assert_json(value_at(reply.json, "/envelope/interrupt_pending"), "true");
    api_reply_release(&reply);
    expect(&bench, "GET /flows/e%201%2Fx?user_id=bob", NULL, 403, "forbidden", NULL);
    expect(&bench, "GET /flows/e%201%2Fx", NULL, 400, "invalid", "/user_id");
    expect(&bench, "GET /flows/other?user_id=ann", NULL, 404, "not_found", NULL);
    expect(&bench, "POST /flows/e%201%2Fx/resume?user_id=bob", body, 403, "forbidden", NULL);
    expect(&bench, "POST /flows/e%201%2Fx/resume", body, 400, "invalid", "/user_id");
    expect(&bench, "POST /flows/e%201%2Fx/resume?user_id=ann", "{}", 400, "invalid", "/interrupt_id");
    call(&bench, "POST /flows/e%201%2Fx/resume?user_id=ann", body, &reply);
    assert_int_equal(reply.status, 200);
    assert_json(value_at(reply.json, "/state"), "'running'");
    assert_json(value_at(reply.json, "/envelope/current_stage"), "'executor'");
    api_reply_release(&reply);
    expect(&bench, "POST /flows/e%201%2Fx/resume?user_id=ann", body, 409, "conflict", NULL);
    api_bench_release(&bench);
}

/* Whatever its id is, the flow is found where the answer says that it is. */
static void every_flow_has_its_place(void **state) {
    (void)state;
    char longest[256], umlauts[256];
    memset(longest, 'x', 255);
    longest[255] = '\0';
    for (size_t i = 0; i < 127; i++) {
        memcpy(umlauts + 2 * i, "\xc3\xbc", 3);
    }
    const char *const ids[] = {longest, umlauts, "?", ".", "..", "%", "a/b"};
    struct api_bench bench;
    struct api_reply reply;
    api_bench_init(&bench, NULL);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        char body[400], line[1200];
        snprintf(body, sizeof body, "{'envelope': {'envelope_id': '%s', 'user_id': 'ann'}}", ids[i]);
        call(&bench, "POST /flows", body, &reply);
        assert_int_equal(reply.status, 201);
        const char *place = response_header(&reply.response, "Location");
        assert_null(strstr(place, "/."));
        snprintf(line, sizeof line, "GET %s?user_id=ann", place);
        api_reply_release(&reply);
        call(&bench, line, NULL, &reply);
        assert_int_equal(reply.status, 200);
        assert_string_equal(json_string_value(value_at(reply.json, "/pid")), ids[i]);
        api_reply_release(&reply);
    }
    expect(&bench, "GET /flows/%ff?user_id=ann", NULL, 404, "not_found", NULL);
    expect(&bench, "GET /flows/%zz?user_id=ann", NULL, 404, "not_found", NULL);
    api_bench_release(&bench);
}

/* A user brings no pipeline, no effects and no quota of his own. */
static void a_user_chooses_no_rules(void **state) {
    (void)state;
    struct api_bench bench;
    struct api_reply reply;
    api_bench_init(&bench, NULL);
    call(&bench, "POST /flows",
         "{'envelope': {'user_id': 'ann'}, 'quota': {'max_llm_calls': 1000}, 'pipeline': {'stages': 7}, "
         "'effects': 7}",
         &reply);
    assert_int_equal(reply.status, 201);
    assert_json(value_at(reply.json, "/quota/max_llm_calls"), "10");
    api_reply_release(&reply);
    api_bench_release(&bench);
}

static void refuses_submissions(void **state) {
    (void)state;
    static const struct {
        const char *body, *field;
    } rows[] = {
        {"{}", "/envelope"},
        {"{'envelope': 1}", "/envelope"},
        {"{'envelope': {}}", "/envelope/user_id"},
        {"{'envelope': {'user_id': ''}}", "/envelope/user_id"},
        {"{'envelope': {'user_id': 7}}", "/envelope/user_id"},
        {"{'envelope': {'user_id': 'ann', 'outputs': []}}", "/envelope/outputs"},
        {"[]", NULL},
    };
    struct api_bench bench;
    api_bench_init(&bench, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect(&bench, "POST /flows", rows[i].body, 400, "invalid", rows[i].field);
    }
    api_bench_release(&bench);
}

/* Behind a proxy that names users the envelope need not, and must not name another. */
static void a_proxy_names_the_user(void **state) {
    (void)state;
    struct api_bench bench;
    struct api_reply reply;
    api_bench_init(&bench, &(struct server_options){.auth_header = "X-User"});
    char *body = text_short("{'envelope': {'envelope_id': 'e'}}");
    char *other = text_short("{'envelope': {'envelope_id': 'f', 'user_id': 'bob'}}");
    api_call(&bench, &(struct api_request){.line = "POST /flows", .body = body, .user = "ann"}, &reply);
    assert_int_equal(reply.status, 201);
    assert_json(value_at(reply.json, "/envelope/user_id"), "'ann'");
    api_reply_release(&reply);
    api_expect(&bench, &(struct api_request){.line = "POST /flows", .body = other, .user = "ann"}, 403,
               "forbidden", NULL);
    api_expect(&bench, &(struct api_request){.line = "POST /flows", .body = body}, 401, "forbidden", NULL);
    api_expect(&bench, &(struct api_request){.line = "GET /flows/e", .user = "bob"}, 403, "forbidden", NULL);
    free(body);
    free(other);
    api_bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_goes_its_way),     cmocka_unit_test(every_flow_has_its_place),
        cmocka_unit_test(a_user_chooses_no_rules), cmocka_unit_test(refuses_submissions),
        cmocka_unit_test(a_proxy_names_the_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
