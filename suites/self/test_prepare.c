#include "harness/case/prepare.h"
#include "harness/case/run.h"
#include "reference/base/instant.h"
#include "suites/self/support_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define PLAIN "\"steps\":[" PLAY_DESCRIBE "]"
#define CLOCKED "\"steps\":[{\"clock\":60}," PLAY_DESCRIBE "]"
#define LEAP "\"start\":\"2024-02-29T23:59:59Z\",\"fixed\":true," PLAIN
#define FINE                                                                                                 \
    { "describe", "{}", NULL, NULL, NULL }
#define REFUSED                                                                                              \
    { "clock.set", NULL, "invalid", NULL, "/now" }
#define PROBED(created_at)                                                                                   \
    { "interrupt.create", "{\"interrupt\":{\"created_at\":" created_at "}}", NULL, NULL, NULL }
#define START "clock.set {\"now\":\"2025-12-11T09:30:00.000000Z\"}\n"
#define PROBE                                                                                                \
    "interrupt.create {\"kind\":\"checkpoint\",\"user_id\":\"holdpoint-probe\",\"session_id\":"              \
    "\"holdpoint-probe\",\"request_id\":\"holdpoint-probe\"}\n"
#define ALL "[\"create\",\"describe\",\"clock\",\"reset\"]"
#define NO_RESET "[\"create\",\"describe\",\"clock\"]"

