#include "harness/commands/matrix_judge.h"
#include "reference/base/text.h"
#include "suites/self/support_matrix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

/* The complaints, in order; NULL ends them. */
static void judged(struct matrix_sheet *sheet, const char *const *wanted) {
    assert_true(matrix_judge(&sheet->matrix));
    for (size_t i = 0; i < sheet->matrix.complaint_count || wanted[i]; i++) {
        if (i >= sheet->matrix.complaint_count || !wanted[i] ||
            strcmp(sheet->matrix.complaints[i], wanted[i]) != 0) {
            fail_msg("complaint %zu is \"%s\", wanted \"%s\"", i,
                     i < sheet->matrix.complaint_count ? sheet->matrix.complaints[i] : "none",
                     wanted[i] ? wanted[i] : "none");
        }
    }
}

static void nothing_is_to_be_mended(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    matrix_sheet_init(&sheet);
    matrix_sheet_add(&sheet, "one", "REQ-A-1", "XXX.");
    matrix_sheet_add(&sheet, "two", "REQ-A-2", "..xX");
    judged(&sheet, (const char *const[]){NULL});
    assert_int_equal(sheet.matrix.rows[0].fate, FATE_KILLED);
    assert_int_equal(sheet.matrix.rows[1].tied, 1);
    assert_int_equal(sheet.matrix.rows[1].failing, 2);
    assert_int_equal(sheet.matrix.kills[2], 2);
    assert_false(sheet.matrix.rows[0].catastrophic);
    matrix_sheet_release(&sheet);
}

static void each_fault_of_a_suite_is_told(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    matrix_sheet_init(&sheet);
    matrix_sheet_mark_base(&sheet, "..x.");
    matrix_sheet_add(&sheet, "survivor", "REQ-A-1", "....");
    matrix_sheet_add(&sheet, "untied", "REQ-A-1", "...x");
    matrix_sheet_add(&sheet, "unknown", "REQ-B-1", "X...");
    matrix_sheet_add(&sheet, "unable", "REQ-A-1", "!...");
    judged(&sheet, (const char *const[]){
                       "false alarm: kinds.c fails on memory without a mutant",
                       "the mutant survivor survives: no case notices \"the | guard is missing\"",
                       "the mutant untied is killed only by cases that do not fail at REQ-A-1",
                       "the mutant unknown breaks REQ-B-1, which is no requirement",
                       "the mutant unable survives: no case notices \"the | guard is missing\"",
                       "kinds.b kills nothing: no mutant makes it fail",
                       "REQ-A-2 has cases, but no mutant breaks it",
                       NULL,
                   });
    matrix_sheet_release(&sheet);
}

static void a_target_that_is_down_is_told(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    matrix_sheet_init(&sheet);
    sheet.matrix.all_mutants = false;
    matrix_sheet_mark_base(&sheet, "    ");
    snprintf(sheet.matrix.bases[0].down, MATRIX_DETAIL_SIZE, "it is gone");
    matrix_sheet_add(&sheet, "one", "REQ-A-1", "    ");
    snprintf(sheet.matrix.rows[0].down, MATRIX_DETAIL_SIZE, "it is gone too");
    judged(&sheet, (const char *const[]){
                       "memory without a mutant: it is gone",
                       "the mutant one cannot be played: it is gone too",
                       NULL,
                   });
    assert_int_equal(sheet.matrix.rows[0].fate, FATE_BROKEN);
    matrix_sheet_release(&sheet);
}

/* A target may lack what the cases of a requirement need: then nothing is to be said of its mutants. */
static void what_cannot_be_run_is_no_fault(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    matrix_sheet_init(&sheet);
    matrix_sheet_mark_base(&sheet, "... ");
    matrix_sheet_add(&sheet, "one", "REQ-A-1", "XXX ");
    matrix_sheet_add(&sheet, "two", "REQ-A-2", ".x. ");
    judged(&sheet, (const char *const[]){NULL});
    assert_int_equal(sheet.matrix.rows[1].fate, FATE_UNREACHABLE);
    matrix_sheet_release(&sheet);
}

