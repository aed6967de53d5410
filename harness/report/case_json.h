/* A case in the reports and lists that programs read. */
#ifndef HOLDPOINT_REPORT_CASE_JSON_H
#define HOLDPOINT_REPORT_CASE_JSON_H

#include "harness/case/case.h"
#include "reference/base/text.h"

/* Adds, to an object that is open, the members that say which case it is: id, template, chapter, title,
 * level, file, line. */
void case_json_add(struct text *out, const struct test_case *test_case);

#endif
