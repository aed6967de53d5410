/* Cases and requirements in words. */
#ifndef HOLDPOINT_COMMANDS_EXPLAIN_CASE_H
#define HOLDPOINT_COMMANDS_EXPLAIN_CASE_H

#include "harness/case/case.h"
#include "reference/base/text.h"

#include <stdbool.h>

/* Each adds running text of at most so many columns where words allow; out->failed tells of memory. */

/* Adds title, reason, requirements, needs, every step in order, the file, and how to run it. */
void explain_case(struct text *out, const struct suite *suite, const struct test_case *test_case,
                  size_t columns);

/* The same for all cases of a template, with the values of each row. False when there is no such template. */
bool explain_template(struct text *out, const struct suite *suite, const char *id, size_t columns);

/* Lists the templates of a chapter, or of any beginning of ids up to a dot. False when no case has it. */
bool explain_group(struct text *out, const struct suite *suite, const char *prefix, size_t columns);

/* Adds what a requirement asks for, and the cases that prove it. */
void explain_requirement(struct text *out, const struct suite *suite, const struct requirement *requirement,
                         size_t columns);

#endif
