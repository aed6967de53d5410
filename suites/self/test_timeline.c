#include "harness/lab/interval.h"
#include "harness/lab/timeline.h"
#include "suites/self/support_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void draw(const char *operations, struct text *text) {
    struct history history;
    struct judgement judgement;
    history_short(&history, operations);
    interval_check(&history, 0, 0, &judgement);
    assert_true(timeline_add(text, &history, 0, &judgement, "  "));
    history_release(&history);
}

static void operations_are_bars(void **state) {
    (void)state;
    struct text text = {0};
    draw("1 create/ann/- ok 100 120; 2 respond/ann ok 120 147; 3 get pending 148 194; 4 cancel unknown 150 "
         "-; 5 get "
         "resolved:2 170 170",
         &text);
    assert_string_equal(
        text.bytes, "                                    +0 ns                                     +94 ns\n"
                    "    client 1  create for ann -> ok  [=========]\n"
                    "  * client 2  respond as ann -> ok            [============]\n"
                    "  * client 3  get -> pending                               [=======================]\n"
                    "    client 4  cancel -> unknown                              [=====================>\n"
                    "    client 5  get -> resolved:2                                        |\n");
    text_release(&text);
}

static void one_operation_in_words(void **state) {
    (void)state;
    struct history history;
    struct text text = {0};
    history_short(&history, "1 respond/ann unknown 100 -; 2 get resolved:1 150 75926");
    timeline_add_operation(&text, &history, &history.operations[0], 100);
    text_add(&text, "\n");
    timeline_add_operation(&text, &history, &history.operations[1], 100);
    assert_string_equal(text.bytes, "client 1  respond as ann -> unknown  +0 ns .. no answer\n"
                                    "client 2  get -> resolved:1  +50 ns .. +75.826 us");
    text_release(&text);
    history_release(&history);
}

/* What was long before and comes long after leaves room for what matters. */
static void what_contradicts_each_other_has_the_room(void **state) {
    (void)state;
    struct text text = {0};
    draw("1 get pending 0 1; 5 get pending 2 5030; 2 respond ok 5000 5040; 3 respond ok 5020 5048; 4 get "
         "resolved:3 9000 9999",
         &text);
    assert_string_equal(
        text.bytes, "                                 +4952 ns                                +5096 ns\n"
                    "    client 1  get -> pending     <\n"
                    "    client 5  get -> pending     <========================]\n"
                    "  * client 2  respond -> ok                     [============]\n"
                    "  * client 3  respond -> ok                            [========]\n"
                    "    client 4  get -> resolved:3                                                 |\n");
    text_release(&text);
}

/* Of a long history, what is around the operations that matter. */
static void a_long_history_is_cut(void **state) {
    (void)state;
    struct text operations = {0};
    struct text text = {0};
    text_add(&operations, "0 respond ok 0 1");
    for (int i = 1; i < 200; i++) {
        text_addf(&operations, "; %d get %s %d %d", i, i == 150 ? "pending" : "resolved:0", 10 * i,
                  10 * i + 5);
    }
    draw(operations.bytes, &text);
    assert_non_null(strstr(text.bytes, "  * client 0  respond -> ok"));
    assert_non_null(strstr(text.bytes, "  * client 150  get -> pending"));
    assert_non_null(strstr(text.bytes, "    client 9  get"));
    assert_null(strstr(text.bytes, "client 10  get"));
    assert_non_null(strstr(text.bytes, "    client 141  get"));
    assert_null(strstr(text.bytes, "client 140  get"));
    assert_non_null(strstr(text.bytes, "(171 of 200 operations are not shown)"));
    text_release(&text);
    text_release(&operations);
}

static void without_a_culprit_the_begin_is_shown(void **state) {
    (void)state;
    struct text operations = {0};
    struct text text = {0};
    text_add(&operations, "0 get pending 0 1");
    for (int i = 1; i <= TIMELINE_ROWS_MAX; i++) {
        text_addf(&operations, "; %d get pending %d %d", i, 10 * i, 10 * i + 5);
    }
    draw(operations.bytes, &text);
    assert_non_null(strstr(text.bytes, "client 39  get"));
    assert_null(strstr(text.bytes, "client 40  get"));
    assert_non_null(strstr(text.bytes, "(1 of 41 operations are not shown)"));
    text_release(&text);
    text_release(&operations);
}

static void names_may_be_long(void **state) {
    (void)state;
    struct history history;
    struct judgement judgement;
    struct text text = {0};
    char line[512];
    history_short(&history, "1 create/ann/- ok 100 120");
    history_release(&history);
    snprintf(
        line, sizeof line,
        "{\"client\":\"%0*d\",\"key\":1,\"op\":\"get\",\"args\":{},\"result\":\"pending\",\"invoke_ns\":1,"
        "\"return_ns\":2}",
        200, 0);
    assert_int_equal(history_read_line(&history, "h", 1, line, strlen(line), NULL), HP_OK);
    assert_int_equal(history_group(&history, NULL), HP_OK);
    judgement_clear(&judgement);
    assert_true(timeline_add(&text, &history, 0, &judgement, ""));
    assert_non_null(strstr(text.bytes, "get -> pending  [==="));
    text_release(&text);
    history_release(&history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_are_bars),
        cmocka_unit_test(one_operation_in_words),
        cmocka_unit_test(what_contradicts_each_other_has_the_room),
        cmocka_unit_test(a_long_history_is_cut),
        cmocka_unit_test(without_a_culprit_the_begin_is_shown),
        cmocka_unit_test(names_may_be_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
