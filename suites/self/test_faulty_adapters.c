/* A catalogue of faulty adapters (suites/self/children/faulty.py). Each is run against three cases, of which the fault
 * hits the second unless it hits all, and examined by the doctor: both end in time and say what is wrong, the other cases
 * keep their verdicts, and no process is left. */
#include "harness/adapters/deadline.h"
#include "suites/self/support_commands.h"
#include "suites/self/support_results.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENT = 60000, SHORT = 2500, CASES = 3, NUMBER_SIZE = 16, GONE_MS = 5000 };

/* What each comes to. */
struct row {
    const char *fault;
    unsigned timeout_ms;
    const char *verdicts; /* of the three cases, by their first letters: passed, failed, errored */
    const char *reason;   /* part of the reason of each that did not pass */
    const char *checks;   /* that the doctor fails, all of them */
    const char *did;      /* part of what it says of the first */
};

#define NO_ANSWER "no answer within 2500 ms"
#define NO_HELLO "no hello within 2500 ms"

/* Those that wait come first, so that nobody waits for them alone. */
static const struct row rows[] = {
    {"hello-then-deaf", SHORT, "eee", NO_ANSWER, "unknown-method end describe", NO_ANSWER},
    {"ignores-all", SHORT, "ppp", "", "end terminate", "still runs 2500 ms later"},
    {"hello-hangs", SHORT, "eee", NO_HELLO, "hello", NO_ANSWER},
    {"hello-late", SHORT, "eee", NO_HELLO, "hello", "ms, where 2500 are allowed"},
    {"hello-babbles", SHORT, "eee", "\"Listening on port 8080\"", "hello quiet", NO_ANSWER},
    {"buffers", SHORT, "eee", NO_HELLO, "flush", "only when its stdin was closed"},
    {"ignores-end", SHORT, "ppp", "", "end", "stdin was closed; it still runs"},
    {"ignores-term", SHORT, "ppp", "", "terminate", "sent SIGTERM; it still runs"},
    {"hangs", SHORT, "pep", NO_ANSWER, "get", NO_ANSWER},
    {"hangs-in-a-line", SHORT, "pep", NO_ANSWER, "get",
     "in the middle of the line \"{\"jsonrpc\": \"2.0\", \"id\"\""},
    {"stops-reading", SHORT, "pep", NO_ANSWER, "get", NO_ANSWER},
    {"closes-stdin", SHORT, "pep", NO_ANSWER, "get", "has closed its stdin, but still runs"},
    {"too-late", SHORT, "pep", NO_ANSWER, "get", NO_ANSWER},
    {"babbles", SHORT, "pep", "\"Starting up...\"", "quiet get", "no answer: \"Starting up...\""},
    {"blank", SHORT, "pep", "not JSON", "quiet get", "no answer: \"\""},
    {"scalar", SHORT, "pep", "the answer is an integer", "quiet get", "no answer: \"42\""},
    {"unknown-silent", SHORT, "ppp", "", "unknown-method", NO_ANSWER},
    {"first-line-only", SHORT, "ppp", "", "pipelined", "it answered 1 of them"},

    {"none", PATIENT, "ppp", "", "", ""},
    {"start-dies", PATIENT, "eee", "exit status 3", "start", "exit status 3"},
    {"start-dies-by-signal", PATIENT, "eee", "signal 9 (SIGKILL)", "start", "signal 9 (SIGKILL)"},
    {"start-leaves-child", PATIENT, "ppp", "", "left-behind",
     "left 1 process of its group running, with its stdout"},
    {"start-leaves-quiet-child", PATIENT, "ppp", "", "left-behind", "left 1 process of its group running."},
    {"hello-dies", PATIENT, "eee", "exit status 9", "hello", "exit status 9"},
    {"hello-dies-by-signal", PATIENT, "eee", "signal 9 (SIGKILL)", "hello", "signal 9 (SIGKILL)"},
    {"hello-wrong-nonce", PATIENT, "eee", "wrong nonce: \"0000\"", "nonce", "wrong nonce: \"0000\""},
    {"hello-no-nonce", PATIENT, "eee", "wrong nonce: none", "nonce", "wrong nonce: none"},
    {"hello-wrong-protocol", PATIENT, "eee", "wrong protocol version: 2", "protocol",
     "wrong protocol version: 2"},
    {"hello-no-capabilities", PATIENT, "eee", "no list of texts", "capabilities", "no list of texts"},
    {"hello-bad-capability", PATIENT, "eee", "no list of texts", "capabilities", "no list of texts"},
    {"hello-misspelt", PATIENT, "ppp", "", "capabilities",
     "declares \"expire-pending\", which is no capability"},
    {"hello-no-endpoint", PATIENT, "eee", "limits.endpoints", "limits", "limits.endpoints"},
    {"hello-text", PATIENT, "eee", "no object", "hello", "no object"},
    {"hello-refused", PATIENT, "eee", "refused the hello: unsupported", "hello",
     "refused the hello: unsupported"},
    {"dies", PATIENT, "pep", "exit status 3", "get", "exit status 3"},
    {"dies-by-signal", PATIENT, "pep", "signal 9 (SIGKILL)", "get", "signal 9 (SIGKILL)"},
    {"dies-with-last-words", PATIENT, "pep", "\"KeyError: 'kind'\"", "get", "\"KeyError: 'kind'\""},
    {"dies-in-a-line", PATIENT, "pep", "in the middle of the line", "get", "in the middle of the line"},
    /* It had answered well when it died, so the loss is the next one's. */
    {"dies-afterwards", PATIENT, "ppe", "after 3 answers: the child died", "get",
     "and then, when the next request came"},
    {"leaves-grandchild", PATIENT, "pep", "exit status 4", "get", "exit status 4"},
    {"closes-stdout", PATIENT, "pep", "closed its stdout but still runs", "get",
     "closed its stdout but still runs"},
    {"endless", PATIENT, "pep", "8388608 bytes without an end of line", "lines", "without an end of line"},
    {"huge", PATIENT, "pep", "8388608 bytes without an end of line", "lines", "without an end of line"},
    {"not-utf8", PATIENT, "pep", "not UTF-8", "lines", "not UTF-8"},
    {"nul", PATIENT, "pep", "\\x00", "lines", "a byte of zero"},
    {"mark", PATIENT, "pep", "\\xef\\xbb\\xbf", "lines", "a byte order mark"},
    {"crlf", PATIENT, "ppp", "", "lines", "with CR LF"},
    {"pretty", PATIENT, "pep", "not JSON", "lines", "not JSON"},
    {"quotes", PATIENT, "pep", "not JSON", "lines", "not JSON"},
    {"deep", PATIENT, "pep", "maximum parsing depth", "lines", "maximum parsing depth"},
    {"twice-a-key", PATIENT, "pep", "duplicate object key", "lines", "duplicate object key"},
    {"huge-real", PATIENT, "pep", "real number overflow", "lines", "real number overflow"},
    {"array", PATIENT, "pep", "the answer is an array", "lines", "the answer is an array"},
    {"logs-first", PATIENT, "pep", "\"GET /interrupts\"", "quiet", "\"GET /interrupts\""},
    {"twice", PATIENT, "pep", "a second time", "one-answer", "(interrupt.get) a second time"},
    /* The second answer comes when the next call is under way. */
    {"twice-apart", PATIENT, "ppe", "a second time", "one-answer", "(interrupt.get) a second time"},
    {"earlier-id", PATIENT, "pep", "answered id 1 a second time", "one-answer", "(hello) a second time"},
    {"never-asked", PATIENT, "pep", "id 4711, which was never asked", "ids",
     "id 4711, which was never asked"},
    {"also-never-asked", PATIENT, "pep", "id 4711, which was never asked", "ids",
     "id 4711, which was never asked"},
    {"text-id", PATIENT, "pep", "the answer's id is text", "ids", "the answer's id is text"},
    {"real-id", PATIENT, "pep", "the answer's id is a real number", "ids",
     "the answer's id is a real number"},
    {"no-id", PATIENT, "pep", "the answer's id is missing", "ids", "the answer's id is missing"},
    {"null-id", PATIENT, "pep", "the id null", "ids", "id of its answer is null"},
    {"null-id-result", PATIENT, "pep", "a result and the id null", "ids", "a result and the id null"},
    {"both", PATIENT, "pep", "both result and error", "frame", "both result and error"},
    {"null-beside", PATIENT, "pep", "both result and error", "frame", "both result and error"},
    {"neither", PATIENT, "pep", "neither result nor error", "frame", "neither result nor error"},
    {"no-jsonrpc", PATIENT, "pep", "lacks \"jsonrpc\": \"2.0\"", "frame", "lacks \"jsonrpc\": \"2.0\""},
    {"wrong-jsonrpc", PATIENT, "pep", "lacks \"jsonrpc\": \"2.0\"", "frame", "lacks \"jsonrpc\": \"2.0\""},
    {"error-text", PATIENT, "pep", "the error is not {\"code\"", "errors", "the error is not {\"code\""},
    {"error-without-name", PATIENT, "pep", "error.data.name is missing", "errors",
     "error.data.name is missing"},
    {"error-unknown-name", PATIENT, "pep", "error.data.name is \"teapot\"", "errors",
     "error.data.name is \"teapot\""},
    {"error-bad-field", PATIENT, "pep", "error.data.field is an integer", "errors",
     "error.data.field is an integer"},
    {"unsupported", PATIENT, "pfp", "refused what must be accepted", "get", "declares get, but"},
    {"unknown-result", PATIENT, "ppp", "", "unknown-method", "with a result"},
    {"dies-of-garbage", PATIENT, "ppp", "", "no-json", "JSONDecodeError"},
    {"dies-of-params", PATIENT, "ppp", "", "bad-params", "KeyError: 'kind'"},
    {"cuts-lines", PATIENT, "pep", "exit status 1", "long-line", "a request of 1 MiB was sent"},
    {"endpoints-apart", PATIENT, "ppp", "", "endpoints", "refused on endpoint 1: not_found"},
    /* Odd, but good. */
    {"pieces", PATIENT, "ppp", "", "", ""},
    {"late", PATIENT, "ppp", "", "", ""},
    {"floods-stderr", PATIENT, "ppp", "", "", ""},
    {"huge-integer", PATIENT, "ppp", "", "", ""},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

#define CREATE                                                                                               \
    "{\"op\": \"interrupt.create\", \"args\": {\"kind\": \"clarification\", \"request_id\": \"r-{run}\", "   \
    "\"user_id\": \"u-{run}\", \"session_id\": \"s-{run}\"}, \"expect\": {\"interrupt\": {\"status\": "      \
    "\"pending\"}}, \"requirement\": \"REQ-STATUS-1\"}"
/* More than a pipe holds, for a child that does not read. */
#define GET                                                                                                  \
    "{\"op\": \"interrupt.get\", \"args\": {\"id\": {\"$repeat\": {\"text\": \"a\", \"times\": 200000}}}, "  \
    "\"expect\": {\"$type\": \"object\"}, \"requirement\": \"REQ-STATUS-1\"}"
#define CASE(id, step)                                                                                       \
    "{\"id\": \"kinds." id "\", \"title\": \"x\", \"level\": \"MUST\", \"steps\": [" step "]}"

static const char cases[] =
    "{\"cases\": [" CASE("before", CREATE) "," CASE("hit", GET) "," CASE("after", CREATE) "]}";

static const char make_fixtures[] =
    "mkdir -p \"$S/fixtures/cases/kinds\" && cat >\"$S/fixtures/cases/kinds/a.json\" && "
    "for part in requirements.json schema vocabulary.json; do "
    "ln -s \"$PWD/fixtures/$part\" \"$S/fixtures/\"; done";

/* One line of input is a fault and its timeout. Python is called by its own name, for python3 may be a script that looks for
 * it, and without site packages: it is started some hundred times. */
static const char run_all[] =
    "P=$(python3 -c \"import sys; print(sys.executable)\") && export P && xargs -P 8 -L 1 sh -c "
    "'HOLDPOINT_PIDS=\"$S/$0.pids\"; export HOLDPOINT_PIDS; "
    "child=\"stdio:exec $P -S suites/self/children/faulty.py $0\"; "
    "timeout 200 \"$H\" run --fixtures \"$S/fixtures\" --timeout $1 --target \"$child\" --format ndjson "
    ">\"$S/$0.run\" 2>\"$S/$0.errors\"; echo $? >\"$S/$0.run-code\"; "
    "timeout 200 \"$H\" doctor --timeout $1 --format json \"$child\" "
    ">\"$S/$0.doctor\" 2>>\"$S/$0.errors\"; echo $? >\"$S/$0.doctor-code\"'";

/* What is orphaned becomes a child of this test, so that it can be counted. */
static int set_up(void **state) {
    (void)state;
    struct text input = {0};
    int made = -1, ran = -1;
    if (!commands_begin("faulty-XXXXXX") || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
        return -1;
    }
    free(command_feed(make_fixtures, cases, &made));
    for (size_t i = 0; i < ROW_COUNT; i++) {
        text_addf(&input, "%s %u\n", rows[i].fault, rows[i].timeout_ms);
    }
    char *said = input.failed ? NULL : command_feed(run_all, input.bytes, &ran);
    if (ran != 0) {
        print_error("%s\n", said ? said : "out of memory");
    }
    free(said);
    text_release(&input);
    return made == 0 && ran == 0 ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    commands_end();
    return 0;
}

/* A file that a row has made; the caller frees it. */
static char *read_file(const struct row *row, const char *kind) {
    char path[2 * SCRATCH_PATH_SIZE], chunk[4096];
    struct text text = {0};
    snprintf(path, sizeof path, "%s/%s.%s", commands_folder(), row->fault, kind);
    FILE *file = fopen(path, "rb");
    if (!file) {
        fail_msg("%s: there is no %s", row->fault, path);
    }
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        text_append(&text, chunk, got);
    }
    fclose(file);
    char *taken = text_take(&text);
    assert_non_null(taken);
    return taken;
}

