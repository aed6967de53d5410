#include "harness/commands/matrix.h"

#include <stdlib.h>

static const char *const fate_names[] = {"killed", "killed by no tied case", "survived", "out of reach",
                                         "broken"};

const char *fate_name(enum fate fate) {
    return fate_names[fate];
}

static void rows_free(struct matrix_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        free(rows[i].marks);
    }
    free(rows);
}

void matrix_release(struct matrix *matrix) {
    rows_free(matrix->bases, matrix->base_count);
    rows_free(matrix->rows, matrix->row_count);
    for (size_t i = 0; i < matrix->complaint_count; i++) {
        free(matrix->complaints[i]);
    }
    free(matrix->complaints);
    free(matrix->kills);
    *matrix = (struct matrix){0};
}
