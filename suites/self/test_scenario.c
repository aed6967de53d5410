#include "harness/case/prepare.h"
#include "harness/case/scenario.h"
#include "suites/self/support_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CREATE PLAY_CREATE
#define GET                                                                                                  \
    "{\"op\":\"interrupt.get\",\"args\":{\"id\":\"$id\"},\"expect\":{\"s\":1},\"requirement\":\"REQ-A-1\"}"
#define REFUSED                                                                                              \
    "{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":{\"name\":\"conflict\","  \
    "\"interrupt_status\":\"expired\",\"field\":\"/id\"},\"requirement\":\"REQ-A-1\"}"
#define TWIN "{\"twin_of\":\"no\",\"set\":{\"/id\":\"$id\"}}"
#define PLAIN CREATE "," GET
#define REFUSAL CREATE "," REFUSED "," TWIN
#define CREATED                                                                                              \
    { "interrupt.create", "{\"interrupt\":{\"id\":\"i\"}}", NULL, NULL, NULL }
#define END                                                                                                  \
    { NULL, NULL, NULL, NULL, NULL }

static const struct {
    const char *steps;
    struct fake_answer script[5];
    enum verdict verdict;
    const char *step, *path, *expected, *got;
} rows[] = {
    {PLAIN,
     {CREATED, {"interrupt.get", "{\"s\":1}", NULL, NULL, NULL}, END},
     VERDICT_PASSED,
     NULL,
     NULL,
     NULL,
     NULL},
    {PLAIN,
     {CREATED, {"interrupt.get", "{\"s\":2}", NULL, NULL, NULL}, END},
     VERDICT_FAILED,
     "step 2",
     "/s",
     "1",
     "2"},
    {PLAIN,
     {CREATED, {"interrupt.get", NULL, "unsupported", NULL, NULL}, END},
     VERDICT_FAILED,
     "step 2",
     "",
     "accepted",
     "refused: unsupported (because)"},
    {PLAIN,
     {{"interrupt.create", NULL, "invalid", NULL, NULL}, END},
     VERDICT_UNTESTABLE,
     "step 1",
     "",
     "accepted",
     "refused: invalid (because)"},
    {PLAIN,
     {{"interrupt.create", "{}", NULL, NULL, NULL}, END},
     VERDICT_UNTESTABLE,
     "step 1",
     "/interrupt/id",
     "a value for $id",
     "nothing"},
    {PLAIN,
     {CREATED, {"interrupt.get", NULL, NULL, NULL, NULL}, END},
     VERDICT_ERRORED,
     "step 2",
     NULL,
     NULL,
     NULL},
    {REFUSAL,
     {CREATED,
      {"interrupt.get", NULL, "conflict", "expired", "/id"},
      {"interrupt.get", "{}", NULL, NULL, NULL},
      END},
     VERDICT_PASSED,
     NULL,
     NULL,
     NULL,
     NULL},
    {REFUSAL,
     {CREATED,
      {"interrupt.get", NULL, "conflict", "expired", "/id"},
      {"interrupt.get", NULL, "conflict", NULL, NULL},
      END},
     VERDICT_FAILED,
     "step 3 (twin of no)",
     "",
     "accepted",
     "refused: conflict (because)"},
    {REFUSAL,
     {CREATED, {"interrupt.get", "{\"a\":1}", NULL, NULL, NULL}, END},
     VERDICT_FAILED,
     "step 2 (no)",
     "",
     "refused: conflict, interrupt_status expired, field /id",
     "accepted: {\"a\":1}"},
    {REFUSAL,
     {CREATED, {"interrupt.get", NULL, "invalid", NULL, NULL}, END},
     VERDICT_FAILED,
     "step 2 (no)",
     "",
     "refused: conflict, interrupt_status expired, field /id",
     "refused: invalid (because)"},
    {REFUSAL,
     {CREATED, {"interrupt.get", NULL, "conflict", "resolved", "/id"}, END},
     VERDICT_FAILED,
     "step 2 (no)",
     "",
     "refused: conflict, interrupt_status expired, field /id",
     "refused: conflict, interrupt_status resolved, field /id (because)"},
    {REFUSAL,
     {CREATED, {"interrupt.get", NULL, "conflict", "expired", "/user_id"}, END},
     VERDICT_FAILED,
     "step 2 (no)",
     "",
     "refused: conflict, interrupt_status expired, field /id",
     "refused: conflict, interrupt_status expired, field /user_id (because)"},
    {PLAIN,
     {{"reset", NULL, "internal", NULL, NULL}, END},
     VERDICT_UNTESTABLE,
     "set-up (reset)",
     NULL,
     NULL,
     NULL},
    {PLAIN, {{"reset", NULL, NULL, NULL, NULL}, END}, VERDICT_ERRORED, "set-up (reset)", NULL, NULL, NULL},
    {"{\"clock\":1}," PLAIN,
     {CREATED, {"interrupt.get", "{\"s\":1}", NULL, NULL, NULL}, END},
     VERDICT_UNSUPPORTED,
     NULL,
     NULL,
     NULL,
     NULL},
};

static void each_answer_comes_to_its_verdict(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct play play;
        struct text text = {0};
        text_addf(&text, PLAY_STEPS("%s"), rows[i].steps);
        play_init(&play, text.bytes, "[\"create\",\"get\",\"reset\"]", rows[i].script);
        play.fake.log = "moan";
        assert_int_equal(play_run(&play), HP_OK);
        const struct case_result *result = &play.results[0];
        if (result->verdict != rows[i].verdict) {
            fail_msg("row %zu: %s: %s", i, verdict_name(result->verdict), result->reason);
        }
        assert_text(result->step, rows[i].step);
        assert_text(result->path, rows[i].path);
        assert_text(result->expected, rows[i].expected);
        assert_text(result->got, rows[i].got);
        assert_int_equal(play.fake.restarts, rows[i].verdict == VERDICT_ERRORED);
        assert_int_equal(play.fake.opened, play.fake.closed);
        assert_int_equal(result->requirements[0] != NULL, rows[i].verdict == VERDICT_FAILED);
        bool looked_into = rows[i].step != NULL;
        assert_int_equal(result->exchange_count > 0, looked_into);
        assert_text(result->log, looked_into ? "moan" : NULL);
        assert_int_equal(strlen(result->fingerprint), looked_into ? 16 : 0);
        text_release(&text);
        play_release(&play);
    }
}

