/* Limits: how many checks were let through, how long the others were to wait, who was told; each way in which that can be wrong, beside
 * what is right. */
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CHECK "{'do': 'check'}"
#define CLOCK(seconds) "{'do': 'clock', 'seconds': " seconds "}"
#define ONE(acts) "{'per_minute': 2, 'clients': [{'acts': [" acts "]}]}"
#define TWO(first, second) "{'per_minute': 2, 'clients': [{'acts': [" first "]}, {'acts': [" second "]}]}"
#define THREE CHECK ", " CHECK ", " CHECK

#define NTH(nth_, ...)                                                                                       \
    {                                                                                                        \
        { .method = "ratelimit.check", .nth = (nth_), __VA_ARGS__ }                                          \
    }
#define RIGHT(script)                                                                                        \
    { script, {{0}}, FINDING_NONE, 0, NULL, 0 }

static const struct review_row right[] = {
    RIGHT(ONE(CHECK)),
    RIGHT(ONE(THREE)),
    RIGHT(TWO(THREE, THREE)),
    RIGHT(ONE(THREE ", {'do': 'check', 'owner': 'bob'}")),
    /* The window moves: one leaves it, then the other. */
    RIGHT(ONE(CHECK ", " CLOCK("10") ", " THREE ", " CLOCK("59.999999") ", " CHECK ", " CLOCK(
        "60") ", " CHECK ", " CHECK ", " CLOCK("70") ", " CHECK ", " CHECK)),
    /* A clock that another client has set further. */
    RIGHT(TWO(CLOCK("61") ", " CHECK ", " CHECK, CLOCK("30") ", " CHECK)),
    RIGHT(
        ONE(THREE
            ", {'do': 'list'}, {'do': 'list', 'status': 'all', 'limit': 1}, {'do': 'list', 'owner': 'bob'}")),
    RIGHT(ONE("{'do': 'list'}, " THREE)),
    /* One of its own kind that a client created is none of the limiter's. */
    RIGHT(ONE("{'do': 'create', 'on': 0, 'kind': 'resource_exhausted'}, " THREE ", {'do': 'list'}")),
    /* What ended in an error may have counted, and may not. */
    {ONE(THREE), NTH(1, .refused = "internal"), FINDING_NONE, ANY_SLOT, NULL, 1u << FINDING_ANSWER},
    {ONE(THREE), NTH(1, .refused = "internal", .undone = true), FINDING_NONE, ANY_SLOT, NULL,
     1u << FINDING_ANSWER},
    /* The notice lives for five minutes; then another one may come. */
    RIGHT(ONE(THREE ", {'do': 'list'}, " CLOCK("301") ", " THREE ", {'do': 'list'}")),
};

static void what_the_reference_does_is_no_finding(void **state) {
    (void)state;
    assert_reviews(right, sizeof right / sizeof right[0]);
}

