/* Whole trees: one in Python and Go with SQL, one in Rust and TypeScript, each with the defects of the audit at known lines,
 * and each mended. */
#include "harness/drift/source/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_commands.h"
#include "suites/self/support_source.h"

#define DATA "suites/self/data/source/"

static const struct {
    const char *folder;
    const char *wanted;
} trees[] = {
    {DATA "a", "source-kinds orbit/control/types.py:13\n"
               "source-envelope orbit/protocols/envelope.py:8\n"
               "source-envelope orbit/protocols/envelope.py:8\n"
               "source-legacy-field orbit/protocols/envelope.py:21\n"
               "source-legacy-field orbit/protocols/envelope.py:22\n"
               "source-raw-sql orbit/control/services/interrupt_service.py:22\n"
               "source-table-dropped orbit/orchestrator/governance_service.py:7\n"
               "source-map orbit/control/kernel.py:12\n"
               "source-service orbit/gateway/routers/interrupts.py:12\n"
               "source-test-import orbit/tests/unit/test_confirmation_manager.py:5\n"
               "source-stage core/runtime/runtime.go:22\n"
               "source-stage core/runtime/runtime.go:25\n"},
    {DATA "a-mended", ""},
    {DATA "b", "source-kinds engine/src/model.rs:10\n"
               "source-kinds engine/src/model.rs:6\n"
               "source-statuses engine/src/model.rs:22\n"
               "source-kinds gateway/src/holds.ts:10\n"
               "source-envelope gateway/src/holds.ts:39\n"
               "source-envelope gateway/src/holds.ts:39\n"
               "source-legacy-field gateway/src/holds.ts:48\n"
               "source-raw-sql gateway/src/routes/holds.ts:19\n"
               "source-table-dropped gateway/src/routes/holds.ts:21\n"
               "source-map gateway/src/holds.ts:31\n"
               "source-service engine/src/web.rs:22\n"
               "source-service gateway/src/routes/holds.ts:11\n"
               "source-test-import engine/tests/confirm.rs:1\n"
               "source-test-import gateway/tests/confirm.test.ts:1\n"
               "source-test-import gateway/tests/confirm.test.ts:2\n"
               "source-stage engine/src/resume.rs:6\n"
               "source-stage engine/src/resume.rs:8\n"},
    {DATA "b-mended", ""},
};

static void each_tree_shows_what_it_has(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof trees / sizeof trees[0]; i++) {
        char *found = source_find(trees[i].folder, 1);
        assert_string_equal(found, trees[i].wanted);
        free(found);
    }
}

/* Without a finding of the audit a check would say nothing to those who have read it. */
static void each_check_says_whose_finding_it_is(void **state) {
    (void)state;
    static const char *const findings[] = {"F1", "F2", "F5", "F6", "F7", "F9", "F10", "F11"};
    for (size_t i = 0; i < sizeof findings / sizeof findings[0]; i++) {
        bool there = false;
        for (size_t k = 0; k < source_check_count; k++) {
            there = there || (source_checks[k].audit && strcmp(source_checks[k].audit, findings[i]) == 0);
        }
        assert_true(there);
    }
}

static void innocent_code_shows_nothing(void **state) {
    (void)state;
    char *found = source_find("examples", 1);
    assert_string_equal(found, "");
    free(found);
}

static void a_tree_without_code_is_refused(void **state) {
    (void)state;
    struct vocabulary *vocabulary = NULL;
    struct drift_report report = {0};
    struct hp_problem problem = {0};
    assert_int_equal(vocabulary_load("fixtures", &vocabulary, NULL), HP_OK);
    const struct source_drift options = {.directory = "fixtures/histories"};
    assert_int_equal(source_drift(&options, vocabulary, &report, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "fixtures/histories holds no source file that is understood"));
    drift_report_release(&report);
    vocabulary_free(vocabulary);
}

static void what_is_wrong_is_said(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" drift source \"$S/nowhere\"", 2, {"nowhere: no such folder"}},
        {"\"$H\" drift source", 2, {"an argument is missing"}},
        {"HOLDPOINT_GRAMMARS=/nowhere.so \"$H\" drift source " DATA "a",
         3,
         {"scripts/grammars", "not installed"}},
        {"\"$H\" drift source " DATA "a",
         1,
         {"as F6 of the audit (certain)", "missing: critic_review, checkpoint", "DRIFTS"}},
        {"\"$H\" drift source " DATA "a-mended", 0, {"CONFORMS"}},
        {"\"$H\" drift source --format json " DATA
         "b | jq -r '[.findings[].confidence] | unique | join(\" \")'",
         0,
         {"certain likely"}},
        {"\"$H\" drift source --format junit " DATA "b > \"$S/b.xml\"; xmllint --noout --schema "
         "suites/self/data/junit.xsd \"$S/b.xml\"",
         0,
         {"validates"}},
        {"\"$H\" drift source --help", 0, {"holdpoint-source.json", "Examples:"}},
    };
    COMMANDS_CHECK(rows);
}

static int set_up(void **state) {
    return source_set_up(state) == 0 && setenv("HOLDPOINT_FIXTURES", "fixtures", 1) == 0 ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tree_shows_what_it_has), cmocka_unit_test(each_check_says_whose_finding_it_is),
        cmocka_unit_test(innocent_code_shows_nothing), cmocka_unit_test(a_tree_without_code_is_refused),
        cmocka_unit_test(what_is_wrong_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, source_tear_down) == 0 ? 0 : 1;
}
