#include "harness/commands/explain_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_results.h"
#include "suites/self/support_suite.h"

static void explains_every_kind_of_step(void **state) {
    (void)state;
    const struct suite *suite = suite_sample();
    struct text out = {0};
    for (size_t i = 0; i < suite->case_count; i++) {
        explain_case(&out, suite, &suite->cases[i]);
        text_add(&out, "----\n");
    }
    assert_false(out.failed);
    golden_compare("explain_case", "txt", out.bytes);
    text_release(&out);
}

static void explains_requirements(void **state) {
    (void)state;
    const struct suite *suite = suite_sample();
    struct text out = {0};
    for (size_t i = 0; i < suite->requirement_count; i++) {
        explain_requirement(&out, suite, &suite->requirements[i]);
        text_add(&out, "----\n");
    }
    assert_false(out.failed);
    golden_compare("explain_requirement", "txt", out.bytes);
    text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explains_every_kind_of_step),
        cmocka_unit_test(explains_requirements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
