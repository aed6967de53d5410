/* Drift of a definition of memory layers: every table that it names must be one of the vocabulary. */
#ifndef HOLDPOINT_DRIFT_GOVERNANCE_H
#define HOLDPOINT_DRIFT_GOVERNANCE_H

#include "harness/drift/finding.h"
#include "harness/drift/vocabulary.h"
#include "reference/base/problem.h"

/* Everything that is looked at. */
extern const struct drift_check governance_checks[];
extern const size_t governance_check_count;

/* Reads a definition in the form of fixtures/governance.json and fills in *report, which is zeroed; the caller
 * releases it in every case. HP_INVALID, with file, line and path, when it cannot be read or is none: then
 * the report is worthless. */
enum hp_status governance_drift(const char *file, const struct vocabulary *vocabulary,
                                struct drift_report *report, struct hp_problem *problem);

#endif
