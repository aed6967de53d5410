/* How the results of several targets are held against each other: call by call, with params, and what is counted. Which
 * answers are the same is in test_parity.c. */
#include "harness/case/parity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_play.h"

#define ALL "[\"reset\",\"clock\",\"create\",\"describe\",\"envelope\"]"
/* Says of a member that no comparison sees what the next step sends or expects. */
#define LEARN(members) "{\"op\":\"describe\",\"args\":{}," members "}"
#define SEND(members) "{\"op\":\"envelope.roundtrip\"," members ",\"requirement\":\"REQ-A-1\"}"

/* A case on two fakes, and where they differ: the step, the method and the path; NULL: nowhere. */
struct row {
    const char *steps, *capabilities;
    struct fake_answer first[6], other[6];
    const char *step, *method, *path;
};

static void play(struct play *played, const struct row *row, const struct fake_answer *script) {
    struct text text = {0};
    text_addf(&text, PLAY_CASE("a", "\"steps\":[%s]"), row->steps);
    play_init(played, text.bytes, row->capabilities, script);
    text_release(&text);
    played->plan.keep_parity = true;
    play_run(played);
}

static const struct row comparisons[] = {
    /* What is sent counts, whole and as JSON. */
    {LEARN("\"bind\":{\"m\":\"/more\"}") "," SEND("\"args\":{\"x\":\"$m\"}"),
     ALL,
     {{"describe", "{\"more\":1}", NULL, NULL, NULL}, {"envelope.roundtrip", "1", NULL, NULL, NULL}},
     {{"describe", "{\"more\":2}", NULL, NULL, NULL}, {"envelope.roundtrip", "1", NULL, NULL, NULL}},
     "step 2",
     "envelope.roundtrip",
     "/params/x"},
    {LEARN("\"bind\":{\"m\":\"/more\"}") "," SEND("\"args\":{\"x\":\"$m\"}"),
     ALL,
     {{"describe", "{\"more\":1}", NULL, NULL, NULL}, {"envelope.roundtrip", "1", NULL, NULL, NULL}},
     {{"describe", "{\"more\":1}", NULL, NULL, NULL}, {"envelope.roundtrip", "1", NULL, NULL, NULL}},
     NULL,
     NULL,
     NULL},
    /* Text that no JSON value may hold is not compared. */
    {LEARN("\"bind\":{\"m\":\"/more\"}") "," SEND("\"raw\":\"{\\\"x\\\":{$m}}\""),
     ALL,
     {{"describe", "{\"more\":1}", NULL, NULL, NULL}, {"envelope.roundtrip", "1", NULL, NULL, NULL}},
     {{"describe", "{\"more\":2}", NULL, NULL, NULL}, {"envelope.roundtrip", "1", NULL, NULL, NULL}},
     NULL,
     NULL,
     NULL},
    /* The first call of a case without set-up. */
    {LEARN("\"requirement\":\"REQ-A-1\""),
     "[\"describe\"]",
     {{"describe", "{}", NULL, NULL, NULL}},
     {{"describe", "{\"kinds\":[1]}", NULL, NULL, NULL}},
     "step 1",
     "describe",
     "/result/kinds"},
    /* One fails earlier than the other, and so has made fewer calls. */
    {LEARN("\"expect\":{\"more\":1},\"requirement\":\"REQ-A-1\"") "," SEND("\"args\":{},\"expect\":2"),
     ALL,
     {{"describe", "{\"more\":2}", NULL, NULL, NULL}},
     {{"describe", "{\"more\":1}", NULL, NULL, NULL}, {"envelope.roundtrip", "1", NULL, NULL, NULL}},
     "step 2",
     "envelope.roundtrip",
     ""},
    {LEARN("\"expect\":{\"more\":1},\"requirement\":\"REQ-A-1\"") "," SEND("\"args\":{},\"expect\":2"),
     ALL,
     {{"describe", "{\"more\":1}", NULL, NULL, NULL}, {"envelope.roundtrip", "1", NULL, NULL, NULL}},
     {{"describe", "{\"more\":2}", NULL, NULL, NULL}},
     "step 2",
     "envelope.roundtrip",
     ""},
};

static void calls_are_compared_one_by_one(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++) {
        struct play first, other;
        struct parity_target target = {.first = "one", .target = "two"};
        play(&first, &comparisons[i], comparisons[i].first);
        play(&other, &comparisons[i], comparisons[i].other);
        assert_int_equal(first.results[0].verdict, other.results[0].verdict);
        assert_int_equal(parity_compare(first.results, other.results, 1, &target), HP_OK);
        const struct parity_case *pair = &target.cases[0];
        assert_int_equal(pair->state == PARITY_DIFFERS, comparisons[i].path != NULL);
        assert_text(pair->step, comparisons[i].step);
        assert_text(pair->method, comparisons[i].method);
        assert_text(pair->path, comparisons[i].path);
        parity_target_release(&target);
        assert_null(target.cases);
        play_release(&first);
        play_release(&other);
    }
}

