/* Cases of one target that run at once, each on an instance of its own. */
#ifndef HOLDPOINT_CASE_WORKERS_H
#define HOLDPOINT_CASE_WORKERS_H

#include "harness/case/run.h"

/* Runs the plan on the target and its others, a thread for each. With `reset` the cases begin in their order, and are told
 * in it; without, each instance takes what can begin soonest on its own clock. A case with a play has the machine for itself:
 * it begins when all others are done, and none begins meanwhile. With fail_fast what came behind the first case in the order
 * that does not conform is thrown away, so that the results are those of one worker. HP_INTERNAL when memory runs out, and
 * the status of target_hello when an instance does not answer: then nothing has run. */
enum hp_status workers_run(const struct run_plan *plan, struct target *target, const struct hello *hello,
                           struct case_result *results, struct hp_problem *problem);

/* True when nothing else may run beside the case. */
bool case_runs_alone(const struct test_case *test_case);

#endif