static long read_code(const struct row *row, const char *kind) {
    char *text = read_file(row, kind);
    long code = strtol(text, NULL, 10);
    free(text);
    return code;
}

static void assert_holds(const struct row *row, const char *text, const char *part) {
    if (!text || !strstr(text, part)) {
        fail_msg("%s: \"%s\" does not hold \"%s\"", row->fault, text ? text : "nothing", part);
    }
}

/* What a run wrote, line by line. */
struct found {
    char verdicts[CASES + 1];
    size_t cases;
    size_t sum; /* of the tally */
    json_int_t exit_code;
};

static void take_case(const struct row *row, const json_t *record, struct found *found) {
    const char *verdict = json_string_value(json_object_get(record, "verdict"));
    assert_non_null(verdict);
    assert_true(found->cases < CASES);
    found->verdicts[found->cases++] = verdict[0];
    if (strcmp(verdict, "passed") != 0) {
        assert_holds(row, json_string_value(json_object_get(record, "reason")), row->reason);
    }
}

static void take_record(const struct row *row, const json_t *record, struct found *found) {
    const char *type = json_string_value(json_object_get(record, "type"));
    const char *key;
    json_t *count;
    if (type && strcmp(type, "case") == 0) {
        take_case(row, record, found);
    } else if (type && strcmp(type, "target_end") == 0) {
        json_object_foreach(json_object_get(record, "tally"), key, count) {
            found->sum += (size_t)json_integer_value(count);
        }
    } else if (type && strcmp(type, "end") == 0) {
        found->exit_code = json_integer_value(json_object_get(record, "exit_code"));
    }
}