static const struct {
    const char *members, *capabilities;
    struct fake_answer script[5];
    enum verdict verdict;
    const char *reason, *step, *calls;
} rows[] = {
    {PLAIN, "[\"describe\"]", {FINE}, VERDICT_PASSED, NULL, NULL, "describe {}\n"},
    {PLAIN, ALL, {FINE}, VERDICT_PASSED, NULL, NULL, "reset {}\ndescribe {}\n"},
    {CLOCKED,
     ALL,
     {FINE},
     VERDICT_PASSED,
     NULL,
     NULL,
     "reset {}\n" START "clock.set {\"now\":\"2025-12-11T09:31:00.000000Z\"}\ndescribe {}\n"},
    {LEAP,
     ALL,
     {FINE},
     VERDICT_PASSED,
     NULL,
     NULL,
     "reset {}\nclock.set {\"now\":\"2024-02-29T23:59:59.000000Z\"}\ndescribe {}\n"},
    {"\"needs\":[\"wall_clock\"]," PLAIN,
     ALL,
     {FINE},
     VERDICT_PASSED,
     NULL,
     NULL,
     "reset {}\n" START "describe {}\n"},
    /* what goes wrong on the way */
    {CLOCKED,
     ALL,
     {{"reset", NULL, "internal", NULL, NULL}},
     VERDICT_UNTESTABLE,
     "reset was refused: internal (because)",
     "set-up (reset)",
     "reset {}\n"},
    {CLOCKED,
     ALL,
     {{"reset", NULL, NULL, NULL, NULL}},
     VERDICT_ERRORED,
     "reset: the line is broken",
     "set-up (reset)",
     "reset {}\n"},
    {CLOCKED,
     ALL,
     {REFUSED},
     VERDICT_UNTESTABLE,
     "clock.set was refused: invalid (because)",
     "set-up (clock.set)",
     "reset {}\n" START},
    {CLOCKED,
     NO_RESET,
     {{"clock.set", NULL, NULL, NULL, NULL}},
     VERDICT_ERRORED,
     "clock.set: the line is broken",
     "set-up (clock.set)",
     START},
    /* a target that was used before, and cannot be reset */
    {CLOCKED,
     "[\"describe\",\"clock\"]",
     {REFUSED},
     VERDICT_UNTESTABLE,
     "clock.set was refused: invalid (because)",
     "set-up (clock.set)",
     START},
    {CLOCKED,
     NO_RESET,
     {REFUSED, PROBED("\"2030-06-01T02:00:00+02:00\""), FINE},
     VERDICT_PASSED,
     NULL,
     NULL,
     START PROBE "clock.set {\"now\":\"2030-06-01T00:00:00.000000Z\"}\n"
                 "clock.set {\"now\":\"2030-06-01T00:01:00.000000Z\"}\ndescribe {}\n"},
    {CLOCKED,
     NO_RESET,
     {REFUSED, PROBED("\"2030-06-01T00:00:00Z\""), REFUSED},
     VERDICT_UNTESTABLE,
     "clock.set was refused",
     "set-up (clock.set)",
     START PROBE "clock.set {\"now\":\"2030-06-01T00:00:00.000000Z\"}\n"},
    {CLOCKED,
     NO_RESET,
     {REFUSED, PROBED("\"now\"")},
     VERDICT_UNTESTABLE,
     "do not tell its now",
     "set-up (interrupt.create)",
     START PROBE},
    {CLOCKED,
     NO_RESET,
     {REFUSED, PROBED("17")},
     VERDICT_UNTESTABLE,
     "do not tell its now",
     "set-up (interrupt.create)",
     START PROBE},
    {CLOCKED,
     NO_RESET,
     {REFUSED, {"interrupt.create", NULL, "invalid", NULL, NULL}},
     VERDICT_UNTESTABLE,
     "interrupt.create was refused: invalid",
     "set-up (interrupt.create)",
     START PROBE},
    {CLOCKED,
     NO_RESET,
     {REFUSED, {"interrupt.create", NULL, NULL, NULL, NULL}},
     VERDICT_ERRORED,
     "interrupt.create: the line is broken",
     "set-up (interrupt.create)",
     START PROBE},
    /* a fixed case keeps its calendar: it moves by cycles of 400 years */
    {LEAP,
     NO_RESET,
     {REFUSED, PROBED("\"2024-03-01T00:00:00Z\""), FINE},
     VERDICT_PASSED,
     NULL,
     NULL,
     "clock.set {\"now\":\"2024-02-29T23:59:59.000000Z\"}\n" PROBE
     "clock.set {\"now\":\"2424-02-29T23:59:59.000000Z\"}\ndescribe {}\n"},
    {LEAP,
     NO_RESET,
     {REFUSED, PROBED("\"2424-02-29T23:59:59Z\""), FINE},
     VERDICT_PASSED,
     NULL,
     NULL,
     "clock.set {\"now\":\"2024-02-29T23:59:59.000000Z\"}\n" PROBE
     "clock.set {\"now\":\"2424-02-29T23:59:59.000000Z\"}\ndescribe {}\n"},
    {LEAP,
     NO_RESET,
     {REFUSED, PROBED("\"2424-02-29T23:59:59.000001Z\""), FINE},
     VERDICT_PASSED,
     NULL,
     NULL,
     "clock.set {\"now\":\"2024-02-29T23:59:59.000000Z\"}\n" PROBE
     "clock.set {\"now\":\"2824-02-29T23:59:59.000000Z\"}\ndescribe {}\n"},
    {LEAP,
     NO_RESET,
     {REFUSED, PROBED("\"9624-03-01T00:00:00Z\"")},
     VERDICT_UNTESTABLE,
     "past the case's start in every cycle of 400 years",
     NULL,
     "clock.set {\"now\":\"2024-02-29T23:59:59.000000Z\"}\n" PROBE},
};

static void a_case_is_brought_to_its_start(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct play play;
        struct text text = {0};
        text_addf(&text, PLAY_CASE("a", "%s"), rows[i].members);
        play_init(&play, text.bytes, rows[i].capabilities, rows[i].script);
        assert_int_equal(play_run(&play), HP_OK);
        assert_outcome(&play.results[0], rows[i].verdict, rows[i].reason);
        assert_text(play.results[0].step, rows[i].step);
        if (strcmp(play.fake.calls.bytes, rows[i].calls) != 0) {
            fail_msg("row %zu:\n%s", i, play.fake.calls.bytes);
        }
        text_release(&text);
        play_release(&play);
    }
}

