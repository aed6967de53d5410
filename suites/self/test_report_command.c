/* `holdpoint report` and its merge as processes: what they write, refuse and return. */
#include "suites/self/support_commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define RUN "\"$H\" run --filter users --filter kinds --filter listing.shape "
#define TARGETS "--target mutant:falls-back-to-a-kind --target memory "

/* What differs from run to run: times, ids that the target makes up, and how the program was called. */
#define SAME                                                                                                 \
    "same() { for f in \"$1\" \"$2\"; do sed -E 's/\"duration_us\":[0-9]+//g; s/time=\"[0-9.]+\"//g; "       \
    "s/[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/ID/g; s/[0-9]+\\.[0-9]+ s/TIME/g' \"$f\" >\"$f.plain\"; "   \
    "done; diff \"$1.plain\" \"$2.plain\" | head -c 400; cmp -s \"$1.plain\" \"$2.plain\" && echo alike; "   \
    "}; "

static int set_up(void **state) {
    (void)state;
    /* A build with sanitizers has no fixtures beside it. */
    return commands_begin("report-XXXXXX") && setenv("HOLDPOINT_FIXTURES", "fixtures", 1) == 0 ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    commands_end();
    return 0;
}

static void parts_together_are_the_whole(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {RUN TARGETS "--report-dir \"$S/whole\"", 1, {"DOES NOT CONFORM (parity does not hold)"}},
        {RUN TARGETS "--shard 1/3 --report-dir \"$S/1\"", 1, {"(part 1 of 3 of "}},
        {RUN TARGETS "--shard 2/3 --jobs 2 --report-dir \"$S/2\"", 1, {"(part 2 of 3 of "}},
        {RUN TARGETS "--shard 3/3 --report-dir \"$S/3\"", 1, {"(part 3 of 3 of "}},
        {"\"$H\" report merge \"$S\"/[123]/report.ndjson --output \"$S/merged.ndjson\"", 1, {""}},
        {SAME "same \"$S/merged.ndjson\" \"$S/whole/report.ndjson\"", 0, {"alike"}},
        {"\"$H\" report merge \"$S\"/[321]/report.ndjson --format junit --output \"$S/merged.xml\"", 1, {""}},
        {SAME "same \"$S/merged.xml\" \"$S/whole/junit.xml\"", 0, {"alike"}},
        {"\"$H\" report merge \"$S\"/[321]/report.ndjson --format markdown --output \"$S/merged.md\"",
         1,
         {""}},
        {SAME "same \"$S/merged.md\" \"$S/whole/summary.md\"", 0, {"alike"}},
        {"\"$H\" report \"$S/merged.ndjson\" --output \"$S/merged.html\"", 0, {""}},
        {SAME "same \"$S/merged.html\" \"$S/whole/report.html\"", 0, {"alike"}},
        {"\"$H\" report \"$S/whole/report.ndjson\" | cmp - \"$S/whole/report.html\" && echo alike",
         0,
         {"alike"}},
        {"\"$H\" report \"$S/2/report.ndjson\" --format terminal", 0, {"(part 2 of 3 of ", "CONFORM"}},
    };
    COMMANDS_CHECK(rows);
}

static void no_report_is_written_over_what_it_is_made_of(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" report \"$S/whole/report.ndjson\" --output \"$S/whole/report.ndjson\"",
         2,
         {"report.ndjson would be both a report that is read and the --output"}},
        {"\"$H\" report merge \"$S\"/[123]/report.ndjson --output \"$S/2/../2/report.ndjson\"",
         2,
         {"are one file"}},
        {"cd \"$S\" && mkdir -p in/reports && cp -r whole in/reports/latest && cd in && \"$H\" report "
         "--output "
         "reports/latest/report.ndjson",
         2,
         {"reports/latest/report.ndjson would be both"}},
        {"\"$H\" report --format junit --format html \"$S/whole/report.ndjson\"",
         2,
         {"two formats would share one output, junit and html"}},
        {"\"$H\" report --output \"$S/one\" --output \"$S/two\" \"$S/whole/report.ndjson\"",
         2,
         {"one report is written at a time"}},
        {"test ! -e \"$S/one\" && \"$H\" report \"$S/whole/report.ndjson\" --format terminal",
         0,
         {"DOES NOT CONFORM"}},
    };
    COMMANDS_CHECK(rows);
}

