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

/* Looks at the database and fills in *report, which is zeroed; the caller releases it in every case. The probes
 * insert rows in a transaction that is rolled back, touch no others, and wait at most a second for a lock or a
 * statement. HP_UNAVAILABLE when the database cannot be reached or is lost meanwhile, HP_INTERNAL when it refuses to show its
 * catalog: then the report is worthless. */
enum hp_status database_drift(const struct database_drift *options, const struct vocabulary *vocabulary,
                              struct drift_report *report, struct hp_problem *problem);

#endif
