/* The changes between two runs in words, for a terminal, a pull request, or a program. */
#ifndef HOLDPOINT_REPORT_CHANGES_REPORT_H
#define HOLDPOINT_REPORT_CHANGES_REPORT_H

#include "harness/report/changes.h"
#include "harness/report/paint.h"

/* Each adds the whole report; the texts of the runs may hold anything. The terminal's lists are whole; the Markdown page
 * stays below what forges accept as a comment, and counts what does not fit. */
void changes_add_terminal(struct text *out, const struct changes *changes, const struct paint *paint);
void changes_add_markdown(struct text *out, const struct changes *changes);

/* One object: format, old and new (path, suite_digest, exit_code), compared, counts by kind, worse, changes. */
void changes_add_json(struct text *out, const struct changes *changes);

#endif
