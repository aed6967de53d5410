/* The commands as processes: arguments in, exit code and text out. Lines go to a shell that knows $H (the
 * program) and $S (a folder of this test with small fixtures). */
#include "suites/self/support_commands.h"
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define FAULTY "python3 suites/self/children/faulty.py "
#define RUN "\"$H\" run --no-color --report-dir \"$S/reports\" "

/* Writes $S/FOLDER/cases/kinds/a.json; the requirements, schemas and words are the project's own. */
static void write_fixtures(const char *folder, const char *cases) {
    const char *scratch = commands_folder();
    char command[8 * SCRATCH_PATH_SIZE];
    snprintf(command, sizeof command,
             "mkdir -p '%s/%s/cases/kinds' && for part in requirements.json schema vocabulary.json; do "
             "ln -sf \"$PWD/fixtures/$part\" '%s/%s/'; done",
             scratch, folder, scratch, folder);
    assert_int_equal(system(command), 0);
    char path[2 * SCRATCH_PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s/cases/kinds/a.json", scratch, folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(cases, file);
    assert_int_equal(fclose(file), 0);
}

#define CREATE                                                                                               \
    "\"op\": \"interrupt.create\", \"args\": {\"kind\": \"clarification\", \"request_id\": \"r-{run}\", "    \
    "\"user_id\": \"u-{run}\", \"session_id\": \"s-{run}\"}"
#define CASE(id, title, expect)                                                                              \
    "{\"id\": \"" id "\", \"title\": \"" title "\", \"level\": \"MUST\", \"steps\": [{" CREATE               \
    ", \"expect\": {\"interrupt\": {\"status\": \"" expect "\"}}, \"requirement\": \"REQ-STATUS-1\"}]}"

/* 256 rows of one case that fails on the reference. */
static void write_many(void) {
    struct text text = {0};
    text_add(&text,
             "{\"cases\": [{\"id\": \"kinds.many\", \"title\": \"Fails\", \"level\": \"MUST\", \"rows\": {");
    for (int i = 0; i < 256; i++) {
        text_addf(&text, "%s\"n%d\": {\"x\": \"resolved\"}", i ? ", " : "", i);
    }
    text_add(&text, "}, \"steps\": [{" CREATE ", \"expect\": {\"interrupt\": {\"status\": \"$x\"}}, "
                    "\"requirement\": \"REQ-STATUS-1\"}]}]}");
    assert_false(text.failed);
    write_fixtures("many", text.bytes);
    text_release(&text);
}

static int set_up(void **state) {
    (void)state;
    if (!commands_begin("cli-XXXXXX")) {
        return -1;
    }
    write_fixtures("good", "{\"cases\": [" CASE("kinds.good", "Passes", "pending") "]}");
    write_fixtures("mixed", "{\"cases\": [" CASE("kinds.good", "Passes", "pending") ",\n" CASE(
                                "kinds.bad", "Fails", "resolved") "]}");
    write_fixtures("hostile",
                   "{\"cases\": [" CASE("kinds.bad", "<>&\\\"]]> \\u001b[31m \\u0001", "resolved") "]}");
    write_fixtures(
        "key",
        "{\"cases\": [\n{\"id\": \"kinds.a\", \"titel\": \"x\", \"level\": \"MUST\", \"steps\": []}]}");
    write_fixtures(
        "twice", "{\"cases\": [" CASE("kinds.a", "x", "pending") ",\n" CASE("kinds.a", "x", "pending") "]}");
    write_fixtures("broken", "{\"cases\": [\n  {\"id\": }\n]}");
    write_many();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    commands_end();
    return 0;
}

static void wrong_use_is_two_and_says_what_is_right(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\"", 2, {"Usage: holdpoint COMMAND"}},
        {"\"$H\" rnu", 2, {"there is no command \"rnu\"; did you mean `holdpoint run`?"}},
        {"\"$H\" run --filtr x", 2, {"unknown option --filtr; did you mean --filter?"}},
        {RUN "--filter kinds.god --fixtures \"$S/good\"", 2, {"kinds.good"}},
        {RUN "--target memroy", 2, {"memroy", "memory"}},
        {RUN "--target null:nothing", 2, {"accept-all"}},
        {RUN "--without clokc", 2, {"clokc", "restart, envelope, flow, kernel"}},
        {RUN "--fixtures \"$S/good\" --filter '!'", 2, {"no case matches the filter \"!\""}},
        {RUN "--fixtures \"$S/good\" --filter '!kinds.god'",
         2,
         {"filter \"!kinds.god\"; the nearest are kinds.good"}},
        {RUN "--fixtures \"$S/good\" --level SOME", 2, {"MUST"}},
        {RUN "--timeout 0", 2, {"--timeout takes a number from 1"}},
        {RUN "--fixtures \"$S/good\" --baseline \"$S/none.json\"", 2, {"none.json"}},
        {RUN "--fixtures \"$S/key\"", 2, {"a.json:2", "titel"}},
        {RUN "--fixtures \"$S/twice\"", 2, {"a.json:2", "kinds.a"}},
        {RUN "--fixtures \"$S/broken\"", 2, {"a.json:2:"}},
        {RUN "--fixtures \"$S/nowhere\"",
         2,
         {"--fixtures ", "nowhere: no fixtures there", "cases/CHAPTER/*.json"}},
        {"HOLDPOINT_FIXTURES=\"$S/nowhere\" " RUN, 2, {"HOLDPOINT_FIXTURES=", "nowhere: no fixtures there"}},
        {"\"$H\" explain kinds.god --fixtures \"$S/good\"", 2, {"did you mean kinds.good?"}},
        {"\"$H\" explain zz --fixtures \"$S/good\"", 2, {"the chapters are kinds (1)"}},
        {"\"$H\" list --filter zz --fixtures \"$S/good\"", 2, {"the chapters are kinds (1)"}},
        {"\"$H\" adapter", 2, {"an argument is missing: TARGET"}},
        {"\"$H\" explain", 2, {"an argument is missing"}},
        {"\"$H\" list --fixtures \"$S/good\" --filter nothing.like.this", 2, {"nothing.like.this"}},
    };
    COMMANDS_CHECK(rows);
}

