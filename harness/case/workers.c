#include "harness/case/workers.h"

#include "harness/case/rig.h"
#include "harness/case/scenario.h"

#include <pthread.h>
#include <stdlib.h>

enum case_state { CASE_WAITS, CASE_RUNS, CASE_DONE };

/* What all workers share; everything but the plan is guarded by the mutex. */
struct shift {
    const struct run_plan *plan;
    struct case_result *results;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    enum case_state *states;
    size_t told;    /* in order: how many were told */
    size_t running; /* how many cases are under way */
    bool in_order;
    bool alone;           /* the one that is under way is to be alone */
    bool cut;             /* what comes behind in the order is as if it had not run */
    const char *ended_by; /* why no more is begun; NULL: goes on */
};

struct worker {
    struct shift *shift;
    struct target *target;
    struct hello own_hello; /* of the others */
    struct rig rig;
    pthread_t thread;
    bool has_rig, has_thread;
};

bool case_runs_alone(const struct test_case *test_case) {
    for (size_t i = 0; i < test_case->step_count; i++) {
        if (test_case->steps[i].kind == STEP_PLAY) {
            return true;
        }
    }
    return false;
}

static void leave_out(struct shift *shift, size_t at) {
    struct case_result *result = &shift->results[at];
    case_result_release(result);
    *result = (struct case_result){.test_case = shift->plan->cases[at], .verdict = VERDICT_NOT_RUN};
    result->reason = text_copy(shift->ended_by);
    shift->states[at] = CASE_DONE;
}

static void tell(const struct shift *shift, size_t at) {
    if (shift->plan->done) {
        shift->plan->done(shift->plan->context, &shift->results[at]);
    }
}

static void end_after(struct shift *shift, size_t at) {
    if (!shift->ended_by && run_ends_after(shift->plan, &shift->results[at])) {
        shift->ended_by = "an earlier case did not conform, and the run ends there (--fail-fast)";
        shift->cut = true;
    }
}

/* Tells what is done up to the first case that is not, so that the order is that of one worker. What ran already behind the
 * case that ends the run is as if it had not. */
static void tell_in_order(struct shift *shift) {
    while (shift->told < shift->plan->case_count && shift->states[shift->told] == CASE_DONE) {
        size_t at = shift->told++;
        if (shift->cut) {
            leave_out(shift, at);
        }
        end_after(shift, at);
        tell(shift, at);
    }
}

/* The next one for the worker; case_count when none waits. */
static size_t find_next(const struct worker *worker) {
    const struct shift *shift = worker->shift;
    size_t count = shift->plan->case_count, found = count;
    int64_t earliest_us = 0;
    for (size_t i = 0; i < count && (found == count || !shift->in_order); i++) {
        int64_t start_us, cycles;
        if (shift->states[i] != CASE_WAITS) {
            continue;
        }
        if (shift->in_order || !scenario_start(&worker->rig, shift->plan->cases[i], &start_us, &cycles)) {
            start_us = INT64_MAX;
        }
        if (found == count || start_us < earliest_us) {
            found = i;
            earliest_us = start_us;
        }
    }
    return found;
}

/* Waits until the worker may begin a case. False when there is none any more. The mutex is held. */
static bool take(struct worker *worker, size_t *at) {
    struct shift *shift = worker->shift;
    const struct run_plan *plan = shift->plan;
    for (;;) {
        if (!shift->ended_by && plan->stop && plan->stop(plan->context)) {
            shift->ended_by = "the run was stopped before it";
        }
        *at = shift->ended_by ? plan->case_count : find_next(worker);
        if (*at == plan->case_count) {
            return false;
        }
        bool alone = case_runs_alone(plan->cases[*at]);
        if (!shift->alone && (!alone || shift->running == 0)) {
            shift->alone = alone;
            shift->running++;
            shift->states[*at] = CASE_RUNS;
            return true;
        }
        pthread_cond_wait(&shift->changed, &shift->mutex);
    }
}

static void finish(struct shift *shift, size_t at) {
    shift->states[at] = CASE_DONE;
    shift->running--;
    shift->alone = false;
    if (shift->in_order) {
        tell_in_order(shift);
    } else {
        end_after(shift, at);
        tell(shift, at);
    }
    pthread_cond_broadcast(&shift->changed);
}

static void *work(void *argument) {
    struct worker *worker = argument;
    struct shift *shift = worker->shift;
    size_t at;
    pthread_mutex_lock(&shift->mutex);
    while (take(worker, &at)) {
        pthread_mutex_unlock(&shift->mutex);
        scenario_run(&worker->rig, shift->plan->cases[at], &shift->results[at]);
        pthread_mutex_lock(&shift->mutex);
        finish(shift, at);
    }
    pthread_mutex_unlock(&shift->mutex);
    return NULL;
}

static enum hp_status prepare(struct worker *worker, const struct hello *hello, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    if (!hello) {
        status = target_hello(worker->target, &worker->own_hello, problem);
        hello = &worker->own_hello;
    }
    if (status == HP_OK) {
        status = rig_init(&worker->rig, worker->shift->plan, worker->target, hello, problem);
        worker->has_rig = status == HP_OK;
    }
    return status;
}

/* A thread that cannot be started is one less. */
static void start(struct worker *workers, size_t count) {
    for (size_t i = 1; i < count; i++) {
        workers[i].has_thread = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
    }
}

/* Nobody works any more: what waits is not run, and what was not told is. */
static void close_shift(struct shift *shift) {
    for (size_t i = 0; i < shift->plan->case_count; i++) {
        if (shift->states[i] == CASE_WAITS) {
            leave_out(shift, i);
            if (!shift->in_order) {
                tell(shift, i);
            }
        }
    }
    if (shift->in_order) {
        tell_in_order(shift);
    }
}

static void release(struct worker *workers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (workers[i].has_rig) {
            rig_release(&workers[i].rig);
        }
        hello_release(&workers[i].own_hello);
    }
}

/* The calling thread is the first worker. */
static enum hp_status run_shift(struct shift *shift, struct worker *workers, size_t count,
                                const struct hello *hello, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < count && status == HP_OK; i++) {
        status = prepare(&workers[i], i == 0 ? hello : NULL, problem);
    }
    if (status != HP_OK) {
        return status;
    }
    shift->in_order = workers[0].rig.has_reset || !workers[0].rig.has_clock;
    start(workers, count);
    work(&workers[0]);
    for (size_t i = 1; i < count; i++) {
        if (workers[i].has_thread) {
            pthread_join(workers[i].thread, NULL);
        }
    }
    close_shift(shift);
    return HP_OK;
}

enum hp_status workers_run(const struct run_plan *plan, struct target *target, const struct hello *hello,
                           struct case_result *results, struct hp_problem *problem) {
    size_t count = plan->other_count + 1;
    struct shift shift = {.plan = plan, .results = results};
    struct worker *workers = calloc(count, sizeof *workers);
    shift.states = calloc(plan->case_count + 1, sizeof *shift.states);
    enum hp_status status = HP_OK;
    if (!workers || !shift.states) {
        status = hp_problem_no_memory(problem);
        goto end;
    }
    pthread_mutex_init(&shift.mutex, NULL);
    pthread_cond_init(&shift.changed, NULL);
    for (size_t i = 0; i < count; i++) {
        workers[i].shift = &shift;
        workers[i].target = i == 0 ? target : plan->others[i - 1];
    }
    status = run_shift(&shift, workers, count, hello, problem);
    release(workers, count);
    pthread_cond_destroy(&shift.changed);
    pthread_mutex_destroy(&shift.mutex);
end:
    free(workers);
    free(shift.states);
    return status;
}
