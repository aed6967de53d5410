/* `holdpoint drift ...` as processes: arguments, exit codes, forms. $D is a database of ours, $B one in which a kind is
 * refused. */
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_commands.h"

#define JSON "--format json --output \"$S/drift.json\" "

/* A database with our tables, known to the shell by that name. */
static bool make_database(const char *variable, const char *name, const char *sql) {
    struct database *database = NULL;
    char conninfo[512], line[128];
    snprintf(line, sizeof line, "create database %s", name);
    bool made = database_open(support_conninfo(), &database, NULL) == HP_OK &&
                database_run(database, line, NULL) == HP_OK;
    database_close(database);
    snprintf(conninfo, sizeof conninfo, "%s dbname=%s", support_conninfo(), name);
    setenv(variable, conninfo, 1);
    made = made && hp_postgres_migrate(conninfo, NULL, NULL) == HP_OK &&
           database_open(conninfo, &database, NULL) == HP_OK && database_run(database, sql, NULL) == HP_OK;
    if (made) {
        database_close(database);
    }
    return made;
}

static int set_up(void **state) {
    bool made =
        support_cluster_start(state) == 0 && commands_begin("drift-XXXXXX") &&
        setenv("HOLDPOINT_FIXTURES", "fixtures", 1) == 0 && /* a sanitizer's build has none beside it */
        make_database("D", "good", "select 1") &&
        make_database("B", "bad",
                      "alter table flow_interrupts drop constraint flow_interrupts_kind, "
                      "add check (kind in ('clarification', 'confirmation', 'critic_review', "
                      "'checkpoint', 'resource_exhausted', 'system_error'))");
    return made ? 0 : -1;
}

static int tear_down(void **state) {
    commands_end();
    return support_cluster_stop(state);
}

static void wrong_use_is_two(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" drift", 2, {"Usage: holdpoint drift WHAT", "migrations"}},
        {"\"$H\" drift bd", 2, {"there is no \"bd\" to look at", "did you mean `holdpoint drift db`?"}},
        {"\"$H\" drift elsewhere", 2, {"lists what there is"}},
        {"\"$H\" drift db", 2, {"an argument is missing"}},
        {"\"$H\" drift db \"$D\" --read-onyl", 2, {"did you mean --read-only?"}},
        {"\"$H\" drift db \"$D\" --format xml", 2, {"text, json and junit are known"}},
        {"\"$H\" drift db \"$D\" --fixtures \"$S/nowhere\"", 2, {"nowhere"}},
        {"\"$H\" drift db \"$D\" --format json --format junit", 2, {"would share stdout"}},
        {"\"$H\" drift migrations", 2, {"an argument is missing"}},
        {"\"$H\" drift migrations \"$S/nowhere\"", 2, {"nowhere"}},
        {"mkdir \"$S/empty\"; \"$H\" drift migrations \"$S/empty\"", 2, {"empty"}},
        {"\"$H\" drift source \"$S/empty\"", 2, {"/empty holds no source file that is understood"}},
        {"mkdir \"$S/tables\"; echo 'SELECT 1;' >\"$S/tables/a.sql\"; echo text >\"$S/tables/README.md\"; "
         "printf 'x = 1\\0' >\"$S/tables/a.py\"; \"$H\" drift source \"$S/tables\"",
         2,
         {"/tables holds no source file that is understood (1 passed over: "}},
        {"echo 'x = 1' >\"$S/one.py\"; \"$H\" drift source \"$S/one.py\"", 2, {"one.py: not a folder"}},
        {"\"$H\" drift governance", 2, {"an argument is missing"}},
        {"\"$H\" drift governance \"$S/nowhere.json\"", 2, {"nowhere.json"}},
        {"echo '{' > \"$S/half.json\"; \"$H\" drift governance \"$S/half.json\"", 2, {"half.json:"}},
    };
    COMMANDS_CHECK(rows);
}

static void every_manual_has_examples(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" drift --help", 0, {"Usage: holdpoint drift WHAT", "Exit codes"}},
        {"\"$H\" help drift", 0, {"Usage: holdpoint drift WHAT"}},
        {"\"$H\" drift db --help", 0, {"Usage: holdpoint drift db", "--read-only", "Examples:"}},
        {"\"$H\" drift migrations --help", 0, {"Usage: holdpoint drift migrations", "--ledger FILE"}},
        {"\"$H\" drift governance --help", 0, {"Usage: holdpoint drift governance", "Examples:"}},
    };
    COMMANDS_CHECK(rows);
}

