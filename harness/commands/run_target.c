#include "harness/commands/run_target.h"
#include "harness/adapters/crowd.h"
#include "harness/adapters/trace.h"
#include "harness/adapters/without.h"
#include "harness/case/independence.h"
#include "harness/commands/command.h"
#include "harness/report/summaries.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What the callbacks of one target need. */
struct progress {
    const struct run_context *context;
    struct target_run *run;
};

static int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Reports the target before its first case; by then it has said who it is, or why it cannot be reached. */
static void report_begin(const struct run_context *context, struct target_run *run) {
    run->begun = true;
    context->reporter->ops->target_begin(context->reporter, run->name, run->hello.name ? &run->hello : NULL,
                                         run->down.status == HP_OK ? NULL : run->down.detail);
}

static void case_is_done(void *context, const struct case_result *result) {
    struct progress *progress = context;
    struct target_run *run = progress->run;
    if (!run->hello.name) {
        return; /* it is down; why, is known only at the end, and then all is reported */
    }
    if (!run->begun) {
        report_begin(progress->context, run);
    }
    struct reporter *reporter = progress->context->reporter;
    reporter->ops->case_done(reporter, run->name, result);
}

/* Reports a target of which nothing was reported while it ran, because it is down or was not run. */
static void report_late(const struct run_context *context, struct target_run *run) {
    report_begin(context, run);
    for (size_t i = 0; i < run->result_count; i++) {
        context->reporter->ops->case_done(context->reporter, run->name, &run->results[i]);
    }
}

static bool run_must_stop(void *context) {
    struct progress *progress = context;
    return progress->context->stop && progress->context->stop(NULL);
}

/* Puts a decorator around *target; when it is NULL memory ran out and the inner one is still held. */
static enum hp_status take_decorator(struct target **target, struct target *decorator,
                                     struct hp_problem *problem) {
    if (!decorator) {
        return hp_problem_no_memory(problem);
    }
    *target = decorator;
    return HP_OK;
}

/* The trace is innermost, so that it shows what really went to the target. */
static enum hp_status decorate(struct target **target, const struct run_options *options, FILE *trace,
                               struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    if (trace) {
        status = take_decorator(target, trace_new(*target, trace), problem);
    }
    if (status == HP_OK && options->crowd > 0) {
        status = take_decorator(
            target, crowd_new(*target, (unsigned)options->crowd, (unsigned)options->timeout_ms), problem);
    }
    if (status == HP_OK && options->without) {
        struct target *inner = *target;
        status = without_new(inner, options->without, target, problem);
        *target = status == HP_OK ? *target : inner;
    }
    return status;
}

enum hp_status target_make(const char *name, const struct run_options *options, FILE *trace,
                           struct target **target, struct hp_problem *problem) {
    *target = NULL;
    enum hp_status status = target_from_name(name, (unsigned)options->timeout_ms, target, problem);
    if (status == HP_OK) {
        status = decorate(target, options, trace, problem);
    }
    if (status != HP_OK) {
        target_free(*target);
        *target = NULL;
    }
    return status;
}

static enum hp_status target_run_prepare(struct target_run *run, const char *name,
                                         const struct run_context *context, struct hp_problem *problem) {
    run->name = name;
    run->result_count = context->case_count;
    run->results = calloc(context->case_count + 1, sizeof *run->results);
    return run->results ? HP_OK : hp_problem_no_memory(problem);
}

/* A folder for the target below the one of all, or NULL: of its name what any file system takes. */
static char *make_evidence(const struct run_context *context, const char *name) {
    enum { NAME_BYTES_MAX = 60 };
    struct text path = {0};
    if (!context->evidence) {
        return NULL;
    }
    text_addf(&path, "%s/", context->evidence);
    for (size_t i = 0; i < NAME_BYTES_MAX && name[i]; i++) {
        bool plain = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z') ||
                     (name[i] >= '0' && name[i] <= '9');
        text_add_byte(&path, plain ? name[i] : '-');
    }
    return text_take(&path);
}

/* The other instances of a target, on which cases run at once. */
struct instances {
    struct target **items; /* the target itself is the first, and not owned */
    size_t count;
};

static void instances_release(struct instances *instances) {
    for (size_t i = 1; i < instances->count; i++) {
        target_free(instances->items[i]);
    }
    free(instances->items);
}

/* Instances that share anything would see each other's cases, so then there is one. */
static enum hp_status instances_make(struct instances *instances, const char *name, struct target *target,
                                     const struct run_options *options, struct hp_problem *problem) {
    size_t wanted = (size_t)options->jobs;
    instances->items = calloc(wanted, sizeof *instances->items);
    if (!instances->items) {
        return hp_problem_no_memory(problem);
    }
    instances->items[instances->count++] = target;
    if (options->trace) {
        return hp_problem_set(problem, HP_UNSUPPORTED, NULL, "a trace shows one call after the other");
    }
    enum hp_status status = HP_OK;
    while (status == HP_OK && instances->count < wanted) {
        status = target_make(name, options, NULL, &instances->items[instances->count], problem);
        instances->count += status == HP_OK;
    }
    return status == HP_OK
               ? independence_check(instances->items, wanted, (unsigned)options->timeout_ms, problem)
               : status;
}

