/* One case that did not pass, as a person at a terminal reads it. */
#ifndef HOLDPOINT_REPORT_TERMINAL_FAILURE_H
#define HOLDPOINT_REPORT_TERMINAL_FAILURE_H

#include "harness/report/reporter.h"
#include "harness/report/screen.h"

/* Adds what the case is, which requirement broke and how, the calls that were made, and the commands that
 * repeat it. `label` names the target when there are several; NULL when there is one. */
void terminal_failure_add(struct text *out, const struct run_header *header, const char *target,
                          const char *label, const struct case_result *result, const struct screen *screen);

/* Adds what the target wrote to its stderr, cut where it would fill the screen; nothing for NULL. */
void terminal_log_add(struct text *out, const char *log, const struct screen *screen);

#endif