#define ASK(members) "{\"op\":\"describe\",\"args\":{}," members "}"
#define PROVE ASK("\"requirement\":\"REQ-A-1\"")
#define PROBE                                                                                                \
    "interrupt.create {\"kind\":\"checkpoint\",\"user_id\":\"holdpoint-probe\",\"session_id\":"              \
    "\"holdpoint-probe\",\"request_id\":\"holdpoint-probe\"}\n"
#define SAY(json)                                                                                            \
    { "describe", json, NULL, NULL, NULL }

/* What a case sends, call by call. */
static const struct {
    const char *members, *capabilities;
    struct fake_answer script[5];
    enum verdict verdict;
    const char *reason, *step, *calls;
} played[] = {
    /* endpoints */
    {"\"steps\":[" ASK("\"endpoint\":1") "," PROVE "," ASK("\"endpoint\":1") "]",
     "[\"describe\"]",
     {SAY("{}"), SAY("{}"), SAY("{}")},
     VERDICT_PASSED,
     NULL,
     NULL,
     "@1 describe {}\ndescribe {}\n@1 describe {}\n"},
    {"\"steps\":[" ASK("\"endpoint\":2") "," PROVE "]",
     "[\"describe\"]",
     {SAY("{}")},
     VERDICT_UNSUPPORTED,
     "needs 3 endpoints, the target has 2",
     NULL,
     NULL},
    {"\"needs\":[\"endpoints\"],\"steps\":[" PROVE "]",
     "[\"describe\"]",
     {SAY("{}")},
     VERDICT_PASSED,
     NULL,
     NULL,
     "describe {}\n"},
    {"\"needs\":[\"concurrent\"],\"steps\":[" PROVE "]",
     "[\"describe\"]",
     {SAY("{}")},
     VERDICT_UNSUPPORTED,
     "needs the capability concurrent, which the target does not declare",
     NULL,
     NULL},
    /* {index} and {run} */
    {"\"steps\":[{\"op\":\"describe\",\"args\":{\"x\":\"n{index}\"},\"times\":3},{\"op\":\"describe\","
     "\"args\":"
     "{\"x\":\"n{index}\"},\"requirement\":\"REQ-A-1\"}]",
     "[\"describe\"]",
     {SAY("{}"), SAY("{}"), SAY("{}"), SAY("{}")},
     VERDICT_PASSED,
     NULL,
     NULL,
     "describe {\"x\":\"n0\"}\ndescribe {\"x\":\"n1\"}\ndescribe {\"x\":\"n2\"}\ndescribe {\"x\":\"n0\"}\n"},
    /* a broken answer in the middle of several */
    {"\"steps\":[{\"op\":\"describe\",\"args\":{},\"times\":3,\"requirement\":\"REQ-A-1\"}]",
     "[\"describe\"]",
     {SAY("{}"), {"describe", NULL, NULL, NULL, NULL}, SAY("{}")},
     VERDICT_ERRORED,
     "describe: the line is broken",
     "step 1, time 2 of 3",
     "describe {}\ndescribe {}\n"},
    /* clock steps */
    {"\"steps\":[{\"clock\":0.000001},{\"clock\":86400}," PROVE "]",
     "[\"describe\",\"clock\"]",
     {SAY("{}")},
     VERDICT_PASSED,
     NULL,
     NULL,
     "clock.set {\"now\":\"2025-12-11T09:30:00.000000Z\"}\n"
     "clock.set {\"now\":\"2025-12-11T09:30:00.000001Z\"}\n"
     "clock.set {\"now\":\"2025-12-12T09:30:00.000000Z\"}\ndescribe {}\n"},
    {"\"fixed\":true,\"start\":\"2024-02-28T00:00:00Z\",\"steps\":[{\"clock\":\"2024-02-29T12:00:00+12:00\"}"
     "," PROVE "]",
     "[\"describe\",\"clock\"]",
     {SAY("{}")},
     VERDICT_PASSED,
     NULL,
     NULL,
     "clock.set {\"now\":\"2024-02-28T00:00:00.000000Z\"}\n"
     "clock.set {\"now\":\"2024-02-29T00:00:00.000000Z\"}\ndescribe {}\n"},
    {"\"steps\":[{\"clock\":5}," PROVE "]",
     "[\"describe\",\"clock\"]",
     {{"clock.set", "{}", NULL, NULL, NULL}, {"clock.set", NULL, "invalid", NULL, NULL}},
     VERDICT_UNTESTABLE,
     "clock.set was refused: invalid (because)",
     "step 1 (clock)",
     "clock.set {\"now\":\"2025-12-11T09:30:00.000000Z\"}\nclock.set "
     "{\"now\":\"2025-12-11T09:30:05.000000Z\"}\n"},
    {"\"steps\":[{\"clock\":5}," PROVE "]",
     "[\"describe\",\"clock\"]",
     {{"clock.set", "{}", NULL, NULL, NULL}, {"clock.set", NULL, NULL, NULL, NULL}},
     VERDICT_ERRORED,
     "clock.set: the line is broken",
     "step 1 (clock)",
     "clock.set {\"now\":\"2025-12-11T09:30:00.000000Z\"}\nclock.set "
     "{\"now\":\"2025-12-11T09:30:05.000000Z\"}\n"},
    /* moved starts: the seconds go with them, and so do the instants of a fixed case, until the calendar
     * ends */
    {"\"steps\":[{\"clock\":59.999999}," PROVE ",{\"clock\":60}]",
     "[\"describe\",\"clock\",\"create\"]",
     {{"clock.set", NULL, "invalid", NULL, NULL},
      {"interrupt.create", "{\"interrupt\":{\"created_at\":\"9999-12-31T23:59:00Z\"}}", NULL, NULL, NULL},
      SAY("{}")},
     VERDICT_UNTESTABLE,
     "step 3 would set the clock past the year 9999",
     NULL,
     "clock.set {\"now\":\"2025-12-11T09:30:00.000000Z\"}\n" PROBE
     "clock.set {\"now\":\"9999-12-31T23:59:00.000000Z\"}\n"
     "clock.set {\"now\":\"9999-12-31T23:59:59.999999Z\"}\ndescribe {}\n"},
    {"\"fixed\":true,\"start\":\"2024-02-28T00:00:00Z\",\"steps\":[{\"clock\":\"2024-02-29T12:00:00+12:00\"}"
     "," PROVE ",{\"clock\":\"2424-02-29T00:00:00Z\"}]",
     "[\"describe\",\"clock\",\"create\"]",
     {{"clock.set", NULL, "invalid", NULL, NULL},
      {"interrupt.create", "{\"interrupt\":{\"created_at\":\"9300-01-01T00:00:00Z\"}}", NULL, NULL, NULL},
      SAY("{}")},
     VERDICT_UNTESTABLE,
     "step 3 would set the clock past the year 9999",
     NULL,
     "clock.set {\"now\":\"2024-02-28T00:00:00.000000Z\"}\n" PROBE
     "clock.set {\"now\":\"9624-02-28T00:00:00.000000Z\"}\n"
     "clock.set {\"now\":\"9624-02-29T00:00:00.000000Z\"}\ndescribe {}\n"},
    /* params that come out impossible are the case's trouble, not the target's fault */
    {"\"steps\":[" ASK(
         "\"bind\":{\"n\":\"/n\"}") ",{\"op\":\"describe\",\"args\":{\"x\":{\"$repeat\":{\"text\":"
                                    "\"a\",\"times\":\"$n\"}}},\"requirement\":\"REQ-A-1\"}]",
     "[\"describe\"]",
     {SAY("{\"n\":\"many\"}")},
     VERDICT_UNTESTABLE,
     "the params cannot be written: ",
     "step 2",
     "describe {}\n"},
    /* raw params go out as they are */
    {"\"steps\":[{\"op\":\"describe\",\"raw\":\"{\\\"a\\\": 1, \\\"a\\\": \\\"{run}\",\"times\":1}," PROVE
     "]",
     "[\"describe\",\"reset\"]",
     {SAY("{}"), SAY("{}")},
     VERDICT_PASSED,
     NULL,
     NULL,
     "reset {}\nraw describe {\"a\": 1, \"a\": \"1sxst5g2\ndescribe {}\n"},
};

