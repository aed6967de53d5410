#include "harness/case/proof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct requirement a = {.id = "REQ-A"}, b = {.id = "REQ-B"}, c = {.id = "REQ-C"};

static void each_requirement_comes_once_in_the_order_of_the_steps(void **state) {
    (void)state;
    static const struct step steps[] = {
        {.kind = STEP_CLOCK},
        {.requirements = {&b, &a}, .requirement_count = 2},
        {.requirements = {&a}, .requirement_count = 1},
        {.requirements = {&b, &c}, .requirement_count = 2},
        {.requirements = {&c, &a}, .requirement_count = 2},
    };
    const struct test_case test_case = {.steps = steps, .step_count = sizeof steps / sizeof steps[0]};
    static const struct requirement *const wanted[] = {&b, &a, &c, NULL, NULL};
    size_t at = 0;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_ptr_equal(proof_take(&test_case, &at), wanted[i]);
    }
}

static void what_a_step_does_not_count_is_none(void **state) {
    (void)state;
    static const struct step steps[] = {{.requirements = {&a, &b}, .requirement_count = 1}};
    const struct test_case test_case = {.steps = steps, .step_count = 1}, nothing = {0};
    size_t at = 0;
    assert_ptr_equal(proof_take(&test_case, &at), &a);
    assert_null(proof_take(&test_case, &at));
    at = 0;
    assert_null(proof_take(&nothing, &at));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_requirement_comes_once_in_the_order_of_the_steps),
        cmocka_unit_test(what_a_step_does_not_count_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
