/* The rows of lists: each way in which they can be wrong, beside what is right. */
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Two of one instant, then one that is newer, all of ann; one of bob beside them. */
#define LISTED(members)                                                                                      \
    "{'interrupts': [{}, {}, {'owner': 'bob'}], 'clients': [{'acts': [{'do': 'clock', 'seconds': 1},"        \
    " {'do': 'create', 'on': 3}, {'do': 'list'" members "}]}]}"
#define ENDED(status)                                                                                        \
    "{'interrupts': [{'ttl_seconds': 9}, {'ttl_seconds': 9}, {'ttl_seconds': 9}, {}], 'clients': [{'acts': " \
    "["                                                                                                      \
    "{'do': 'respond', 'on': 0}, {'do': 'cancel', 'on': 1}, {'do': 'clock', 'seconds': 10},"                 \
    " {'do': 'list', 'status': '" status "'}]}]}"
#define PENDING "{'interrupts': [{}, {'owner': 'bob'}], 'clients': [{'acts': [{'do': 'pending'}]}]}"

#define ROWS(changes_)                                                                                       \
    {                                                                                                        \
        { .method = "interrupt.list", .changes = changes_ }                                                  \
    }
#define PENDING_ONE(changes_)                                                                                \
    {                                                                                                        \
        { .method = "interrupt.pending_for_request", .changes = changes_ }                                   \
    }