static void each_step_makes_its_calls(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof played / sizeof played[0]; i++) {
        struct play play;
        struct text text = {0};
        text_addf(&text, PLAY_CASE("a", "%s"), played[i].members);
        play_init(&play, text.bytes, played[i].capabilities, played[i].script);
        play.fake.endpoints = 2;
        assert_int_equal(play_run(&play), HP_OK);
        assert_outcome(&play.results[0], played[i].verdict, played[i].reason);
        assert_text(play.results[0].step, played[i].step);
        if (played[i].calls && strcmp(play.fake.calls.bytes, played[i].calls) != 0) {
            fail_msg("row %zu:\n%s", i, play.fake.calls.bytes);
        }
        assert_int_equal(play.fake.calls.length_bytes > 0, played[i].calls != NULL);
        text_release(&text);
        play_release(&play);
    }
}

/* Without a clock a wall_clock case waits, reckoned from where it began: the second step does not wait again
 * for what is past. The bound above is far off, since a machine may be slow. */
static void a_wall_clock_case_waits_in_real_time(void **state) {
    (void)state;
    static const struct fake_answer script[] = {SAY("{}"), SAY("{}"), END};
    static const char members[] = PLAY_CASE(
        "a", "\"needs\":[\"wall_clock\"],\"steps\":[{\"clock\":0.02}," PROVE ",{\"clock\":0.03}," PROVE "]");
    struct play play;
    play_init(&play, members, "[\"describe\"]", script);
    int64_t before_us = monotonic_us();
    assert_int_equal(play_run(&play), HP_OK);
    assert_true(monotonic_us() - before_us >= 30000);
    assert_true(monotonic_us() - before_us < 30000000);
    assert_outcome(&play.results[0], VERDICT_PASSED, NULL);
    assert_true(play.results[0].duration_us >= 30000 && play.results[0].duration_us < 30000000);
    assert_string_equal(play.fake.calls.bytes, "describe {}\ndescribe {}\n");
    play_release(&play);
}

