#include "harness/doctor/checkup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state) {
    static struct checkup checkup;
    checkup = (struct checkup){0};
    checkup_add(&checkup, "one", "does one thing");
    checkup_add(&checkup, "other", "does another");
    *state = &checkup;
    return checkup.failed ? -1 : 0;
}

static int tear_down(void **state) {
    checkup_release(*state);
    return 0;
}

static void a_row_begins_untried(void **state) {
    struct checkup *checkup = *state;
    const struct check_row *row = checkup_row(checkup, "one");
    assert_int_equal(row->state, CHECK_NOT_TRIED);
    assert_string_equal(row->title, "does one thing");
    assert_null(row->note);
    assert_int_equal(checkup_count(checkup, CHECK_NOT_TRIED), 2);
    assert_null(checkup_row(checkup, "none"));
}

static void the_first_fault_stays(void **state) {
    struct checkup *checkup = *state;
    checkup_pass(checkup, "one", "after %d ms", 7);
    assert_string_equal(checkup_row(checkup, "one")->note, "after 7 ms");
    checkup_fail(checkup, "one", "quiet", "hush", "It made %d noises.", 3);
    checkup_fail(checkup, "one", "x", "y", "z");
    checkup_pass(checkup, "one", NULL);
    checkup_skip(checkup, "one", "never");
    const struct check_row *row = checkup_row(checkup, "one");
    assert_int_equal(row->state, CHECK_FAILS);
    assert_null(row->note);
    assert_string_equal(row->did, "It made 3 noises.");
    assert_string_equal(row->expected, "quiet");
    assert_string_equal(row->mend, "hush");
    assert_int_equal(checkup_count(checkup, CHECK_FAILS), 1);
}

static void the_first_reason_stays_until_it_is_tried(void **state) {
    struct checkup *checkup = *state;
    checkup_skip(checkup, "one", "no %s", "hello");
    checkup_skip(checkup, "one", "another reason");
    assert_string_equal(checkup_row(checkup, "one")->note, "no hello");
    checkup_pass(checkup, "one", NULL);
    assert_int_equal(checkup_row(checkup, "one")->state, CHECK_OK);
    assert_null(checkup_row(checkup, "one")->note);
    checkup_skip(checkup, "one", "too late");
    assert_int_equal(checkup_row(checkup, "one")->state, CHECK_OK);
}

static void a_check_that_is_not_there_is_passed_over(void **state) {
    struct checkup *checkup = *state;
    checkup_pass(checkup, "none", NULL);
    checkup_skip(checkup, "none", "x");
    checkup_fail(checkup, "none", "x", "y", "z");
    assert_int_equal(checkup_count(checkup, CHECK_NOT_TRIED), 2);
    assert_false(checkup->failed);
}

static void each_state_has_its_name(void **state) {
    (void)state;
    assert_string_equal(check_state_name(CHECK_NOT_TRIED), "not tried");
    assert_string_equal(check_state_name(CHECK_OK), "ok");
    assert_string_equal(check_state_name(CHECK_FAILS), "fails");
}

/* What was not tried since the time was up is no health; a fault stays one. */
static void it_comes_to_an_end(void **state) {
    struct checkup *checkup = *state;
    checkup_pass(checkup, "one", NULL);
    assert_string_equal(checkup_end_name(checkup_conclude(checkup)), "healthy");
    checkup->hurried = true;
    assert_string_equal(checkup_end_name(checkup_conclude(checkup)), "undecided");
    checkup_fail(checkup, "other", "x", "y", "z");
    assert_string_equal(checkup_end_name(checkup_conclude(checkup)), "faulty");
}

int main(void) {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(a_row_begins_untried),
        ROW(the_first_fault_stays),
        ROW(the_first_reason_stays_until_it_is_tried),
        ROW(a_check_that_is_not_there_is_passed_over),
        ROW(it_comes_to_an_end),
        ROW(each_state_has_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
