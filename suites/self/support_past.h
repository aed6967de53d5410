/* Reports that a test writes, read back. */
#ifndef HOLDPOINT_SELF_SUPPORT_PAST_H
#define HOLDPOINT_SELF_SUPPORT_PAST_H

#include "harness/report/past_run.h"
#include "harness/report/summaries.h"
#include "suites/self/support_results.h"

/* Writes the text to a file and reads it as a report; the file is gone afterwards. The caller releases *run. */
enum hp_status past_of_text(const char *text, struct past_run *run, struct hp_problem *problem);

/* The same of a text that is a report; fails the test when it is refused. */
void past_read(const char *text, struct past_run *run);

/* A report of one target "memory" whose cases come to these verdicts, each "ID VERDICT [REASON]" up to the NULL; shard is
 * as `--shard` has it, or NULL; the ids of a part's whole are those of `whole`, up to a NULL. For the caller to free. */
char *past_text(const char *const *outcomes, const char *shard, const char *const *whole);

/* Replaces the first occurrence, which must be there. The caller frees the new text. */
char *past_change(const char *text, const char *what, const char *by);

/* What a reporter writes of it, for the caller to free. */
char *past_write(const struct past_run *run, struct reporter *(*make)(FILE *out));

#endif
