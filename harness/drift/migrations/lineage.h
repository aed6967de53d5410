/* What becomes of the tables of a rehearsal from step to step: who made them, who dropped them, where their rows went. */
#ifndef HOLDPOINT_DRIFT_LINEAGE_H
#define HOLDPOINT_DRIFT_LINEAGE_H

#include "harness/drift/catalog.h"
#include "harness/drift/finding.h"
#include "harness/drift/migrations/sentinel.h"
#include "harness/drift/migrations/snapshot.h"
#include "harness/drift/migrations/steps.h"
#include "reference/base/problem.h"

/* One table, by its oid: a new name does not make it another one. One that a step makes anew under the same name goes
 * on being this one. */
struct lineage_table {
    char *oid, *schema, *name;
    const struct step *maker; /* NULL: it was there before the first step */
    size_t maker_line;
    bool gone, cut;
    bool planted; /* it has, or had, sentinels */
    char *why;    /* the server's words when none went in; NULL */
    struct sentinel sentinel;
};

/* Zeroed it holds nothing; release with lineage_release. */
struct lineage {
    struct lineage_table *tables;
    size_t count;
};

/* Takes the tables of a snapshot that it does not know yet as made by the step. False when memory runs out. */
bool lineage_add(struct lineage *lineage, const struct snapshot *snapshot, const struct step *maker);
void lineage_release(struct lineage *lineage);

/* What a step did: the snapshots around it, and a line to the database after it. */
struct lineage_event {
    const struct step *step;
    const struct snapshot *before, *after;
    struct catalog *catalog;
    struct drift_report *report;
};

/* Finds the tables that are gone, and the rows; then knows the new ones. Statuses as catalog_complain. */
enum hp_status lineage_follow(struct lineage *lineage, const struct lineage_event *event,
                              struct hp_problem *problem);

/* Puts sentinels into the tables that have none, parents before those who refer to them, but not into tables that were
 * there before the first step. The line is one as a runner has it, for triggers rely on its search_path. */
enum hp_status lineage_plant(struct lineage *lineage, const struct snapshot *snapshot,
                             struct catalog *catalog, struct hp_problem *problem);

/* Says in the report which tables took no sentinels to the last. */
void lineage_finish(const struct lineage *lineage, struct drift_report *report);

/* Forgets the sentinels: the rows are in another database now, which has none. False when memory
 * runs out. */
bool lineage_forget_rows(struct lineage *lineage, const struct snapshot *snapshot);

#endif