static void every_manual_has_examples(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" --help", 0, {"Commands:", "explain", "Exit codes"}},
        {"\"$H\" help run", 0, {"Usage: holdpoint run", "Examples:", "--report-dir DIR"}},
        {"\"$H\" run --help", 0, {"Usage: holdpoint run", "Examples:", "Exit codes"}},
        {"\"$H\" list --help", 0, {"Usage: holdpoint list", "Examples:"}},
        {"\"$H\" explain --help", 0, {"Usage: holdpoint explain", "Examples:"}},
        {"\"$H\" spec --help", 0, {"Usage: holdpoint spec", "Examples:"}},
        {"\"$H\" doctor --help", 0, {"Usage: holdpoint doctor", "Examples:", "Exit codes"}},
        {"\"$H\" adapter --help", 0, {"Usage: holdpoint adapter", "Examples:"}},
        {"\"$H\" new-adapter --help", 0, {"Usage: holdpoint new-adapter", "Examples:", "Exit codes"}},
        {"\"$H\" adapter memory --help", 0, {"Usage: holdpoint adapter", "Examples:"}},
        {"\"$H\" list --filter x -h", 0, {"Usage: holdpoint list"}},
        {"\"$H\" --version", 0, {"holdpoint "}},
    };
    COMMANDS_CHECK(rows);
}

static void verdicts_are_exit_codes(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {RUN "--fixtures \"$S/good\"", 0, {"selected 1 = passed 1", "CONFORMS  exit code 0"}},
        {RUN "--fixtures \"$S/mixed\"",
         1,
         {"selected 2 = passed 1 + failed 1", "DOES NOT CONFORM  exit code 1",
          "--filter kinds.bad --seed 1 --fixtures"}},
        {RUN "--fixtures \"$S/mixed\" --fail-fast --target memory --target memory", 1, {"not_run"}},
        {RUN "--fixtures \"$S/many\"", 1, {"selected 256 = failed 256", "... and 236 more"}},
        {RUN "--fixtures \"$S/good\" --target null:reject-all", 1, {"score  null:reject-all passed 0 of 1"}},
        {RUN "--fixtures \"$S/good\" --target null:drop-connection", 3, {"selected 1 = errored 1"}},
        {RUN "--fixtures \"$S/mixed\" --target memory --target null:drop-connection",
         3,
         {"  kinds      1/2                   0/2\n"}},
        {RUN "--fixtures \"$S/good\" --without create",
         1,
         {"selected 1 = unsupported 1", "nothing was proved"}},
        {RUN "--fixtures \"$S/good\" --target memory --target \"stdio:$H adapter memory\"",
         0,
         {"The same verdict for every case on all 2 targets."}},
    };
    COMMANDS_CHECK(rows);
}

