/* The rehearsal of a folder of migrations: each step is carried out on a scratch database whose tables hold sentinels, and on
 * copies of it for what would ruin it. */
#ifndef HOLDPOINT_DRIFT_REHEARSAL_H
#define HOLDPOINT_DRIFT_REHEARSAL_H

#include "harness/drift/finding.h"
#include "harness/drift/migrations/lineage.h"
#include "harness/drift/migrations/migrations.h"
#include "harness/drift/migrations/scratch.h"
#include "harness/drift/migrations/script.h"
#include "harness/drift/migrations/snapshot.h"
#include "harness/drift/migrations/steps.h"
#include "reference/base/problem.h"

enum { REHEARSAL_SINCE_SIZE = 64 };

/* One under way. Borrowed: steps, before, scratch, report. Zeroed but for these it is at its begin; release with
 * rehearsal_release. */
struct rehearsal {
    struct steps *steps;
    struct step *before; /* what was there before the first step; NULL: nothing */
    struct scratch *scratch;
    struct drift_report *report;
    char database[SCRATCH_NAME_SIZE];
    char since[REHEARSAL_SINCE_SIZE]; /* when it began, by the server's clock */
    struct snapshot now;              /* of the database, sentinels in it */
    struct lineage lineage;
    bool gap;        /* something was passed over on which later statements may rest */
    bool incomplete; /* and for that reason statements were left out */
    bool failed;     /* a step failed; the rest was not carried out */
};

/* Carries out the steps. HP_OK also when one fails, which is a finding; HP_UNAVAILABLE when the server is lost,
 * HP_INTERNAL. */
enum hp_status rehearsal_run(struct rehearsal *rehearsal, struct hp_problem *problem);

/* Carries out the first so many steps, which went well before, on a new database without sentinels, and writes its name. False
 * in *done, and a reason, when one fails there. */
enum hp_status rehearsal_replay(struct rehearsal *rehearsal, size_t step_count,
                                char database[SCRATCH_NAME_SIZE], bool *done, struct script_fault *fault,
                                struct hp_problem *problem);

/* Takes a snapshot of a database of the rehearsal. */
enum hp_status rehearsal_look(const struct rehearsal *rehearsal, const char *database,
                              struct snapshot *snapshot, struct hp_problem *problem);

/* Runs a step on a database of the rehearsal; *done as script_run answers. A server that went away is HP_UNAVAILABLE; a
 * connection that the step broke is a fault of the step. */
enum hp_status rehearsal_play(const struct rehearsal *rehearsal, const char *database,
                              const struct step *step, const struct script_options *options, bool *done,
                              struct script_fault *fault, struct hp_problem *problem);

void rehearsal_release(struct rehearsal *rehearsal);

#endif
