#include "harness/adapters/http_map.h"

#include "reference/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The contract's own profile, and one with a template for a body. */
static struct profile *profile;
static struct profile_route with_template;
static json_t *template;

static int make_profile(void **state) {
    (void)state;
    template = json_loads(
        "{\"answer\":{\"text\":\"{/response/text}\",\"ok\":\"{/response/approved}\"},\"by\":\"us\","
        "\"who\":\"{/user_id}\"}",
        0, NULL);
    with_template.method = "interrupt.respond";
    with_template.body = template;
    return profile_of_contract("http://127.0.0.1:1/api", NULL, &profile, NULL) == HP_OK && template &&
                   http_route_read("PUT /answers/{id}", &with_template.route, NULL) == HP_OK
               ? 0
               : -1;
}

static int drop_profile(void **state) {
    (void)state;
    profile_free(profile);
    http_route_release(&with_template.route);
    json_decref(template);
    return 0;
}

struct row {
    const char *method, *params;
    const char *request; /* "VERB /path"; NULL: it cannot be said */
    const char *body;    /* or why not; NULL: none */
};

static void check(const struct profile_route *route, const struct row *row) {
    struct http_sketch sketch;
    char why[MAP_WHY_SIZE];
    const struct request request = {row->method, row->params, strlen(row->params), false};
    enum map_end end = http_map(route, &request, &sketch, why);
    if (!row->request) {
        if (end != MAP_CANNOT || !strstr(why, row->body)) {
            fail_msg("%s %s: %d %s", row->method, row->params, (int)end, why);
        }
        return;
    }
    struct text line = {0};
    if (end != MAP_DONE) {
        fail_msg("%s %s: %s", row->method, row->params, why);
    }
    text_addf(&line, "%s %s", sketch.verb, sketch.path.bytes);
    assert_string_equal(line.bytes, row->request);
    assert_int_equal(sketch.has_body, row->body != NULL);
    if (row->body) {
        assert_string_equal(sketch.body.bytes, row->body);
    }
    text_release(&line);
    http_sketch_release(&sketch);
}

#define CREATE "interrupt.create"
#define READ "interrupt.get"
#define LIST "interrupt.list"
#define RESPOND "interrupt.respond"
#define CANCEL "interrupt.cancel"

