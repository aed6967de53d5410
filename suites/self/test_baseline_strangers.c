#include "harness/case/baseline.h"
#include "suites/self/support_baseline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
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
         "did you mean \"stdio:python3 service_a.py\"?", NULL},
        {KNOWN("a", ",\"target\":\"null:nothing\""), "there is no null \"nothing\"", NULL},
        {KNOWN("a", ",\"target\":\"my service\""), "there is no target \"my service\"", NULL},
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

/* Another port or version of a service is another target. */
static void digits_make_another_target(void **state) {
    (void)state;
    static const char *const one[] = {"stdio:./service --port 8080"};
    struct shelf shelf;
    struct baseline_strangers strangers = {0};
    shelf_init(&shelf, KNOWN("a", ",\"target\":\"stdio:./service --port 8081\""));
    assert_int_equal(baseline_find_strangers(shelf.baseline, one, 1, &strangers), HP_OK);
    assert_int_equal(strangers.misnamed.count, 0);
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
        cmocka_unit_test(without_a_baseline_there_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
