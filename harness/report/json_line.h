/* JSON written member by member. The caller keeps the braces in balance; commas come by themselves. */
#ifndef HOLDPOINT_REPORT_JSON_LINE_H
#define HOLDPOINT_REPORT_JSON_LINE_H

#include "reference/base/text.h"

/* Every function adds one value: a member when a name is given, an element of an array when it is NULL. */
void json_line_open(struct text *out, const char *name, char bracket);
void json_line_close(struct text *out, char bracket);
void json_line_text(struct text *out, const char *name, const char *value); /* NULL: null */
void json_line_number(struct text *out, const char *name, int64_t value);
void json_line_unsigned(struct text *out, const char *name, uint64_t value);

#endif
