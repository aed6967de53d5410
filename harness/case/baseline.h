/* Known failures: a file that says which cases fail on which target, how, why, and until when.
 *
 *     {"known_failures": [
 *         {"case": "users.respond.stranger", "target": "stdio:./mine", "fingerprint": "0123456789abcdef",
 *          "reason": "...", "link": "https://...", "until": "2026-12-31"}]}
 *
 * target and link may be left out; an entry without a target holds for every target. */
#ifndef HOLDPOINT_CASE_BASELINE_H
#define HOLDPOINT_CASE_BASELINE_H

#include "harness/case/case.h"
#include "harness/case/verdict.h"
#include "reference/base/problem.h"

#include <stddef.h>

/* A baseline as read. One thread at a time. */
struct baseline;

/* Reads a baseline file. HP_UNAVAILABLE when it cannot be read; HP_INVALID, with file, line and path, when it
 * is no baseline: an unknown key, a missing or blank reason, a fingerprint that is not 16 hex digits, an
 * `until` that is no date, two entries for one case that share a target (one without a target holds for all).
 * The caller frees *baseline. */
enum hp_status baseline_load(const char *path, struct baseline **baseline, struct hp_problem *problem);
void baseline_free(struct baseline *baseline); /* NULL is allowed */

/* What is wrong with a baseline beyond single cases; each fails the run. Zeroed it holds nothing. */
struct baseline_problems {
    char **texts; /* each says what to edit, with file and line */
    size_t count;
};

void baseline_problems_release(struct baseline_problems *problems);

/* What entries for other targets than those of a run are: neither is applied to anything. */
struct baseline_strangers {
    struct baseline_problems misnamed; /* their target is misspelt: each fails the run */
    struct baseline_problems notes;    /* their target is not part of this run: one for each such target */
};

void baseline_strangers_release(struct baseline_strangers *strangers);

/* Finds the entries whose target is none of the run's. Misnamed is a target that no target_from_name knows,
 * and one that differs from a target of the run in two characters or fewer, digits aside (another version or
 * port is another target). HP_INTERNAL when memory runs out. The caller releases *strangers in either case.
 */
enum hp_status baseline_find_strangers(const struct baseline *baseline, const char *const *targets,
                                       size_t target_count, struct baseline_strangers *strangers);

/* Applies the entries that hold for the target (as the user named it) to its results. today is a date,
 * "2026-11-23"; entries hold on their `until` day, and no longer after it.
 *
 * A failed case with an entry of the same fingerprint becomes expected_failure, its `baseline` the entry's
 * reason and link. Failed with another fingerprint it stays failed, past its date too; passed it becomes
 * unexpected_pass; in each of the three its `baseline` says what to edit. Untestable, errored, unsupported
 * and not_run cases keep their verdict.
 *
 * Problems are added for an entry whose case the suite does not know (with the nearest id), whose case is
 * unsupported on the target or was there neither failed nor passed (it matches nothing that happened; not_run
 * and errored excepted, since those fail by themselves or say nothing), and for one past its date whose case
 * was selected. An entry whose case was not selected is no problem. HP_INTERNAL when memory runs out. */
enum hp_status baseline_apply(const struct baseline *baseline, const struct suite *suite, const char *target,
                              const char *today, struct case_result *results, size_t result_count,
                              struct baseline_problems *problems);

/* True for a result that baseline_apply makes an expected_failure, before it does. */
bool baseline_expects(const struct baseline *baseline, const char *target, const char *today,
                      const struct case_result *result);

/* The results of one target, for baseline_update. Borrowed. */
struct baseline_outcome {
    const char *target;
    const struct case_result *results;
    size_t result_count;
};

/* Writes the file anew as the outcomes have it: an entry whose case passed is dropped, one that failed
 * otherwise gets the new fingerprint and keeps its reason, link and date; one for every target whose case
 * failed differently on several becomes one for each of those. Each new failure gets an entry for its target
 * with an empty reason, which baseline_load refuses until somebody writes one. Entries of cases that were not
 * selected, or that came to no verdict, stay; those whose case the suite does not know go. baseline may be
 * NULL (no file yet). Results are taken as they are before or after baseline_apply. The new text goes to a
 * temporary file beside the old one, is synced and renamed over it: the old file survives every failure.
 * *added tells how many reasons have to be written; may be NULL. HP_UNAVAILABLE, with the path, when it
 * cannot be written. */
enum hp_status baseline_update(const char *path, const struct baseline *baseline, const struct suite *suite,
                               const struct baseline_outcome *outcomes, size_t outcome_count, size_t *added,
                               struct hp_problem *problem);

#endif
