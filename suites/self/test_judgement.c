#include "harness/lab/judgement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_cleared_judgement_says_nothing(void **state) {
    (void)state;
    struct judgement judgement = {.linearity = VIOLATION, .operation_count = 2, .reason = "why"};
    judgement_clear(&judgement);
    assert_int_equal(judgement.linearity, LINEARIZABLE);
    assert_int_equal(judgement.operation_count, 0);
    assert_string_equal(judgement.reason, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_cleared_judgement_says_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
