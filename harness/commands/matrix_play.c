#include "harness/commands/matrix_play.h"

#include "harness/adapters/mutant.h"
#include "harness/case/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process that plays every so many-th row, and the file in which it leaves what they came to. */
struct worker {
    pid_t process;
    FILE *file;
};

bool matrix_judges(const struct test_case *test_case, const struct mutant *mutant) {
    return !mutant || !mutant->chapter || strcmp(mutant->chapter, test_case->chapter) == 0;
}

static bool is_tied(const struct case_result *result, const struct mutant *mutant) {
    for (size_t i = 0; i < sizeof result->requirements / sizeof result->requirements[0]; i++) {
        if (mutant && result->requirements[i] && strcmp(result->requirements[i], mutant->requirement) == 0) {
            return true;
        }
    }
    return false;
}

static enum mark mark_of(const struct case_result *result, const struct mutant *mutant) {
    switch (result->verdict) {
    case VERDICT_PASSED:
        return MARK_PASSED;
    case VERDICT_UNSUPPORTED:
    case VERDICT_NOT_RUN:
        return MARK_NONE;
    case VERDICT_FAILED:
        return is_tied(result, mutant) ? MARK_TIED : MARK_FAILED;
    default:
        return MARK_BROKEN;
    }
}

/* The cases that judge the row, and where each stands among all. */
struct jury {
    const struct test_case **cases;
    size_t *places;
    size_t count;
};

static bool jury_call(struct jury *jury, const struct matrix *matrix, const struct mutant *mutant) {
    jury->cases = calloc(matrix->case_count + 1, sizeof *jury->cases);
    jury->places = calloc(matrix->case_count + 1, sizeof *jury->places);
    for (size_t i = 0; jury->cases && jury->places && i < matrix->case_count; i++) {
        if (matrix_judges(matrix->cases[i], mutant)) {
            jury->places[jury->count] = i;
            jury->cases[jury->count++] = matrix->cases[i];
        }
    }
    return jury->cases && jury->places;
}

static void jury_release(struct jury *jury) {
    free(jury->cases);
    free(jury->places);
}

static enum hp_status play_target(const struct matrix *matrix, struct matrix_row *row, struct target *target,
                                  struct hp_problem *problem) {
    struct jury jury = {0};
    struct hello hello = {0};
    struct case_result *results = NULL;
    enum hp_status status = HP_OK;
    if (!jury_call(&jury, matrix, row->mutant) || !(results = calloc(jury.count + 1, sizeof *results))) {
        status = hp_problem_no_memory(problem);
    }
    const struct run_plan plan = {.cases = jury.cases,
                                  .case_count = jury.count,
                                  .suite = matrix->suite,
                                  .seed = matrix->seed,
                                  .deadline_ms = matrix->deadline_ms};
    if (status == HP_OK) {
        status = run_cases(&plan, target, &hello, results, problem);
        for (size_t i = 0; i < jury.count; i++) {
            row->marks[jury.places[i]] = (unsigned char)mark_of(&results[i], row->mutant);
            case_result_release(&results[i]);
        }
        hello_release(&hello);
    }
    free(results);
    jury_release(&jury);
    return status;
}

static void play_row(const struct matrix *matrix, struct matrix_row *row) {
    struct hp_problem problem = {0};
    struct target *target = NULL;
    enum hp_status status = row->mutant
                                ? mutant_make(row->mutant, row->base, matrix->deadline_ms, &target, &problem)
                                : target_from_name(row->base, matrix->deadline_ms, &target, &problem);
    if (status == HP_OK) {
        status = play_target(matrix, row, target, &problem);
    }
    if (status != HP_OK) {
        text_put(row->down, sizeof row->down,
                 problem.detail[0] ? problem.detail : hp_status_sentence(status));
    }
    target_free(target);
}

/* The bases come first. */
static struct matrix_row *row_at(const struct matrix *matrix, size_t at) {
    return at < matrix->base_count ? &matrix->bases[at] : &matrix->rows[at - matrix->base_count];
}

static size_t count_rows(const struct matrix *matrix) {
    return matrix->base_count + matrix->row_count;
}

/* In the worker: never returns. */
static void work(const struct matrix *matrix, const struct worker *worker, size_t first, size_t step) {
    bool written = true;
    for (size_t at = first; written && at < count_rows(matrix); at += step) {
        struct matrix_row *row = row_at(matrix, at);
        play_row(matrix, row);
        written = fwrite(row->marks, 1, matrix->case_count, worker->file) == matrix->case_count &&
                  fwrite(row->down, 1, sizeof row->down, worker->file) == sizeof row->down;
    }
    /* What the caller has open is not this process's to flush or remove. */
    _exit(written && fflush(worker->file) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

static bool start(struct matrix *matrix, struct worker *worker, size_t first, size_t step) {
    worker->process = -1;
    worker->file = tmpfile();
    if (!worker->file) {
        return false;
    }
    worker->process = fork();
    if (worker->process == 0) {
        work(matrix, worker, first, step);
    }
    return worker->process > 0;
}

static bool collect(struct matrix *matrix, const struct worker *worker, size_t first, size_t step) {
    bool whole = true;
    rewind(worker->file);
    for (size_t at = first; whole && at < count_rows(matrix); at += step) {
        struct matrix_row *row = row_at(matrix, at);
        whole = fread(row->marks, 1, matrix->case_count, worker->file) == matrix->case_count &&
                fread(row->down, 1, sizeof row->down, worker->file) == sizeof row->down;
    }
    return whole;
}

/* Waits for the worker to end; true when it did all that it had to. */
static bool finish(const struct worker *worker) {
    int status = 0;
    pid_t ended;
    do {
        ended = worker->process > 0 ? waitpid(worker->process, &status, 0) : -1;
    } while (ended < 0 && worker->process > 0 && errno == EINTR);
    return ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

static bool make_marks(struct matrix *matrix) {
    bool complete = true;
    for (size_t at = 0; complete && at < count_rows(matrix); at++) {
        struct matrix_row *row = row_at(matrix, at);
        row->marks = calloc(matrix->case_count + 1, sizeof *row->marks);
        complete = row->marks != NULL;
    }
    return complete;
}

enum hp_status matrix_play(struct matrix *matrix, unsigned jobs, struct hp_problem *problem) {
    size_t count = jobs > 0 ? jobs : 1;
    count = count < count_rows(matrix) ? count : count_rows(matrix);
    struct worker *workers = calloc(count + 1, sizeof *workers);
    if (!workers || !make_marks(matrix)) {
        free(workers);
        return hp_problem_no_memory(problem);
    }
    fflush(NULL); /* or each worker would write it too */
    bool whole = true;
    size_t started = 0;
    for (; whole && started < count; started++) {
        whole = start(matrix, &workers[started], started, count);
    }
    for (size_t i = 0; i < started; i++) {
        whole = finish(&workers[i]) && whole;
    }
    for (size_t i = 0; i < started; i++) {
        whole = whole && collect(matrix, &workers[i], i, count);
        if (workers[i].file) {
            fclose(workers[i].file);
        }
    }
    free(workers);
    return whole
               ? HP_OK
               : hp_problem_set(problem, HP_INTERNAL, NULL,
                                "a process that plays the mutants could not be started, or ended too early");
}