static void check_run(const struct row *row) {
    struct found found = {.exit_code = -1};
    char *text = read_file(row, "run");
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        json_t *record = json_loads(line, 0, NULL);
        assert_non_null(record);
        take_record(row, record, &found);
        json_decref(record);
    }
    free(text);
    if (strcmp(found.verdicts, row->verdicts) != 0) {
        fail_msg("%s: the cases come to \"%s\", not \"%s\"", row->fault, found.verdicts, row->verdicts);
    }
    long code = strchr(row->verdicts, 'e') ? 3 : strchr(row->verdicts, 'f') ? 1 : 0;
    assert_int_equal(found.sum, CASES);
    assert_int_equal(found.exit_code, code);
    assert_int_equal(read_code(row, "run-code"), code);
}

static void each_costs_its_own_case_in_a_run(void **state) {
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        check_run(&rows[i]);
    }
}

/* Adds the ids of what fails; the first of them must say what was done. */
static void add_fault(const struct row *row, const json_t *check, struct text *ids) {
    const char *state = json_string_value(json_object_get(check, "state"));
    if (!state || strcmp(state, "fails") != 0) {
        return;
    }
    if (ids->length_bytes == 0) {
        assert_holds(row, json_string_value(json_object_get(check, "did")), row->did);
    }
    assert_true(json_string_length(json_object_get(check, "expected")) > 0);
    assert_true(json_string_length(json_object_get(check, "mend")) > 0);
    text_addf(ids, "%s%s", ids->length_bytes ? " " : "", json_string_value(json_object_get(check, "id")));
}