static void every_wrong_way_is_found(void **state) {
    (void)state;
    static const struct review_row rows[] = {
        {ONE(THREE), NTH(3, .changes = "[{'set': '/allowed', 'to': true}]"), FINDING_LIMIT, ANY_SLOT,
         "3 checks of ann were let through within a minute; the limit is 2", 0},
        {ONE(CHECK ", " CHECK ", " CLOCK("59.999999") ", " CHECK),
         NTH(3, .changes = "[{'set': '/allowed', 'to': true}]"), FINDING_LIMIT, ANY_SLOT, "3 checks", 0},
        {ONE(CHECK ", " CLOCK("30") ", " CHECK ", " CLOCK("61") ", " CHECK ", " CHECK),
         NTH(4, .changes = "[{'set': '/allowed', 'to': true}]"), FINDING_LIMIT, ANY_SLOT, "3 checks", 0},
        {ONE(CHECK ", " CHECK), NTH(2, .changes = "[{'set': '/allowed', 'to': false}]"), FINDING_LIMIT,
         ANY_SLOT, "was held back, though at most 1 of 2", 0},
        /* Those that have left the window count no more. */
        {ONE(CHECK ", " CHECK ", " CLOCK("60") ", " CHECK),
         NTH(3, .changes = "[{'set': '/allowed', 'to': false}]"), FINDING_LIMIT, ANY_SLOT, "at most 0 of 2",
         0},
        {ONE(THREE), NTH(3, .changes = "[{'set': '/retry_after_seconds', 'to': 59.999999}]"), FINDING_LIMIT,
         ANY_SLOT, "held back for 59.999999 s", 0},
        {ONE(THREE), NTH(3, .changes = "[{'set': '/retry_after_seconds', 'to': 60.000001}]"), FINDING_LIMIT,
         ANY_SLOT, "held back for 60.000001 s", 0},
        {ONE(THREE), NTH(3, .changes = "[{'set': '/retry_after_seconds', 'to': '60'}]"), FINDING_LIMIT,
         ANY_SLOT, "nothing that counted leaves", 0},
        {ONE(CHECK ", " CHECK ", " CLOCK("20") ", " CHECK),
         NTH(3, .changes = "[{'set': '/retry_after_seconds', 'to': 60}]"), FINDING_LIMIT, ANY_SLOT,
         "60.000000", 0},
        {ONE(THREE), NTH(3, .changes = "[{'set': '/limit', 'to': 60}]"), FINDING_LIMIT, ANY_SLOT,
         "another limit", 0},
        {ONE(THREE), NTH(3, .changes = "[{'set': '/current_count', 'to': 3}]"), FINDING_LIMIT, ANY_SLOT,
         "current_count than 2", 0},
        {ONE(THREE ", {'do': 'list'}"),
         {{.method = "interrupt.list", .changes = "[{'set': '/interrupts', 'to': []}]"}},
         FINDING_LIMIT,
         ANY_SLOT,
         "no interrupt tells of it",
         1u << FINDING_LIST},
        {ONE(THREE ", {'do': 'list'}, {'do': 'list', 'status': 'all'}"),
         {{.method = "interrupt.list",
           .nth = 2,
           .changes = "[{'set': '/interrupts/0/id', 'to': '0f8fad5b-d9cb-469f-a165-70867728950e'}]"}},
         FINDING_LIMIT,
         ANY_SLOT,
         "2 interrupts tell ann of one limit",
         1u << FINDING_ORDER},
    };
    assert_reviews(rows, sizeof rows / sizeof rows[0]);
}

/* Without a clock to set, times are those of the calls, give or take what the target says. */
static void the_clock_of_the_world_will_do(void **state) {
    (void)state;
    struct tryout tryout;
    struct review review;
    tryout_init(&tryout, ONE(THREE), NULL, "clock,reset");
    for (int error = 0; error < 2; error++) {
        assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
        assert_int_equal(review_make(&tryout.performance, 1u << FINDING_LIMIT, &review, NULL), HP_OK);
        assert_int_equal(review.count, 0);
        review_release(&review);
        tryout.hello.clock_error_us = 1000;
    }
    tryout_release(&tryout);
}

static void after_a_lost_answer_nothing_is_said(void **state) {
    (void)state;
    static const struct tamper tampers[] = {
        {.method = "ratelimit.check", .nth = 1, .lost = true},
        {.method = "ratelimit.check", .nth = 2, .changes = "[{'set': '/allowed', 'to': false}]"},
        {0}};
    struct tryout tryout;
    struct review review;
    tryout_init(&tryout, TWO(CHECK, CHECK), tampers, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_int_equal(tryout.performance.lost, 1);
    assert_int_equal(review_make(&tryout.performance, 1u << FINDING_LIMIT, &review, NULL), HP_OK);
    assert_int_equal(review.count, 0);
    review_release(&review);
    tryout_release(&tryout);
}

/* Without a limit of the script's own it is the contract's. */
static void the_default_is_sixty(void **state) {
    (void)state;
    static const struct tamper tampers[] = {
        {.method = "ratelimit.check", .nth = 61, .changes = "[{'set': '/allowed', 'to': true}]"}, {0}};
    struct tryout tryout;
    struct review review;
    struct text script = {0};
    text_add(&script, "{'clients': [{'acts': [" CHECK);
    for (int i = 0; i < 60; i++) {
        text_add(&script, ", " CHECK);
    }
    text_add(&script, "]}]}");
    for (int tampered = 0; tampered < 2; tampered++) {
        tryout_init(&tryout, script.bytes, tampered ? tampers : NULL, NULL);
        assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
        assert_int_equal(review_make(&tryout.performance, 1u << FINDING_LIMIT, &review, NULL), HP_OK);
        assert_int_equal(review.count, tampered);
        assert_true(!tampered || strstr(review.findings[0].sentence, "61 checks of ann"));
        review_release(&review);
        tryout_release(&tryout);
    }
    text_release(&script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_reference_does_is_no_finding), cmocka_unit_test(every_wrong_way_is_found),
        cmocka_unit_test(the_clock_of_the_world_will_do),
        cmocka_unit_test(after_a_lost_answer_nothing_is_said), cmocka_unit_test(the_default_is_sixty)};
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