/* A person copies the line as it stands, in a clone whose program is on no PATH. */
static void what_repeats_a_case_runs_as_it_stands(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {RUN
         "--fixtures \"$S/mixed\" | sed -n 's/^  repeat    //p' > \"$S/again\"; sh \"$S/again\" --no-color",
         1,
         {"failed  kinds.bad", "selected 1 = failed 1"}},
        {"mkdir -p \"$S/a b\" && ln -sf \"$H\" \"$S/a b/holdpoint\" && \"$S/a b/holdpoint\" run --no-color "
         "--fixtures \"$S/mixed\" --format junit",
         1,
         {"a b/holdpoint' run --target memory --filter kinds.bad"}},
        {"\"$H\" explain kinds.bad --fixtures \"$S/mixed\" | grep -F \"Run      $H run\"", 0, {"kinds.bad"}},
    };
    COMMANDS_CHECK(rows);
}

/* Copyable lines and the place of a case are left whole. */
static void the_width_of_the_window_is_kept(void **state) {
    (void)state;
#define TOO_LONG(columns) " | grep -v '^  repeat' | awk 'length > " columns "')\""
    static const struct command_row rows[] = {
        {"cd \"$S\" && test -z \"$(COLUMNS=70 " RUN "--fixtures mixed" TOO_LONG("70"), 0, {""}},
        {"cd \"$S\" && test -n \"$(COLUMNS=120 " RUN "--fixtures mixed" TOO_LONG("100"), 0, {""}},
        {"cd \"$S\" && test -z \"$(script -qec \"stty cols 70; $H run --no-color --fixtures mixed "
         "--report-dir reports\" "
         "/dev/null | tr -d '\\r' | sed 's/.*\\x1b\\[K//'" TOO_LONG("70"),
         0,
         {""}},
        {"test -z \"$(COLUMNS=60 \"$H\" explain kinds.bad --fixtures \"$S/mixed\" | grep -v \"$S\" | grep -v "
         "^Run | awk 'length > 60')\"",
         0,
         {""}},
        {"test -z \"$(COLUMNS=80 \"$H\" run --help | awk 'length > 80' | grep -v '^  holdpoint')\"", 0, {""}},
    };
    COMMANDS_CHECK(rows);
}

static void a_bad_adapter_is_three_with_its_reason(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {RUN "--fixtures \"$S/good\" --target stdio:./no-such-program",
         3,
         {"cannot be reached", "no-such-program"}},
        {RUN "--fixtures \"$S/good\" --target 'stdio:" FAULTY "hello-babbles'", 3, {"cannot be reached"}},
        {RUN "--fixtures \"$S/good\" --target 'stdio:" FAULTY "hello-wrong-nonce'",
         3,
         {"cannot be reached", "nonce"}},
        {RUN "--fixtures \"$S/good\" --timeout 300 --target 'stdio:" FAULTY "hello-hangs'", 3, {"300 ms"}},
        {"test -s \"$S/reports/junit.xml\" && grep '\"exit_code\":3' \"$S/reports/report.ndjson\"",
         0,
         {"end"}},
        {RUN "--fixtures \"$S/good\" --target memory --target stdio:./no-such-program",
         3,
         {"selected 1 = passed 1"}},
    };
    COMMANDS_CHECK(rows);
}

