/* Flows that go on behind interrupts: once, where the route says, and not in vain; each way in which that can be wrong, beside what is
 * right. */
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CLIENTS(acts)                                                                                        \
    "{'interrupts': [{'kind': 'confirmation', 'ttl_seconds': 9}, {}], 'clients': [{'acts': [" acts "]}]}"
#define RESUME "{'do': 'resume', 'on': 0}"
#define RESPOND "{'do': 'respond', 'on': 0}"

#define NTH(nth_, ...)                                                                                       \
    {                                                                                                        \
        { .method = "flow.resume", .nth = (nth_), __VA_ARGS__ }                                              \
    }

/* A resumption's answer shows the same in the place of a refusal. */
#define ALSO(class) (1u << (class))

static const struct review_row right[] = {
    {CLIENTS(RESUME), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CLIENTS(RESUME ", " RESUME ", {'do': 'resume', 'on': 1}"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CLIENTS(RESPOND ", " RESUME ", " RESUME), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CLIENTS(RESUME ", " RESPOND), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CLIENTS("{'do': 'cancel', 'on': 0}, " RESUME), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CLIENTS("{'do': 'clock', 'seconds': 10}, " RESUME ", {'do': 'sweep'}, " RESUME),
     {{0}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {CLIENTS("{'do': 'resume', 'on': 0, 'as': 'stranger'}, " RESPOND
             ", {'do': 'resume', 'on': 0, 'as': 'stranger'}"),
     {{0}},
     FINDING_NONE,
     0,
     NULL,
     0},
    /* Answered, and never resumed. */
    {CLIENTS(RESPOND), {{0}}, FINDING_NONE, 0, NULL, 0},
    /* Who resumed before the answer may have been refused for it: its own came too late. */
    {CLIENTS(RESUME ", " RESPOND), NTH(1, .refused = "conflict", .status = "resolved", .undone = true),
     FINDING_NONE, 0, NULL, 0},
};

static void a_flow_that_goes_on_once_is_no_finding(void **state) {
    (void)state;
    assert_reviews(right, sizeof right / sizeof right[0]);
}

static void every_wrong_way_is_found(void **state) {
    (void)state;
    static const struct review_row rows[] = {
        {CLIENTS(RESUME ", " RESUME), NTH(2, .again = true), FINDING_FLOW, 0,
         "the flow behind #0 went on 2 times", 0},
        {CLIENTS(RESUME), NTH(0, .changes = "[{'set': '/envelope/processing_history', 'to': []}]"),
         FINDING_FLOW, 0, "ran 0 stages, the first of them nameless; expected act", 0},
        {CLIENTS(RESUME),
         NTH(0, .changes =
                    "[{'copy': '/envelope/processing_history/0', 'to': '/envelope/processing_history/-'}]"),
         FINDING_FLOW, 0, "ran 2 stages, the first of them act", 0},
        {CLIENTS(RESUME),
         NTH(0, .changes = "[{'set': '/envelope/processing_history/0/stage', 'to': 'plan'}]"), FINDING_FLOW,
         0, "the first of them plan", 0},
        {CLIENTS(RESUME), NTH(0, .changes = "[{'set': '/envelope/terminated', 'to': false}]"), FINDING_FLOW,
         0, "is not terminated", 0},
        /* Answered, and refused as if it had gone on. */
        {CLIENTS(RESPOND ", " RESUME), NTH(1, .refused = "conflict", .undone = true), FINDING_FLOW, 0,
         "its flow was refused to go on (because), though nobody had it go on", 0},
        {CLIENTS(RESPOND ", " RESUME), NTH(1, .refused = "conflict", .status = "resolved", .undone = true),
         FINDING_FLOW, 0, "#0 was answered", 0},
        /* A second one is told so of a first that was told so, too. */
        {CLIENTS(RESUME ", " RESPOND ", " RESUME),
         NTH(0, .refused = "conflict", .status = "resolved", .undone = true), FINDING_FLOW, 0,
         "#0 was answered", 0},
    };
    assert_reviews(rows, sizeof rows / sizeof rows[0]);
}

/* What a lost call did nobody knows. */
static void after_a_lost_answer_nothing_is_said(void **state) {
    (void)state;
    static const struct tamper tampers[] = {{.method = "flow.resume", .nth = 1, .lost = true},
                                            {.method = "flow.resume", .nth = 2, .refused = "conflict"},
                                            {0}};
    struct tryout tryout;
    struct review review;
    tryout_init(&tryout, CLIENTS(RESPOND "]}, {'acts': [" RESUME "]}, {'acts': [" RESUME), tampers, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_int_equal(tryout.performance.lost, 1);
    assert_int_equal(review_make(&tryout.performance, 1u << FINDING_FLOW, &review, NULL), HP_OK);
    assert_int_equal(review.count, 0);
    review_release(&review);
    tryout_release(&tryout);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_flow_that_goes_on_once_is_no_finding),
                                       cmocka_unit_test(every_wrong_way_is_found),
                                       cmocka_unit_test(after_a_lost_answer_nothing_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
