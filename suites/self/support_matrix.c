#include "suites/self/support_matrix.h"

#include "harness/case/load_parts.h"
#include "reference/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const ids[] = {"kinds.a", "kinds.b", "kinds.c", "users.d"};

static void put_marks(unsigned char *marks, const char *letters) {
    static const char known[] = " .xX!";
    for (size_t i = 0; letters[i]; i++) {
        marks[i] = (unsigned char)(strchr(known, letters[i]) - known);
    }
}

static void init_suite(struct matrix_sheet *sheet) {
    static const char *const names[] = {"REQ-A-1", "REQ-A-2", "REQ-A-3"};
    for (size_t i = 0; i < 3; i++) {
        sheet->requirements[i] = (struct requirement){.id = names[i], .sentence = "it must"};
    }
    for (size_t i = 0; i < 2; i++) {
        sheet->steps[i] = (struct step){.requirements = {&sheet->requirements[i]}, .requirement_count = 1};
    }
    for (size_t i = 0; i < 4; i++) {
        sheet->cases[i] = (struct test_case){.id = text_copy(ids[i]),
                                             .template_id = ids[i],
                                             .chapter = i < 3 ? "kinds" : "users",
                                             .steps = &sheet->steps[i / 3],
                                             .step_count = 1};
        sheet->selected[i] = &sheet->cases[i];
    }
    struct suite_store *store = calloc(1, sizeof *store);
    store->requirements_by_id = calloc(3, sizeof(struct requirement *));
    for (size_t i = 0; i < 3; i++) {
        store->requirements_by_id[i] = &sheet->requirements[i];
    }
    sheet->suite = (struct suite){.digest = "abc",
                                  .requirements = sheet->requirements,
                                  .requirement_count = 3,
                                  .cases = sheet->cases,
                                  .case_count = 4,
                                  .store = store};
}

void matrix_sheet_init(struct matrix_sheet *sheet) {
    *sheet = (struct matrix_sheet){.matrix = {.case_count = 4, .base_count = 1, .all_mutants = true}};
    init_suite(sheet);
    struct matrix *matrix = &sheet->matrix;
    matrix->suite = &sheet->suite;
    matrix->cases = sheet->selected;
    matrix->bases = calloc(1, sizeof *matrix->bases);
    matrix->rows = calloc(SHEET_MUTANTS_MAX, sizeof *matrix->rows);
    matrix->bases[0] = (struct matrix_row){.base = "memory", .marks = calloc(5, 1)};
    put_marks(matrix->bases[0].marks, "....");
}

void matrix_sheet_add(struct matrix_sheet *sheet, const char *id, const char *requirement,
                      const char *marks) {
    struct matrix *matrix = &sheet->matrix;
    struct mutant *mutant = &sheet->mutants[matrix->row_count];
    *mutant = (struct mutant){.id = text_copy(id),
                              .requirement = requirement,
                              .sentence = "the | guard is missing",
                              .suffers = "everybody",
                              .findings = json_pack("[s]", "F4")};
    struct matrix_row *row = &matrix->rows[matrix->row_count++];
    *row = (struct matrix_row){.mutant = mutant, .base = "memory", .marks = calloc(5, 1)};
    put_marks(row->marks, marks);
}

void matrix_sheet_mark_base(struct matrix_sheet *sheet, const char *marks) {
    put_marks(sheet->matrix.bases[0].marks, marks);
}

void matrix_sheet_release(struct matrix_sheet *sheet) {
    for (size_t i = 0; i < SHEET_MUTANTS_MAX; i++) {
        free(sheet->mutants[i].id);
        json_decref((json_t *)sheet->mutants[i].findings);
    }
    matrix_release(&sheet->matrix);
    for (size_t i = 0; i < 4; i++) {
        free(sheet->cases[i].id);
    }
    free(sheet->suite.store->requirements_by_id);
    free(sheet->suite.store);
}