static const struct review_row right[] = {
    {LISTED(""), {{0}}, FINDING_NONE, 0, NULL, 0},
    {LISTED(", 'limit': 1"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {LISTED(", 'limit': 2, 'status': 'all'"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {LISTED(", 'owner': 'bob'"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {LISTED(", 'status': 'resolved'"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {ENDED("pending"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {ENDED("resolved"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {ENDED("cancelled"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {ENDED("expired"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {ENDED("all"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {PENDING, {{0}}, FINDING_NONE, 0, NULL, 0},
    /* Times in other spellings: of all rows, of one of them. */
    {LISTED(""), ROWS("[{'respell': '/interrupts'}]"), FINDING_NONE, 0, NULL, 0},
    {LISTED(""), ROWS("[{'respell': '/interrupts/0'}]"), FINDING_NONE, 0, NULL, 0},
    {LISTED(""), ROWS("[{'respell': '/interrupts/1'}]"), FINDING_NONE, 0, NULL, 0},
    {LISTED(""), ROWS("[{'respell': '/interrupts/2'}]"), FINDING_NONE, 0, NULL, 0},
    {LISTED(""),
     ROWS("[{'set': '/interrupts/0/created_at', 'to': '2025-12-11T09:30:01.000000+00:00'},"
          " {'set': '/interrupts/1/created_at', 'to': '2025-12-11T10:30:00.000000+01:00'}]"),
     FINDING_NONE, 0, NULL, 0},
};

static void right_rows_are_no_finding(void **state) {
    (void)state;
    assert_reviews(right, sizeof right / sizeof right[0]);
}

#define OTHERS(first, second)                                                                                \
    "{'interrupts': [{'owner': 'bob'}], 'clients': [{'acts': [{'do': '" first                                \
    "', 'owner': 'bob'}, {'do': '" second "'}]}]}"
#define ORDER_TOO (1u << FINDING_ORDER)

/* Which of #0 and #1 comes first is up to their ids. */
static const struct review_row wrong[] = {
    /* Twice: on one page, and on two. */
    {LISTED(""), ROWS("[{'copy': '/interrupts/0', 'to': '/interrupts/-'}]"), FINDING_LIST, 3,
     "a list shows #3 twice", 0},
    {LISTED(""), ROWS("[{'copy': '/interrupts/2', 'to': '/interrupts/-'}]"), FINDING_LIST, ANY_SLOT, "twice",
     0},
    {"{'interrupts': [{}], 'clients': [{'acts': [{'do': 'list'}]}]}",
     {{.method = "interrupt.list", .nth = 1, .changes = "[{'set': '/next_cursor', 'to': null}]"},
      {.method = "interrupt.list", .changes = "[{'copy': '/interrupts/0', 'to': '/interrupts/-'}]"}},
     FINDING_LIST,
     0,
     "a list shows #0 twice",
     0},
    /* Another's. */
    {OTHERS("list", "list"),
     {{.method = "interrupt.list", .nth = 2, .again = true}},
     FINDING_LIST,
     0,
     "a list of ann-0's interrupts shows one of bob-0",
     0},
    {OTHERS("pending", "pending"),
     {{.method = "interrupt.pending_for_request", .nth = 2, .again = true}},
     FINDING_LIST,
     0,
     "a list of ann-0's interrupts shows one of bob-0",
     0},
    /* Of another status than was asked for. */
    {ENDED("resolved"),
     ROWS("[{'set': '/interrupts/0/status', 'to': 'cancelled'},"
          " {'set': '/interrupts/0/response', 'to': null}]"),
     FINDING_LIST, 0, "a list of resolved interrupts shows #0, which it says is cancelled",
     ORDER_TOO | 1u << FINDING_FIELD},
    {ENDED("pending"), ROWS("[{'set': '/interrupts/0/status', 'to': 'expired'}]"), FINDING_LIST, 3,
     "a list of pending interrupts shows #3, which it says is expired", ORDER_TOO},
    {PENDING, PENDING_ONE("[{'set': '/interrupt/status', 'to': 'expired'}]"), FINDING_LIST, 0,
     "a list of pending interrupts shows #0, which it says is expired", ORDER_TOO},
    /* In another order: by time, by id within one instant, and by time in other words. */
    {LISTED(""), ROWS("[{'swap': ['/interrupts/0', '/interrupts/1']}]"), FINDING_LIST, ANY_SLOT,
     "before #3, and that is not newest first", 0},
    {LISTED(""), ROWS("[{'swap': ['/interrupts/1', '/interrupts/2']}]"), FINDING_LIST, ANY_SLOT,
     "and that is not newest first", 0},
    {LISTED(""), ROWS("[{'swap': ['/interrupts/0', '/interrupts/2']}, {'respell': '/interrupts/2'}]"),
     FINDING_LIST, ANY_SLOT, "before #3, and that is not newest first", 0},
    {LISTED(""), ROWS("[{'swap': ['/interrupts/0', '/interrupts/2']}, {'respell': '/interrupts'}]"),
     FINDING_LIST, ANY_SLOT, "before #3, and that is not newest first", 0},
};

static void wrong_rows_are_found(void **state) {
    (void)state;
    assert_reviews(wrong, sizeof wrong / sizeof wrong[0]);
}

/* What is finer than a microsecond is not seen here, so it may have decided the order. */
static void finer_times_may_decide(void **state) {
    (void)state;
    static const struct review_row rows[] = {
        {LISTED(""),
         ROWS("[{'swap': ['/interrupts/1', '/interrupts/2']},"
              " {'set': '/interrupts/1/created_at', 'to': '2025-12-11T09:30:00.000000200Z'},"
              " {'set': '/interrupts/2/created_at', 'to': '2025-12-11T09:30:00.000000100Z'}]"),
         FINDING_NONE, 0, NULL, 0},
        {LISTED(""),
         ROWS("[{'swap': ['/interrupts/1', '/interrupts/2']},"
              " {'set': '/interrupts/1/created_at', 'to': '2025-12-11T09:30:00.000000200Z'},"
              " {'set': '/interrupts/2/created_at', 'to': '2025-12-11T09:30:00.000000200Z'}]"),
         FINDING_LIST, ANY_SLOT, "and that is not newest first", 0},
    };
    assert_reviews(rows, sizeof rows / sizeof rows[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_rows_are_no_finding),
        cmocka_unit_test(wrong_rows_are_found),
        cmocka_unit_test(finer_times_may_decide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
