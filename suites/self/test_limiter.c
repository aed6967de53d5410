/* The interrupt about a limit, by the door, on the memory store; windows are in test_ratelimit.c and support_flow.c. */
#include "suites/self/support_flow.h"

#include "harness/base/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CHECK "{'user_id': 'ann', 'endpoint': '/x', 'request_id': 'r%d', 'session_id': 's'}"

static void expect_interrupts(struct bench *bench, const char *status, const char *total) {
    json_t *listed = flow_call(bench, "interrupt.list", "{'user_id': 'ann', 'status': '%s'}", status);
    flow_expect(listed, "/total", total);
    json_decref(listed);
}

static void a_refusal_raises_one_interrupt(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    flow_do(&bench, "ratelimit.set", "{'endpoint': '/x', 'per_minute': 1, 'per_hour': 0}");
    json_t *result = flow_call(&bench, "ratelimit.check", CHECK, 1);
    flow_expect(result, "",
                "{'allowed': true, 'limit_type': null, 'current_count': null, 'limit': null,"
                "'retry_after_seconds': 0.0, 'remaining': 0, 'interrupt': null}");
    json_decref(result);
    result = flow_call(
        &bench, "ratelimit.check",
        "{'user_id': 'ann', 'endpoint': '/x', 'request_id': 'r', 'session_id': 's', 'record': false}");
    flow_expect(result, "/allowed", "false");
    flow_expect(result, "/interrupt", "null");
    json_decref(result);
    expect_interrupts(&bench, "all", "0");
    bench_pass(&bench, 10000001);
    result = flow_call(&bench, "ratelimit.check", CHECK, 2);
    flow_expect(result, "/limit_type", "'minute'");
    flow_expect(result, "/retry_after_seconds", "49.999999");
    flow_expect(result, "/interrupt/kind", "'resource_exhausted'");
    flow_expect(result, "/interrupt/request_id", "'r2'");
    flow_expect(result, "/interrupt/data",
                "{'resource_type': 'rate_limit', 'user_id': 'ann', 'endpoint': '/x', 'limit_type': 'minute',"
                "'current_count': 1, 'limit': 1, 'retry_after_seconds': 49.999999}");
    json_t *again = flow_call(&bench, "ratelimit.check", CHECK, 3);
    assert_true(json_equal(value_at(again, "/interrupt"), value_at(result, "/interrupt")));
    json_decref(again);
    expect_interrupts(&bench, "all", "1");
    /* Another endpoint of the same user is another matter. */
    flow_do(&bench, "ratelimit.set", "{'endpoint': '/y', 'per_minute': 1}");
    for (int i = 0; i < 3; i++) {
        flow_do(&bench, "ratelimit.check",
                "{'user_id': 'ann', 'endpoint': '/y', 'request_id': 'r', 'session_id': 's'}");
    }
    expect_interrupts(&bench, "pending", "2");
    json_decref(result);
    bench_release(&bench);
}

/* When it was answered, cancelled, or has expired unswept, the next refusal raises another. */
static void what_is_over_is_raised_anew(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    flow_do(&bench, "ratelimit.set", "{'user_id': 'ann', 'per_minute': 0, 'per_hour': 1}");
    flow_do(&bench, "ratelimit.check", CHECK, 0);
    json_t *result = flow_call(&bench, "ratelimit.check", CHECK, 1);
    flow_do(&bench, "interrupt.respond", "{'id': '%s', 'user_id': 'ann', 'response': {}}",
            json_string_value(value_at(result, "/interrupt/id")));
    json_decref(result);
    result = flow_call(&bench, "ratelimit.check", CHECK, 2);
    flow_expect(result, "/limit_type", "'hour'");
    flow_do(&bench, "interrupt.cancel", "{'id': '%s', 'user_id': 'ann'}",
            json_string_value(value_at(result, "/interrupt/id")));
    json_decref(result);
    flow_do(&bench, "ratelimit.check", CHECK, 3);
    expect_interrupts(&bench, "all", "3");
    bench_pass(&bench, INT64_C(300000001));
    flow_do(&bench, "ratelimit.check", CHECK, 4);
    expect_interrupts(&bench, "all", "4");
    expect_interrupts(&bench, "pending", "1");
    bench_release(&bench);
}

static void refuses(void **state) {
    (void)state;
    static const struct {
        const char *method, *params, *field;
    } rows[] = {
        {"ratelimit.check", "{}", "/user_id"},
        {"ratelimit.check", "{'user_id': '', 'endpoint': '/x', 'request_id': 'r', 'session_id': 's'}",
         "/user_id"},
        {"ratelimit.check", "{'user_id': 'ann', 'request_id': 'r', 'session_id': 's'}", "/endpoint"},
        {"ratelimit.check", "{'user_id': 'ann', 'endpoint': 7, 'request_id': 'r', 'session_id': 's'}",
         "/endpoint"},
        {"ratelimit.check", "{'user_id': 'ann', 'endpoint': '/x', 'session_id': 's'}", "/request_id"},
        {"ratelimit.check", "{'user_id': 'ann', 'endpoint': '/x', 'request_id': 'r'}", "/session_id"},
        {"ratelimit.check",
         "{'user_id': 'ann', 'endpoint': '/x', 'request_id': 'r', 'session_id': 's', 'record': 'no'}",
         "/record"},
        {"ratelimit.set", "{'per_minute': 1}", "/user_id"},
        {"ratelimit.set", "{'user_id': 'ann', 'endpoint': '/x'}", "/endpoint"},
        {"ratelimit.set", "{'user_id': ''}", "/user_id"},
        {"ratelimit.set", "{'user_id': 'ann', 'per_minute': '5'}", "/per_minute"},
        {"ratelimit.set", "{'user_id': 'ann', 'per_hour': 1.5}", "/per_hour"},
        {"ratelimit.set", "{'user_id': 'ann', 'per_day': true}", "/per_day"},
    };
    struct bench bench;
    bench_init(&bench);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        flow_refuse(&bench, HP_INVALID, rows[i].field, "", rows[i].method, "%s", rows[i].params);
    }
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_refusal_raises_one_interrupt),
                                       cmocka_unit_test(what_is_over_is_raised_anew),
                                       cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
