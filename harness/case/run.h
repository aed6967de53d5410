/* Runs selected cases against one target and hands over each result. */
#ifndef HOLDPOINT_CASE_RUN_H
#define HOLDPOINT_CASE_RUN_H

#include "harness/adapters/adapter.h"
#include "harness/case/case.h"
#include "harness/case/verdict.h"

/* What is to be run. Everything is borrowed. */
struct run_plan {
    const struct test_case *const *cases; /* the selected ones, in the suite's order */
    size_t case_count;
    const struct suite *suite;
    uint64_t seed;
    unsigned deadline_ms; /* for each call */
    const char *evidence; /* see struct play_stage; NULL: none is left */
    bool keep_parity;     /* each result gets its side for parity_compare; every case sets the clock */
    bool fail_fast; /* after the first case that does not conform, and is not known to, the rest is not_run */
    /* With fail_fast: true for a failure that a baseline expects. May be NULL. */
    bool (*known)(void *context, const struct case_result *result);
    /* Asked before each case; true: the rest is not_run (Ctrl-C). May be NULL. */
    bool (*stop)(void *context);
    /* Called after each case, in the order of running. May be NULL. */
    void (*done)(void *context, const struct case_result *result);
    void *context;
    /* Other instances of the target, independent of it and of each other: so many cases more run at once, each on one of
     * them. What is told and what comes out is the same as without; stop, known and done are called from any thread, one at a time. */
    struct target *const *others;
    size_t other_count;
};

/* Asks the target who it is and runs every case on it. results has room for case_count, zeroed; each is
 * filled in, in the order of plan->cases whatever the order of running, and the caller releases it. Never
 * fails as a whole: when the target cannot be reached every case is errored, *hello stays zeroed and the
 * problem says why; then the status is not HP_OK. The caller releases *hello.
 *
 * With the capability `reset` each case starts on an empty target. Without it the cases run by ascending
 * start, {run} is fresh for this run, a case whose start lies behind the target's clock starts at the clock
 * instead, and a fixed one moves by whole cycles of 400 years. */
enum hp_status run_cases(const struct run_plan *plan, struct target *target, struct hello *hello,
                         struct case_result *results, struct hp_problem *problem);

/* True when fail_fast ends the run after that result. */
bool run_ends_after(const struct run_plan *plan, const struct case_result *result);

#endif