static void calls(void **state) {
    (void)state;
    static const struct row rows[] = {
        {CREATE, "{\"kind\":\"timeout\", \"data\":{\"n\":1e400}}", "POST /interrupts",
         "{\"kind\":\"timeout\", \"data\":{\"n\":1e400}}"},
        {CREATE, "{\"a\":1,\"a\":2", "POST /interrupts", "{\"a\":1,\"a\":2"},
        {CREATE, "[1]", "POST /interrupts", "[1]"},
        {READ, "{\"id\":\"i-1\",\"user_id\":\"ann\"}", "GET /interrupts/i-1?user_id=ann", NULL},
        {READ, "{\"id\":\"i-1\",\"user_id\":\"\"}", "GET /interrupts/i-1?user_id=", NULL},
        {READ, "{\"id\":\"i-1\"}", NULL, "by HTTP nobody is"},
        {READ, "{\"id\":\"i-1\",\"user_id\":null}", NULL, "by HTTP nobody is"},
        {READ, "{\"id\":\"i-1\",\"user_id\":\"ann\",\"colour\":\"red\"}", NULL, "no place for colour"},
        {READ, "{\"id\":\"i-1\",\"user_id\":\"ann\",\"colour\":null}", "GET /interrupts/i-1?user_id=ann",
         NULL},
        {READ, "{\"id\":\"i-1\",\"user_id\":\"a\",\"user_id\":\"b\"}", NULL, "only a body"},
        {READ, "[]", NULL, "no object"},
        {LIST,
         "{\"user_id\":\"ann\",\"session_id\":\"s\",\"request_id\":\"r\",\"status\":\"all\",\"kinds\":["
         "\"timeout\",\"checkpoint\"],\"limit\":2,\"cursor\":\"c=\"}",
         "GET "
         "/interrupts?user_id=ann&session_id=s&request_id=r&status_filter=all&kind=timeout&kind=checkpoint&"
         "limit=2&cursor=c%3D",
         NULL},
        {LIST, "{\"session_id\":\"s\"}", NULL, "by HTTP nobody is"},
        {RESPOND, "{\"id\":\"i-1\",\"user_id\":\"ann\",\"response\":{\"text\":\"a\", \"text\":\"b\"}}",
         "POST /interrupts/i-1/respond?user_id=ann", "{\"text\":\"a\", \"text\":\"b\"}"},
        {RESPOND, "{\"id\":\"i-1\",\"response\":{\"text\":\"\\ud800\"}}", "POST /interrupts/i-1/respond",
         "{\"text\":\"\\ud800\"}"},
        {RESPOND, "{\"id\":\"i-1\",\"user_id\":\"ann\"}", "POST /interrupts/i-1/respond?user_id=ann", ""},
        {RESPOND, "{\"id\":\"i-1\",\"user_id\":\"ann\",\"response\":null}",
         "POST /interrupts/i-1/respond?user_id=ann", "null"},
        {RESPOND, "{\"id\":\"i-1\",\"user_id\":\"ann\",\"response\":{},\"text\":\"x\"}", NULL,
         "no place for text"},
        {RESPOND, "{\"id\":\"i-1\",\"user_id\":\"a\",\"user_id\":\"b\",\"response\":{}}", NULL,
         "do not tell what the URL needs: user_id"},
        {RESPOND, "{\"id\":\"i-1\",\"user_id\":\"a\",\"response\":{}", NULL, "do not tell"},
        {CANCEL, "{\"id\":\"i-1\",\"user_id\":\"ann\",\"reason\":\"no more\"}",
         "DELETE /interrupts/i-1?user_id=ann&reason=no%20more", NULL},
        {CANCEL, "{\"id\":\"i-1\"}", "DELETE /interrupts/i-1", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(profile_route(profile, rows[i].method), &rows[i]);
    }
}

static void templates(void **state) {
    (void)state;
    static const struct row rows[] = {
        {RESPOND, "{\"id\":\"i-1\",\"user_id\":\"ann\",\"response\":{\"text\":\"a\",\"approved\":false}}",
         "PUT /answers/i-1", "{\"answer\":{\"text\":\"a\",\"ok\":false},\"by\":\"us\",\"who\":\"ann\"}"},
        {RESPOND, "{\"id\":\"i-1\",\"response\":{}}", "PUT /answers/i-1", "{\"answer\":{},\"by\":\"us\"}"},
        {RESPOND, "{\"id\":\"i-1\",\"response\":{},\"reason\":\"x\"}", NULL, "no place for reason"},
        {RESPOND, "{\"id\":\"i-1\",\"response\":{\"text\":\"\\ud800\"}}", NULL, "made of values"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(&with_template, &rows[i]);
    }
}

static void fields(void **state) {
    (void)state;
    static const struct {
        const char *method, *field, *mapped;
    } rows[] = {
        {CREATE, "/kind", "/kind"}, {RESPOND, "/text", "/response/text"}, {RESPOND, "/user_id", "/user_id"},
        {RESPOND, "", "/response"}, {LIST, "/status_filter", "/status"},  {LIST, "/kind", "/kinds"},
        {LIST, "/limit", "/limit"}, {CANCEL, "/reason", "/reason"},       {READ, "", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[64];
        http_map_field(profile_route(profile, rows[i].method), rows[i].field, out, sizeof out);
        assert_string_equal(out, rows[i].mapped);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls), cmocka_unit_test(templates),
                                       cmocka_unit_test(fields)};
    return cmocka_run_group_tests(tests, make_profile, drop_profile);
}
