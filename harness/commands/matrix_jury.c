#include "harness/commands/matrix_jury.h"

#include <string.h>

/* The chapter whose cases take long and look for what only a fault inside the store can do. */
static const char races[] = "concurrency";

/* The chapter whose cases take long, and start servers of their own, which have the faults of stores only. */
static const char crashes[] = "durability";

/* Methods that begin so are called by the steps of a case and by nothing else. */
static const char *const stepped[] = {"interrupt.", "envelope.", "flow.", "kernel.", "ratelimit."};

static bool is_within(const char *id, const char *chapter) {
    size_t length = strlen(chapter);
    return strncmp(chapter, id, length) == 0 && (id[length] == '.' || id[length] == '\0');
}

/* Whether the text, or one of a list of texts, is as `fits` says of it and the word. */
static bool any_fits(const json_t *texts, const char *word,
                     bool (*fits)(const char *word, const char *text)) {
    size_t index;
    json_t *text;
    if (json_is_string(texts)) {
        return fits(word, json_string_value(texts));
    }
    json_array_foreach(texts, index, text) {
        if (fits(word, json_string_value(text))) {
            return true;
        }
    }
    return false;
}

bool matrix_judges(const struct test_case *test_case, const struct mutant *mutant) {
    if (mutant && mutant->chapter) {
        return any_fits(mutant->chapter, test_case->id, is_within);
    }
    if (mutant && strcmp(test_case->chapter, crashes) == 0) {
        return false;
    }
    return !mutant || mutant->where == MUTANT_STORE || mutant->where == MUTANT_DATABASE ||
           strcmp(test_case->chapter, races) != 0;
}

static bool is_same(const char *word, const char *text) {
    return strcmp(word, text) == 0;
}

static bool is_stepped(const char *method) {
    for (size_t i = 0; i < sizeof stepped / sizeof stepped[0]; i++) {
        if (strncmp(method, stepped[i], strlen(stepped[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_otherwise_called(const char *word, const char *method) {
    (void)word;
    return !is_stepped(method);
}

/* The plays around webhooks make those calls alone that their arguments name; the others what they like. */
static bool play_touches(const struct step *play, const json_t *methods) {
    size_t index;
    json_t *call;
    if (!is_within(play->method, "webhook")) {
        return true;
    }
    json_array_foreach(json_object_get(play->args, "calls"), index, call) {
        const char *method = json_string_value(json_object_get(call, "op"));
        if (method && any_fits(methods, method, is_same)) {
            return true;
        }
    }
    return false;
}

/* Whether the step may make a call that a rule of the fault is about. */
static bool step_touches(const struct step *step, const json_t *methods) {
    return step->kind == STEP_PLAY ? play_touches(step, methods)
                                   : step->method && any_fits(methods, step->method, is_same);
}

static bool rule_touches(const struct test_case *test_case, const json_t *rule) {
    const json_t *methods = json_object_get(rule, "on");
    if (!methods || any_fits(methods, "", is_otherwise_called)) {
        return true;
    }
    for (size_t i = 0; i < test_case->step_count; i++) {
        if (step_touches(&test_case->steps[i], methods)) {
            return true;
        }
    }
    return false;
}

bool matrix_touches(const struct test_case *test_case, const struct mutant *mutant) {
    size_t index;
    json_t *rule;
    if (mutant->where != MUTANT_ADAPTER) {
        return true;
    }
    json_array_foreach(mutant->fault, index, rule) {
        if (rule_touches(test_case, rule)) {
            return true;
        }
    }
    return false;
}

/* Whether some mutant made of the base is judged by the case. */
static bool is_needed(const struct matrix *matrix, const char *base, const struct test_case *test_case) {
    for (size_t i = 0; i < matrix->row_count; i++) {
        if (matrix->rows[i].base == base && matrix_judges(test_case, matrix->rows[i].mutant)) {
            return true;
        }
    }
    return false;
}

bool matrix_plays(const struct matrix *matrix, const struct matrix_row *row,
                  const struct test_case *test_case, bool fresh) {
    if (row->mutant) {
        return matrix_judges(test_case, row->mutant) && (!fresh || matrix_touches(test_case, row->mutant));
    }
    return row == matrix->bases || is_needed(matrix, row->base, test_case);
}