static void a_conclusion_is_an_exit_code(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" drift db \"$D\"", 0, {"findings 0 =", "CONFORMS"}},
        {"\"$H\" drift db \"$B\"", 1, {"kind-missing", "as F1 of the audit", "DRIFTS"}},
        {"\"$H\" drift db --read-only \"$D\"", 0, {"undecided  ", "CONFORMS  as far as reading"}},
        {"\"$H\" drift db 'host=/nowhere dbname=x'", 3, {"PostgreSQL:"}},
        {"\"$H\" drift governance fixtures/governance.json", 0, {"CONFORMS"}},
        {"sed 's/flow_interrupts/pending_clarifications/' fixtures/governance.json > \"$S/old.json\"; \"$H\" "
         "drift governance \"$S/old.json\"",
         1,
         {"pending_clarifications", "F5", "old.json:4"}},
        {"\"$H\" drift migrations reference/sql", 0, {"findings 0 =", "CONFORMS"}},
        {"\"$H\" drift migrations suites/self/data/source/a/orbit/database/schemas",
         1,
         {"F3 of the audit", "DRIFTS"}},
        {"\"$H\" drift migrations suites/self/data/source/a-mended/orbit/database/schemas",
         0,
         {"findings 0 ="}},
        {"\"$H\" drift migrations suites/self/data/source/b-mended/db/migrations", 0, {"findings 0 ="}},
        {"\"$H\" drift migrations suites/self/data/migrations/f3", 1, {"as F3 of the audit"}},
    };
    COMMANDS_CHECK(rows);
}

/* A folder is recorded; then its second step is edited in place, so that a kind gets another name. */
static void a_ledger_shows_what_was_edited(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"cp -RL suites/self/data/migrations/carried \"$S/steps\"; \"$H\" drift migrations --update-ledger "
         "\"$S/steps\"",
         2,
         {"--update-ledger needs --ledger FILE"}},
        {"\"$H\" drift migrations --ledger \"$S/ledger.json\" \"$S/steps\"", 2, {"ledger.json"}},
        {"\"$H\" drift migrations --update-ledger --ledger \"$S/none/ledger.json\" \"$S/steps\"",
         3,
         {"none/ledger.json"}},
        {"\"$H\" drift migrations --update-ledger --ledger \"$S/ledger.json\" \"$S/steps\" && jq -r "
         "'.steps | length > 1' \"$S/ledger.json\"",
         0,
         {"true"}},
        {"sed -i 's/critic_review/agent_review/g' \"$S\"/steps/*.sql; \"$H\" drift migrations --ledger "
         "\"$S/ledger.json\" \"$S/steps\"",
         1,
         {"edited-after-applied", "kind-missing", "\"agent_review\" (an alias of critic_review)"}},
        {"\"$H\" drift migrations --update-ledger --ledger \"$S/ledger.json\" \"$S/steps\"",
         1,
         {"ledger.json"}},
    };
    COMMANDS_CHECK(rows);
}

/* Our own folder on a database as it was before: its rows are carried, so nothing is found. */
static void the_state_before_can_be_given(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"PGOPTIONS='-c holdpoint.legacy_zone=UTC' \"$H\" drift migrations --before "
         "fixtures/legacy/tables.sql reference/sql",
         0,
         {"CONFORMS"}},
        {"\"$H\" drift migrations --before \"$S/nowhere.sql\" reference/sql", 2, {"nowhere.sql"}},
    };
    COMMANDS_CHECK(rows);
}

static void reports_are_written_in_each_form(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" drift db " JSON "--format text \"$B\" && false; jq -r '.conclusion, .findings[0].check' "
         "\"$S/drift.json\"",
         0,
         {"DRIFTS", "drifts\nkind-missing"}},
        {"\"$H\" drift db " JSON "\"$D\" && jq -e '.counts.checks == .counts.clean and (.findings == [])' "
         "\"$S/drift.json\"",
         0,
         {"CONFORMS", "true"}},
        {"\"$H\" drift db --format junit \"$B\" > \"$S/drift.xml\"; xmllint --noout --schema "
         "suites/self/data/junit.xsd \"$S/drift.xml\" && xmllint --xpath 'string(//testcase[failure]/@name)' "
         "\"$S/drift.xml\"",
         0,
         {"kind-missing"}},
        {"\"$H\" drift db --format json --output /dev/full \"$D\"", 3, {"/dev/full cannot be written"}},
        {"\"$H\" drift db --format json --output \"$S/none/x\" \"$D\"", 3, {"none/x cannot be written"}},
        {"\"$H\" drift db \"$D\" > /dev/full", 3, {"could not be written"}},
    };
    COMMANDS_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_use_is_two),
        cmocka_unit_test(every_manual_has_examples),
        cmocka_unit_test(a_conclusion_is_an_exit_code),
        cmocka_unit_test(a_ledger_shows_what_was_edited),
        cmocka_unit_test(the_state_before_can_be_given),
        cmocka_unit_test(reports_are_written_in_each_form),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) == 0 ? 0 : 1;
}
