#include "harness/report/drift_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_drift.h"

static char *render(const struct drift_report *report) {
    struct text text = {0};
    drift_add_text(&text, report, paint_get(false), 100);
    char *made = text_take(&text);
    assert_non_null(made);
    return made;
}

static void a_clean_report_is_short(void **state) {
    (void)state;
    struct drift_report report;
    drift_sample_clean(&report);
    char *text = render(&report);
    assert_string_equal(text, "drift of the database flows\n"
                              "\n"
                              "checks 5 = clean 5 + found 0 + undecided 0 + skipped 0\n"
                              "findings 0 = errors 0 + warnings 0 + notes 0\n"
                              "CONFORMS  nothing that was looked at drifts\n");
    free(text);
    drift_report_release(&report);
}

static void a_finding_says_what_where_and_how(void **state) {
    (void)state;
    struct drift_report report;
    drift_report_init(&report, drift_sample_checks, DRIFT_SAMPLE_CHECKS);
    drift_find(&report, &drift_sample_checks[0], &(struct drift_place){.object = "app.flow_interrupts.kind"},
               "alter table x;\nadd it;", "It refuses %s.", "timeout");
    drift_find(&report, &drift_sample_checks[1], &(struct drift_place){.file = "1.sql", .line = 3}, NULL,
               "No.");
    drift_find(&report, &drift_sample_checks[1], &(struct drift_place){.file = "1.sql", .object = "app.t"},
               NULL, "Both.");
    drift_skipped(&report, &drift_sample_checks[2], "first mend that");
    drift_skipped(&report, &drift_sample_checks[3], "first mend that");
    drift_skipped(&report, &drift_sample_checks[4], "other reason");
    char *text = render(&report);
    assert_string_equal(text, "drift of ?\n"
                              "\n"
                              "error    kind-missing  app.flow_interrupts.kind\n"
                              "    what  It refuses timeout.\n"
                              "    rule  REQ-TABLE-5, as F1 of the audit\n"
                              "    mend  alter table x;\n"
                              "          add it;\n"
                              "\n"
                              "warning  comment-values  1.sql:3\n"
                              "    what  No.\n"
                              "    rule  REQ-TABLE-14\n"
                              "    mend  write it anew\n"
                              "\n"
                              "warning  comment-values  1.sql  app.t\n"
                              "    what  Both.\n"
                              "    rule  REQ-TABLE-14\n"
                              "    mend  write it anew\n"
                              "\n"
                              "skipped    first mend that: table-other, updated-at\n"
                              "skipped    other reason: row-kind\n"
                              "checks 5 = clean 0 + found 2 + undecided 0 + skipped 3\n"
                              "findings 3 = errors 1 + warnings 2 + notes 0\n"
                              "DRIFTS\n");
    free(text);
    drift_report_release(&report);
}

static void nothing_foreign_reaches_the_terminal(void **state) {
    (void)state;
    struct drift_report report;
    drift_sample_full(&report);
    char *text = render(&report);
    for (const char *at = text; *at; at++) {
        assert_true((unsigned char)*at >= ' ' || *at == '\n');
    }
    assert_null(strstr(text, "\xe2\x80\xae"));
    assert_non_null(strstr(text, "\\x1b[31m"));
    free(text);
    drift_report_release(&report);
}

static void the_last_line_is_the_conclusion(void **state) {
    (void)state;
    static const struct {
        bool waived, undecided, found;
        const char *line;
    } rows[] = {
        {false, false, true, "DRIFTS\n"},
        {false, true, true, "DRIFTS\n"},
        {false, true, false, "UNDECIDED  what could not be decided is no pass\n"},
        {true, true, false, "CONFORMS  as far as reading alone can tell\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct drift_report report;
        drift_report_init(&report, drift_sample_checks, DRIFT_SAMPLE_CHECKS);
        if (rows[i].undecided) {
            (rows[i].waived ? drift_waived : drift_undecided)(&report, &drift_sample_checks[3], "not probed");
        }
        if (rows[i].found) {
            drift_find(&report, &drift_sample_checks[0], NULL, NULL, "It.");
        }
        char *text = render(&report);
        assert_string_equal(text + strlen(text) - strlen(rows[i].line), rows[i].line);
        assert_int_equal(strstr(text, "undecided  not probed: updated-at\n") != NULL, rows[i].undecided);
        free(text);
        drift_report_release(&report);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_report_is_short),
        cmocka_unit_test(a_finding_says_what_where_and_how),
        cmocka_unit_test(nothing_foreign_reaches_the_terminal),
        cmocka_unit_test(the_last_line_is_the_conclusion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
