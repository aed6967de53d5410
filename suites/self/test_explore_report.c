#include "harness/commands/explore_report.h"
#include "suites/self/support_rival.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A report that is written into memory. */
struct sheet {
    struct explore_report report;
    char *text;
    size_t length_bytes;
};

static void sheet_init(struct sheet *sheet, bool is_terminal) {
    *sheet = (struct sheet){.report = {.is_terminal = is_terminal}};
    sheet->report.out = open_memstream(&sheet->text, &sheet->length_bytes);
    assert_non_null(sheet->report.out);
}

static void sheet_close(struct sheet *sheet) {
    assert_int_equal(fclose(sheet->report.out), 0);
}

static void the_sums_are_printed(void **state) {
    (void)state;
    struct sheet sheet;
    struct arena arena = {.seed = 9};
    const struct explore explore = {.arena = &arena, .next = 25};
    const struct explore_tally tally = {.runs = 15,
                                        .operations = 120,
                                        .overlaps = 33,
                                        .repeated = 2,
                                        .by_clients = {[1] = 5, [8] = 10},
                                        .by_way = {[WAY_IN_TURN] = 5, [WAY_AT_ONCE] = 7, [WAY_BY_TURNS] = 3}};
    uint64_t found[FINDING_CLASSES] = {0};
    sheet_init(&sheet, false);
    explore_report_end(&sheet.report, &tally, &explore, 10, found, 0);
    found[FINDING_EVENT] = 3;
    explore_report_end(&sheet.report, &tally, &explore, 10, found, 1);
    sheet_close(&sheet);
    assert_non_null(strstr(sheet.text,
                           "15 runs (5 in turn, 7 at once, 3 by turns; 2 of those that must agree with "
                           "themselves were played twice)\n120 operations in "));
    assert_non_null(strstr(sheet.text, "33 pairs of calls overlapped on one interrupt\n"
                                       "by clients:  1: 5  8: 10\nseed 9, runs 10 to 24\nfound: nothing\n"));
    assert_non_null(strstr(sheet.text, "found: event (3) disagreement (1)\n"));
    free(sheet.text);
}

static void progress_is_one_line_on_a_terminal_and_lines_in_a_pipe(void **state) {
    (void)state;
    static const struct {
        bool is_terminal;
        const char *text;
    } rows[] = {
        {true, " s: 3 runs, 8 operations, 1 overlaps, 0 found\r\x1b[Kdone\n"},
        {false, " s: 3 runs, 8 operations, 1 overlaps, 0 found\ndone\n"},
    };
    const struct explore_tally tally = {.runs = 3, .operations = 8, .overlaps = 1};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sheet sheet;
        sheet_init(&sheet, rows[i].is_terminal);
        sheet.report.shown_ns = -INT64_C(1000000000000000);
        explore_report_progress(&sheet.report, &tally, 0);
        /* It was just told. */
        sheet.report.shown_ns = INT64_MAX;
        explore_report_progress(&sheet.report, &tally, 0);
        explore_report_line(&sheet.report, "%s", "done");
        sheet_close(&sheet);
        assert_non_null(strstr(sheet.text, rows[i].text));
        assert_ptr_equal(strstr(sheet.text, "runs"), strrchr(sheet.text, '3') + 2);
        free(sheet.text);
    }
}

static void what_a_target_says_is_harmless(void **state) {
    (void)state;
    struct sheet sheet;
    sheet_init(&sheet, false);
    explore_report_line(&sheet.report, "run 1: %s\n  again", "\x1b[2J and \xff");
    sheet_close(&sheet);
    assert_null(strchr(sheet.text, '\x1b'));
    assert_non_null(strstr(sheet.text, "\n  again\n"));
    free(sheet.text);
}

static void a_finding_shows_what_was_done_and_answered(void **state) {
    (void)state;
    struct sheet sheet;
    struct hello hello;
    struct explored run = {.way = WAY_IN_TURN};
    struct hp_problem problem = {0};
    struct target *target = rival_new(RIVAL_LOST_DATA);
    assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
    struct arena arena = {
        .target = target, .hello = &hello, .deadline_ms = 5000, .start_us = TRYOUT_START_US};
    script_short(&run.script,
                 "{'interrupts':[{'kind':'timeout','owner':'bob','ttl_seconds':2},{'ttl_seconds':null}],"
                 "'clients':[{'acts':[{'do':'get','on':1}]},{'endpoint':1,'acts':["
                 "{'do':'cancel','on':0,'reason':true}]}]}");
    if (attempt_make(&arena, &run.script, WAY_IN_TURN, NULL, &run.attempt, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    struct pursuit pursuit = {
        .arena = &arena, .class = FINDING_FIELD, .way = WAY_IN_TURN, .until_ns = INT64_MAX, .tries = 4};
    const struct explore_finding finding = {.run = &run,
                                            .finding = review_find(&run.attempt.review, FINDING_FIELD),
                                            .pursuit = &pursuit,
                                            .name = "n",
                                            .note = "seed 1",
                                            .repeat = "holdpoint replay n.json"};
    assert_non_null(finding.finding);
    assert_int_equal(script_copy(&run.script, &pursuit.script, NULL), HP_OK);
    sheet_init(&sheet, false);
    explore_report_finding(&sheet.report, &finding);
    assert_int_equal(pursuit_measure(&pursuit, 3, 3, NULL), HP_OK);
    explore_report_finding(&sheet.report, &finding);
    sheet_close(&sheet);
    static const char *const wanted[] = {
        "  It did not come back in 0 more plays.\n",
        "  Smaller: 2 clients in turn, 2 acts, after 4 scripts tried; it comes back in 3 of 3 plays.\n",
        "  interrupts  #0 timeout of bob, for 2 s\n              #1 clarification of ann, for ever\n",
        "  client 1    get #1 -> #1 pending\n  client 2    on endpoint 1\n              cancel #0 -> ok\n",
        "  (seed 1)\n",
        "  repeat   holdpoint replay n.json\n",
        "client 2  cancel as bob-",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (!strstr(sheet.text, wanted[i])) {
            fail_msg("%s\nis not in\n%s", wanted[i], sheet.text);
        }
    }
    free(sheet.text);
    pursuit_release(&pursuit);
    explored_release(&run);
    hello_release(&hello);
    target_free(target);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sums_are_printed),
        cmocka_unit_test(progress_is_one_line_on_a_terminal_and_lines_in_a_pipe),
        cmocka_unit_test(what_a_target_says_is_harmless),
        cmocka_unit_test(a_finding_shows_what_was_done_and_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
