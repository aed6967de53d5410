#include "harness/case/case.h"
#include "harness/case/rig.h"
#include "harness/case/transcript.h"
#include "suites/self/support_fake_target.h"
#include "suites/self/support_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define REFUSED                                                                                              \
    "{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":\"conflict\","            \
    "\"requirement\":\"REQ-A-1\"}"
/* An answer that is bound, and a call behind it. */
#define PLAY_DESCRIBE_AND(last) PLAY_STEPS("{\"op\":\"describe\",\"args\":{},\"bind\":{\"d\":\"\"}}," last)
#define TWIN "{\"twin_of\":\"no\",\"set\":{\"/id\":\"y\"}}"

static void a_failure_shows_every_call_and_answer(void **state) {
    (void)state;
    static const struct fake_answer script[] = {{"describe", "{\"a\":[1,null]}", NULL, NULL, NULL},
                                                {"interrupt.get", NULL, "conflict", "expired", "/id"},
                                                {"interrupt.get", NULL, NULL, NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    static const struct exchange wanted[] = {
        {"set-up (reset)", "reset", "{}", "result {}"},
        {"step 1", "describe", "{\"x\":1}", "result {\"a\":[1,null]}"},
        {"step 2 (no)", "interrupt.get", "{\"id\":\"x\"}",
         "refused conflict, interrupt_status expired, field /id: because"},
        {"step 3 (twin of no)", "interrupt.get", "{\"id\":\"y\"}", "broken: the line is broken"},
    };
    struct play play;
    play_init(&play, PLAY_STEPS("{\"op\":\"describe\",\"args\":{\"x\":1}}," REFUSED "," TWIN),
              "[\"describe\",\"get\",\"reset\"]", script);
    assert_int_equal(play_run(&play), HP_OK);
    const struct case_result *result = &play.results[0];
    assert_int_equal(result->exchange_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(result->exchanges[i].step, wanted[i].step);
        assert_string_equal(result->exchanges[i].method, wanted[i].method);
        assert_string_equal(result->exchanges[i].params, wanted[i].params);
        assert_string_equal(result->exchanges[i].answer, wanted[i].answer);
    }
    assert_text(result->reproduce, "call interrupt.get {\"id\":\"y\"}");
    play_release(&play);
}

static void a_pass_keeps_nothing(void **state) {
    (void)state;
    static const struct fake_answer script[] = {{"describe", "{}", NULL, NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    struct play play;
    play_init(&play, PLAY_STEPS(PLAY_DESCRIBE), "[\"describe\"]", script);
    assert_int_equal(play_run(&play), HP_OK);
    assert_outcome(&play.results[0], VERDICT_PASSED, NULL);
    assert_int_equal(play.results[0].exchange_count, 0);
    assert_null(play.results[0].reproduce);
    play_release(&play);
}

/* A step whose params are that long, twice, the last refused: what is shown is cut, what is sent is not. */
static void long_texts_are_cut(void **state) {
    (void)state;
    char answer[5000];
    memset(answer, 'b', sizeof answer);
    answer[0] = answer[sizeof answer - 2] = '"';
    answer[sizeof answer - 1] = '\0';
    const struct fake_answer script[] = {{"describe", answer, NULL, NULL, NULL},
                                         {"describe", NULL, "invalid", NULL, NULL},
                                         {NULL, NULL, NULL, NULL, NULL}};
    struct play play;
    play_init(
        &play,
        PLAY_STEPS("{\"op\":\"describe\",\"args\":{\"xy\":{\"$repeat\":{\"text\":\"\xc3\xa9\",\"times\":"
                   "2000}}},\"times\":2,\"requirement\":\"REQ-A-1\"}"),
        "[\"describe\"]", script);
    assert_int_equal(play_run(&play), HP_OK);
    const struct case_result *result = &play.results[0];
    assert_int_equal(result->verdict, VERDICT_FAILED);
    assert_int_equal(result->exchange_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const char *params = result->exchanges[i].params;
        const char *cut = strstr(params, "... (4009 bytes)");
        assert_non_null(cut);
        assert_int_equal(cut - params, 1999);
        assert_string_equal(cut - 2, "\xc3\xa9... (4009 bytes)");
    }
    const char *shown = result->exchanges[0].answer;
    assert_non_null(strstr(shown, "bytes)"));
    assert_true(strlen(shown) < 2100);
    assert_int_equal(strlen(result->reproduce), strlen("call describe ") + 4009);
    play_release(&play);
}

/* When the params of the step that ends a case cannot be written, the call before it may have been cut: then
 * nothing is offered in its place. */
static void what_was_cut_is_not_offered_to_repeat(void **state) {
    (void)state;
    static const struct {
        const char *times;
        bool reproducible;
    } rows[] = {{"10", true}, {"3000", false}};
    for (size_t i = 0; i < 2; i++) {
        const struct fake_answer script[] = {{"describe", "{\"n\":-1}", NULL, NULL, NULL},
                                             {NULL, NULL, NULL, NULL, NULL}};
        struct play play;
        struct text text = {0};
        text_addf(&text,
                  PLAY_STEPS("{\"op\":\"describe\",\"args\":{\"x\":{\"$repeat\":{\"text\":\"a\",\"times\":%s}"
                             "}},\"bind\":{\"n\":\"/n\"}},{\"op\":\"describe\",\"args\":{\"x\":{\"$repeat\":{"
                             "\"text\":\"a\",\"times\":\"$n\"}}},\"requirement\":\"REQ-A-1\"}"),
                  rows[i].times);
        play_init(&play, text.bytes, "[\"describe\"]", script);
        assert_int_equal(play_run(&play), HP_OK);
        assert_outcome(&play.results[0], VERDICT_UNTESTABLE,
                       "the params cannot be written: expected a count");
        assert_text(play.results[0].step, "step 2");
        assert_int_equal(play.results[0].exchange_count, 1);
        assert_int_equal(play.results[0].reproduce != NULL, rows[i].reproducible);
        text_release(&text);
        play_release(&play);
    }
}

/* A call by hand meets a process that has heard nothing of the case: with what an earlier answer gave, or
 * after interrupts that the case has made, it would show something else. */
static void what_needs_earlier_calls_is_not_offered_by_hand(void **state) {
    (void)state;
    static const char created[] = "{\"interrupt\":{\"id\":\"i\"}}";
    static const struct {
        const char *steps;
        struct fake_answer first, last;
        bool offered;
    } rows[] = {
        {PLAY_DESCRIBE_AND("{\"op\":\"describe\",\"args\":{\"x\":\"$d/a\"},\"requirement\":\"REQ-A-1\"}"),
         {"describe", "{\"a\":1}", NULL, NULL, NULL},
         {"describe", NULL, "invalid", NULL, NULL},
         false},
        {PLAY_DESCRIBE_AND(
             "{\"op\":\"describe\",\"args\":{\"x\":[{\"y\":\"$d\"}]},\"requirement\":\"REQ-A-1\"}"),
         {"describe", "{\"a\":1}", NULL, NULL, NULL},
         {"describe", NULL, "invalid", NULL, NULL},
         false},
        {PLAY_DESCRIBE_AND(
             "{\"op\":\"describe\",\"raw\":\"{\\\"x\\\":{$d/a}}\",\"requirement\":\"REQ-A-1\"}"),
         {"describe", "{\"a\":1}", NULL, NULL, NULL},
         {"describe", NULL, "invalid", NULL, NULL},
         false},
        {PLAY_DESCRIBE_AND(
             "{\"op\":\"describe\",\"raw\":\"{\\\"x\\\":\\\"{run}\\\"}\",\"requirement\":\"REQ-A-1\"}"),
         {"describe", "{\"a\":1}", NULL, NULL, NULL},
         {"describe", NULL, "invalid", NULL, NULL},
         true},
        {PLAY_DESCRIBE_AND(
             "{\"op\":\"describe\",\"args\":{\"x\":{\"$literal\":\"$d\"}},\"requirement\":\"REQ-A-1\"}"),
         {"describe", "{\"a\":1}", NULL, NULL, NULL},
         {"describe", NULL, "invalid", NULL, NULL},
         true},
        /* what a row gave is in the file, whatever is bound beside it */
        {PLAY_CASE("a", "\"rows\":{\"r\":{\"x\":{\"a\":2}}},\"steps\":[{\"op\":\"describe\",\"args\":{},"
                        "\"bind\":{\"d\":\"\"}},"
                        "{\"op\":\"describe\",\"args\":{\"y\":\"$x\"},\"bind\":{\"x\":\"/"
                        "x\"},\"requirement\":\"REQ-A-1\"}]"),
         {"describe", "{\"a\":1}", NULL, NULL, NULL},
         {"describe", NULL, "invalid", NULL, NULL},
         true},
        {PLAY_CASE("a", "\"rows\":{\"r\":{\"x\":{\"a\":2}}},\"steps\":[{\"op\":\"describe\",\"args\":{},"
                        "\"bind\":{\"d\":\"\"}},"
                        "{\"op\":\"describe\",\"raw\":\"[{$x},{$x/a}]\",\"requirement\":\"REQ-A-1\"}]"),
         {"describe", "{\"a\":1}", NULL, NULL, NULL},
         {"describe", NULL, "invalid", NULL, NULL},
         true},
        {PLAY_CASE("a", "\"rows\":{\"r\":{\"x\":{\"a\":2}}},\"steps\":[{\"op\":\"describe\",\"args\":{},"
                        "\"bind\":{\"d\":\"\"}},"
                        "{\"op\":\"describe\",\"raw\":\"[{$x},{$d/a}]\",\"requirement\":\"REQ-A-1\"}]"),
         {"describe", "{\"a\":1}", NULL, NULL, NULL},
         {"describe", NULL, "invalid", NULL, NULL},
         false},
        {PLAY_STEPS(PLAY_CREATE "," PLAY_DESCRIBE),
         {"interrupt.create", created, NULL, NULL, NULL},
         {"describe", NULL, "invalid", NULL, NULL},
         false},
        {PLAY_STEPS(PLAY_CREATE ",{\"op\":\"interrupt.create\",\"args\":{" PLAY_IDS
                                "},\"requirement\":\"REQ-A-1\"}"),
         {"interrupt.create", created, NULL, NULL, NULL},
         {"interrupt.create", NULL, "invalid", NULL, NULL},
         true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fake_answer script[] = {rows[i].first, rows[i].last, PLAY_END};
        struct play play;
        play_init(&play, rows[i].steps, "[\"describe\",\"create\"]", script);
        assert_int_equal(play_run(&play), HP_OK);
        assert_int_equal(play.results[0].verdict, VERDICT_FAILED);
        if ((play.results[0].reproduce != NULL) != rows[i].offered) {
            fail_msg("row %zu: %s", i, play.results[0].reproduce);
        }
        play_release(&play);
    }
}

/* A later step than the first may have bound what is sent. */
static void what_any_earlier_answer_gave_is_not_offered(void **state) {
    (void)state;
    static const struct fake_answer script[] = {{"describe", "{}", NULL, NULL, NULL},
                                                {"describe", "{\"a\":1}", NULL, NULL, NULL},
                                                {"describe", NULL, "invalid", NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    struct play play;
    play_init(
        &play,
        PLAY_STEPS(
            "{\"op\":\"describe\",\"args\":{}},{\"op\":\"describe\",\"args\":{},\"bind\":{\"d\":\"/a\"}},"
            "{\"op\":\"describe\",\"args\":{\"x\":\"$d\"},\"requirement\":\"REQ-A-1\"}"),
        "[\"describe\"]", script);
    assert_int_equal(play_run(&play), HP_OK);
    assert_int_equal(play.results[0].verdict, VERDICT_FAILED);
    assert_null(play.results[0].reproduce);
    play_release(&play);
}

/* What the harness itself sends before a case stands alone. */
static void a_failed_set_up_is_offered(void **state) {
    (void)state;
    static const struct fake_answer script[] = {{"reset", NULL, "internal", NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    struct play play;
    play_init(&play, PLAY_STEPS(PLAY_DESCRIBE), "[\"describe\",\"reset\"]", script);
    assert_int_equal(play_run(&play), HP_OK);
    assert_text(play.results[0].reproduce, "call reset {}");
    play_release(&play);
}

static void without_a_call_there_is_nothing_to_show(void **state) {
    (void)state;
    struct fake_target fake;
    struct rig rig = {.target = &fake.target};
    struct case_result result = {0};
    fake_target_init(&fake, "[]", NULL);
    transcript_make(&rig, &result);
    assert_int_equal(result.exchange_count, 0);
    assert_null(result.reproduce);
    fake_target_release(&fake);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_shows_every_call_and_answer),
        cmocka_unit_test(a_pass_keeps_nothing),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(what_was_cut_is_not_offered_to_repeat),
        cmocka_unit_test(what_needs_earlier_calls_is_not_offered_by_hand),
        cmocka_unit_test(what_any_earlier_answer_gave_is_not_offered),
        cmocka_unit_test(a_failed_set_up_is_offered),
        cmocka_unit_test(without_a_call_there_is_nothing_to_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
