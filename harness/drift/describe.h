/* Drift of a running service: the words that it says it believes in (`describe`) held against the vocabulary. */
#ifndef HOLDPOINT_DRIFT_DESCRIBE_H
#define HOLDPOINT_DRIFT_DESCRIBE_H

#include "harness/drift/finding.h"
#include "harness/drift/vocabulary.h"

/* Everything that is looked at. */
extern const struct drift_check describe_checks[];
extern const size_t describe_check_count;

/* Begins a report with a row for each check, about that subject (copied). On lack of memory report->failed is set. */
void describe_begin(struct drift_report *report, const char *subject);

/* Holds the result of a describe against the vocabulary: lists of texts under kinds, statuses, decisions, each with exactly the
 * contract's words, in any order. */
void describe_drift(const json_t *result, const struct vocabulary *vocabulary, struct drift_report *report);

/* Says of every check why it could not be decided. */
void describe_undecided(struct drift_report *report, const char *reason);

#endif