/* Two that begin at other instants say the same when what they say stands the same. */
static void starts_may_differ(void **state) {
    (void)state;
    static const struct row row = {
        SEND("\"args\":{}"),
        "[\"clock\",\"create\",\"envelope\"]",
        {{"envelope.roundtrip", "{\"at\":\"2025-01-01T00:00:00Z\"}", NULL, NULL, NULL}},
        {{"clock.set", NULL, "invalid", NULL, NULL},
         {"interrupt.create", "{\"interrupt\":{\"created_at\":\"2030-01-01T00:00:00Z\"}}", NULL, NULL, NULL},
         {"envelope.roundtrip", "{\"at\":\"2025-01-01T00:00:00Z\"}", NULL, NULL, NULL}},
        NULL,
        NULL,
        NULL};
    struct play first, other;
    struct parity_target target = {.first = "one", .target = "two"};
    play(&first, &row, row.first);
    play(&other, &row, row.other);
    assert_outcome(&first.results[0], VERDICT_PASSED, NULL);
    assert_outcome(&other.results[0], VERDICT_PASSED, NULL);
    assert_int_equal(parity_compare(first.results, other.results, 1, &target), HP_OK);
    assert_int_equal(target.cases[0].state, PARITY_SAME);
    parity_target_release(&target);
    play_release(&first);
    play_release(&other);
}

static void verdicts_and_sums(void **state) {
    (void)state;
    static const struct {
        enum verdict first, other;
        enum parity_state state;
    } rows[] = {{VERDICT_FAILED, VERDICT_PASSED, PARITY_DIFFERS},
                {VERDICT_FAILED, VERDICT_EXPECTED_FAILURE, PARITY_DIFFERS},
                {VERDICT_UNTESTABLE, VERDICT_UNEXPECTED_PASS, PARITY_DIFFERS},
                {VERDICT_UNSUPPORTED, VERDICT_PASSED, PARITY_LEFT_OUT},
                {VERDICT_PASSED, VERDICT_UNSUPPORTED, PARITY_LEFT_OUT},
                {VERDICT_ERRORED, VERDICT_UNSUPPORTED, PARITY_LEFT_OUT},
                {VERDICT_PASSED, VERDICT_NOT_RUN, PARITY_LEFT_OUT}};
    enum { COUNT = sizeof rows / sizeof rows[0] };
    struct case_result first[COUNT] = {0}, other[COUNT] = {0};
    struct parity_target target = {0};
    struct text sum = {0};
    for (size_t i = 0; i < COUNT; i++) {
        first[i].verdict = rows[i].first;
        other[i].verdict = rows[i].other;
    }
    assert_int_equal(parity_compare(first, other, COUNT, &target), HP_OK);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(target.cases[i].state, rows[i].state);
        assert_null(target.cases[i].step);
    }
    assert_string_equal(target.cases[1].first, "failed");
    assert_string_equal(target.cases[1].other, "expected_failure");
    parity_add_sum(&sum, &target);
    assert_string_equal(sum.bytes,
                        "3 cases compared, 3 differ; 4 not compared: 2 unsupported on one side, 1 errored on "
                        "one side, 1 not_run on one side");
    text_release(&sum);
    struct parity parity = {.targets = &target, .target_count = 1};
    assert_int_equal(parity_count_differences(&parity), 3);
    parity_target_release(&target);
    /* Sides that memory did not suffice for are no agreement. */
    first[0].verdict = other[0].verdict = VERDICT_PASSED;
    assert_int_equal(parity_compare(first, other, COUNT, &target), HP_INTERNAL);
    parity_target_release(&target);
}

/* Nothing is kept, and no clock is set, when nobody asks for it. */
static void a_single_target_keeps_nothing(void **state) {
    (void)state;
    const struct fake_answer script[] = {PLAY_ACCEPT("describe", "{}"), PLAY_END};
    struct play played;
    for (int keep = 0; keep < 2; keep++) {
        play_init(&played, PLAY_STEPS(PLAY_DESCRIBE), ALL, script);
        played.plan.keep_parity = keep;
        play_run(&played);
        assert_outcome(&played.results[0], VERDICT_PASSED, NULL);
        assert_int_equal(played.results[0].parity != NULL, keep);
        assert_int_equal(strstr(played.fake.calls.bytes, "clock.set") != NULL, keep);
        play_release(&played);
    }
}

/* One is said as well as several. */
static void one_of_a_kind_is_summed(void **state) {
    (void)state;
    struct parity_target target = {.case_count = 2, .compared = 1, .loose = 1};
    struct text sum = {0};
    target.left_out[VERDICT_ERRORED] = 1;
    parity_add_sum(&sum, &target);
    assert_string_equal(
        sum.bytes, "1 cases compared, 0 differ; 1 without their times, since a target has no clock; 1 not "
                   "compared: 1 errored on one side");
    text_release(&sum);
}

static void everything_of_a_run_is_released(void **state) {
    (void)state;
    struct case_result first[2] = {{.verdict = VERDICT_PASSED}, {.verdict = VERDICT_PASSED}};
    struct case_result other[2] = {{.verdict = VERDICT_FAILED}, {.verdict = VERDICT_FAILED}};
    struct parity parity = {.targets = calloc(2, sizeof(struct parity_target)), .target_count = 2};
    assert_non_null(parity.targets);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(parity_compare(first, other, 2, &parity.targets[i]), HP_OK);
    }
    assert_int_equal(parity_count_differences(&parity), 4);
    parity_release(&parity);
    assert_null(parity.targets);
    assert_int_equal(parity.target_count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls_are_compared_one_by_one),
                                       cmocka_unit_test(starts_may_differ),
                                       cmocka_unit_test(verdicts_and_sums),
                                       cmocka_unit_test(one_of_a_kind_is_summed),
                                       cmocka_unit_test(everything_of_a_run_is_released),
                                       cmocka_unit_test(a_single_target_keeps_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
