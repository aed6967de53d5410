/* Running text broken into lines. */
#ifndef HOLDPOINT_REPORT_PARAGRAPH_H
#define HOLDPOINT_REPORT_PARAGRAPH_H

#include "reference/base/text.h"

/* Adds `first` and then the string in visible characters (escape_terminal), broken at blanks so that a line
 * has at most width_columns where words allow; every further line begins with so many blanks as `first` has
 * characters. Ends with a line end. */
void paragraph_add(struct text *out, const char *first, const char *string, size_t width_columns);

#endif
