#include "harness/drift/describe.h"
#include "suites/self/support_commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *answer, *wanted;
} rows[] = {
    {"{'kinds': ['clarification', 'confirmation', 'critic_review', 'checkpoint', 'resource_exhausted', "
     "'timeout', 'system_error'], "
     "'statuses': ['cancelled', 'pending', 'resolved', 'expired'], 'decisions': ['approve', 'reject', "
     "'modify']}",
     ""},
    {"{'kinds': ['clarification', 'confirmation', 'agent_review', 'checkpoint', 'resource_exhausted', "
     "'timeout', 'system_error'], "
     "'statuses': ['canceled', 'pending', 'resolved', 'expired'], 'decisions': ['approve', 'reject', "
     "'modify', 7]}",
     "target-kinds target-kinds-extra target-statuses target-statuses-extra target-decisions-extra "},
    {"{'kinds': 'all', 'statuses': ['pending', 'resolved', 'expired', 'cancelled'], 'decisions': ['approve', "
     "'reject', 'modify']}",
     "target-kinds target-kinds target-kinds target-kinds target-kinds target-kinds target-kinds "},
};

static void each_answer_shows_what_it_lacks(void **state) {
    (void)state;
    struct vocabulary *vocabulary = NULL;
    assert_int_equal(vocabulary_load("fixtures", &vocabulary, NULL), HP_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char answer[1024], found[1024] = "";
        snprintf(answer, sizeof answer, "%s", rows[i].answer);
        for (char *at = answer; *at; at++) {
            *at = *at == '\'' ? '"' : *at;
        }
        json_t *said = json_loads(answer, 0, NULL);
        struct drift_report report = {0};
        assert_non_null(said);
        describe_begin(&report, "x");
        describe_drift(said, vocabulary, &report);
        for (size_t k = 0; k < report.finding_count; k++) {
            strcat(found, report.findings[k].check->id);
            strcat(found, " ");
        }
        assert_string_equal(found, rows[i].wanted);
        assert_int_equal(drift_conclude(&report), *found ? DRIFT_DRIFTS : DRIFT_CONFORMS);
        drift_report_release(&report);
        json_decref(said);
    }
    vocabulary_free(vocabulary);
}

static void the_command_asks_a_target(void **state) {
    (void)state;
    static const struct command_row commands[] = {
        {"\"$H\" drift target memory", 0, {"CONFORMS", "memory store"}},
        {"\"$H\" drift target mutant:describes-wrongly.kind-missing", 1, {"target-", "DRIFTS"}},
        {"\"$H\" drift target 'stdio:python3 suites/self/children/only_hello.py'",
         3,
         {"does not declare describe"}},
        {"\"$H\" drift target nobody", 2, {"there is no target"}},
        {"\"$H\" drift target stdio:cat", 3, {"stdio:cat"}},
        {"\"$H\" drift target", 2, {"an argument is missing"}},
        {"\"$H\" drift target --help", 0, {"Examples:"}},
    };
    COMMANDS_CHECK(commands);
}

static int set_up(void **state) {
    (void)state;
    return commands_begin("target-XXXXXX") && setenv("HOLDPOINT_FIXTURES", "fixtures", 1) == 0 ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    commands_end();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_shows_what_it_lacks),
        cmocka_unit_test(the_command_asks_a_target),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) == 0 ? 0 : 1;
}
