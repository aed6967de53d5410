/* The events of a script: each way in which they can be wrong, beside what is right. The first drain is of the set-up, the
 * second has the events. */
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define UNTOUCHED "{'interrupts': [{'ttl_seconds': 60}], 'clients': [{'acts': [{'do': 'get'}]}]}"
#define RESOLVED "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'respond'}]}]}"
#define CANCELLED "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'cancel', 'reason': true}]}]}"
#define OVERDUE                                                                                              \
    "{'interrupts': [{'ttl_seconds': 60}], 'clients': [{'acts': [{'do': 'clock', 'seconds': 61}]}]}"
#define SWEPT                                                                                                \
    "{'interrupts': [{'ttl_seconds': 60}], 'clients': [{'acts': [{'do': 'clock', 'seconds': 61}, {'do': "    \
    "'sweep'}]}]}"
#define CREATED(kind) "{'clients': [{'acts': [{'do': 'create', 'kind': '" kind "'}]}]}"

#define DRAINED(changes_)                                                                                    \
    {                                                                                                        \
        { .method = "events.drain", .nth = 2, .changes = changes_ }                                          \
    }
#define SET(pointer, value) "{'set': '" pointer "', 'to': " value "}"
#define OTHER_ID "'11111111-2222-4333-8444-555555555555'"
/* One more event, like that one but with an id of its own. */
#define ONE_MORE(place, at)                                                                                  \
    "{'copy': '/events/" place "', 'to': '/events/-'}," SET("/events/" at "/event_id", OTHER_ID)