static void check_doctor(const struct row *row) {
    struct text ids = {0};
    char *text = read_file(row, "doctor");
    json_t *report = json_loads(text, 0, NULL);
    const json_t *check;
    size_t index;
    assert_non_null(report);
    free(text);
    text_add(&ids, "");
    json_array_foreach(json_object_get(report, "checks"), index, check) {
        add_fault(row, check, &ids);
    }
    if (strcmp(ids.bytes, row->checks) != 0) {
        fail_msg("%s: the doctor fails \"%s\", not \"%s\"", row->fault, ids.bytes, row->checks);
    }
    assert_int_equal(read_code(row, "doctor-code"), row->checks[0] ? 1 : 0);
    text_release(&ids);
    json_decref(report);
}

static void each_has_its_diagnosis_by_the_doctor(void **state) {
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        check_doctor(&rows[i]);
    }
}

/* True when the text has the line "group pid" of a leader of that id. */
static bool is_leader(const char *pids, pid_t id) {
    char line[2 * NUMBER_SIZE + 2];
    snprintf(line, sizeof line, "%ld %ld\n", (long)id, (long)id);
    return strstr(pids, line);
}

/* Waits for the next orphan to end: 0 when there is none any more, -1 when one does not end. */
static pid_t reap_orphan(void) {
    int64_t deadline_us = deadline_after_ms(GONE_MS);
    pid_t id;
    while ((id = waitpid(-1, NULL, WNOHANG)) == 0 && deadline_remaining_ms(deadline_us) > 0) {
        poll(NULL, 0, 5);
    }
    return id > 0 ? id : id < 0 && errno == ECHILD ? 0 : -1;
}

/* All orphans have come to us: the grandchildren that Holdpoint killed, and nobody who still runs. A leader among them
 * would be a child that Holdpoint did not reap. */
static void no_process_is_left(void **state) {
    (void)state;
    struct text pids = {0};
    size_t leaders = 0;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char *text = read_file(&rows[i], "pids");
        assert_true(text[0] != '\0');
        text_add(&pids, text);
        free(text);
    }
    pid_t orphan;
    while ((orphan = reap_orphan()) > 0) {
        leaders += is_leader(pids.bytes, orphan);
    }
    assert_int_equal(orphan, 0);
    assert_int_equal(leaders, 0);
    for (char *at = pids.bytes, *end; *at; at = end + 1) {
        long group = strtol(at, &end, 10);
        long id = strtol(end, &end, 10);
        if (kill((pid_t)id, 0) == 0 || kill((pid_t)-group, 0) == 0) {
            fail_msg("process %ld of group %ld is left", id, group);
        }
    }
    text_release(&pids);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_costs_its_own_case_in_a_run),
        cmocka_unit_test(each_has_its_diagnosis_by_the_doctor),
        cmocka_unit_test(no_process_is_left),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
