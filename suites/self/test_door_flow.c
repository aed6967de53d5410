#include "reference/service/door_flow.h"
#include "suites/self/support_flow.h"

#include "harness/base/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void has_its_methods(void **state) {
    (void)state;
    static const char *const names[] = {
        "envelope.roundtrip", "flow.resume",   "kernel.submit", "kernel.interrupt", "kernel.record",
        "kernel.resume",      "kernel.cancel", "kernel.get",    "ratelimit.set",    "ratelimit.check"};
    struct bench bench;
    bench_init(&bench);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(door_flow_has(names[i]));
        json_t *result = NULL;
        enum hp_status status = HP_OK;
        json_t *params = json_object();
        assert_true(door_flow_call(bench.service, names[i], params, &result, &status, NULL));
        assert_int_equal(status, HP_INVALID); /* each needs something */
        json_decref(params);
    }
    enum hp_status status = HP_OK;
    assert_false(door_flow_has("kernel"));
    assert_false(door_flow_call(bench.service, "kernel.fork", NULL, NULL, &status, NULL));
    flow_refuse(&bench, HP_UNSUPPORTED, "", "", "kernel.fork", "{}");
    flow_refuse(&bench, HP_INVALID, "", "", "kernel.get", "[]");
    bench_release(&bench);
}

static void carries_envelopes_there_and_back(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    json_t *once = flow_call(&bench, "envelope.roundtrip", "{'envelope': {'x': {'y': [1.5, null]}}}");
    flow_expect(once, "/envelope/x", "{'y': [1.5, null]}");
    flow_expect(once, "/envelope/created_at", "'2025-12-11T09:30:00.000000Z'");
    assert_true(hp_id_is_canonical(json_string_value(value_at(once, "/envelope/envelope_id"))));
    assert_false(json_equal(value_at(once, "/envelope/envelope_id"), value_at(once, "/envelope/request_id")));
    json_decref(once);
    flow_refuse(&bench, HP_INVALID, "/envelope/errors/0", "", "envelope.roundtrip",
                "{'envelope': {'errors': [1]}}");
    bench_release(&bench);
}

static void says_what_limits_it_set(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    json_t *set = flow_call(&bench, "ratelimit.set", "{'endpoint': '/x', 'per_hour': -3.0}");
    flow_expect(set, "",
                "{'user_id': null, 'endpoint': '/x', 'per_minute': 60, 'per_hour': -3, 'per_day': 10000}");
    json_decref(set);
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(has_its_methods),
                                       cmocka_unit_test(carries_envelopes_there_and_back),
                                       cmocka_unit_test(says_what_limits_it_set)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
