/* Drift of a folder of migrations: it is applied step by step to databases of a scratch server, with sentinel rows in
 * every table that appears. */
#ifndef HOLDPOINT_DRIFT_MIGRATIONS_H
#define HOLDPOINT_DRIFT_MIGRATIONS_H

#include "harness/drift/finding.h"
#include "harness/drift/vocabulary.h"
#include "reference/base/problem.h"

/* Everything that is looked at. */
extern const struct drift_check migration_checks[];
extern const size_t migration_check_count;

struct migration_drift {
    const char *directory;
    const char *ledger; /* file of checksums: those in it must still hold; NULL: none */
};

/* Applies the folder and fills in *report, which is zeroed; the caller releases it in every case. HP_INVALID
 * when the folder holds no migration or the ledger cannot be read, HP_UNAVAILABLE when it cannot be read or no
 * server comes up: then the report is worthless. */
enum hp_status migration_drift(const struct migration_drift *options, const struct vocabulary *vocabulary,
                               struct drift_report *report, struct hp_problem *problem);

#endif
