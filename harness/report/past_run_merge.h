/* Several runs as one: the parts of a sharded run, or whole runs of other targets side by side. */
#ifndef HOLDPOINT_REPORT_PAST_RUN_MERGE_H
#define HOLDPOINT_REPORT_PAST_RUN_MERGE_H

#include "harness/report/past_run.h"

/* Puts the parts of one sharded run together, in any order, as if it had never been in parts: but for times it is what the
 * run would have written. HP_INVALID, with the files, when parts are missing or there twice, when a case is in none or in
 * two, when they are of several suites, targets, seeds or options, or no parts at all. The exit code is what the whole
 * comes to, unless a part was interrupted or broke for another reason. The parts stay the caller's, until the merged run
 * is released. */
enum hp_status past_run_merge(const struct past_run *parts, size_t count, struct past_run *merged,
                              struct hp_problem *problem);

/* Puts whole runs of several targets side by side. HP_INVALID, with the files, when they are of several suites, selections,
 * seeds or options, when a target is there twice, or when one is only a part. The exit code is the worst. One run is taken
 * as it is, also when it is a part. */
enum hp_status past_run_join(const struct past_run *runs, size_t count, struct past_run *joined,
                             struct hp_problem *problem);

#endif
