/* Cases and requirements in words. */
#ifndef HOLDPOINT_COMMANDS_EXPLAIN_CASE_H
#define HOLDPOINT_COMMANDS_EXPLAIN_CASE_H

#include "harness/case/case.h"
#include "reference/base/text.h"

/* Adds title, reason, requirements, needs, every step in order, the file, and how to run it. */
void explain_case(struct text *out, const struct suite *suite, const struct test_case *test_case);

/* Adds the sentence, its source and level, and the cases that prove it. */
void explain_requirement(struct text *out, const struct suite *suite, const struct requirement *requirement);

#endif
