#include "harness/report/timeline_page.h"

#include "harness/lab/interval.h"
#include "suites/self/support_history.h"
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *draw(const char *operations, const char *title, const char *note, const char *repeat) {
    struct history history;
    struct judgement judgement;
    struct text text = {0};
    history_short(&history, operations);
    interval_check(&history, 0, 0, &judgement);
    assert_true(timeline_page_add(&text, &(struct timeline_page){.title = title,
                                                                 .sentence = judgement.reason,
                                                                 .note = note,
                                                                 .repeat = repeat,
                                                                 .history = &history,
                                                                 .judgement = &judgement}));
    history_release(&history);
    return text_take(&text);
}

static size_t count(const char *text, const char *part) {
    size_t times = 0;
    while ((text = strstr(text, part))) {
        text += strlen(part);
        times++;
    }
    return times;
}

#define TWO_WINNERS                                                                                          \
    "1 create/ann/- ok 100 120; 2 respond/ann ok 130 147; 3 respond/ann ok 140 194; 4 get resolved:3 200 "   \
    "210; "                                                                                                  \
    "5 cancel unknown 205 -"

static void has_the_golden_form(void **state) {
    (void)state;
    char *page =
        draw(TWO_WINNERS, "concurrency.respond-respond.two", "round 3 of seed 1", "holdpoint run --seed 1");
    golden_compare("timeline", "html", page);
    free(page);
}

static void each_operation_is_a_row_and_the_guilty_are_marked(void **state) {
    (void)state;
    char *page = draw(TWO_WINNERS, "t", NULL, NULL);
    assert_int_equal(count(page, "<div class=\"bar"), 5);
    assert_int_equal(count(page, "<li class=\"bad\">"), 2);
    assert_int_equal(count(page, "class=\"bar lost\""), 1);
    assert_non_null(strstr(page, "5 operations."));
    assert_null(strstr(page, "<footer>"));
    free(page);
}

/* A bar stands where its times are, on a scale from the first call to the last answer. */
static void bars_are_to_scale(void **state) {
    (void)state;
    char *page = draw("1 respond ok 0 50; 2 get resolved:1 25 100", "t", NULL, NULL);
    assert_non_null(strstr(page, "left:0.00%;width:50.00%"));
    assert_non_null(strstr(page, "left:25.00%;width:75.00%"));
    free(page);
}

static void is_well_formed_and_fetches_nothing(void **state) {
    (void)state;
    int exit_code = -1;
    char *page = draw(TWO_WINNERS, "<b>&\"'</title>", "a\x01\xff", "sh -c '</code>'");
    assert_null(strstr(page, "<b>"));
    assert_null(strstr(page, "http"));
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "url("));
    assert_int_equal(count(page, "</title>"), 1);
    char *said = command_feed("xmllint --html --noout - 2>&1 | grep -v 'Tag .* invalid' | grep error; true",
                              page, &exit_code);
    assert_string_equal(said, "");
    free(said);
    free(page);
}

static void memory_that_ends_is_told(void **state) {
    (void)state;
    struct history history;
    struct judgement judgement;
    struct text text;
    history_short(&history, "1 respond ok 0 50");
    interval_check(&history, 0, 0, &judgement);
    text_init(&text, 1000);
    assert_false(timeline_page_add(
        &text, &(struct timeline_page){
                   .title = "t", .sentence = "s", .history = &history, .judgement = &judgement}));
    text_release(&text);
    history_release(&history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_golden_form),
        cmocka_unit_test(each_operation_is_a_row_and_the_guilty_are_marked),
        cmocka_unit_test(bars_are_to_scale),
        cmocka_unit_test(is_well_formed_and_fetches_nothing),
        cmocka_unit_test(memory_that_ends_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
