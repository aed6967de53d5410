#include "harness/commands/command.h"
#include "harness/commands/fixtures.h"
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void loads_what_it_finds(void **state) {
    (void)state;
    struct suite *suite = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(fixtures_load("fixtures", &suite, &problem), HP_OK);
    assert_true(suite->case_count > 0);
    suite_free(suite);
    suite = NULL;
    assert_int_not_equal(fixtures_load("no/such/folder", &suite, &problem), HP_OK);
    assert_non_null(strstr(problem.detail, "no/such/folder"));
    assert_null(suite);
}

/* Whoever named the folder is told, and what belongs into it. */
static void a_folder_without_fixtures_is_explained(void **state) {
    (void)state;
    struct suite *suite = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(fixtures_load("suites", &suite, &problem), HP_INVALID);
    assert_non_null(
        strstr(problem.detail, "--fixtures suites: no fixtures there (requirements.json: No such"));
    assert_non_null(strstr(problem.detail, "cases/CHAPTER/*.json"));
    hp_problem_clear(&problem);
    setenv("HOLDPOINT_FIXTURES", "suites", 1);
    assert_int_equal(fixtures_load(NULL, &suite, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "HOLDPOINT_FIXTURES=suites: no fixtures there"));
    unsetenv("HOLDPOINT_FIXTURES");
    assert_null(suite);
}

static const struct manual manual = {
    .command = "own", .synopsis = "X", .purpose = "", .examples = "", .operands_min = 0, .operands_max = 1};

/* Runs the beginning of a command with its messages out of sight. */
static bool begin(struct suite_command *command, const char *first, const char *second, int *exit_code) {
    char own[] = "own", one[64], other[64];
    snprintf(one, sizeof one, "%s", first ? first : "");
    snprintf(other, sizeof other, "%s", second ? second : "");
    char *arguments[] = {own, one, other, NULL};
    const struct option table[] = {FIXTURES_OPTION(command)};
    fflush(stdout);
    int kept[2] = {dup(STDOUT_FILENO), dup(STDERR_FILENO)};
    FILE *away = tmpfile();
    dup2(fileno(away), STDOUT_FILENO);
    dup2(fileno(away), STDERR_FILENO);
    bool going = suite_command_begin(command, &manual, table, 1, 1 + (first != NULL) + (second != NULL),
                                     arguments, exit_code);
    fflush(stdout);
    dup2(kept[0], STDOUT_FILENO);
    dup2(kept[1], STDERR_FILENO);
    close(kept[0]);
    close(kept[1]);
    fclose(away);
    return going;
}

static void a_command_begins_with_its_suite_or_is_over(void **state) {
    (void)state;
    static const struct {
        const char *first, *second;
        bool going;
        int exit_code;
    } rows[] = {
        {"--fixtures", "fixtures", true, -1},        {"--help", NULL, false, EXIT_CONFORMS},
        {"--nothing", NULL, false, EXIT_USAGE},      {"a", "b", false, EXIT_USAGE},
        {"--fixtures", "suites", false, EXIT_USAGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct suite_command command = {0};
        int exit_code = -1;
        bool going = begin(&command, rows[i].first, rows[i].second, &exit_code);
        assert_int_equal(going, rows[i].going);
        assert_int_equal(exit_code, rows[i].exit_code);
        assert_int_equal(command.suite != NULL, rows[i].going);
        suite_command_release(&command);
        assert_null(command.suite);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_what_it_finds),
        cmocka_unit_test(a_folder_without_fixtures_is_explained),
        cmocka_unit_test(a_command_begins_with_its_suite_or_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