/* A failure that the baseline expects is none to stop at. */
static bool is_known(void *context, const struct case_result *result) {
    const struct progress *progress = context;
    const struct run_context *run = progress->context;
    return run->baseline && baseline_expects(run->baseline, progress->run->name, run->today, result);
}

static void run_all(struct target_run *run, struct target *target, const struct run_context *context) {
    struct instances instances = {0};
    struct hp_problem alone = {0};
    if (context->options->jobs > 1 &&
        instances_make(&instances, run->name, target, context->options, &alone) != HP_OK) {
        fprintf(stderr, "holdpoint run: note: %s runs one case at a time, since %s\n", run->name,
                alone.detail);
        instances_release(&instances);
        instances = (struct instances){0};
    }
    struct progress progress = {context, run};
    char *evidence = make_evidence(context, run->name);
    struct run_plan plan = {
        .cases = context->cases,
        .case_count = context->case_count,
        .suite = context->suite,
        .seed = context->options->seed,
        .deadline_ms = (unsigned)context->options->timeout_ms,
        .evidence = evidence,
        .keep_parity = context->keep_parity && !target_null_name(run->name),
        .fail_fast = context->options->fail_fast,
        .known = is_known,
        .stop = run_must_stop,
        .done = case_is_done,
        .context = &progress,
        .others = instances.items ? instances.items + 1 : NULL,
        .other_count = instances.count > 0 ? instances.count - 1 : 0,
    };
    int64_t start_us = monotonic_us();
    enum hp_status status = run_cases(&plan, target, &run->hello, run->results, &run->down);
    run->duration_us = monotonic_us() - start_us;
    instances_release(&instances);
    free(evidence);
    if (status != HP_OK) {
        hp_problem_set(&run->down, status, NULL, "%s", hp_status_sentence(status));
    }
}

/* What is wrong with a baseline as a whole is told once, with the first target. */
static void take_misnamed(struct target_run *run, const struct run_context *context) {
    if (context->misnamed) {
        run->baseline_problems = *context->misnamed;
        *context->misnamed = (struct baseline_problems){0};
    }
}

static struct target_summary summarize(const struct target_run *run) {
    return (struct target_summary){
        .target = run->name,
        .hello = run->hello.name ? &run->hello : NULL,
        .down = run->down.status == HP_OK ? NULL : run->down.detail,
        .tally = run->tally,
        .duration_us = run->duration_us,
        .results = run->results,
        .result_count = run->result_count,
        .baseline_problems = (const char *const *)run->baseline_problems.texts,
        .baseline_problem_count = run->baseline_problems.count,
    };
}

static enum hp_status report_end(struct target_run *run, const struct run_context *context,
                                 struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    if (!run->begun) {
        report_late(context, run);
    }
    take_misnamed(run, context);
    if (context->baseline &&
        baseline_apply(context->baseline, context->suite, run->name, context->today, run->results,
                       run->result_count, &run->baseline_problems) != HP_OK) {
        status = hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < run->result_count; i++) {
        tally_add(&run->tally, run->results[i].verdict);
    }
    struct target_summary summary = summarize(run);
    context->reporter->ops->target_end(context->reporter, &summary);
    return status;
}

enum hp_status target_run_play(struct target_run *run, const char *name, const struct run_context *context,
                               struct hp_problem *problem) {
    struct target *target = NULL;
    enum hp_status status = target_run_prepare(run, name, context, problem);
    if (status == HP_OK) {
        status = target_make(name, context->options, context->trace, &target, problem);
    }
    if (status == HP_OK) {
        run_all(run, target, context);
        status = report_end(run, context, problem);
    }
    target_free(target);
    return status;
}

enum hp_status target_run_skip(struct target_run *run, const char *name, const struct run_context *context,
                               struct hp_problem *problem) {
    enum hp_status status = target_run_prepare(run, name, context, problem);
    if (status != HP_OK) {
        return status;
    }
    for (size_t i = 0; i < run->result_count; i++) {
        run->results[i].test_case = context->cases[i];
        run->results[i].verdict = VERDICT_NOT_RUN;
    }
    return report_end(run, context, problem);
}

void target_run_release(struct target_run *run) {
    for (size_t i = 0; run->results && i < run->result_count; i++) {
        case_result_release(&run->results[i]);
    }
    free(run->results);
    baseline_problems_release(&run->baseline_problems);
    hello_release(&run->hello);
    *run = (struct target_run){0};
}

int target_run_code(const struct target_run *run) {
    struct target_summary summary = summarize(run);
    return summary_conclude(&summary);
}