static void a_signal_ends_the_run_with_its_reports(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {RUN "--fixtures \"$S/mixed\" --target 'stdio:kill -INT $PPID; exec \"$H\" adapter memory' --target "
             "memory",
         130,
         {"not_run", "NO VERDICT: the run was interrupted  exit code 130"}},
        {"tail -1 \"$S/reports/report.ndjson\"", 0, {"\"exit_code\":130"}},
        {"cat \"$S/reports/junit.xml\"", 0, {"message=\"the run was interrupted\""}},
    };
    COMMANDS_CHECK(rows);
}

/* What is opened first must not take the place of a stream that was closed. */
static void closed_streams_stay_closed(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {RUN "--fixtures \"$S/good\" >&- <&-", 3, {"stdout could not be written"}},
        {"\"$H\" report \"$S/reports/report.ndjson\" --output \"$S/closed.html\"", 0, {NULL}},
        {RUN "--fixtures \"$S/good\" --trace \"$S/closed.trace\" 2>&- >\"$S/closed.out\"", 0, {NULL}},
        {"grep -c CONFORMS \"$S/closed.out\"", 0, {"1"}},
        {"\"$H\" adapter memory <&-", 0, {NULL}},
        {"echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"describe\",\"params\":{}}' | \"$H\" adapter "
         "memory >&-",
         3,
         {"stdout could not be written"}},
    };
    COMMANDS_CHECK(rows);
}

static void a_baseline_holds_what_is_known_and_nothing_else(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {RUN "--fixtures \"$S/mixed\" --baseline \"$S/b.json\" --update-baseline", 1, {"write a reason"}},
        {RUN "--fixtures \"$S/mixed\" --baseline \"$S/b.json\"",
         2,
         {"b.json:", "a reason of at least one word"}},
        {"sed 's/\"reason\": \"\"/\"reason\": \"known since May\"/' \"$S/b.json\" > \"$S/good.json\"",
         0,
         {NULL}},
        {RUN "--fixtures \"$S/mixed\" --baseline \"$S/good.json\"",
         0,
         {"known failure kinds.bad: known since May", "expected_failure 1"}},
        {RUN "--fixtures \"$S/mixed\" --baseline \"$S/good.json\" --fail-fast",
         0,
         {"selected 2 = passed 1 + expected_failure 1"}},
        {"sed -E 's/\"[0-9a-f]{16}\"/\"0000000000000000\"/' \"$S/good.json\" > \"$S/other.json\"", 0, {NULL}},
        {RUN "--fixtures \"$S/mixed\" --baseline \"$S/other.json\"", 1, {"other.json", "failed 1"}},
        {"sed 's/\"reason\"/\"until\": \"2000-01-01\", \"reason\"/' \"$S/good.json\" > \"$S/late.json\"",
         0,
         {NULL}},
        {RUN "--fixtures \"$S/mixed\" --baseline \"$S/late.json\"", 1, {"late.json", "2000-01-01"}},
        {"sed 's/kinds.bad/kinds.good/' \"$S/good.json\" > \"$S/stale.json\"", 0, {NULL}},
        {RUN "--fixtures \"$S/mixed\" --filter kinds.good --baseline \"$S/stale.json\"",
         1,
         {"unexpected_pass 1", "stale.json"}},
        {"sed 's/\"memory\"/\"memroy\"/' \"$S/good.json\" > \"$S/misspelt.json\"", 0, {NULL}},
        {RUN "--fixtures \"$S/good\" --target memory --target memory --baseline \"$S/misspelt.json\"",
         1,
         {"misspelt.json:", "did you mean \"memory\"?", "DOES NOT CONFORM"}},
        {"xmllint --xpath 'count(//failure)' \"$S/reports/junit.xml\"", 0, {"1"}},
        {"sed 's/\"memory\"/\"stdio:.\\/x\"/' \"$S/good.json\" > \"$S/elsewhere.json\"", 0, {NULL}},
        {RUN "--fixtures \"$S/good\" --baseline \"$S/elsewhere.json\"",
         0,
         {"note: ", "1 entry is for stdio:./x, which is not part of this run"}},
        {"sed 's/kinds.bad/kinds.gone/' \"$S/good.json\" > \"$S/gone.json\"", 0, {NULL}},
        {RUN "--fixtures \"$S/good\" --baseline \"$S/gone.json\"", 1, {"gone.json", "kinds.gone"}},
    };
    COMMANDS_CHECK(rows);
}

