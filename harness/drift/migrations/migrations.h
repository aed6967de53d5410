/* Drift of a folder of migrations: it is applied step by step to databases of a scratch server, with sentinel rows in
 * every table that appears.
 *
 * It is assumed that a runner sends each file whole, in one transaction; a file with a begin or a commit of its own,
 * or with a statement that refuses a transaction, is taken as it comes, statement by statement. A migration
 * may do to the scratch server what it likes, also as a superuser: do not run those of somebody whom you do not
 * trust. Settings that a runner would make come by the environment variable PGOPTIONS.
 *
 * A table that one step creates and a later one drops with its rows is two findings, for each is mended by itself:
 * that it was created at all, and that its rows are gone. */
#ifndef HOLDPOINT_DRIFT_MIGRATIONS_H
#define HOLDPOINT_DRIFT_MIGRATIONS_H

#include "harness/drift/finding.h"
#include "harness/drift/vocabulary.h"
#include "reference/base/problem.h"

/* What is looked at in the folder. A report has behind these the checks of drift/database.h, for the database with
 * which the folder ends. */
extern const struct drift_check migration_checks[];
extern const size_t migration_check_count;

struct migration_drift {
    const char *directory;
    const char *ledger; /* file of checksums: those in it must still hold; NULL: none */
    const char *before; /* SQL that makes the database as it was before the first step; NULL: an empty one */
    /* How a superuser reaches a server whose databases may be ruined, as keywords and values; NULL: one is started and
     * removed. */
    const char *scratch;
};

/* Applies the folder and fills in *report, which is zeroed; the caller releases it in every case. HP_INVALID
 * when the folder, the ledger or the state before cannot be read or is none, HP_UNAVAILABLE when a step cannot be read or no
 * server comes up: then the report is worthless. */
enum hp_status migration_drift(const struct migration_drift *options, const struct vocabulary *vocabulary,
                               struct drift_report *report, struct hp_problem *problem);

#endif
