#include "harness/adapters/null.h"
#include "harness/adapters/without.h"
#include "harness/base/method.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void what_is_listed_is_hidden(void **state) {
    (void)state;
    static const struct {
        const char *list;
        size_t hidden;
    } rows[] = {{"reset", 1}, {"reset,clock", 2}, {"webhooks", 1}, {"http,openapi", 2}, {"clock,clock", 1}};
    size_t offered = 0, all;
    while (capability_offered(offered)) {
        offered++;
    }
    all = offered;
    while (capability_over_http(all - offered)) {
        all++;
    }
    for (size_t flows = 0; capability_of_flows(flows); flows++) {
        all++;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target *inner = NULL, *target = NULL;
        struct hello hello;
        assert_int_equal(null_new("echo", &inner, NULL), HP_OK);
        assert_int_equal(without_new(inner, rows[i].list, &target, NULL), HP_OK);
        assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
        assert_int_equal(json_array_size(hello.capabilities), all - rows[i].hidden);
        assert_int_equal(hello_declares(&hello, "reset"), strstr(rows[i].list, "reset") == NULL);
        assert_int_equal(hello_declares(&hello, "clock"), strstr(rows[i].list, "clock") == NULL);
        assert_true(hello_declares(&hello, "create"));
        hello_release(&hello);
        target_free(target);
    }
}

static void an_unknown_name_is_refused(void **state) {
    (void)state;
    static const char *const lists[] = {"rest", "reset,", "", "reset,clocks"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct target *inner = NULL, *target = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(null_new("echo", &inner, NULL), HP_OK);
        assert_int_equal(without_new(inner, lists[i], &target, &problem), HP_INVALID);
        assert_non_null(strstr(problem.detail, "is no capability; known are create, get"));
        assert_non_null(strstr(problem.detail, ", restart, envelope, flow, kernel, ratelimit, http, "));
        assert_non_null(strstr(problem.detail, ", healthz, openapi"));
        assert_null(target);
        target_free(inner);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_listed_is_hidden),
                                       cmocka_unit_test(an_unknown_name_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