/* To open a named pipe may take forever; one that the shell makes has somebody who writes. */
static void a_named_pipe_is_refused_where_files_are_kept(void **state) {
    (void)state;
#define PIPE "timeout -s KILL 10 "
    static const struct command_row rows[] = {
        {"mkfifo \"$S/pipe\" && cp -rP \"$S/good\" \"$S/piped\" && mkfifo \"$S/piped/cases/kinds/b.json\"",
         0,
         {NULL}},
        {PIPE RUN "--fixtures \"$S/good\" --baseline \"$S/pipe\"", 2, {"/pipe: not a regular file"}},
        {PIPE RUN "--fixtures \"$S/good\" --baseline \"$S/pipe\" --update-baseline",
         2,
         {"/pipe: not a regular file"}},
        {PIPE RUN "--fixtures \"$S/piped\"", 2, {"kinds/b.json: not a regular file"}},
        {PIPE "\"$H\" replay --fixtures \"$S/good\" \"$S/pipe\"", 2, {"/pipe: not a regular file"}},
        {"echo '{\"known_failures\": []}' | " PIPE RUN "--fixtures \"$S/good\" --baseline /dev/stdin",
         0,
         {"CONFORMS"}},
        {PIPE "bash -c '"
              "\"$H\" replay --report-dir \"$S/reports\" --fixtures \"$S/good\" "
              "<(cat \"$S/good/cases/kinds/a.json\")"
              "'",
         0,
         {"selected 1 = passed 1"}},
    };
    COMMANDS_CHECK(rows);
}

static void reports_are_written_whole_or_it_is_said(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {RUN "--fixtures \"$S/hostile\" --format junit --output \"$S/h.xml\"", 1, {"\\x1b[31m"}},
        {"xmllint --noout --schema suites/self/data/junit.xsd \"$S/h.xml\"", 0, {"validates"}},
        {RUN "--fixtures \"$S/good\" --format ndjson",
         0,
         {"{\"type\":\"run\"", "{\"type\":\"end\",\"exit_code\":0}"}},
        {RUN "--fixtures \"$S/good\" --format ndjson --output /dev/full", 3, {"could not be written"}},
        {RUN "--fixtures \"$S/good\" --format junit --output \"$S/no/folder/x\"", 3, {"no/folder/x"}},
        {RUN "--fixtures \"$S/good\" --format ndjson --output /dev/full --format terminal",
         3,
         {"NO VERDICT: the run or its reports are not whole; stderr says why  exit code 3"}},
        {RUN "--fixtures \"$S/good\" --trace /dev/full",
         3,
         {"/dev/full could not be written", "  exit code 3"}},
        {RUN "--fixtures \"$S/good\" --trace /dev/full --format ndjson",
         3,
         {"{\"type\":\"end\",\"exit_code\":3}"}},
        {"grep '\"exit_code\":3' \"$S/reports/report.ndjson\" && head -1 \"$S/reports/summary.md\"",
         0,
         {"## Holdpoint: no verdict"}},
        {RUN "--fixtures \"$S/good\" --trace \"$S/trace\" && grep -c interrupt.create \"$S/trace\"",
         0,
         {"1"}},
        {RUN "--fixtures \"$S/good\" > /dev/full", 3, {NULL}},
        {"\"$H\" list --fixtures \"$S/good\" > /dev/full", 3, {"stdout could not be written"}},
        {"\"$H\" spec --fixtures \"$S/good\" >&-", 3, {"stdout could not be written"}},
        {"cd \"$S\" && mkdir -p there/reports && cd there && \"$H\" run --fixtures ../good && ls "
         "reports/latest",
         0,
         {"junit.xml", "report.ndjson", "summary.md"}},
    };
    COMMANDS_CHECK(rows);
}

