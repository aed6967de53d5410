/* The ledger: which steps of a folder of migrations were applied somewhere, with the checksums that they had. A JSON file
 * that is kept beside the migrations; fixtures/schema/ledger.json says its form. */
#ifndef HOLDPOINT_DRIFT_LEDGER_H
#define HOLDPOINT_DRIFT_LEDGER_H

#include "harness/base/document.h"
#include "harness/drift/finding.h"
#include "harness/drift/migrations/steps.h"
#include "harness/drift/vocabulary.h"
#include "reference/base/problem.h"

/* Zeroed it holds nothing; release with ledger_release. */
struct ledger {
    struct document document;
};

/* Reads one. HP_INVALID, with file, line and path, when it cannot be read or is none. Release in every case. */
enum hp_status ledger_read(const char *path, const struct vocabulary *vocabulary, struct ledger *ledger,
                           struct hp_problem *problem);
void ledger_release(struct ledger *ledger);

/* Finds the recorded steps that are gone or edited, and the new ones that stand before a recorded one. */
void ledger_judge(const struct ledger *ledger, const struct steps *steps, struct drift_report *report);

/* Records the folder's steps in the file, which is made when there is none. What is recorded already is not
 * written over: HP_CONFLICT names a step that differs or is gone. HP_UNAVAILABLE when the file cannot be
 * written; other statuses as steps_read and ledger_read. */
enum hp_status ledger_write(const char *directory, const char *path, const struct vocabulary *vocabulary,
                            struct hp_problem *problem);

#endif
