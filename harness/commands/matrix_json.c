#include "harness/commands/matrix_text.h"

#include "harness/report/json_line.h"

enum { MATRIX_FORMAT = 1 };

static void add_cases(struct text *out, const struct matrix *matrix, const struct matrix_row *row,
                      const char *name, unsigned char mark) {
    json_line_open(out, name, '[');
    for (size_t i = 0; i < matrix->case_count; i++) {
        if (row->marks[i] == mark) {
            json_line_text(out, NULL, matrix->cases[i]->id);
        }
    }
    json_line_close(out, ']');
}

static void add_mutant(struct text *out, const struct matrix *matrix, const struct matrix_row *row) {
    const struct mutant *mutant = row->mutant;
    json_line_open(out, NULL, '{');
    json_line_text(out, "id", mutant->id);
    json_line_text(out, "where", mutant_where_name(mutant->where));
    json_line_text(out, "requirement", mutant->requirement);
    json_line_open(out, "findings", '[');
    for (size_t i = 0; i < json_array_size(mutant->findings); i++) {
        json_line_text(out, NULL, json_string_value(json_array_get(mutant->findings, i)));
    }
    json_line_close(out, ']');
    json_line_text(out, "sentence", mutant->sentence);
    json_line_text(out, "suffers", mutant->suffers);
    json_line_text(out, "fate", fate_name(row->fate));
    json_line_unsigned(out, "failing", row->failing);
    json_line_unsigned(out, "counts", row->catastrophic ? 0 : 1);
    add_cases(out, matrix, row, "tied", MARK_TIED);
    add_cases(out, matrix, row, "untied", MARK_FAILED);
    add_cases(out, matrix, row, "broken", MARK_BROKEN);
    json_line_close(out, '}');
}

static void add_case(struct text *out, const struct matrix *matrix, size_t at) {
    json_line_open(out, NULL, '{');
    json_line_text(out, "id", matrix->cases[at]->id);
    json_line_unsigned(out, "kills", matrix->kills[at]);
    json_line_text(out, "kills_nothing", matrix->cases[at]->kills_nothing);
    json_line_close(out, '}');
}

void matrix_add_json(struct text *out, const struct matrix *matrix) {
    json_line_open(out, NULL, '{');
    json_line_number(out, "format", MATRIX_FORMAT);
    json_line_text(out, "suite_digest", matrix->suite->digest);
    json_line_open(out, "targets", '[');
    for (size_t i = 0; i < matrix->base_count; i++) {
        json_line_text(out, NULL, matrix->bases[i].base);
    }
    json_line_close(out, ']');
    json_line_unsigned(out, "selected", matrix->case_count);
    json_line_number(out, "duration_us", matrix->duration_us);
    json_line_open(out, "mutants", '[');
    for (size_t i = 0; i < matrix->row_count; i++) {
        add_mutant(out, matrix, &matrix->rows[i]);
    }
    json_line_close(out, ']');
    json_line_open(out, "cases", '[');
    for (size_t i = 0; i < matrix->case_count; i++) {
        add_case(out, matrix, i);
    }
    json_line_close(out, ']');
    json_line_open(out, "complaints", '[');
    for (size_t i = 0; i < matrix->complaint_count; i++) {
        json_line_text(out, NULL, matrix->complaints[i]);
    }
    json_line_close(out, ']');
    json_line_close(out, '}');
    text_add(out, "\n");
}
