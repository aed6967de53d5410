/* Drift of source code, in any of several languages, from the contract's vocabulary. Nothing of it is run: it is read as
 * syntax trees, and what stands for what is told from names and members, unless a configuration says so. */
#ifndef HOLDPOINT_DRIFT_SOURCE_H
#define HOLDPOINT_DRIFT_SOURCE_H

#include "harness/drift/finding.h"
#include "harness/drift/vocabulary.h"
#include "reference/base/problem.h"

/* Everything that is looked at. */
extern const struct drift_check source_checks[];
extern const size_t source_check_count;

struct source_drift {
    const char *directory;
    const char *
        configuration; /* a file in the form of fixtures/schema/source.json; NULL: holdpoint-source.json in the
                                  directory, if there is one */
};

/* Reads a tree and fills in *report, which is zeroed; the caller releases it in every case. HP_INVALID: the directory is none,
 * cannot be read or holds no file of a known language, or the configuration cannot be read, or the latter is none (file, line and path say where); HP_UNAVAILABLE: no grammars are
 * installed. Then the report is worthless. */
enum hp_status source_drift(const struct source_drift *options, const struct vocabulary *vocabulary,
                            struct drift_report *report, struct hp_problem *problem);

#endif
