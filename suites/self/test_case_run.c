#include "harness/case/run.h"
#include "suites/self/support_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DESCRIBES "\"steps\":[" PLAY_DESCRIBE "]"
#define STARTS(instant) "\"start\":\"" instant "\",\"steps\":[" PLAY_DESCRIBE "]"
#define NEEDS_FLOW "\"needs\":[\"flow\"],\"steps\":[" PLAY_DESCRIBE "]"

static const char three[] =
    PLAY_CASE("a", DESCRIBES) "," PLAY_CASE("b", DESCRIBES) "," PLAY_CASE("c", DESCRIBES);

/* What the plan's callbacks saw. */
struct watch {
    struct text order; /* ids as they were done */
    size_t asked, stop_at;
    const struct case_result *first;
};

static void note(void *context, const struct case_result *result) {
    struct watch *watch = context;
    watch->first = watch->first ? watch->first : result;
    text_addf(&watch->order, "%s %s\n", result->test_case->id, verdict_name(result->verdict));
}

static bool stop(void *context) {
    struct watch *watch = context;
    return watch->asked++ == watch->stop_at;
}

static void watch_run(struct play *play, struct watch *watch) {
    play->plan.done = note;
    play->plan.context = watch;
    assert_int_equal(play_run(play), HP_OK);
}

/* Every case has a result with its own name on it, wherever it stands. */
static void assert_accounted(const struct play *play) {
    struct tally tally = {{0}};
    for (size_t i = 0; i < play->plan.case_count; i++) {
        assert_ptr_equal(play->results[i].test_case, play->cases[i]);
        assert_true(play->results[i].duration_us >= 0);
        tally_add(&tally, play->results[i].verdict);
    }
    assert_int_equal(tally_sum(&tally), play->plan.case_count);
}

