#include "harness/case/select.h"
#include "suites/self/support_play.h"
#include "suites/self/support_suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The sample has kinds.each.one and kinds.each.two (MUST, with REQ-KIND-1; the first with REQ-KIND-2 too) and
 * users.other (SHOULD, with both). */
static void a_pattern_takes_cases(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        const char *taken; /* 'x' for each case */
    } rows[] = {
        {"kinds", "xx."},
        {"kinds.", "xx."},
        {"kinds.each", "xx."},
        {"kinds.each.one", "x.."},
        {"kinds.each.one.", "x.."},
        {"kinds.each.on", "..."},
        {"kind", "..."},
        {".", "..."},
        {"", "..."},
        {"*", "xxx"},
        {"*.one", "x.."},
        {"kinds.*.t*", ".x."},
        {"*e*h*", "xxx"},
        {"*o*o*", "..."},
        {"kinds*.each.one", "x.."},
        {"*kinds.each.one", "x.."},
        {"k?nds.each.???", "xx."},
        {"kinds.each.????", "..."},
        {"users.other*", "..x"},
        {"users.other?", "..."},
        {"*each", "..."},
        {"*?ne", "x.."},
        {"REQ-KIND-1", "xxx"},
        {"REQ-KIND-2", "x.x"},
        {"REQ-KIND-*", "xxx"},
        {"REQ-*-2", "x.x"},
        {"REQ-KIND-?", "xxx"},
        {"REQ-KIND", "..."},
        {"REQ-NEW-1", "..."},
        {"REQ-", "..."},
    };
    const struct suite *suite = suite_sample();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t j = 0; j < 3; j++) {
            if (select_matches(&suite->cases[j], rows[i].pattern) != (rows[i].taken[j] == 'x')) {
                fail_msg("%s against %s", rows[i].pattern, suite->cases[j].id);
            }
        }
    }
}

static void patterns_and_levels_add_up(void **state) {
    (void)state;
    static const struct {
        const char *patterns[3];
        size_t count;
        const char *level, *taken;
    } rows[] = {
        {{NULL}, 0, NULL, "xxx"},
        {{NULL}, 0, "MUST", "xx."},
        {{NULL}, 0, "SHOULD", "..x"},
        {{"kinds.each.two", "users"}, 2, NULL, ".xx"},
        {{"kinds.each.two", "users"}, 2, "MUST", ".x."},
        {{"!kinds.each.two"}, 1, NULL, "x.x"},
        {{"kinds", "!*.two"}, 2, NULL, "x.."},
        {{"!*.two", "kinds"}, 2, NULL, "x.."},
        {{"!REQ-KIND-2"}, 1, NULL, ".x."},
        {{"kinds.each.one", "kinds"}, 2, NULL, "xx."},
    };
    const struct suite *suite = suite_sample();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct selection selection = {rows[i].patterns, rows[i].count, rows[i].level};
        const struct test_case **cases = NULL;
        size_t count = 0, at = 0;
        assert_int_equal(select_cases(suite, &selection, &cases, &count, NULL), HP_OK);
        for (size_t j = 0; j < 3; j++) {
            if (rows[i].taken[j] == 'x') {
                assert_true(at < count);
                assert_ptr_equal(cases[at++], &suite->cases[j]);
            }
        }
        assert_int_equal(at, count);
        free(cases);
    }
}

static void what_takes_nothing_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *patterns[2];
        size_t count;
        const char *level, *detail;
    } rows[] = {
        {{"kinds.each.on"},
         1,
         NULL,
         "no case matches the filter \"kinds.each.on\"; the nearest are kinds.each.one"},
        {{"kinds", "user"}, 2, NULL, "no case matches the filter \"user\""},
        {{"!kinds.each.tow"},
         1,
         NULL,
         "no case matches the filter \"!kinds.each.tow\"; the nearest are kinds.each.two"},
        {{"!"}, 1, NULL, "no case matches the filter \"!\"; "},
        {{"kinds.each.ome*x"}, 1, NULL, "; the nearest are kinds.each.one"},
        {{"kinds.each.on?*and much more"}, 1, NULL, "; the nearest are kinds.each.one"},
        {{"kinds.each.owo"}, 1, NULL, "; the nearest are kinds.each.two, kinds.each.one"},
        {{"zzzzzzzzzzzzzzzz"}, 1, NULL, "; the chapters are kinds (2), users (1)"},
        {{NULL}, 0, "must", "no level \"must\": it is MUST or SHOULD"},
        {{"users"},
         1,
         "MUST",
         "nothing is left to run: the filters exclude every case, or none has the level MUST"},
        {{"!*"}, 1, NULL, "none has the level asked for"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct selection selection = {rows[i].patterns, rows[i].count, rows[i].level};
        const struct test_case *stale = NULL, **cases = &stale;
        struct hp_problem problem = {0};
        size_t count = 7;
        assert_int_equal(select_cases(suite_sample(), &selection, &cases, &count, &problem), HP_INVALID);
        if (!strstr(problem.detail, rows[i].detail)) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
        assert_null(cases);
        assert_int_equal(count, 0);
    }
}

static void a_requirement_that_takes_nothing_is_unknown_or_unproved(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *detail;
    } rows[] = {
        {"REQ-A-2",
         "no case matches the filter \"REQ-A-2\": the requirement is known, but no case proves it"},
        {"REQ-A-9", "no case matches the filter \"REQ-A-9\"; the nearest are REQ-A-1"},
        {"REQ-A-33", "no case matches the filter \"REQ-A-33\"; the nearest are REQ-A-3"},
        {"REQ-A-9*", "no case matches the filter \"REQ-A-9*\"; the nearest are REQ-A-1"},
    };
    struct play play;
    play_init(&play, PLAY_STEPS(PLAY_DESCRIBE), "[]", NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct selection selection = {&rows[i].pattern, 1, NULL};
        const struct test_case **cases = NULL;
        struct hp_problem problem = {0};
        size_t count = 0;
        assert_int_equal(select_cases(play.suite, &selection, &cases, &count, &problem), HP_INVALID);
        if (!strstr(problem.detail, rows[i].detail)) {
            fail_msg("%s", problem.detail);
        }
    }
    play_release(&play);
}

static void chapters_are_counted(void **state) {
    (void)state;
    struct test_case cases[] = {
        {.chapter = "kinds"}, {.chapter = "users"}, {.chapter = "users"}, {.chapter = "drift"}};
    const struct suite suite = {.cases = cases, .case_count = 4};
    struct text text = {0};
    select_add_chapters(&text, &suite);
    assert_string_equal(text.bytes, "kinds (1), users (2), drift (1)");
    text_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_takes_cases),
        cmocka_unit_test(patterns_and_levels_add_up),
        cmocka_unit_test(what_takes_nothing_is_refused),
        cmocka_unit_test(chapters_are_counted),
        cmocka_unit_test(a_requirement_that_takes_nothing_is_unknown_or_unproved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