/* Of two cases the second meets the clock where the first left it. */
static void the_clock_is_followed_from_case_to_case(void **state) {
    (void)state;
    static const struct {
        const char *first, *second, *capabilities, *calls;
    } later[] = {
        /* Behind the clock: the case starts at the clock. */
        {CLOCKED, CLOCKED, "[\"describe\",\"clock\"]",
         START "clock.set {\"now\":\"2025-12-11T09:31:00.000000Z\"}\ndescribe {}\n"
               "clock.set {\"now\":\"2025-12-11T09:31:00.000000Z\"}\n"
               "clock.set {\"now\":\"2025-12-11T09:32:00.000000Z\"}\ndescribe {}\n"},
        /* A reset leaves the clock where the next case does not expect it. */
        {CLOCKED, PLAIN, "[\"describe\",\"clock\",\"reset\"]",
         "reset {}\n" START "clock.set {\"now\":\"2025-12-11T09:31:00.000000Z\"}\ndescribe {}\n"
         "reset {}\n" START "describe {}\n"},
        {"\"start\":\"2025-12-11T09:30:00Z\"," PLAIN, PLAIN, "[\"describe\",\"clock\",\"reset\"]",
         "reset {}\n" START "describe {}\nreset {}\ndescribe {}\n"},
        {LEAP, "\"start\":\"2024-02-29T23:59:58Z\",\"fixed\":true," PLAIN, "[\"describe\",\"clock\"]",
         "clock.set {\"now\":\"2024-02-29T23:59:58.000000Z\"}\ndescribe {}\n"
         "clock.set {\"now\":\"2024-02-29T23:59:59.000000Z\"}\ndescribe {}\n"},
        /* A case's own clock.set counts too. */
        {"\"steps\":[{\"op\":\"clock.set\",\"args\":{\"now\":\"2026-01-01T00:00:00Z\"}}," PLAY_DESCRIBE "]",
         CLOCKED, "[\"describe\",\"clock\"]",
         START "clock.set {\"now\":\"2026-01-01T00:00:00Z\"}\ndescribe {}\n"
               "clock.set {\"now\":\"2026-01-01T00:00:00.000000Z\"}\n"
               "clock.set {\"now\":\"2026-01-01T00:01:00.000000Z\"}\ndescribe {}\n"},
        /* One that nobody can read leaves the clock unknown. */
        {"\"steps\":[{\"op\":\"clock.set\",\"args\":{\"now\":\"soon\"}}," PLAY_DESCRIBE "]", CLOCKED,
         "[\"describe\",\"clock\"]",
         START "clock.set {\"now\":\"soon\"}\ndescribe {}\n" START
               "clock.set {\"now\":\"2025-12-11T09:31:00.000000Z\"}\ndescribe {}\n"},
    };
    static const struct fake_answer script[] = {FINE, FINE, {NULL, NULL, NULL, NULL, NULL}};
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        struct play play;
        struct text text = {0};
        text_addf(&text, PLAY_CASE("a", "%s") "," PLAY_CASE("b", "%s"), later[i].first, later[i].second);
        play_init(&play, text.bytes, later[i].capabilities, script);
        assert_int_equal(play_run(&play), HP_OK);
        if (strcmp(play.fake.calls.bytes, later[i].calls) != 0) {
            fail_msg("row %zu:\n%s", i, play.fake.calls.bytes);
        }
        assert_outcome(&play.results[1], VERDICT_PASSED, NULL);
        text_release(&text);
        play_release(&play);
    }
}

#define ECHO "\"steps\":[{\"op\":\"describe\",\"args\":{\"x\":\"$x\"},\"requirement\":\"REQ-A-1\"}]"

