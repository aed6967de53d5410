#include "harness/case/baseline.h"
#include "suites/self/support_baseline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const targets[] = {"memory", "stdio:python3 service_a.py", "null:echo"};

/* What is said of one entry whose target is that; the texts about the file begin with its path. */
static void each_target_is_known_misnamed_or_elsewhere(void **state) {
    (void)state;
    static const struct {
        const char *entry;
        const char *misnamed, *note;
    } rows[] = {
        {KNOWN("a", ""), NULL, NULL},
        {KNOWN("a", ",\"target\":\"memory\""), NULL, NULL},
        {KNOWN("a", ",\"target\":\"null:echo\""), NULL, NULL},
        {KNOWN("a", ",\"target\":\"memroy\""),
         "baseline.json:2: no target of this run is \"memroy\"; did you mean \"memory\"?", NULL},
        {KNOWN("a", ",\"target\":\"stdio:python3 service_b.py\""),
         "baseline.json:2: no target of this run is \"stdio:python3 service_b.py\"; did you mean "
         "\"stdio:python3 service_a.py\"?",
         NULL},
        {KNOWN("a", ",\"target\":\"memo\""), "did you mean \"memory\"?", NULL},
        {KNOWN("a", ",\"target\":\"Memo\""), "there is no target \"Memo\"", NULL},
        {KNOWN("a", ",\"target\":\"null:nothing\""), "baseline.json:2: there is no null \"nothing\"", NULL},
        {KNOWN("a", ",\"target\":\"my service\""), "baseline.json:2: there is no target \"my service\"",
         NULL},
        {KNOWN("a", ",\"target\":\"null:constant\""), NULL,
         "baseline.json: 1 entry is for null:constant, which is not part of this run"},
        {KNOWN("a", ",\"target\":\"stdio:./x\"") "," KNOWN("b", ",\"target\":\"stdio:./x\""), NULL,
         "baseline.json: 2 entries are for stdio:./x, which is not part of this run"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct shelf shelf;
        struct baseline_strangers strangers = {0};
        shelf_init(&shelf, rows[i].entry);
        assert_int_equal(baseline_find_strangers(shelf.baseline, targets, 3, &strangers), HP_OK);
        assert_int_equal(strangers.misnamed.count, rows[i].misnamed != NULL);
        assert_int_equal(strangers.notes.count, rows[i].note != NULL);
        if (rows[i].misnamed && !strstr(strangers.misnamed.texts[0], rows[i].misnamed)) {
            fail_msg("row %zu: %s", i, strangers.misnamed.texts[0]);
        }
        if (rows[i].note && !strstr(strangers.notes.texts[0], rows[i].note)) {
            fail_msg("row %zu: %s", i, strangers.notes.texts[0]);
        }
        baseline_strangers_release(&strangers);
        shelf_release(&shelf);
    }
}

/* Another port or version of a service is another target, after whatever names it is looked at. */
static void digits_make_another_target(void **state) {
    (void)state;
    static const char *const known[] = {"stdio:./service --port 8080 --and-much-more",
                                        "stdio:./service --port 8080"};
    static const char *const entries[] = {KNOWN("a", ",\"target\":\"stdio:./service --port 8081\""),
                                          KNOWN("a", ",\"target\":\"stdio:./service --port 8090\"")};
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        struct shelf shelf;
        struct baseline_strangers strangers = {0};
        shelf_init(&shelf, entries[i]);
        assert_int_equal(baseline_find_strangers(shelf.baseline, known, 2, &strangers), HP_OK);
        assert_int_equal(strangers.misnamed.count, 0);
        assert_int_equal(strangers.notes.count, 1);
        baseline_strangers_release(&strangers);
        shelf_release(&shelf);
    }
}

/* Each target is noted once, in the order of the entries, with how many are for it. */
static void several_strangers_are_told_apart(void **state) {
    (void)state;
    struct shelf shelf;
    struct baseline_strangers strangers = {0};
    shelf_init(&shelf, KNOWN("a", "") "," KNOWN("b", ",\"target\":\"stdio:./long-y\"") "," KNOWN(
                           "c", ",\"target\":\"stdio:./x\"") "," KNOWN("d", ",\"target\":\"stdio:./x\""));
    assert_int_equal(baseline_find_strangers(shelf.baseline, targets, 3, &strangers), HP_OK);
    assert_int_equal(strangers.misnamed.count, 0);
    assert_int_equal(strangers.notes.count, 2);
    assert_non_null(strstr(strangers.notes.texts[0], "1 entry is for stdio:./long-y,"));
    assert_non_null(strstr(strangers.notes.texts[1], "2 entries are for stdio:./x,"));
    baseline_strangers_release(&strangers);
    shelf_release(&shelf);
}

/* Names longer than any that are compared. */
static void a_long_name_is_compared_by_its_beginning(void **state) {
    (void)state;
    char entry[600], name[401] = "stdio:";
    memset(name + 6, 'x', sizeof name - 7);
    snprintf(entry, sizeof entry, KNOWN("a", ",\"target\":\"%s\""), name);
    struct shelf shelf;
    struct baseline_strangers strangers = {0};
    shelf_init(&shelf, entry);
    assert_int_equal(baseline_find_strangers(shelf.baseline, targets, 3, &strangers), HP_OK);
    assert_int_equal(strangers.notes.count, 1);
    baseline_strangers_release(&strangers);
    shelf_release(&shelf);
}

static void without_a_baseline_there_are_none(void **state) {
    (void)state;
    struct baseline_strangers strangers = {0};
    assert_int_equal(baseline_find_strangers(NULL, targets, 3, &strangers), HP_OK);
    assert_int_equal(strangers.misnamed.count + strangers.notes.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_target_is_known_misnamed_or_elsewhere),
        cmocka_unit_test(digits_make_another_target),
        cmocka_unit_test(several_strangers_are_told_apart),
        cmocka_unit_test(a_long_name_is_compared_by_its_beginning),
        cmocka_unit_test(without_a_baseline_there_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