static void what_does_not_belong_together_is_refused(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" report merge \"$S\"/[13]/report.ndjson", 2, {"of 3 parts these are missing: 2"}},
        {"\"$H\" report merge \"$S\"/[123]/report.ndjson \"$S/1/report.ndjson\"",
         2,
         {"part 1 of 3 is there twice"}},
        {"\"$H\" report merge \"$S/whole/report.ndjson\"", 2, {"is a whole run, made without --shard"}},
        {"sed '/\"id\":\"users.get.owner\"/d; s/\"selected\":[0-9]*/\"selected\":99/' \"$S/1/report.ndjson\" "
         ">\"$S/cut.ndjson\"; \"$H\" report merge \"$S/cut.ndjson\" \"$S/2/report.ndjson\" "
         "\"$S/3/report.ndjson\"",
         3,
         {"cut.ndjson:", "a target ends after "}},
        {"head -n -1 \"$S/1/report.ndjson\" >\"$S/cut.ndjson\"; \"$H\" report \"$S/cut.ndjson\"",
         3,
         {"the report ends here, without its end: the run was cut off"}},
        {"sed 's/\"suite_digest\":\"./\"suite_digest\":\"x/' \"$S/1/report.ndjson\" >\"$S/other.ndjson\"; "
         "\"$H\" report merge \"$S/other.ndjson\" \"$S/2/report.ndjson\" \"$S/3/report.ndjson\"",
         2,
         {"are of different suites"}},
        {"\"$H\" report \"$S/1/report.ndjson\" \"$S/2/report.ndjson\"",
         2,
         {"`holdpoint report merge` puts parts"}},
        {"\"$H\" report \"$S/whole/report.ndjson\" \"$S/whole/report.ndjson\"", 2, {"is there twice"}},
        {"\"$H\" report \"$S/none.ndjson\"", 3, {"none.ndjson: No such file or directory"}},
        {"\"$H\" report \"$S/whole/junit.xml\"", 3, {"junit.xml:1: column 1: "}},
        {"\"$H\" report --format pdf \"$S/merged.ndjson\"",
         2,
         {"html, junit, markdown, ndjson and terminal"}},
        {"\"$H\" report merge", 2, {"merge needs the report.ndjson of every part"}},
        {"\"$H\" report \"$S/merged.ndjson\" --output \"$S/no/such.html\"",
         3,
         {"such.html cannot be written"}},
        {"\"$H\" report \"$S/merged.ndjson\" >/dev/full", 3, {"could not be written whole"}},
        {"\"$H\" report --help", 0, {"holdpoint report merge part-*/report.ndjson", "Exit codes:"}},
        {"\"$H\" run --filter kinds.describe --shard 1/2",
         2,
         {"1 selected case cannot be dealt out to 2 parts"}},
    };
    COMMANDS_CHECK(rows);
}

static void the_merged_exit_code_is_that_of_the_whole(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" run --filter users --shard 1/2 --report-dir \"$S/a\" && \"$H\" run --filter users --shard "
         "2/2 "
         "--report-dir \"$S/b\" && \"$H\" report merge \"$S\"/[ab]/report.ndjson --format terminal",
         0,
         {"CONFORMS  exit code 0", "selected 100 = passed 100"}},
        {"\"$H\" run --target memory --filter users --report-dir \"$S/memory\" && "
         "\"$H\" run --target null:echo --filter users --report-dir \"$S/echo\"; "
         "\"$H\" report \"$S/memory/report.ndjson\" \"$S/echo/report.ndjson\" --format markdown",
         0,
         {"## Holdpoint: ", "memory", "null:echo"}},
    };
    COMMANDS_CHECK(rows);
}

static void instances_that_share_a_service_run_one_case_at_a_time(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"mkfifo \"$S/said\"; \"$H\" serve --quiet --conformance >\"$S/said\" & server=$!; exec "
         "3<\"$S/said\"; "
         "read -r line <&3; "
         "\"$H\" run --target \"http:${line##* }\" --jobs 3 --filter users.get --report-dir \"$S/url\"; "
         "code=$?; "
         "kill $server; wait $server; exit $code",
         0,
         {"runs one case at a time, since what is created in one instance is there in another"}},
        {"\"$H\" run --jobs 2 --trace \"$S/trace\" --filter users.get --report-dir \"$S/traced\"",
         0,
         {"note: memory runs one case at a time, since a trace shows one call after the other"}},
        {"\"$H\" run --jobs 2 --target null:empty --filter users.get --report-dir \"$S/null\"",
         1,
         {"runs one case at a time, since nothing could be created"}},
    };
    COMMANDS_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_together_are_the_whole),
        cmocka_unit_test(no_report_is_written_over_what_it_is_made_of),
        cmocka_unit_test(what_does_not_belong_together_is_refused),
        cmocka_unit_test(the_merged_exit_code_is_that_of_the_whole),
        cmocka_unit_test(instances_that_share_a_service_run_one_case_at_a_time),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) != 0;
}
