#include "harness/commands/matrix_judge.h"

#include "harness/commands/catalog.h"
#include "harness/commands/matrix_jury.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

static bool complain(struct matrix *matrix, const char *format, ...) HP_PRINTF(2, 3);

static bool complain(struct matrix *matrix, const char *format, ...) {
    struct text text = {0};
    va_list arguments;
    char **grown = realloc(matrix->complaints, (matrix->complaint_count + 1) * sizeof *matrix->complaints);
    if (!grown) {
        return false;
    }
    matrix->complaints = grown;
    va_start(arguments, format);
    text_addv(&text, format, arguments);
    va_end(arguments);
    char *sentence = text_take(&text);
    if (sentence) {
        grown[matrix->complaint_count++] = sentence;
    }
    return sentence != NULL;
}

bool matrix_can_run(const struct matrix *matrix, size_t case_index) {
    for (size_t i = 0; i < matrix->base_count; i++) {
        if (matrix->bases[i].marks[case_index] == MARK_PASSED) {
            return true;
        }
    }
    return false;
}

static bool judge_base(struct matrix *matrix, const struct matrix_row *base) {
    bool complete = true;
    if (base->down[0]) {
        return complain(matrix, "%s without a mutant: %s", base->base, base->down);
    }
    for (size_t i = 0; complete && i < matrix->case_count; i++) {
        if (base->marks[i] != MARK_PASSED && base->marks[i] != MARK_NONE) {
            complete = complain(matrix, "false alarm: %s fails on %s without a mutant", matrix->cases[i]->id,
                                base->base);
        }
    }
    return complete;
}

/* True when every case that names the mutant's requirement and judges it was selected, and one can be run: then
 * it has had its chance. */
static bool is_reachable(const struct matrix *matrix, const struct matrix_row *row,
                         const struct requirement *requirement) {
    size_t selected = 0, there = 0;
    bool runs = false;
    for (size_t i = 0; i < matrix->case_count; i++) {
        if (matrix_judges(matrix->cases[i], row->mutant) && catalog_proves(matrix->cases[i], requirement)) {
            runs = runs || matrix_can_run(matrix, i);
            selected++;
        }
    }
    for (size_t i = 0; i < matrix->suite->case_count; i++) {
        const struct test_case *test_case = &matrix->suite->cases[i];
        there += matrix_judges(test_case, row->mutant) && catalog_proves(test_case, requirement);
    }
    return runs && selected >= there;
}

static void count_marks(const struct matrix *matrix, struct matrix_row *row) {
    for (size_t i = 0; i < matrix->case_count; i++) {
        row->failing += row->marks[i] > MARK_PASSED;
        row->tied += row->marks[i] == MARK_TIED;
    }
    size_t all =
        matrix->case_count > matrix->suite->case_count ? matrix->case_count : matrix->suite->case_count;
    row->catastrophic = row->failing > all / CATASTROPHE_SHARE && row->failing > CATASTROPHE_MIN;
}

static enum fate fate_of(const struct matrix *matrix, const struct matrix_row *row,
                         const struct requirement *requirement) {
    bool failed = false;
    if (row->down[0]) {
        return FATE_BROKEN;
    }
    if (row->tied > 0) {
        return FATE_KILLED;
    }
    if (!is_reachable(matrix, row, requirement)) {
        return FATE_UNREACHABLE;
    }
    for (size_t i = 0; i < matrix->case_count; i++) {
        failed = failed || row->marks[i] == MARK_FAILED;
    }
    return failed ? FATE_UNTIED : FATE_SURVIVED;
}

static bool judge_row(struct matrix *matrix, struct matrix_row *row) {
    const struct mutant *mutant = row->mutant;
    const struct requirement *requirement = suite_requirement(matrix->suite, mutant->requirement);
    if (!requirement) {
        row->fate = FATE_BROKEN;
        return complain(matrix, "the mutant %s breaks %s, which is no requirement", mutant->id,
                        mutant->requirement);
    }
    count_marks(matrix, row);
    row->fate = fate_of(matrix, row, requirement);
    switch (row->fate) {
    case FATE_SURVIVED:
        return complain(matrix, "the mutant %s survives: no case notices \"%s\"", mutant->id,
                        mutant->sentence);
    case FATE_UNTIED:
        return complain(matrix, "the mutant %s is killed only by cases that do not fail at %s", mutant->id,
                        mutant->requirement);
    case FATE_BROKEN:
        return complain(matrix, "the mutant %s cannot be played: %s", mutant->id, row->down);
    default:
        return true;
    }
}

static void count_kills(struct matrix *matrix) {
    for (size_t at = 0; at < matrix->row_count; at++) {
        const struct matrix_row *row = &matrix->rows[at];
        for (size_t i = 0; !row->catastrophic && i < matrix->case_count; i++) {
            matrix->kills[i] += row->marks[i] == MARK_FAILED || row->marks[i] == MARK_TIED;
        }
    }
}

static bool judge_case(struct matrix *matrix, size_t at) {
    const struct test_case *test_case = matrix->cases[at];
    if (!matrix_can_run(matrix, at)) {
        return true;
    }
    if (test_case->kills_nothing && matrix->kills[at] > 0) {
        return complain(matrix,
                        "%s says that it kills nothing, but kills %zu mutants: take kills_nothing out",
                        test_case->id, matrix->kills[at]);
    }
    return matrix->kills[at] > 0 || test_case->kills_nothing ||
           complain(matrix, "%s kills nothing: no mutant makes it fail", test_case->id);
}

static bool is_broken_by_some(const struct matrix *matrix, const struct requirement *requirement) {
    for (size_t at = 0; at < matrix->row_count; at++) {
        if (strcmp(matrix->rows[at].mutant->requirement, requirement->id) == 0) {
            return true;
        }
    }
    return false;
}

static bool judge_requirement(struct matrix *matrix, const struct requirement *requirement) {
    for (size_t i = 0; i < matrix->case_count; i++) {
        if (matrix_can_run(matrix, i) && catalog_proves(matrix->cases[i], requirement)) {
            return is_broken_by_some(matrix, requirement) ||
                   complain(matrix, "%s has cases, but no mutant breaks it", requirement->id);
        }
    }
    return true;
}

bool matrix_judge(struct matrix *matrix) {
    matrix->kills = calloc(matrix->case_count + 1, sizeof *matrix->kills);
    bool complete = matrix->kills != NULL;
    for (size_t i = 0; complete && i < matrix->base_count; i++) {
        complete = judge_base(matrix, &matrix->bases[i]);
    }
    for (size_t i = 0; complete && i < matrix->row_count; i++) {
        complete = judge_row(matrix, &matrix->rows[i]);
    }
    if (!complete) {
        return false;
    }
    count_kills(matrix);
    for (size_t i = 0; complete && matrix->all_mutants && i < matrix->case_count; i++) {
        complete = judge_case(matrix, i);
    }
    for (size_t i = 0; complete && matrix->all_mutants && i < matrix->suite->requirement_count; i++) {
        complete = judge_requirement(matrix, &matrix->suite->requirements[i]);
    }
    return complete;
}