static const struct review_row right[] = {
    {UNTOUCHED, {{0}}, FINDING_NONE, 0, NULL, 0},
    {RESOLVED, {{0}}, FINDING_NONE, 0, NULL, 0},
    {CANCELLED, {{0}}, FINDING_NONE, 0, NULL, 0},
    {OVERDUE, {{0}}, FINDING_NONE, 0, NULL, 0},
    {SWEPT, {{0}}, FINDING_NONE, 0, NULL, 0},
    {CREATED("clarification"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CREATED("confirmation"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CREATED("critic_review"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CREATED("checkpoint"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CREATED("resource_exhausted"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CREATED("timeout"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CREATED("system_error"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {RESOLVED, DRAINED("[{'respell': '/events'}]"), FINDING_NONE, 0, NULL, 0},
    {RESOLVED, DRAINED("[" SET("/events/0/more", "1") "," SET("/events/1/data/more", "1") "]"), FINDING_NONE,
     0, NULL, 0},
    /* What the refused do brings no event. */
    {"{'interrupts': [{}], 'clients': [{'acts': [{'do': 'respond'}, {'do': 'cancel'}, {'do': 'respond', "
     "'as': "
     "'stranger'}]}]}",
     {{0}},
     FINDING_NONE,
     0,
     NULL,
     0},
    /* A sweep that came before the end, or was refused, has stored nothing. */
    {"{'interrupts': [{'ttl_seconds': 60}], 'clients': [{'acts': [{'do': 'sweep'}, {'do': 'clock', "
     "'seconds': 61}]}]}",
     {{0}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {"{'interrupts': [{'kind': 'checkpoint', 'ttl_seconds': 60}], 'clients': [{'acts': [{'do': 'clock', "
     "'seconds': 61},"
     " {'do': 'sweep'}]}]}",
     {{0}},
     FINDING_NONE,
     0,
     NULL,
     0},
    /* A sweep of the service's own, that nobody of the script called. */
    {OVERDUE,
     DRAINED("[" ONE_MORE("0", "1") "," SET("/events/1/event_type", "'interrupt.expired'") "," SET(
         "/events/1/data/status", "'expired'") "]"),
     FINDING_NONE, 0, NULL, 0},
    /* Of an interrupt that is none of this script's. */
    {RESOLVED, DRAINED("[" ONE_MORE("0", "2") "," SET("/events/2/data/id", OTHER_ID) "]"), FINDING_NONE, 0,
     NULL, 0},
    /* After a lost answer nobody knows what there should be. */
    {RESOLVED,
     {{.method = "interrupt.respond", .lost = true},
      {.method = "events.drain", .nth = 2, .changes = "[{'drop': '/events/1'}]"}},
     FINDING_NONE,
     0,
     NULL,
     0},
};

static void right_events_are_no_finding(void **state) {
    (void)state;
    assert_reviews(right, sizeof right / sizeof right[0]);
}

#define WRONG(script, changes, said)                                                                         \
    { script, DRAINED(changes), FINDING_EVENT, 0, said, 0 }

static const struct review_row wrong[] = {
    /* Missing. */
    WRONG(UNTOUCHED, "[{'drop': '/events/0'}]",
          "#0 was created once, and there are 0 events interrupt.clarification_needed"),
    WRONG(UNTOUCHED, "[{'drop': '/events'}]", "there are 0 events interrupt.clarification_needed"),
    WRONG(RESOLVED, "[{'drop': '/events/0'}]", "there are 0 events interrupt.clarification_needed"),
    WRONG(RESOLVED, "[{'drop': '/events/1'}]",
          "#0 left pending once, and there are 0 events interrupt.resolved"),
    WRONG(CANCELLED, "[{'drop': '/events/1'}]", "there are 0 events interrupt.cancelled"),
    WRONG(SWEPT, "[{'drop': '/events/1'}]", "there are 0 events interrupt.expired"),
    /* A sweep leaves nothing behind that was due when it began, whether it names it or not. */
    {SWEPT,
     {{.method = "interrupt.expire_pending", .undone = true, .changes = "[{'set': '/ids', 'to': []}]"}},
     FINDING_EVENT,
     0,
     "there are 0 events interrupt.expired",
     0},
    /* Too many. */
    WRONG(UNTOUCHED, "[" ONE_MORE("0", "1") "]", "there are 2 events interrupt.clarification_needed"),
    WRONG(RESOLVED, "[" ONE_MORE("1", "2") "]", "there are 2 events interrupt.resolved"),
    WRONG(CANCELLED, "[" ONE_MORE("1", "2") "," ONE_MORE("1", "3") "," SET("/events/3/event_id", "'x'") "]",
          "there are 3 events interrupt.cancelled"),
    WRONG(SWEPT, "[" ONE_MORE("1", "2") "]", "there are 2 events interrupt.expired"),
    WRONG(OVERDUE,
          "[" ONE_MORE("0", "1") "," SET("/events/1/event_type", "'interrupt.expired'") "," SET(
              "/events/1/data/status",
              "'expired'") ", {'copy': '/events/1', 'to': '/events/-'}," SET("/events/2/event_id", "'x'") "]",
          "there are 2 events interrupt.expired"),
    WRONG(UNTOUCHED, "[" ONE_MORE("0", "1") "," SET("/events/1/event_type", "'interrupt.resolved'") "]",
          "#0 has 1 events beyond those of its creation and its end"),
    WRONG(RESOLVED, "[" ONE_MORE("1", "2") "," SET("/events/2/event_type", "'interrupt.expired'") "]",
          "#0 has 1 events beyond those of its creation and its end"),
    /* Of another type. */
    WRONG(UNTOUCHED, "[" SET("/events/0/event_type", "'interrupt.confirmation_needed'") "]",
          "there are 0 events interrupt.clarification_needed"),
    WRONG(UNTOUCHED, "[{'drop': '/events/0/event_type'}]",
          "there are 0 events interrupt.clarification_needed"),
    WRONG(RESOLVED, "[" SET("/events/1/event_type", "'interrupt.cancelled'") "]",
          "there are 0 events interrupt.resolved"),
    WRONG(RESOLVED, "[" SET("/events/1/event_type", "7") "]", "there are 0 events interrupt.resolved"),
    /* In the wrong order. */
    WRONG(RESOLVED, "[{'swap': ['/events/0', '/events/1']}]",
          "the event of the end of #0 comes before that of its creation"),
    WRONG(SWEPT, "[{'swap': ['/events/0', '/events/1']}]",
          "the event of the end of #0 comes before that of its creation"),
    /* About something else. */
    WRONG(UNTOUCHED, "[" SET("/events/0/data/question", "null") "]",
          "the event interrupt.clarification_needed of #0 shows another question than the answers do"),
    WRONG(UNTOUCHED, "[" SET("/events/0/data/data", "{}") "]", "another data"),
    WRONG(UNTOUCHED, "[" SET("/events/0/data/expires_at", "null") "]", "another expires_at"),
    WRONG(UNTOUCHED, "[" SET("/events/0/data/created_at", "'2025-12-11T09:30:00.1Z'") "]",
          "another created_at"),
    WRONG(RESOLVED, "[" SET("/events/0/data/status", "'resolved'") "]", "another status"),
    WRONG(RESOLVED, "[" SET("/events/1/data/status", "'pending'") "]",
          "the event interrupt.resolved of #0 shows another status"),
    WRONG(RESOLVED, "[" SET("/events/1/data/response", "null") "]", "another response"),
    WRONG(RESOLVED, "[" SET("/events/1/data/response/text", "'So.'") "]", "another response"),
    WRONG(RESOLVED, "[" SET("/events/1/data/resolved_at", "'2025-12-11T09:30:01Z'") "]",
          "another resolved_at"),
    WRONG(RESOLVED, "[" SET("/events/1/data/span_id", "null") "]", "another span_id"),
    WRONG(CANCELLED, "[{'drop': '/events/1/data/data/cancel_reason'}]", "another data"),
    WRONG(SWEPT, "[" SET("/events/1/data/message", "''") "]", "another message"),
    WRONG(UNTOUCHED, "[" SET("/events/0/request_id", "'req'") "]",
          "the event interrupt.clarification_needed of #0 has another request_id"),
    WRONG(RESOLVED, "[{'drop': '/events/1/request_id'}]",
          "the event interrupt.resolved of #0 has another request_id"),
    /* Ids. */
    WRONG(UNTOUCHED, "[{'drop': '/events/0/event_id'}]", "an event of #0 has no event_id"),
    WRONG(UNTOUCHED, "[" SET("/events/0/event_id", "7") "]", "an event of #0 has no event_id"),
    WRONG(UNTOUCHED, "[" SET("/events/0/event_id", "''") "]", "an event of #0 has no event_id"),
    WRONG(RESOLVED, "[{'copy': '/events/0/event_id', 'to': '/events/1/event_id'}]",
          "two events have the id "),
};

static void wrong_events_are_found(void **state) {
    (void)state;
    assert_reviews(wrong, sizeof wrong / sizeof wrong[0]);
}

/* Events of different interrupts come in no particular order, so this is about all of them. */
static void each_interrupt_has_its_own(void **state) {
    (void)state;
#define TWO "{'interrupts': [{}, {'kind': 'timeout'}], 'clients': [{'acts': []}]}"
    static const struct review_row rows[] = {
        {TWO, DRAINED("[{'swap': ['/events/0', '/events/1']}]"), FINDING_NONE, 0, NULL, 0},
        {TWO, DRAINED("[{'drop': '/events'}]"), FINDING_EVENT, 0,
         "#0 was created once, and there are 0 events", 0},
        {TWO, DRAINED("[{'drop': '/events'}]"), FINDING_EVENT, 1, "and there are 0 events interrupt.timeout",
         0},
    };
    assert_reviews(rows, sizeof rows / sizeof rows[0]);
}

/* A service without events owes none. */
static void without_events_there_is_nothing_to_find(void **state) {
    (void)state;
    struct tryout tryout;
    struct review review;
    tryout_init(&tryout, RESOLVED, NULL, "events");
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_false(tryout.performance.has_events);
    assert_int_equal(review_make(&tryout.performance, 0, &review, NULL), HP_OK);
    assert_int_equal(review.count, 0);
    review_release(&review);
    tryout_release(&tryout);
}

/* One whose creation was not answered yet when the sweep began may not have been there. */
static void a_sweep_leaves_behind_what_comes_later(void **state) {
    (void)state;
    static const struct tamper tampers[] = {
        {.method = "interrupt.expire_pending", .undone = true, .changes = "[{'set': '/ids', 'to': []}]"},
        {0}};
    for (int later = 0; later < 2; later++) {
        struct tryout tryout;
        struct review review;
        tryout_init(&tryout, SWEPT, tampers, NULL);
        assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
        if (later) {
            tryout.performance.seeding[0].return_ns = tryout.performance.outcomes[0][1].invoke_ns;
        }
        assert_int_equal(review_make(&tryout.performance, 1u << FINDING_EVENT, &review, NULL), HP_OK);
        assert_int_equal(review.count, later ? 0 : 1);
        review_release(&review);
        tryout_release(&tryout);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_events_are_no_finding),
        cmocka_unit_test(wrong_events_are_found),
        cmocka_unit_test(each_interrupt_has_its_own),
        cmocka_unit_test(a_sweep_leaves_behind_what_comes_later),
        cmocka_unit_test(without_events_there_is_nothing_to_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
