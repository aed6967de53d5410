#include "harness/adapters/deadline.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void what_remains_is_rounded_up(void **state) {
    (void)state;
    assert_int_equal(deadline_remaining_ms(deadline_after_ms(0)), 0);
    assert_int_equal(deadline_remaining_ms(0), 0);
    assert_in_range(deadline_remaining_ms(deadline_after_ms(60000)), 59000, 60000);
    assert_int_equal(deadline_remaining_ms(INT64_MAX / 2), INT_MAX);
}

static void it_is_the_same_instant_for_conditions(void **state) {
    (void)state;
    struct timespec time = deadline_timespec(12000345);
    assert_int_equal(time.tv_sec, 12);
    assert_int_equal(time.tv_nsec, 345000);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_remains_is_rounded_up),
                                       cmocka_unit_test(it_is_the_same_instant_for_conditions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
