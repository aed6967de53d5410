#include "harness/base/method.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void each_method_has_its_capability(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"interrupt.create", "create"},
                                          {"interrupt.get", "get"},
                                          {"interrupt.list", "list"},
                                          {"interrupt.respond", "respond"},
                                          {"interrupt.cancel", "cancel"},
                                          {"interrupt.expire_pending", "expire_pending"},
                                          {"interrupt.pending_for_request", "pending_for_request"},
                                          {"events.drain", "events"},
                                          {"describe", "describe"},
                                          {"clock.set", "clock"},
                                          {"reset", "reset"},
                                          {"envelope.roundtrip", "envelope"},
                                          {"flow.resume", "flow"},
                                          {"kernel.submit", "kernel"},
                                          {"kernel.interrupt", "kernel"},
                                          {"kernel.record", "kernel"},
                                          {"kernel.resume", "kernel"},
                                          {"kernel.get", "kernel"},
                                          {"ratelimit.set", "ratelimit"},
                                          {"ratelimit.check", "ratelimit"},
                                          {"webhook.subscribe", "webhooks"},
                                          {"webhook.dead", "webhooks"},
                                          {"webhook.flush", "webhooks"},
                                          {"http.request", "http"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(method_capability(rows[i][0]), rows[i][1]);
    }
}

static void other_names_are_no_methods(void **state) {
    (void)state;
    static const char *const rows[] = {"",      "interrupt", "interrupt.", "Interrupt.get", "interrupt.get ",
                                       "hello", "get"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_null(method_capability(rows[i]));
    }
}

static void a_misspelt_method_gets_a_suggestion(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"interrupt.gte", "interrupt.get"},
                                          {"Interrupt.Create", "interrupt.create"},
                                          {"event.drain", "events.drain"},
                                          {"webhook.death", "webhook.dead"},
                                          {"quite.something.else", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *nearest = method_nearest(rows[i][0]);
        assert_string_equal(nearest ? nearest : "none", rows[i][1] ? rows[i][1] : "none");
    }
}

static void each_method_of_today_has_a_known_capability(void **state) {
    (void)state;
    size_t count = 0;
    for (; method_offered(count); count++) {
        const char *capability = method_capability(method_offered(count));
        assert_non_null(capability);
        assert_true(capability_is_known(capability));
    }
    assert_int_equal(count, 12);
}

static void each_capability_comes_once(void **state) {
    (void)state;
    size_t count = 0;
    for (; capability_offered(count); count++) {
        assert_true(capability_is_known(capability_offered(count)));
        for (size_t i = 0; i < count; i++) {
            assert_string_not_equal(capability_offered(i), capability_offered(count));
        }
    }
    assert_int_equal(count, 17);
    assert_true(capability_is_known("webhooks"));
    assert_true(capability_is_known("instants"));
    assert_true(capability_is_known("concurrent"));
    assert_true(capability_is_known("processes"));
    assert_true(capability_is_known("restart"));
    assert_false(capability_is_known("rest"));
}

/* They are known like the others, and no target in process has them. */
static void what_http_adds_stands_apart(void **state) {
    (void)state;
    size_t count = 0;
    for (; capability_over_http(count); count++) {
        assert_true(capability_is_known(capability_over_http(count)));
        assert_true(capability_is_over_http(capability_over_http(count)));
        for (size_t i = 0; capability_offered(i); i++) {
            assert_string_not_equal(capability_offered(i), capability_over_http(count));
        }
    }
    assert_int_equal(count, 10);
    assert_false(capability_is_over_http("create"));
    assert_false(capability_is_over_http("https"));
}

static void what_flows_add_stands_apart(void **state) {
    (void)state;
    size_t count = 0;
    for (; capability_of_flows(count); count++) {
        assert_true(capability_is_known(capability_of_flows(count)));
        assert_false(capability_is_over_http(capability_of_flows(count)));
        for (size_t i = 0; capability_offered(i); i++) {
            assert_string_not_equal(capability_offered(i), capability_of_flows(count));
        }
    }
    assert_int_equal(count, 4);
}

static void a_misspelt_capability_gets_a_suggestion(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"expire-pending", "expire_pending"},
                                          {"Create", "create"},
                                          {"instant", "instants"},
                                          {"webhook", "webhooks"},
                                          {"htpp_create", "http_create"},
                                          {"metrics", NULL},
                                          {"", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *nearest = capability_nearest(rows[i][0]);
        assert_string_equal(nearest ? nearest : "none", rows[i][1] ? rows[i][1] : "none");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_method_has_its_capability),
                                       cmocka_unit_test(other_names_are_no_methods),
                                       cmocka_unit_test(a_misspelt_method_gets_a_suggestion),
                                       cmocka_unit_test(each_method_of_today_has_a_known_capability),
                                       cmocka_unit_test(each_capability_comes_once),
                                       cmocka_unit_test(what_http_adds_stands_apart),
                                       cmocka_unit_test(what_flows_add_stands_apart),
                                       cmocka_unit_test(a_misspelt_capability_gets_a_suggestion)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