/* A row's values may hold what params may hold. */
static void rows_are_bound_as_they_come_out(void **state) {
    (void)state;
    static const struct {
        const char *row, *params;
    } values[] = {
        {"17", "{\"x\":17}"},
        {"\"plain\"", "{\"x\":\"plain\"}"},
        {"[1,{\"a\":null}]", "{\"x\":[1,{\"a\":null}]}"},
        {"{\"$at\":60}", "{\"x\":\"2025-12-11T09:31:00.000000Z\"}"},
        {"{\"$repeat\":{\"text\":\"ab\",\"times\":3}}", "{\"x\":\"ababab\"}"},
        {"[{\"$concat\":[\"a\",\"b\"]}]", "{\"x\":[\"ab\"]}"},
        {"{\"$literal\":{\"$x\":\"{run}\"}}", "{\"x\":{\"$x\":\"{run}\"}}"},
        {"\"$$x\"", "{\"x\":\"$x\"}"},
    };
    static const struct fake_answer script[] = {FINE, {NULL, NULL, NULL, NULL, NULL}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct play play;
        struct text text = {0};
        text_addf(&text, PLAY_CASE("a", "\"rows\":{\"r\":{\"x\":%s}}," ECHO), values[i].row);
        play_init(&play, text.bytes, "[\"describe\",\"clock\"]", script);
        assert_int_equal(play_run(&play), HP_OK);
        assert_outcome(&play.results[0], VERDICT_PASSED, NULL);
        const char *call = strstr(play.fake.calls.bytes, "describe ");
        if (strncmp(call + 9, values[i].params, strlen(values[i].params)) != 0) {
            fail_msg("row %zu: %s", i, call);
        }
        text_release(&text);
        play_release(&play);
    }
}

/* A case may set the clock by a call of its own, to what the harness cannot read: then the next one asks for it. */
static void a_clock_set_to_something_strange_is_unknown(void **state) {
    (void)state;
    static const struct fake_answer script[] = {
        {"clock.set", "{}", NULL, NULL, NULL}, {"clock.set", "{}", NULL, NULL, NULL},
        {"clock.set", "{}", NULL, NULL, NULL}, REFUSED,
        PROBED("\"2030-06-01T00:00:00Z\""),    FINE,
        {NULL, NULL, NULL, NULL, NULL}};
    struct play play;
    play_init(&play,
              PLAY_CASE("a", "\"steps\":[{\"clock\":1},{\"op\":\"clock.set\",\"args\":{\"now\":5},"
                             "\"requirement\":\"REQ-A-1\"}]") "," PLAY_CASE("b", CLOCKED),
              NO_RESET, script);
    play_run(&play);
    assert_outcome(&play.results[1], VERDICT_PASSED, NULL);
    play_release(&play);
}

/* In a case whose dates matter a row may name one. */
static void rows_of_fixed_cases_may_name_instants(void **state) {
    (void)state;
    static const struct fake_answer script[] = {FINE, {NULL, NULL, NULL, NULL, NULL}};
    struct play play;
    play_init(
        &play,
        PLAY_CASE("a",
                  "\"fixed\":true,\"rows\":{\"r\":{\"x\":{\"$instant\":\"2024-02-29T00:00:00Z\"}}}," ECHO),
        "[\"describe\",\"clock\"]", script);
    assert_int_equal(play_run(&play), HP_OK);
    assert_outcome(&play.results[0], VERDICT_PASSED, NULL);
    assert_non_null(strstr(play.fake.calls.bytes, "describe {\"x\":\"2024-02-29T00:00:00Z\"}"));
    play_release(&play);
}

