#include "harness/commands/spec_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_results.h"
#include "suites/self/support_suite.h"

static void the_page_has_its_golden_form_every_time(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct text out = {0};
        spec_page_add(&out, suite_sample());
        golden_compare("spec_page", "md", out.bytes);
        text_release(&out);
    }
}

static void names_what_has_no_case_and_no_reason(void **state) {
    (void)state;
    struct text ids = {0};
    assert_int_equal(spec_find_unproved(suite_sample(), &ids), 1);
    assert_string_equal(ids.bytes, "  REQ-NEW-1\n");
    text_release(&ids);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_has_its_golden_form_every_time),
        cmocka_unit_test(names_what_has_no_case_and_no_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
