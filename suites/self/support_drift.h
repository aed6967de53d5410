/* Reports of drift made by hand, for tests of what prints and judges them. */
#ifndef HOLDPOINT_SELF_SUPPORT_DRIFT_H
#define HOLDPOINT_SELF_SUPPORT_DRIFT_H

#include "harness/drift/finding.h"

/* Its checks: [0] an error F1, [1] a warning, [2] a note, [3] and [4] errors. */
enum { DRIFT_SAMPLE_CHECKS = 5 };
extern const struct drift_check drift_sample_checks[DRIFT_SAMPLE_CHECKS];

/* A text that is unfit for every form: markup, quotes, control and bidi characters, bytes that are no UTF-8. */
extern const char drift_hostile[];

/* Begins the report of the sample's checks, all examined and clean, about "the database flows". */
void drift_sample_clean(struct drift_report *report);

/* One of everything: an error at an object, a warning at a file and line, a note, hostile text in each; one undecided, one
 * skipped. */
void drift_sample_full(struct drift_report *report);

#endif
