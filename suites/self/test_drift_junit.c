#include "harness/report/drift_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_drift.h"
#include "suites/self/support_results.h"

static char *render(const struct drift_report *report) {
    struct text text = {0};
    drift_add_junit(&text, report);
    char *made = text_take(&text);
    assert_non_null(made);
    return made;
}

/* What an XPath expression says of the page. */
static void assert_xpath(const char *page, const char *expression, const char *wanted) {
    char command[300];
    int exit_code = -1;
    snprintf(command, sizeof command, "xmllint --xpath '%s' -", expression);
    char *said = command_feed(command, page, &exit_code);
    said[strcspn(said, "\n")] = '\0';
    assert_string_equal(said, wanted);
    free(said);
}

static void it_is_valid(void **state) {
    (void)state;
    static void (*const samples[])(struct drift_report *) = {drift_sample_clean, drift_sample_full};
    for (size_t i = 0; i < 2; i++) {
        struct drift_report report;
        int exit_code = -1;
        samples[i](&report);
        char *page = render(&report);
        char *said = command_feed("xmllint --noout --schema suites/self/data/junit.xsd -", page, &exit_code);
        assert_int_equal(exit_code, 0);
        free(said);
        free(page);
        drift_report_release(&report);
    }
}

static void each_check_is_a_testcase(void **state) {
    (void)state;
    struct drift_report report;
    drift_sample_full(&report);
    char *page = render(&report);
    assert_xpath(page, "string(/testsuites/@tests)", "5");
    assert_xpath(page, "count(//testcase)", "5");
    assert_xpath(page, "string(//testcase[failure][1]/@name)", "kind-missing");
    assert_xpath(page, "string(//testcase[2]/failure/@type)", "warning");
    assert_xpath(page, "count(//testcase[3]/failure)", "0");
    assert_xpath(page, "contains(//testcase[3]/system-out, \"There is another.\")", "true");
    assert_xpath(page, "string(//testcase[4]/error/@type)", "undecided");
    assert_xpath(page, "string(//testcase[5]/skipped/@message)", "kind-missing must be mended first");
    assert_xpath(page, "string(//testsuite/@failures)", "2");
    assert_xpath(page, "string(//testsuite/@errors)", "1");
    assert_xpath(page, "string(//testsuite/@skipped)", "1");
    free(page);
    drift_report_release(&report);
}

static void what_nobody_wanted_probed_is_skipped(void **state) {
    (void)state;
    struct drift_report report;
    drift_sample_full(&report);
    report.rows[3].waived = true;
    char *page = render(&report);
    assert_xpath(page, "count(//error)", "0");
    assert_xpath(page, "count(//testcase[4]/skipped)", "1");
    assert_xpath(page, "string(//testsuite/@skipped)", "2");
    free(page);
    drift_report_release(&report);
}

static void findings_of_one_check_share_its_failure(void **state) {
    (void)state;
    struct drift_report report;
    drift_sample_clean(&report);
    drift_find(&report, &drift_sample_checks[0], NULL, NULL, "The first.");
    drift_find(&report, &drift_sample_checks[0], NULL, NULL, "The second.");
    drift_sure(&report, DRIFT_LIKELY);
    char *page = render(&report);
    assert_xpath(page, "count(//failure)", "1");
    assert_xpath(page, "contains(//failure, \"The first.\") and contains(//failure, \"The second.\")",
                 "true");
    assert_xpath(page, "contains(//failure, \"The second. (likely)\")", "true");
    assert_xpath(page, "contains(//failure, \"The first. (\")", "false");
    free(page);
    drift_report_release(&report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_valid),
        cmocka_unit_test(each_check_is_a_testcase),
        cmocka_unit_test(what_nobody_wanted_probed_is_skipped),
        cmocka_unit_test(findings_of_one_check_share_its_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
