/* A run that is over, read back from its report.ndjson: everything that reporters are told, so that any report can be made
 * of it later, without the fixtures and without the target. */
#ifndef HOLDPOINT_REPORT_PAST_RUN_H
#define HOLDPOINT_REPORT_PAST_RUN_H

#include "harness/case/load_parts.h"
#include "harness/report/reporter.h"

enum { PAST_RUN_CAP_BYTES = 1024 * 1024 * 1024 };

/* One target of it. */
struct past_target {
    struct hello hello; /* zeroed: it could not be reached */
    struct target_summary summary;
    struct case_result *results; /* texts are borrowed, also those that case_result_release would free */
    const char **problems;
    bool ended;
};

/* Zeroed it holds nothing; release with past_run_release. Texts are borrowed from `lines`, or from the runs that it was
 * merged from, which stay until it is released. */
struct past_run {
    const char *path;   /* borrowed from the caller; NULL for a merged one */
    json_t *lines;      /* array of objects; NULL for a merged one */
    struct suite suite; /* the requirements; no cases */
    struct suite_store store;
    struct test_case *cases; /* proofs are their only steps */
    const struct test_case **selected;
    size_t case_count;
    struct step *steps;
    struct exchange *exchanges;
    const char **selection; /* of a part: the ids of the whole; else NULL */
    const char **target_names;
    char *command; /* of a merged one */
    struct run_header header;
    struct past_target *targets;
    size_t target_count;
    struct parity parity;
    int exit_code;
};

/* Reads the file; the path is kept. HP_UNAVAILABLE when it cannot be read; HP_INVALID, with path and line, when it is no
 * report or not a whole one. The caller releases *run in every case. */
enum hp_status past_run_read(const char *path, struct past_run *run, struct hp_problem *problem);
void past_run_release(struct past_run *run);

/* Tells a reporter all of it, as the run did; the caller closes the reporter. True when it was written. */
bool past_run_tell(const struct past_run *run, struct reporter *reporter);

/* The index of a case's id, looked for from `hint` on; case_count when it is not there. */
size_t past_run_find(const struct past_run *run, const char *id, size_t hint);

/* What the exit code of a run with these results is, whatever else happened to it: 0, REPORT_FAILS_CODE or
 * REPORT_BROKEN_CODE. */
int past_run_conclude(const struct past_run *run);

#endif