/* What the cases that were left out would have noticed nobody knows. */
static void a_selection_leaves_survivors_out_of_reach(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    matrix_sheet_init(&sheet);
    matrix_sheet_add(&sheet, "survivor", "REQ-A-1", ".. ");
    matrix_sheet_add(&sheet, "killed", "REQ-A-1", "XX ");
    sheet.matrix.case_count = 2;
    judged(&sheet, (const char *const[]){NULL});
    assert_int_equal(sheet.matrix.rows[0].fate, FATE_UNREACHABLE);
    assert_int_equal(sheet.matrix.rows[1].fate, FATE_KILLED);
    matrix_sheet_release(&sheet);
}

static void a_mutant_is_judged_by_its_chapter(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    matrix_sheet_init(&sheet);
    matrix_sheet_add(&sheet, "one", "REQ-A-1", "   .");
    json_t *users = json_string("users");
    sheet.mutants[0].chapter = users;
    sheet.matrix.all_mutants = false;
    judged(&sheet, (const char *const[]){NULL});
    assert_int_equal(sheet.matrix.rows[0].fate, FATE_UNREACHABLE);
    matrix_sheet_release(&sheet);
    json_decref(users);
}

static void a_case_may_say_why_it_kills_nothing(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    matrix_sheet_init(&sheet);
    sheet.cases[0].kills_nothing = sheet.cases[1].kills_nothing = "there is a reason for this";
    matrix_sheet_add(&sheet, "one", "REQ-A-1", ".XX.");
    matrix_sheet_add(&sheet, "two", "REQ-A-2", "...X");
    judged(&sheet, (const char *const[]){
                       "kinds.b says that it kills nothing, but kills 1 mutants: take kills_nothing out",
                       NULL,
                   });
    matrix_sheet_release(&sheet);
}

/* More than a tenth of many cases: such a mutant dies, but its death says nothing of any one case. */
static void a_catastrophe_counts_for_no_case(void **state) {
    (void)state;
    enum { CASES = 120 };
    struct matrix_sheet sheet;
    const struct test_case *cases[CASES];
    matrix_sheet_init(&sheet);
    matrix_sheet_add(&sheet, "twelve", "REQ-A-1", "X...");
    matrix_sheet_add(&sheet, "thirteen", "REQ-A-1", ".X..");
    for (size_t i = 0; i < CASES; i++) {
        cases[i] = &sheet.cases[0];
    }
    struct matrix_row *rows[] = {&sheet.matrix.bases[0], &sheet.matrix.rows[0], &sheet.matrix.rows[1]};
    for (size_t at = 0; at < 3; at++) {
        rows[at]->marks = realloc(rows[at]->marks, CASES);
        memset(rows[at]->marks, at == 0 ? MARK_PASSED : MARK_NONE, CASES);
        memset(rows[at]->marks, at == 0 ? MARK_PASSED : MARK_TIED, at == 0 ? CASES : 11 + at);
    }
    sheet.matrix.cases = cases;
    sheet.matrix.case_count = CASES;
    sheet.matrix.all_mutants = false;
    judged(&sheet, (const char *const[]){NULL});
    assert_false(sheet.matrix.rows[0].catastrophic);
    assert_true(sheet.matrix.rows[1].catastrophic);
    assert_int_equal(sheet.matrix.rows[1].fate, FATE_KILLED);
    assert_int_equal(sheet.matrix.kills[0], 1);
    assert_int_equal(sheet.matrix.kills[12], 0);
    matrix_sheet_release(&sheet);
}

static void fates_have_names(void **state) {
    (void)state;
    assert_string_equal(fate_name(FATE_KILLED), "killed");
    assert_string_equal(fate_name(FATE_UNREACHABLE), "out of reach");
    assert_string_equal(fate_name(FATE_BROKEN), "broken");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_to_be_mended),
        cmocka_unit_test(each_fault_of_a_suite_is_told),
        cmocka_unit_test(a_target_that_is_down_is_told),
        cmocka_unit_test(what_cannot_be_run_is_no_fault),
        cmocka_unit_test(a_selection_leaves_survivors_out_of_reach),
        cmocka_unit_test(a_mutant_is_judged_by_its_chapter),
        cmocka_unit_test(a_case_may_say_why_it_kills_nothing),
        cmocka_unit_test(a_catastrophe_counts_for_no_case),
        cmocka_unit_test(fates_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
