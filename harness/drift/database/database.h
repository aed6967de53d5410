/* Drift of a database: what flow_interrupts is there, held against the vocabulary, by its catalog, by its rows and by
 * live probes. */
#ifndef HOLDPOINT_DRIFT_DATABASE_H
#define HOLDPOINT_DRIFT_DATABASE_H

#include "harness/drift/finding.h"
#include "harness/drift/vocabulary.h"
#include "reference/base/problem.h"

/* Everything that is looked at. */
extern const struct drift_check database_checks[];
extern const size_t database_check_count;

struct database_drift {
    const char *conninfo; /* libpq's form or a URI */
    const char *schema;   /* NULL: every schema that holds the table */
    bool read_only;       /* no probes: what only they decide is undecided */
};

/* Looks at the database and fills in *report, which is zeroed; the caller releases it in every case. One defect is one finding: what
 * cannot be looked at for it is skipped, and the reason names it.
 *
 * Everything happens in one transaction that is rolled back, with an empty search path, an odd time zone and limits of a
 * second or so for a lock, a second for a probe, 10 s for the catalog and 30 s for a reading of all rows. The probes touch only
 * rows that they insert. What a trigger of the table does outside the transaction (another connection, a file, a
 * sequence that it draws from) is not rolled back: read_only is for those.
 *
 * HP_UNAVAILABLE when the database cannot be reached, is lost meanwhile, or somebody holds the table; HP_INTERNAL when it
 * refuses to show its catalog, is older than PostgreSQL 12, or memory runs out: then the report is worthless. */
enum hp_status database_drift(const struct database_drift *options, const struct vocabulary *vocabulary,
                              struct drift_report *report, struct hp_problem *problem);

#endif
