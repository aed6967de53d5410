/* One target of a run: made, decorated, asked, summed up. */
#ifndef HOLDPOINT_COMMANDS_RUN_TARGET_H
#define HOLDPOINT_COMMANDS_RUN_TARGET_H

#include "harness/case/baseline.h"
#include "harness/case/run.h"
#include "harness/commands/run_options.h"
#include "harness/report/reporter.h"

#include <stdio.h>

/* What all targets of a run share. Borrowed. */
struct run_context {
    const struct run_options *options;
    const struct suite *suite;
    const struct test_case *const *cases;
    size_t case_count;
    const struct baseline *baseline;    /* NULL: none */
    struct baseline_problems *misnamed; /* NULL: none; the first target reported takes them over */
    const char *today;                  /* "2026-11-23" */
    FILE *trace;                        /* NULL: none */
    bool keep_parity;                   /* the targets are to be compared */
    const char *evidence;               /* a folder for what shows failures; NULL: none is kept */
    struct reporter *reporter;
    bool (*stop)(void *context); /* see struct run_plan */
};

/* What came of one target; kept until the reports are closed. Zeroed it holds nothing. */
struct target_run {
    const char *name;
    struct hello hello;
    struct hp_problem down; /* HP_OK: it could be reached */
    struct case_result *results;
    size_t result_count;
    struct baseline_problems baseline_problems;
    struct tally tally;
    int64_t duration_us;
    bool begun; /* target_begin was reported */
};

/* Makes the target of that name with the decorators that the options ask for; trace may be NULL. HP_INVALID
 * for an unknown name or capability. Nothing is started yet. The caller frees *target. */
enum hp_status target_make(const char *name, const struct run_options *options, FILE *trace,
                           struct target **target, struct hp_problem *problem);

/* Runs the cases on the target and reports each, and the whole. A target that cannot be made is HP_INVALID,
 * with nothing reported; memory that runs out is HP_INTERNAL. A target that cannot be reached, or that fails,
 * is HP_OK: its results say so. The caller releases *run in either case. */
enum hp_status target_run_play(struct target_run *run, const char *name, const struct run_context *context,
                               struct hp_problem *problem);

/* Reports the target with every case not_run: the run ended before it. */
enum hp_status target_run_skip(struct target_run *run, const char *name, const struct run_context *context,
                               struct hp_problem *problem);

void target_run_release(struct target_run *run);

/* What this target does to the exit code: EXIT_CONFORMS, EXIT_FAILS or EXIT_BROKEN. */
int target_run_code(const struct target_run *run);

#endif
