/* What `holdpoint explore` prints. */
#ifndef HOLDPOINT_COMMANDS_EXPLORE_REPORT_H
#define HOLDPOINT_COMMANDS_EXPLORE_REPORT_H

#include "harness/lab/explore.h"
#include "harness/lab/pursuit.h"

#include <stdio.h>

enum { EXPLORE_CASE_NAME_SIZE = 160 };

/* Where it goes. Zeroed but for out and is_terminal it is ready. */
struct explore_report {
    FILE *out;
    bool is_terminal; /* the progress is one line, written over; else a line from time to time */
    bool line_shown;
    int64_t start_ns, shown_ns; /* recorder_now_ns; start_ns is set by whoever begins */
};

/* One finding, at its end. Everything is borrowed. */
struct explore_finding {
    const struct explored *run;    /* in which it was found */
    const struct finding *finding; /* of that run; the first of its class */
    const struct pursuit *pursuit; /* NULL: it was not pursued */
    const char *name;              /* of the files, without an ending */
    const char *folder;
    const char *note;   /* "seed 1, run 17, memory" */
    const char *repeat; /* the command */
};

/* How far it is; prints little enough to be called after each run. */
void explore_report_progress(struct explore_report *report, const struct explore_tally *tally,
                             uint64_t found);

/* A line by itself, the progress taken away before. Text of a target may be in it. */
void explore_report_line(struct explore_report *report, const char *format, ...) HP_PRINTF(2, 3);

/* The sentence, the script with what came of each act, the timeline of that interrupt, the files, the command. */
void explore_report_finding(struct explore_report *report, const struct explore_finding *finding);

/* The sums. found counts by class. */
void explore_report_end(struct explore_report *report, const struct explore_tally *tally,
                        const struct explore *explore, uint64_t first, const uint64_t found[FINDING_CLASSES],
                        uint64_t disagreements);

#endif
