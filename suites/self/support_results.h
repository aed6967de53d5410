/* Hand-made results for the tests of the reporters: every verdict, hostile texts, several targets, one that
 * is down. */
#ifndef HOLDPOINT_SELF_SUPPORT_RESULTS_H
#define HOLDPOINT_SELF_SUPPORT_RESULTS_H

#include "harness/report/reporter.h"

/* A made-up run. */
enum sample {
    SAMPLE_GREEN,   /* one target, everything passed */
    SAMPLE_MIXED,   /* one target, every verdict, a baseline problem */
    SAMPLE_HOSTILE, /* texts that try to break every format */
    SAMPLE_MATRIX,  /* three targets that differ, one of them a null, one with a long name */
    SAMPLE_DOWN,    /* a target that cannot be reached */
    SAMPLE_MANY,    /* 256 failures with very long texts */
    SAMPLE_STOPPED, /* interrupted after three cases that passed */
    SAMPLE_EMPTY,   /* nothing but unsupported and not_run */
    SAMPLE_PARITY,  /* three targets that pass everything, and differ in it */
    SAMPLE_COUNT
};

/* The sample's name, as its golden files have it. */
const char *sample_name(enum sample sample);

/* The exit code that belongs to it. */
int sample_exit_code(enum sample sample);

/* Makes the reporter go through the sample: begin, targets, cases, end, close. What close returned. */
bool sample_play(enum sample sample, struct reporter *reporter);

/* Plays it on a reporter that writes to memory; the caller frees what was written. */
char *sample_write(enum sample sample, struct reporter *(*make)(FILE *out));

/* Compares with suites/self/golden/report/NAME.EXTENSION and fails the test where they differ. With
 * HOLDPOINT_GOLDEN=write in the environment it writes that file instead. */
void golden_compare(const char *name, const char *extension, const char *got);

/* Writes the path of something in the folder of built things ("feed-XXXXXX"). */
enum { SCRATCH_PATH_SIZE = 512 };
void scratch_path(char path[SCRATCH_PATH_SIZE], const char *name);

/* What a shell command prints when it is fed with `input`; *exit_code is its own. The caller frees it. */
char *command_feed(const char *command, const char *input, int *exit_code);

#endif
