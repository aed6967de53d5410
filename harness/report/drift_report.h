/* What a drift check found, in the forms that people and programs read. Everything foreign is escaped. Each
 * appends to `out`, whose `failed` says when memory ran out. */
#ifndef HOLDPOINT_REPORT_DRIFT_REPORT_H
#define HOLDPOINT_REPORT_DRIFT_REPORT_H

#include "harness/drift/finding.h"
#include "harness/report/paint.h"
#include "reference/base/text.h"

/* For a person: every finding with its place, what is wrong and how to mend it; what could not be decided;
 * the sum of the checks, and what it comes to. */
void drift_add_text(struct text *out, const struct drift_report *report, const struct paint *paint,
                    size_t columns);

/* One JSON object: subject, conclusion, the counts, checks and findings; fixtures/schema/drift.json is its
 * schema. */
void drift_add_json(struct text *out, const struct drift_report *report);

/* JUnit: one testcase for each check; findings are failures, notes stand in its output, undecided checks are errors,
 * unless nobody wanted them probed: then, and when they were not looked at, they are skipped. */
void drift_add_junit(struct text *out, const struct drift_report *report);

/* "conforms", "drifts" or "undecided". */
const char *drift_conclusion_name(enum drift_conclusion conclusion);

#endif
