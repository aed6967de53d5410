#include "harness/commands/matrix_play.h"

#include "harness/adapters/brood.h"
#include "harness/adapters/mutant.h"
#include "harness/case/run.h"
#include "harness/commands/matrix_jury.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What fits into a pipe at once, wherever. */
enum { QUEUE_MAX = 2000 };

/* A process that plays rows, and the file in which it leaves what they came to. */
struct worker {
    pid_t process;
    FILE *file;
};

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

static bool jury_call(struct jury *jury, const struct matrix *matrix, const struct matrix_row *row,
                      bool fresh) {
    jury->cases = calloc(matrix->case_count + 1, sizeof *jury->cases);
    jury->places = calloc(matrix->case_count + 1, sizeof *jury->places);
    for (size_t i = 0; jury->cases && jury->places && i < matrix->case_count; i++) {
        if (matrix_plays(matrix, row, matrix->cases[i], fresh)) {
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

static enum hp_status play_jury(const struct matrix *matrix, struct matrix_row *row, const struct jury *jury,
                                struct target *target, struct hp_problem *problem) {
    struct hello hello = {0};
    struct case_result *results = calloc(jury->count + 1, sizeof *results);
    const struct run_plan plan = {.cases = jury->cases,
                                  .case_count = jury->count,
                                  .suite = matrix->suite,
                                  .seed = matrix->seed,
                                  .deadline_ms = matrix->deadline_ms};
    if (!results) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = run_cases(&plan, target, &hello, results, problem);
    for (size_t i = 0; i < jury->count; i++) {
        row->marks[jury->places[i]] = (unsigned char)mark_of(&results[i], row->mutant);
        case_result_release(&results[i]);
    }
    hello_release(&hello);
    free(results);
    return status;
}

static enum hp_status play_target(const struct matrix *matrix, struct matrix_row *row, struct target *target,
                                  struct hp_problem *problem) {
    struct jury jury = {0};
    struct hello hello = {0};
    enum hp_status status = target_hello(target, &hello, problem);
    if (status == HP_OK) {
        status = jury_call(&jury, matrix, row, hello_declares(&hello, "reset"))
                     ? play_jury(matrix, row, &jury, target, problem)
                     : hp_problem_no_memory(problem);
    }
    jury_release(&jury);
    hello_release(&hello);
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

/* Everything that is to be played, bases among their mutants. Those of the database stand together, since what one
 * of them leaves in a database another would find: one worker plays them one after the other. */
struct queue {
    struct matrix_row **rows;
    size_t count;
    size_t alone;  /* so many at the begin belong together */
    int tokens[2]; /* a pipe with the number of each first row, for whichever worker comes next */
};

static bool is_alone(const struct matrix_row *row) {
    return row->mutant ? row->mutant->where == MUTANT_DATABASE : row->is_database;
}

static void queue_add(struct queue *queue, struct matrix_row *rows, size_t count, bool alone) {
    for (size_t i = 0; i < count; i++) {
        if (is_alone(&rows[i]) == alone) {
            queue->rows[queue->count++] = &rows[i];
        }
    }
}

/* Puts a token for each row, or group of rows, into the pipe; the whole fits into what a pipe holds. */
static bool queue_fill(struct queue *queue) {
    bool written = pipe(queue->tokens) == 0;
    if (!written) {
        queue->tokens[0] = queue->tokens[1] = -1;
    }
    for (size_t at = 0; written && at < queue->count; at += at == 0 && queue->alone > 0 ? queue->alone : 1) {
        const uint16_t token = (uint16_t)at;
        written = write(queue->tokens[1], &token, sizeof token) == sizeof token;
    }
    if (queue->tokens[1] >= 0) {
        close(queue->tokens[1]);
    }
    return written;
}

static bool queue_init(struct queue *queue, struct matrix *matrix, struct hp_problem *problem) {
    *queue = (struct queue){.tokens = {-1, -1}};
    if (matrix->base_count + matrix->row_count > QUEUE_MAX) {
        hp_problem_set(problem, HP_INVALID, NULL, "more than %d mutants", QUEUE_MAX);
        return false;
    }
    queue->rows = calloc(matrix->base_count + matrix->row_count + 1, sizeof(struct matrix_row *));
    if (!queue->rows) {
        return false;
    }
    queue_add(queue, matrix->bases, matrix->base_count, true);
    queue_add(queue, matrix->rows, matrix->row_count, true);
    queue->alone = queue->count;
    queue_add(queue, matrix->bases, matrix->base_count, false);
    queue_add(queue, matrix->rows, matrix->row_count, false);
    return queue_fill(queue);
}

static void queue_release(struct queue *queue) {
    free(queue->rows);
    if (queue->tokens[0] >= 0) {
        close(queue->tokens[0]);
    }
}

static bool write_row(const struct matrix *matrix, FILE *file, uint16_t at, const struct matrix_row *row) {
    return fwrite(&at, sizeof at, 1, file) == 1 &&
           fwrite(row->marks, 1, matrix->case_count, file) == matrix->case_count &&
           fwrite(row->down, 1, sizeof row->down, file) == sizeof row->down;
}

/* In the worker: never returns. */
static void work(const struct matrix *matrix, const struct queue *queue, const struct worker *worker) {
    bool written = true;
    uint16_t first;
    while (written && read(queue->tokens[0], &first, sizeof first) == sizeof first) {
        size_t end = first == 0 && queue->alone > 0 ? queue->alone : (size_t)first + 1;
        for (uint16_t at = first; written && at < end; at++) {
            play_row(matrix, queue->rows[at]);
            written = write_row(matrix, worker->file, at, queue->rows[at]);
        }
    }
    /* What the caller has open is not this process's to flush or remove. */
    _exit(written && fflush(worker->file) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* What ends this process by a signal ends its workers too, and each of them what it has started. */
static bool start(const struct matrix *matrix, const struct queue *queue, struct worker *worker) {
    sigset_t before;
    worker->process = -1;
    worker->file = tmpfile();
    if (!worker->file) {
        return false;
    }
    brood_announce(&before);
    worker->process = fork();
    if (worker->process == 0) {
        brood_forget(&before);
        work(matrix, queue, worker);
    }
    brood_enter(&before, worker->process > 0 ? worker->process : 0);
    return worker->process > 0;
}

/* Adds how many rows the worker has left in its file. */
static bool collect(const struct matrix *matrix, const struct queue *queue, const struct worker *worker,
                    size_t *collected) {
    uint16_t at;
    rewind(worker->file);
    while (fread(&at, sizeof at, 1, worker->file) == 1) {
        struct matrix_row *row = at < queue->count ? queue->rows[at] : NULL;
        if (!row || fread(row->marks, 1, matrix->case_count, worker->file) != matrix->case_count ||
            fread(row->down, 1, sizeof row->down, worker->file) != sizeof row->down) {
            return false;
        }
        ++*collected;
    }
    return true;
}

/* It is reaped after it has left the brood: from then on its id may be another's. */
static void await_end(const struct worker *worker) {
    siginfo_t info;
    while (waitid(P_PID, (id_t)worker->process, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    brood_leave(worker->process);
}

/* Waits for the worker to end; true when it did all that it had to. */
static bool finish(const struct worker *worker) {
    int status = 0;
    pid_t ended;
    if (worker->process <= 0) {
        return false;
    }
    await_end(worker);
    do {
        ended = waitpid(worker->process, &status, 0);
    } while (ended < 0 && errno == EINTR);
    return ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

static bool make_marks(struct matrix *matrix, struct queue *queue) {
    bool complete = true;
    for (size_t at = 0; complete && at < queue->count; at++) {
        queue->rows[at]->marks = calloc(matrix->case_count + 1, sizeof *queue->rows[at]->marks);
        complete = queue->rows[at]->marks != NULL;
    }
    return complete;
}

static bool play_queue(struct matrix *matrix, const struct queue *queue, struct worker *workers,
                       size_t count) {
    bool whole = true;
    size_t started = 0, collected = 0;
    fflush(NULL); /* or each worker would write it too */
    for (; whole && started < count; started++) {
        whole = start(matrix, queue, &workers[started]);
    }
    for (size_t i = 0; i < started; i++) {
        whole = finish(&workers[i]) && whole;
    }
    for (size_t i = 0; i < started; i++) {
        whole = whole && collect(matrix, queue, &workers[i], &collected);
        if (workers[i].file) {
            fclose(workers[i].file);
        }
    }
    return whole && collected == queue->count;
}

enum hp_status matrix_play(struct matrix *matrix, unsigned jobs, struct hp_problem *problem) {
    struct queue queue;
    size_t count = jobs > 0 ? jobs : 1;
    struct worker *workers = calloc(count, sizeof *workers);
    bool ready = workers && queue_init(&queue, matrix, problem) && make_marks(matrix, &queue);
    if (workers) {
        if (ready && !play_queue(matrix, &queue, workers, count)) {
            hp_problem_set(problem, HP_INTERNAL, NULL,
                           "a process that plays the mutants could not be started, or ended too early");
            ready = false;
        }
        queue_release(&queue);
    }
    free(workers);
    if (!ready) {
        hp_problem_no_memory(problem);
        return problem->status;
    }
    return HP_OK;
}
