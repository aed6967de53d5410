/* The targets of a run, kept until all are done, and what reports count in them. */
#ifndef HOLDPOINT_REPORT_SUMMARIES_H
#define HOLDPOINT_REPORT_SUMMARIES_H

#include "harness/report/reporter.h"

/* Summaries in the order of their targets. Zeroed it is empty. */
struct summaries {
    struct target_summary *items;
    size_t count;
    bool failed; /* memory ran out */
};

void summaries_add(struct summaries *summaries, const struct target_summary *summary);
void summaries_release(struct summaries *summaries);

/* How many cases of all targets came to that verdict. */
size_t summaries_count(const struct summaries *summaries, enum verdict verdict);

/* The results of one chapter on one target. */
struct chapter {
    const char *name;                  /* borrowed from the suite */
    const struct case_result *results; /* borrowed from the summary */
    size_t count;
    struct tally tally;
    int64_t duration_us;
};

/* Takes the chapter that begins at *at (0 for the first) and moves *at behind it. False when there is
 * none. */
bool chapter_take(const struct target_summary *summary, size_t *at, struct chapter *chapter);

/* True when nothing failed, yet nothing passed either, so that the run proves nothing of this target. */
bool summary_is_empty(const struct target_summary *summary);

/* What this target does to the exit code: 0, REPORT_FAILS_CODE or REPORT_BROKEN_CODE. */
int summary_conclude(const struct target_summary *summary);

/* The null's name when the target is "null:NAME", else NULL. */
const char *target_null_name(const char *target);

/* True when a passing case says why it may pass under that null. */
bool case_allows_null(const struct test_case *test_case, const char *null_name);

/* Why the target is down, without its name at the beginning: the reader has just seen it. */
const char *down_reason(const char *down, const char *target);

/* Adds the command that repeats exactly this case on this target. */
void add_repeat_command(struct text *out, const struct run_header *header, const char *target,
                        const struct case_result *result);

/* Adds whole seconds, a dot in every locale, and so many digits (at most 6, cut off). */
void add_seconds(struct text *out, int64_t duration_us, unsigned digits);

#endif
