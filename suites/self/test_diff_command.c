/* `holdpoint diff` as a process: two reports in, what changed and an exit code out. */
#include "suites/self/support_commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define RUN "\"$H\" run --filter kinds "
#define GOOD "\"$S/good/report.ndjson\" "
#define BAD "\"$S/bad/report.ndjson\" "

static int set_up(void **state) {
    (void)state;
    /* A build with sanitizers has no fixtures beside it. */
    return commands_begin("diff-XXXXXX") && setenv("HOLDPOINT_FIXTURES", "fixtures", 1) == 0 ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    commands_end();
    return 0;
}

static void what_got_worse_is_said_and_returned(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {RUN "--report-dir \"$S/good\"", 0, {"CONFORMS"}},
        {RUN "--target mutant:falls-back-to-a-kind --without describe --report-dir \"$S/bad\"", 1, {""}},
        {"\"$H\" diff " GOOD GOOD, 0, {"cases compared\nNOTHING GOT WORSE\n"}},
        {"\"$H\" diff " GOOD BAD,
         1,
         {"newly failing 17", "  passed -> failed\n      accepted what must be refused",
          "kinds.describe  passed -> unsupported"}},
        {"\"$H\" diff " BAD GOOD, 0, {"newly passing", "NOTHING GOT WORSE"}},
        {"\"$H\" diff " BAD BAD, 0, {"still failing 17", "NOTHING GOT WORSE"}},
        {"\"$H\" diff " GOOD BAD "--format json | jq -e '.worse and .counts.newly_failing == 17'",
         0,
         {"true"}},
        {"\"$H\" diff " GOOD BAD "--format markdown --output \"$S/changes.md\" --format json | jq .format && "
         "head -1 \"$S/changes.md\"",
         0,
         {"1\n## Holdpoint: worse"}},
    };
    COMMANDS_CHECK(rows);
}

static void wrong_use_and_unreadable_reports_have_codes_of_their_own(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" diff " GOOD, 2, {"an argument is missing"}},
        {"\"$H\" diff " GOOD GOOD GOOD, 2, {"is one argument too many"}},
        {"\"$H\" diff --format html " GOOD GOOD, 2, {"terminal, markdown and json are known"}},
        {"\"$H\" diff --format json --format markdown " GOOD GOOD, 2, {"two formats would share stdout"}},
        {"\"$H\" diff " GOOD BAD "--format json --output " BAD,
         2,
         {"report.ndjson would be both a report that is read and the json report"}},
        {"\"$H\" diff " GOOD "\"$S/none\"", 3, {"none: No such file or directory"}},
        {"echo {} >\"$S/empty\"; \"$H\" diff " GOOD "\"$S/empty\"",
         3,
         {"empty:1: expected an object with a \"type\""}},
        {"\"$H\" diff " GOOD GOOD "--format json --output \"$S/no/such\"", 3, {"such cannot be written"}},
        {"\"$H\" diff --help", 0, {"holdpoint diff main/report.ndjson", "Exit codes: 0 nothing got worse"}},
    };
    COMMANDS_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_got_worse_is_said_and_returned),
        cmocka_unit_test(wrong_use_and_unreadable_reports_have_codes_of_their_own),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) != 0;
}
