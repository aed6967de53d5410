#include "harness/adapters/http_route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WHY_SIZE = 160 };

static const json_t *value_of(void *context, const char *param) {
    return json_object_get(context, param);
}

static void write_row(const char *route_text, const char *params_text, const char *path,
                      const char *why_not) {
    struct http_route route;
    struct text out = {0};
    char why[WHY_SIZE];
    json_t *params = json_loads(params_text, JSON_ALLOW_NUL, NULL);
    assert_non_null(params);
    assert_int_equal(http_route_read(route_text, &route, NULL), HP_OK);
    assert_int_equal(http_route_write(&route, value_of, params, &out, why, sizeof why), path != NULL);
    if (path) {
        assert_string_equal(out.bytes, path);
    } else if (!strstr(why, why_not)) {
        fail_msg("%s %s: %s", route_text, params_text, why);
    }
    text_release(&out);
    http_route_release(&route);
    json_decref(params);
}

#define GET "GET /interrupts/{id}?user_id={user_id}"
#define LIST "GET /i?status_filter={status}&kind={kinds*}&limit={limit}&v=1"
#define ONE "GET /i?kind={kinds}"

static void writes(void **state) {
    (void)state;
    write_row(GET, "{\"id\":\"a-1\",\"user_id\":\"ann\"}", "/interrupts/a-1?user_id=ann", NULL);
    write_row(GET, "{\"id\":\"a/b?c\",\"user_id\":\"a&b=c d+\"}",
              "/interrupts/a%2Fb%3Fc?user_id=a%26b%3Dc%20d%2B", NULL);
    write_row(GET, "{\"id\":\"\\u00e9\\u0000\",\"user_id\":\"\"}", "/interrupts/%C3%A9%00?user_id=", NULL);
    write_row(GET, "{\"id\":\"x\",\"user_id\":null}", "/interrupts/x", NULL);
    write_row(GET, "{\"id\":\"\"}", NULL, "elsewhere");
    write_row(GET, "{\"id\":\"..\"}", NULL, "elsewhere");
    write_row(GET, "{\"id\":null}", NULL, "cannot do without");
    write_row(GET, "{\"id\":7}", NULL, "no text");
    write_row(GET, "{\"id\":\"x\",\"user_id\":7}", NULL, "user_id: a URL cannot tell what is no text");
    write_row(LIST, "{\"status\":\"all\",\"kinds\":[\"timeout\",\"checkpoint\"],\"limit\":0}",
              "/i?status_filter=all&kind=timeout&kind=checkpoint&limit=0&v=1", NULL);
    write_row(LIST, "{\"limit\":-1.5}", "/i?limit=-1.5&v=1", NULL);
    write_row(LIST, "{}", "/i?v=1", NULL);
    write_row(LIST, "{\"limit\":\"5\"}", NULL, "limit: a URL cannot tell");
    write_row(LIST, "{\"kinds\":[]}", NULL, "empty list");
    write_row(LIST, "{\"kinds\":\"timeout\"}", NULL, "no list");
    write_row(LIST, "{\"kinds\":[1]}", NULL, "no text");
    write_row(ONE, "{\"kinds\":[\"timeout\"]}", "/i?kind=timeout", NULL);
    write_row(ONE, "{\"kinds\":[\"timeout\",\"checkpoint\"]}", NULL, "one of them only");
}

static void too_long(void **state) {
    (void)state;
    struct http_route route;
    struct text out = {0};
    char why[WHY_SIZE], id[9000];
    memset(id, 'a', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    json_t *params = json_pack("{ss}", "id", id);
    assert_int_equal(http_route_read(GET, &route, NULL), HP_OK);
    assert_false(http_route_write(&route, value_of, params, &out, why, sizeof why));
    assert_non_null(strstr(why, "more than servers have to take"));
    text_release(&out);
    http_route_release(&route);
    json_decref(params);
}

static void places(void **state) {
    (void)state;
    struct http_route route;
    assert_int_equal(http_route_read("POST /a/{id}?s={status}&x=1", &route, NULL), HP_OK);
    assert_string_equal(route.verb, "POST");
    assert_true(http_route_has(&route, "id"));
    assert_true(http_route_has(&route, "status"));
    assert_false(http_route_has(&route, "s"));
    assert_string_equal(http_route_param_of(&route, "s"), "status");
    assert_null(http_route_param_of(&route, "x"));
    assert_null(http_route_param_of(&route, "status"));
    http_route_release(&route);
}

static void refuses(void **state) {
    (void)state;
    const char *const rows[] = {
        "",          "GET",        "GET x",       "get /x",       "FETCH /x",    "GET /{",
        "GET /{}",   "GET /{a",    "GET /x y",    "GET /x#y",     "GET /?a",     "GET /?=b",
        "GET /?a={", "GET /?a={}", "GET /?a={*}", "GET /?a=x{b}", "GET /?&a={b}"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_route route;
        struct hp_problem problem = {0};
        if (http_route_read(rows[i], &route, &problem) != HP_INVALID || !problem.detail[0]) {
            fail_msg("%s is a route", rows[i]);
        }
        http_route_release(&route);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes), cmocka_unit_test(too_long),
                                       cmocka_unit_test(places), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