/* With one it sets the clock, and need not wait: an hour would end the test by its time limit. */
static void a_wall_clock_case_sets_the_clock_where_there_is_one(void **state) {
    (void)state;
    static const struct fake_answer script[] = {SAY("{}"), END};
    struct play play;
    play_init(&play, PLAY_CASE("a", "\"needs\":[\"wall_clock\"],\"steps\":[{\"clock\":3600}," PROVE "]"),
              "[\"describe\",\"clock\"]", script);
    assert_int_equal(play_run(&play), HP_OK);
    assert_outcome(&play.results[0], VERDICT_PASSED, NULL);
    assert_non_null(strstr(play.fake.calls.bytes, "T10:30:00.000000Z\"}\ndescribe {}\n"));
    play_release(&play);
}

/* What somebody else does in the service's place may set a case up, and is not judged. */
static void a_stand_in_is_not_judged(void **state) {
    (void)state;
    static const struct fake_answer script[] = {SAY("{}"), END};
    static const char *const stand_ins[] = {"[\"interrupt.create\"]", "[\"describe\"]"};
    static const enum verdict verdicts[] = {VERDICT_PASSED, VERDICT_UNSUPPORTED};
    for (size_t i = 0; i < 2; i++) {
        struct play play;
        play_init(&play, PLAY_CASE("a", "\"steps\":[" PROVE "]"), "[\"describe\"]", script);
        play.fake.stand_ins = stand_ins[i];
        assert_int_equal(play_run(&play), HP_OK);
        assert_outcome(&play.results[0], verdicts[i],
                       i == 0 ? NULL
                              : "step 1 judges describe, which is not carried out by the service itself");
        play_release(&play);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stand_in_is_not_judged),
        cmocka_unit_test(each_answer_comes_to_its_verdict),
        cmocka_unit_test(each_step_makes_its_calls),
        cmocka_unit_test(a_wall_clock_case_waits_in_real_time),
        cmocka_unit_test(a_wall_clock_case_sets_the_clock_where_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
