/* The reports that a command line names, read. */
#ifndef HOLDPOINT_COMMANDS_PAST_RUNS_H
#define HOLDPOINT_COMMANDS_PAST_RUNS_H

#include "harness/report/past_run.h"

/* In the order of their files. Zeroed it holds none. */
struct past_runs {
    struct past_run *items;
    size_t count;
};

/* Reads them all, up to the first that is none; statuses of past_run_read. The caller releases *runs in every case. */
enum hp_status past_runs_read(struct past_runs *runs, const char *const *paths, size_t count,
                              struct hp_problem *problem);
void past_runs_release(struct past_runs *runs);

#endif
