/* What a step does on copies of the database: run twice, and broken off at each of its statements. */
#ifndef HOLDPOINT_DRIFT_TRIAL_H
#define HOLDPOINT_DRIFT_TRIAL_H

#include "harness/drift/migrations/rehearsal.h"

/* Bounds of one step's breaking off, in runs and in statements. Past them a step in one transaction is broken off once
 * more, behind its last statement: PostgreSQL undoes it whole wherever it breaks. Any other is undecided. */
enum { TRIAL_RUNS_MAX = 200, TRIAL_STATEMENTS_MAX = 2000 };

/* Breaks the step off at each statement, on a copy of the database as it was before; finds the first at which something
 * stays behind. *clean: the copy is still as it was. */
enum hp_status trial_atomic(struct rehearsal *rehearsal, const struct step *step, const char *copy,
                            const struct snapshot *before, bool *clean, struct hp_problem *problem);

/* Runs the step twice on a clean copy of the database as it was before, or once more on one as it is after it, which is
 * made when the copy is NULL; finds a failure or a change. */
enum hp_status trial_repeat(struct rehearsal *rehearsal, const struct step *step, const char *copy,
                            struct hp_problem *problem);

#endif