static void cases_run_in_the_order_that_the_target_can_bear(void **state) {
    (void)state;
    static const struct {
        const char *cases, *capabilities, *order;
    } rows[] = {
        /* With a reset: as they come. */
        {PLAY_CASE("a", STARTS("2027-01-01T00:00:00Z")) "," PLAY_CASE("b", STARTS("2026-01-01T00:00:00Z")),
         "[\"describe\",\"clock\",\"reset\"]", "kinds.a passed\nkinds.b passed\n"},
        /* Without one: by their start, of two at one instant the first first. */
        {PLAY_CASE("a", STARTS("2027-01-01T00:00:00Z")) "," PLAY_CASE(
             "b", STARTS("2026-01-01T00:00:00Z")) "," PLAY_CASE("c", STARTS("2026-01-01T00:00:00Z")),
         "[\"describe\",\"clock\"]", "kinds.b passed\nkinds.c passed\nkinds.a passed\n"},
        /* One that goes far ahead moves a fixed one behind another that can begin anywhere. */
        {PLAY_CASE("a", "\"start\":\"2027-01-01T00:00:00Z\",\"fixed\":true,\"steps\":[" PLAY_DESCRIBE
                        "]") "," PLAY_CASE("b", "\"start\":\"2026-01-01T00:00:00Z\",\"steps\":["
                                                "{\"clock\":63072000}," PLAY_DESCRIBE
                                                "]") "," PLAY_CASE("c", STARTS("2027-06-01T00:00:00Z")),
         "[\"describe\",\"clock\"]", "kinds.b passed\nkinds.c passed\nkinds.a passed\n"},
        /* Those that can begin at no time come last. */
        {PLAY_CASE("a",
                   "\"start\":\"2026-01-02T00:00:00Z\",\"fixed\":true,\"steps\":[" PLAY_DESCRIBE
                   "]") "," PLAY_CASE("b", "\"start\":\"2026-01-01T00:00:00Z\",\"fixed\":true,"
                                           "\"steps\":[{\"clock\":\"9999-12-31T00:00:00Z\"}," PLAY_DESCRIBE
                                           "]") "," PLAY_CASE("c", STARTS("2027-06-01T00:00:00Z")),
         "[\"describe\",\"clock\"]", "kinds.b passed\nkinds.c passed\nkinds.a untestable\n"},
        /* Neither reset nor clock: as they come. */
        {PLAY_CASE("a", DESCRIBES) "," PLAY_CASE("b", STARTS("2026-01-01T00:00:00Z")) "," PLAY_CASE(
             "c", DESCRIBES),
         "[\"describe\"]", "kinds.a passed\nkinds.b unsupported\nkinds.c passed\n"},
    };
    static const struct fake_answer script[] = {{"describe", "{}", NULL, NULL, NULL},
                                                {"describe", "{}", NULL, NULL, NULL},
                                                {"describe", "{}", NULL, NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct play play;
        struct watch watch = {0};
        play_init(&play, rows[i].cases, rows[i].capabilities, script);
        watch_run(&play, &watch);
        if (strcmp(watch.order.bytes, rows[i].order) != 0) {
            fail_msg("row %zu:\n%s\n%s", i, watch.order.bytes, play.fake.calls.bytes);
        }
        assert_accounted(&play);
        text_release(&watch.order);
        play_release(&play);
    }
}

static const struct fake_answer fine[] = {{"describe", "{}", NULL, NULL, NULL},
                                          {"describe", "{}", NULL, NULL, NULL},
                                          {"describe", "{}", NULL, NULL, NULL},
                                          {NULL, NULL, NULL, NULL, NULL}};

static void a_stop_leaves_the_rest_alone(void **state) {
    (void)state;
    static const char *const orders[] = {
        "kinds.a not_run\nkinds.b not_run\nkinds.c not_run\n",
        "kinds.a passed\nkinds.b not_run\nkinds.c not_run\n",
        "kinds.a passed\nkinds.b passed\nkinds.c not_run\n",
        "kinds.a passed\nkinds.b passed\nkinds.c passed\n",
    };
    for (size_t at = 0; at < sizeof orders / sizeof orders[0]; at++) {
        struct play play;
        struct watch watch = {.stop_at = at};
        play_init(&play, three, "[\"describe\",\"reset\"]", fine);
        play.plan.stop = stop;
        watch_run(&play, &watch);
        assert_string_equal(watch.order.bytes, orders[at]);
        assert_int_equal(play.fake.at, at);
        assert_accounted(&play);
        for (size_t i = at; i < 3; i++) {
            assert_outcome(&play.results[i], VERDICT_NOT_RUN, "the run was stopped before it");
        }
        text_release(&watch.order);
        play_release(&play);
    }
}

static void fail_fast_ends_at_the_first_that_does_not_conform(void **state) {
    (void)state;
    static const struct {
        const char *cases;
        struct fake_answer script[3];
        const char *order;
    } rows[] = {
        {three,
         {{"describe", "{}", NULL, NULL, NULL}, {"describe", NULL, "invalid", NULL, NULL}},
         "kinds.a passed\nkinds.b failed\nkinds.c not_run\n"},
        {three,
         {{"describe", NULL, NULL, NULL, NULL}, {"describe", "{}", NULL, NULL, NULL}},
         "kinds.a errored\nkinds.b not_run\nkinds.c not_run\n"},
        {PLAY_CASE("a", NEEDS_FLOW) "," PLAY_CASE("b", DESCRIBES),
         {{"describe", "{}", NULL, NULL, NULL}},
         "kinds.a unsupported\nkinds.b passed\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct play play;
        struct watch watch = {0};
        play_init(&play, rows[i].cases, "[\"describe\",\"reset\"]", rows[i].script);
        play.plan.fail_fast = true;
        watch_run(&play, &watch);
        assert_string_equal(watch.order.bytes, rows[i].order);
        assert_accounted(&play);
        text_release(&watch.order);
        play_release(&play);
    }
    struct play play;
    play_init(&play, three, "[\"describe\",\"reset\"]", rows[0].script);
    play.plan.fail_fast = true;
    assert_int_equal(play_run(&play), HP_OK);
    assert_outcome(&play.results[2], VERDICT_NOT_RUN, "--fail-fast");
    play_release(&play);
}

static bool is_a_failure(void *context, const struct case_result *result) {
    (void)context;
    return result->verdict == VERDICT_FAILED;
}

static void fail_fast_goes_on_behind_what_is_known(void **state) {
    (void)state;
    static const struct fake_answer script[] = {{"describe", NULL, "invalid", NULL, NULL},
                                                {"describe", NULL, NULL, NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    struct play play;
    struct watch watch = {0};
    play_init(&play, three, "[\"describe\",\"reset\"]", script);
    play.plan.fail_fast = true;
    play.plan.known = is_a_failure;
    watch_run(&play, &watch);
    assert_string_equal(watch.order.bytes, "kinds.a failed\nkinds.b errored\nkinds.c not_run\n");
    text_release(&watch.order);
    play_release(&play);
}

/* The case after a broken answer finds a target that was started afresh, and a session of its own. */
static void a_broken_answer_costs_one_case(void **state) {
    (void)state;
    static const struct fake_answer script[] = {{"describe", "{}", NULL, NULL, NULL},
                                                {"describe", NULL, NULL, NULL, NULL},
                                                {"describe", "{}", NULL, NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    struct play play;
    play_init(&play, three, "[\"describe\",\"reset\"]", script);
    play.fake.log = "segmentation fault";
    assert_int_equal(play_run(&play), HP_OK);
    assert_outcome(&play.results[0], VERDICT_PASSED, NULL);
    assert_outcome(&play.results[1], VERDICT_ERRORED, "describe: the line is broken");
    assert_outcome(&play.results[2], VERDICT_PASSED, NULL);
    assert_int_equal(play.fake.restarts, 1);
    assert_int_equal(play.fake.opened, 2);
    assert_int_equal(play.fake.closed, 2);
    play_release(&play);
}

static void a_target_that_is_not_there_errs_every_case(void **state) {
    (void)state;
    struct play play;
    struct watch watch = {0};
    play_init(&play, three, "[]", fine);
    play.fake.hello_fails = true;
    play.fake.log = "cannot bind";
    play.plan.done = note;
    play.plan.context = &watch;
    assert_int_equal(play_run(&play), HP_UNAVAILABLE);
    assert_string_equal(play.problem.detail, "nobody is there");
    assert_string_equal(watch.order.bytes, "kinds.a errored\nkinds.b errored\nkinds.c errored\n");
    assert_ptr_equal(watch.first, &play.results[0]);
    assert_accounted(&play);
    assert_text(play.results[0].log, "cannot bind");
    assert_text(play.results[1].log, NULL);
    assert_outcome(&play.results[2], VERDICT_ERRORED, "nobody is there");
    assert_null(play.hello.name);
    text_release(&watch.order);
    play_release(&play);
}

static void no_case_is_no_trouble(void **state) {
    (void)state;
    static const char *const capabilities[] = {"[\"reset\"]", "[\"clock\"]"};
    for (size_t i = 0; i < 2; i++) {
        struct play play;
        play_init(&play, three, capabilities[i], fine);
        play.plan.case_count = 0;
        assert_int_equal(play_run(&play), HP_OK);
        assert_int_equal(play.fake.calls.length_bytes, 0);
        assert_string_equal(play.hello.name, "fake");
        play_release(&play);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_run_in_the_order_that_the_target_can_bear),
        cmocka_unit_test(a_stop_leaves_the_rest_alone),
        cmocka_unit_test(fail_fast_ends_at_the_first_that_does_not_conform),
        cmocka_unit_test(fail_fast_goes_on_behind_what_is_known),
        cmocka_unit_test(a_broken_answer_costs_one_case),
        cmocka_unit_test(a_target_that_is_not_there_errs_every_case),
        cmocka_unit_test(no_case_is_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