/* What one case created is not the next one's. */
static void a_case_begins_with_nothing_of_its_own(void **state) {
    (void)state;
    static const struct fake_answer script[] = {
        {"interrupt.create", "{\"interrupt\":{\"id\":\"i\"}}", NULL, NULL, NULL},
        {"describe", "[\"i\"]", NULL, NULL, NULL},
        {"describe", "[\"i\"]", NULL, NULL, NULL},
        {NULL, NULL, NULL, NULL, NULL}};
    struct play play;
    play_init(
        &play,
        PLAY_CASE("a",
                  "\"steps\":[" PLAY_CREATE ",{\"op\":\"describe\",\"args\":{},\"expect\":{\"$own\":[\"i\"]},"
                  "\"requirement\":\"REQ-A-1\"}]") "," PLAY_CASE("b", "\"steps\":[{\"op\":\"describe\","
                                                                      "\"args\":{},\"expect\":{\"$own\":[]},"
                                                                      "\"requirement\":\"REQ-A-1\"}]"),
        "[\"create\",\"describe\"]", script);
    assert_int_equal(play_run(&play), HP_OK);
    assert_outcome(&play.results[0], VERDICT_PASSED, NULL);
    assert_outcome(&play.results[1], VERDICT_PASSED, NULL);
    play_release(&play);
}

/* What {run} became in the case with that number, on a target with these capabilities. */
static void read_run(const char *capabilities, uint64_t seed, size_t at, char run[9]) {
    static const struct fake_answer script[] = {FINE, FINE, {NULL, NULL, NULL, NULL, NULL}};
    static const char cases[] = PLAY_CASE("a", "\"rows\":{\"r\":{\"x\":\"<{run}>\"}}," ECHO) "," PLAY_CASE(
        "b", "\"rows\":{\"r\":{\"x\":\"<{run}>\"}}," ECHO);
    struct play play;
    play_init(&play, cases, capabilities, script);
    play.plan.seed = seed;
    assert_int_equal(play_run(&play), HP_OK);
    const char *call = play.fake.calls.bytes;
    for (size_t i = 0; i <= at; i++) {
        call = strchr(call + 1, '<');
        assert_non_null(call);
    }
    memcpy(run, call + 1, 8);
    run[8] = '\0';
    assert_int_equal(strspn(run, "0123456789abcdefghijklmnopqrstuvwxyz"), 8);
    assert_int_equal(call[9], '>');
    play_release(&play);
}

static void the_suffix_is_of_the_case_and_the_run(void **state) {
    (void)state;
    char one[9], other[9];
    read_run("[\"describe\",\"reset\"]", 1, 0, one);
    read_run("[\"describe\",\"reset\"]", 1, 0, other);
    assert_string_equal(one, other); /* it can be repeated */
    read_run("[\"describe\",\"reset\"]", 2, 0, other);
    assert_string_not_equal(one, other); /* another seed */
    read_run("[\"describe\",\"reset\"]", 1, 1, other);
    assert_string_not_equal(one, other); /* another case */
    read_run("[\"describe\"]", 1, 0, one);
    read_run("[\"describe\"]", 1, 0, other);
    assert_string_not_equal(one, other); /* what cannot be reset has the rows of the last run */
}

static void the_monotonic_clock_goes_on(void **state) {
    (void)state;
    for (int i = 0; i < 100; i++) {
        struct timespec before, after;
        clock_gettime(CLOCK_MONOTONIC, &before);
        int64_t now_us = monotonic_us();
        clock_gettime(CLOCK_MONOTONIC, &after);
        assert_true(now_us >= (int64_t)before.tv_sec * 1000000 + before.tv_nsec / 1000);
        assert_true(now_us <= (int64_t)after.tv_sec * 1000000 + after.tv_nsec / 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_is_brought_to_its_start),
        cmocka_unit_test(the_clock_is_followed_from_case_to_case),
        cmocka_unit_test(rows_are_bound_as_they_come_out),
        cmocka_unit_test(a_clock_set_to_something_strange_is_unknown),
        cmocka_unit_test(rows_of_fixed_cases_may_name_instants),
        cmocka_unit_test(a_case_begins_with_nothing_of_its_own),
        cmocka_unit_test(the_suffix_is_of_the_case_and_the_run),
        cmocka_unit_test(the_monotonic_clock_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
