#include "harness/case/run.h"

#include "harness/case/rig.h"
#include "harness/case/scenario.h"
#include "harness/case/workers.h"

#include <stdlib.h>

/* A run under way. */
struct runner {
    const struct run_plan *plan;
    struct case_result *results;
    struct rig rig;
    bool ended; /* the rest is not run */
    const char *ended_by;
};

static void set_reason(struct case_result *result, const struct test_case *test_case, enum verdict verdict,
                       const char *reason) {
    result->test_case = test_case;
    result->verdict = verdict;
    result->reason = text_copy(reason);
}

static void tell(const struct run_plan *plan, const struct case_result *result) {
    if (plan->done) {
        plan->done(plan->context, result);
    }
}

bool run_ends_after(const struct run_plan *plan, const struct case_result *result) {
    return plan->fail_fast && !verdict_conforms(result->verdict) &&
           !(plan->known && plan->known(plan->context, result));
}

static void run_one(struct runner *runner, size_t at) {
    const struct run_plan *plan = runner->plan;
    struct case_result *result = &runner->results[at];
    if (!runner->ended && plan->stop && plan->stop(plan->context)) {
        runner->ended = true;
        runner->ended_by = "the run was stopped before it";
    }
    if (runner->ended) {
        set_reason(result, plan->cases[at], VERDICT_NOT_RUN, runner->ended_by);
    } else {
        scenario_run(&runner->rig, plan->cases[at], result);
    }
    if (!runner->ended && run_ends_after(plan, result)) {
        runner->ended = true;
        runner->ended_by = "an earlier case did not conform, and the run ends there (--fail-fast)";
    }
    tell(plan, result);
}

/* The case that can begin soonest on a clock that only goes on. Of cases at the same instant the first comes
 * first; those that can begin at no time come last. */
static size_t find_soonest(const struct runner *runner, const bool *done) {
    const struct run_plan *plan = runner->plan;
    size_t soonest = plan->case_count;
    int64_t earliest_us = 0;
    for (size_t i = 0; i < plan->case_count; i++) {
        int64_t start_us, cycles;
        if (done[i]) {
            continue;
        }
        if (!scenario_start(&runner->rig, plan->cases[i], &start_us, &cycles)) {
            start_us = INT64_MAX;
        }
        if (soonest == plan->case_count || start_us < earliest_us) {
            soonest = i;
            earliest_us = start_us;
        }
    }
    return soonest;
}

/* Without a reset the order is by start, looked for anew before each case: one that sets the clock far ahead
 * moves those behind it. */
static enum hp_status run_by_start(struct runner *runner, struct hp_problem *problem) {
    size_t count = runner->plan->case_count;
    bool *done = calloc(count + 1, sizeof *done);
    if (!done) {
        return hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = find_soonest(runner, done);
        done[at] = true;
        run_one(runner, at);
    }
    free(done);
    return HP_OK;
}

static enum hp_status run_all(struct runner *runner, struct target *target, const struct hello *hello,
                              struct hp_problem *problem) {
    if (runner->plan->other_count > 0) {
        return workers_run(runner->plan, target, hello, runner->results, problem);
    }
    enum hp_status status = rig_init(&runner->rig, runner->plan, target, hello, problem);
    if (status != HP_OK) {
        return status;
    }
    if (runner->rig.has_reset || !runner->rig.has_clock) {
        for (size_t i = 0; i < runner->plan->case_count; i++) {
            run_one(runner, i);
        }
    } else {
        status = run_by_start(runner, problem);
    }
    rig_release(&runner->rig);
    return status;
}

/* Nothing could be asked of the target: every case is errored, with what it wrote in the first one. */
static void fail_all(const struct run_plan *plan, struct target *target, struct case_result *results,
                     const char *reason) {
    struct text log = {0};
    target_take_log(target, &log);
    for (size_t i = 0; i < plan->case_count; i++) {
        set_reason(&results[i], plan->cases[i], VERDICT_ERRORED, reason);
        if (i == 0 && log.length_bytes) {
            results[i].log = text_take(&log);
        }
        tell(plan, &results[i]);
    }
    text_release(&log);
}

enum hp_status run_cases(const struct run_plan *plan, struct target *target, struct hello *hello,
                         struct case_result *results, struct hp_problem *problem) {
    struct runner runner = {.plan = plan, .results = results};
    struct hp_problem fault = {0};
    *hello = (struct hello){0};
    enum hp_status status = target_hello(target, hello, &fault);
    if (status == HP_OK) {
        status = run_all(&runner, target, hello, &fault);
    } else {
        hello_release(hello);
    }
    if (status != HP_OK) {
        fail_all(plan, target, results, fault.detail);
        hp_problem_set(problem, status, fault.field, "%s", fault.detail);
    }
    return status;
}
