#include "harness/report/case_json.h"
#include "harness/report/json_line.h"
#include "suites/self/support_suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void a_case_says_which_it_is(void **state) {
    (void)state;
    struct text out = {0};
    json_line_open(&out, NULL, '{');
    case_json_add(&out, &suite_sample()->cases[0]);
    json_line_close(&out, '}');
    assert_string_equal(out.bytes,
                        "{\"id\":\"kinds.each.one\",\"template\":\"kinds.each\",\"chapter\":\"kinds\","
                        "\"title\":\"Each kind works\",\"level\":\"MUST\","
                        "\"file\":\"fixtures/cases/kinds/a.json\",\"line\":3}");
    text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_case_says_which_it_is)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
