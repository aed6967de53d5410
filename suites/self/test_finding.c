#include "harness/drift/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct drift_check checks[] = {
    {"first", "the first holds", DRIFT_ERROR, "F1", "REQ-TABLE-1", "mend the first"},
    {"second", "the second holds", DRIFT_WARNING, NULL, "REQ-TABLE-2", "mend the second"},
    {"third", "the third holds", DRIFT_NOTE, NULL, "REQ-TABLE-3", "mend the third"},
};

static void names_are_words(void **state) {
    (void)state;
    assert_string_equal(drift_severity_name(DRIFT_ERROR), "error");
    assert_string_equal(drift_severity_name(DRIFT_WARNING), "warning");
    assert_string_equal(drift_severity_name(DRIFT_NOTE), "note");
    assert_string_equal(drift_state_name(DRIFT_SKIPPED), "skipped");
    assert_string_equal(drift_state_name(DRIFT_CLEAN), "clean");
    assert_string_equal(drift_state_name(DRIFT_FOUND), "found");
    assert_string_equal(drift_state_name(DRIFT_UNDECIDED), "undecided");
}

static void a_finding_keeps_what_it_was_given(void **state) {
    (void)state;
    struct drift_report report;
    drift_report_init(&report, checks, 3);
    assert_int_equal(drift_count(&report, DRIFT_SKIPPED), 3);
    const struct drift_place place = {.object = "public.t", .file = "a.sql", .line = 7};
    drift_find(&report, &checks[0], &place, "do this", "%d rows are wrong.", 3);
    drift_find(&report, &checks[1], NULL, NULL, "wrong too.");
    assert_int_equal(report.finding_count, 2);
    assert_ptr_equal(report.findings[0].check, &checks[0]);
    assert_string_equal(report.findings[0].object, "public.t");
    assert_string_equal(report.findings[0].file, "a.sql");
    assert_int_equal(report.findings[0].line, 7);
    assert_string_equal(report.findings[0].what, "3 rows are wrong.");
    assert_string_equal(report.findings[0].mend, "do this");
    assert_null(report.findings[1].object);
    assert_null(report.findings[1].file);
    assert_string_equal(report.findings[1].mend, "mend the second");
    assert_int_equal(drift_count(&report, DRIFT_FOUND), 2);
    assert_false(report.failed);
    drift_report_release(&report);
    assert_null(report.findings);
}

/* What is said of one check, letter by letter: e examined, s skipped, u undecided, f found. */
static void what_weighs_more_stays(void **state) {
    (void)state;
    static const struct {
        const char *said;
        enum drift_state state;
        const char *reason; /* NULL: none */
    } rows[] = {
        {"", DRIFT_SKIPPED, NULL},
        {"e", DRIFT_CLEAN, NULL},
        {"s", DRIFT_SKIPPED, "skipped 1"},
        {"ss", DRIFT_SKIPPED, "skipped 1"},
        {"se", DRIFT_SKIPPED, "skipped 1"},
        {"es", DRIFT_SKIPPED, "skipped 2"},
        {"u", DRIFT_UNDECIDED, "undecided 1"},
        {"uu", DRIFT_UNDECIDED, "undecided 1"},
        {"su", DRIFT_UNDECIDED, "undecided 2"},
        {"us", DRIFT_UNDECIDED, "undecided 1"},
        {"ue", DRIFT_UNDECIDED, "undecided 1"},
        {"eu", DRIFT_UNDECIDED, "undecided 2"},
        {"f", DRIFT_FOUND, NULL},
        {"sf", DRIFT_FOUND, NULL},
        {"uf", DRIFT_FOUND, NULL},
        {"fe", DRIFT_FOUND, NULL},
        {"fs", DRIFT_FOUND, NULL},
        {"fu", DRIFT_FOUND, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct drift_report report;
        drift_report_init(&report, checks, 3);
        for (int at = 0; rows[i].said[at]; at++) {
            switch (rows[i].said[at]) {
            case 'e':
                drift_examined(&report, &checks[1]);
                break;
            case 's':
                drift_skipped(&report, &checks[1], "skipped %d", at + 1);
                break;
            case 'u':
                drift_undecided(&report, &checks[1], "undecided %d", at + 1);
                break;
            default:
                drift_find(&report, &checks[1], NULL, NULL, "found");
            }
        }
        assert_int_equal(drift_state_of(&report, &checks[1]), rows[i].state);
        assert_int_equal(drift_state_of(&report, &checks[0]), DRIFT_SKIPPED);
        if (rows[i].reason) {
            assert_string_equal(report.rows[1].reason, rows[i].reason);
        } else {
            assert_null(report.rows[1].reason);
        }
        drift_report_release(&report);
    }
}

static void conclusions_follow_the_worst(void **state) {
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct drift_report report;
        drift_report_init(&report, checks, 3);
        assert_int_equal(drift_conclude(&report), DRIFT_CONFORMS);
        drift_waived(&report, &checks[(i + 1) % 3], "not tried");
        assert_int_equal(drift_count(&report, DRIFT_UNDECIDED), 1);
        assert_int_equal(drift_conclude(&report), DRIFT_CONFORMS);
        drift_undecided(&report, &checks[(i + 2) % 3], "why");
        assert_int_equal(drift_conclude(&report), DRIFT_OPEN);
        drift_find(&report, &checks[i], NULL, NULL, "found");
        assert_int_equal(drift_conclude(&report),
                         checks[i].severity == DRIFT_NOTE ? DRIFT_OPEN : DRIFT_DRIFTS);
        drift_report_release(&report);
    }
}

/* Whichever comes first, a reason that nobody asked for is the one that counts. */
static void a_fault_is_not_waived(void **state) {
    (void)state;
    for (int fault_first = 0; fault_first < 2; fault_first++) {
        struct drift_report report;
        drift_report_init(&report, checks, 1);
        for (int turn = 0; turn < 2; turn++) {
            if (turn == fault_first) {
                drift_waived(&report, &checks[0], "not tried");
            } else {
                drift_undecided(&report, &checks[0], "no privilege");
            }
        }
        assert_string_equal(report.rows[0].reason, "no privilege");
        assert_int_equal(drift_conclude(&report), DRIFT_OPEN);
        drift_report_release(&report);
    }
}

static void a_check_of_another_report_has_no_row(void **state) {
    (void)state;
    struct drift_report report;
    drift_report_init(&report, checks, 1);
    drift_examined(&report, &checks[2]);
    drift_undecided(&report, &checks[2], "why");
    assert_int_equal(drift_state_of(&report, &checks[2]), DRIFT_SKIPPED);
    assert_int_equal(drift_count(&report, DRIFT_UNDECIDED), 0);
    drift_report_release(&report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_words),        cmocka_unit_test(a_finding_keeps_what_it_was_given),
        cmocka_unit_test(what_weighs_more_stays), cmocka_unit_test(conclusions_follow_the_worst),
        cmocka_unit_test(a_fault_is_not_waived),  cmocka_unit_test(a_check_of_another_report_has_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) > 0;
}
