#include "harness/adapters/capability.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void each_method_has_a_known_capability(void **state) {
    (void)state;
    size_t count = 0;
    for (; capability_method(count); count++) {
        const char *capability = capability_of_method(capability_method(count));
        assert_non_null(capability);
        assert_true(capability_is_known(capability));
    }
    assert_int_equal(count, 11);
    assert_string_equal(capability_of_method("clock.set"), "clock");
    assert_string_equal(capability_of_method("events.drain"), "events");
    assert_null(capability_of_method("hello"));
    assert_null(capability_of_method("create"));
}

static void each_capability_comes_once(void **state) {
    (void)state;
    size_t count = 0;
    for (; capability_name(count); count++) {
        assert_true(capability_is_known(capability_name(count)));
        for (size_t i = 0; i < count; i++) {
            assert_string_not_equal(capability_name(i), capability_name(count));
        }
    }
    assert_int_equal(count, 12);
    assert_true(capability_is_known("webhooks"));
    assert_false(capability_is_known("rest"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_method_has_a_known_capability),
                                       cmocka_unit_test(each_capability_comes_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