/* Nothing is written then, neither the file that is named twice nor the others. */
static void no_file_is_written_over_another(void **state) {
    (void)state;
#define TWICE RUN "--fixtures \"$S/good\" --format junit --output \"$S/t\" "
    static const struct command_row rows[] = {
        {TWICE "--format html --output \"$S/t\"",
         2,
         {"/t would be both the html report and the junit report"}},
        {TWICE "--format html --output \"$S/./t\"", 2, {"/./t (the html report)", "are one file"}},
        {TWICE "--trace \"$S/t\"", 2, {"/t would be both the trace and the junit report"}},
        {TWICE "--baseline \"$S/t\"", 2, {"/t would be both the baseline and the junit report"}},
        {TWICE "--baseline \"$S/t\" --update-baseline",
         2,
         {"would be both the junit report and the baseline"}},
        {TWICE "--target \"profile:$S/t\"", 2, {"/t would be both a target profile and the junit report"}},
        {TWICE "--format html --output \"$S/reports/junit.xml\"", 2, {"junit.xml of the report folder"}},
        {"test ! -e \"$S/t\"", 0, {NULL}},
        {"echo kept >\"$S/case.json\"; \"$H\" replay --format junit --output \"$S/case.json\" "
         "\"$S/case.json\"; code=$?; cat \"$S/case.json\"; exit $code",
         2,
         {"holdpoint replay: ", "would be both a file that is replayed and the junit report", "\nkept\n"}},
        {"echo kept >\"$S/layers\"; \"$H\" drift governance \"$S/layers\" --format json --output "
         "\"$S/layers\"; code=$?; cat \"$S/layers\"; exit $code",
         2,
         {"would be both what is looked at and the json report", "\nkept\n"}},
        {"\"$H\" drift source --config \"$S/layers\" \"$S\" --format json --output \"$S/layers\"",
         2,
         {"would be both a file that is read and the json report"}},
        {RUN "--fixtures \"$S/good\" --format junit --output /dev/null --trace /dev/null", 0, {"CONFORMS"}},
    };
    COMMANDS_CHECK(rows);
}

static void lists_and_explains(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" list --fixtures \"$S/mixed\"",
         0,
         {"kinds.good  MUST    Passes\nkinds.bad   MUST    Fails\n"}},
        {"\"$H\" list --fixtures \"$S/mixed\" --filter '!kinds.bad' --long",
         0,
         {"proves    REQ-STATUS-1", "needs     create"}},
        {"\"$H\" list --fixtures \"$S/mixed\" --json | jq -r '.[].id'", 0, {"kinds.good\nkinds.bad\n"}},
        {"\"$H\" list --fixtures \"$S/mixed\" --requirements",
         0,
         {"    kinds.good\n    kinds.bad\n", "    no case"}},
        {"\"$H\" list --fixtures \"$S/mixed\" --requirements --filter kinds.bad | wc -l", 0, {"2"}},
        {"\"$H\" explain kinds.bad --fixtures \"$S/mixed\"",
         0,
         {"Proves   REQ-STATUS-1", "a.json:2", "interrupt.create"}},
        {"\"$H\" explain kinds.many --fixtures \"$S/many\"", 0, {"256 cases, one for each row", "n255: {"}},
        {"\"$H\" explain kinds --fixtures \"$S/mixed\"",
         0,
         {"kinds: 2 cases in 2 templates", "  kinds.bad\n"}},
        {"\"$H\" explain REQ-STATUS-1 --fixtures \"$S/mixed\"",
         0,
         {"Proved by 2 cases:\n  kinds.good\n  kinds.bad\n"}},
        {"\"$H\" spec --fixtures \"$S/mixed\"",
         0,
         {"## 1. Kinds", "### REQ-KIND-1", "2 cases: `kinds.good`, `kinds.bad`"}},
        {"\"$H\" spec --check --fixtures \"$S/mixed\"", 1, {"REQ-KIND-1\n", "have no case"}},
    };
    COMMANDS_CHECK(rows);
}

static void fixtures_are_found_beside_the_program(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"mkdir -p \"$S/bin\" \"$S/share/holdpoint\" && cp \"$H\" \"$S/bin/\"", 0, {NULL}},
        {"ln -s ../../good \"$S/share/holdpoint/fixtures\" && \"$S/bin/holdpoint\" list", 0, {"kinds.good"}},
        {"ln -s mixed \"$S/fixtures\" && \"$S/bin/holdpoint\" list", 0, {"kinds.bad"}},
        {"cd \"$S\" && bin/holdpoint list --long", 0, {"file      fixtures/cases/kinds/a.json"}},
        {"HOLDPOINT_FIXTURES=\"$S/good\" \"$S/bin/holdpoint\" list --filter kinds.bad", 2, {"kinds.bad"}},
    };
    COMMANDS_CHECK(rows);
}

