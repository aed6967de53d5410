/* Running text broken into lines. */
#ifndef HOLDPOINT_REPORT_PARAGRAPH_H
#define HOLDPOINT_REPORT_PARAGRAPH_H

#include "reference/base/text.h"

/* Adds `first` and then the string in visible characters (escape_terminal), broken at blanks so that a line
 * has at most width_columns where words allow; every further line begins with so many blanks as `first` has
 * characters. Ends with a line end. */
void paragraph_add(struct text *out, const char *first, const char *string, size_t width_columns);

/* Adds JSON text that is visible already, from the given column on, every character of it: lines are broken
 * behind commas and at blanks, behind a colon when that is not enough, and in the middle of a word only when
 * the word is longer than a line. Further lines begin with indent_columns blanks. Without a line end. */
void json_break(struct text *out, const char *json, size_t column, size_t indent_columns,
                size_t width_columns);

#endif
