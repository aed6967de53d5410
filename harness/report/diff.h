/* What was expected and what came back, side by side, so that the eye finds the difference. */
#ifndef HOLDPOINT_REPORT_DIFF_H
#define HOLDPOINT_REPORT_DIFF_H

#include "harness/report/paint.h"
#include "reference/base/text.h"

/* Adds the two lines "expected" and "got", each behind the indent, in visible characters (escape_terminal).
 * Texts wider than width_columns are shown from a little before their first difference on, with "..." where
 * they are cut. When they begin alike, a third line points at the first difference. NULL is shown as
 * "(nothing)". Adds nothing when both are NULL. */
void diff_add(struct text *out, const char *indent, const char *expected, const char *got,
              size_t width_columns, const struct paint *paint);

#endif