static void the_spec_is_checked(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" spec --fixtures \"$S/key\"", 2, {"titel"}},
        {"\"$H\" explain kinds.a --fixtures \"$S/key\"", 2, {"titel"}},
        {"cp -rP \"$S/good\" \"$S/tiny\" && rm \"$S/tiny/requirements.json\" && jq '{requirements: "
         "[.requirements[] | "
         "select(.id == \"REQ-STATUS-1\" or .id == \"REQ-EXPIRE-12\")]}' fixtures/requirements.json > "
         "\"$S/tiny/requirements.json\" && \"$H\" spec --check --fixtures \"$S/tiny\"",
         0,
         {"Each of 2 requirements has a case"}},
        {"\"$H\" explain REQ-EXPIRE-12 --fixtures \"$S/tiny\"", 0, {"Excluded "}},
        {"jq '{requirements: [.requirements[] | select(.id == \"REQ-STATUS-1\" or .id == \"REQ-KIND-1\")]}' "
         "fixtures/requirements.json > \"$S/tiny/requirements.json\" && \"$H\" spec --check --fixtures "
         "\"$S/tiny\"",
         1,
         {"1 requirement has no case", "REQ-KIND-1\n"}},
    };
    COMMANDS_CHECK(rows);
}

static void colours_are_for_terminals_that_want_them(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"script -qec \"$H run --fixtures $S/good --report-dir $S/reports\" /dev/null",
         0,
         {"\x1b[32mCONFORMS\x1b[0m", "  1/1  "}},
        {"NO_COLOR=1 script -qec \"$H run --fixtures $S/good --report-dir $S/reports\" /dev/null",
         0,
         {"\nCONFORMS  exit"}},
        {"script -qec \"$H run --no-color --fixtures $S/good --report-dir $S/reports\" /dev/null",
         0,
         {"\nCONFORMS  exit"}},
        {"test \"$(TERM=dumb script -qec \"$H run --fixtures $S/good --report-dir $S/reports\" /dev/null | "
         "grep -c $(printf '\\033'))\" = 0",
         0,
         {""}},
        {RUN "--fixtures \"$S/good\"", 0, {"\nCONFORMS  exit"}},
    };
    COMMANDS_CHECK(rows);
}

/* The reader has gone before the first byte: no signal, an exit code. */
static void a_closed_pipe_is_three(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    pid_t child = fork();
    if (child == 0) {
        char fixtures[SCRATCH_PATH_SIZE + 8];
        snprintf(fixtures, sizeof fixtures, "%s/good", commands_folder());
        dup2(ends[1], STDOUT_FILENO);
        execl(getenv("H"), "holdpoint", "list", "--fixtures", fixtures, (char *)NULL);
        _exit(99);
    }
    close(ends[1]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_use_is_two_and_says_what_is_right),
        cmocka_unit_test(every_manual_has_examples),
        cmocka_unit_test(verdicts_are_exit_codes),
        cmocka_unit_test(what_repeats_a_case_runs_as_it_stands),
        cmocka_unit_test(the_width_of_the_window_is_kept),
        cmocka_unit_test(a_bad_adapter_is_three_with_its_reason),
        cmocka_unit_test(a_signal_ends_the_run_with_its_reports),
        cmocka_unit_test(closed_streams_stay_closed),
        cmocka_unit_test(a_baseline_holds_what_is_known_and_nothing_else),
        cmocka_unit_test(a_named_pipe_is_refused_where_files_are_kept),
        cmocka_unit_test(reports_are_written_whole_or_it_is_said),
        cmocka_unit_test(no_file_is_written_over_another),
        cmocka_unit_test(lists_and_explains),
        cmocka_unit_test(fixtures_are_found_beside_the_program),
        cmocka_unit_test(the_spec_is_checked),
        cmocka_unit_test(colours_are_for_terminals_that_want_them),
        cmocka_unit_test(a_closed_pipe_is_three),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) != 0;
}
