/* Matrices that tests make up. */
#ifndef HOLDPOINT_SELF_SUPPORT_MATRIX_H
#define HOLDPOINT_SELF_SUPPORT_MATRIX_H

#include "harness/commands/matrix.h"

enum { SHEET_MUTANTS_MAX = 4 };

/* Four cases of two chapters, kinds.a to kinds.c and users.d, whose steps name REQ-A-1, and REQ-A-2 in users.d;
 * and mutants. */
struct matrix_sheet {
    struct requirement requirements[3];
    struct step steps[2];
    struct test_case cases[4];
    const struct test_case *selected[4];
    struct suite suite;
    struct mutant mutants[SHEET_MUTANTS_MAX];
    struct matrix matrix;
};

/* A matrix of one base, "memory", that passes every case, and no mutant yet. It borrows from the sheet. */
void matrix_sheet_init(struct matrix_sheet *sheet);

/* Adds a mutant of that requirement; marks has one letter for each case: "." passed, "x" failed, "X" tied, "!"
 * broken, " " not run. */
void matrix_sheet_add(struct matrix_sheet *sheet, const char *id, const char *requirement, const char *marks);

/* The same marks for the base. */
void matrix_sheet_mark_base(struct matrix_sheet *sheet, const char *marks);

void matrix_sheet_release(struct matrix_sheet *sheet);

#endif
