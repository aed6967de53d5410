/* A reporter turns what happens in a run into one form: a terminal, JUnit, NDJSON, Markdown, a page. A small vtable;
 * the run calls every chosen reporter for everything that happens, in this order: begin, then for each target
 * target_begin, case_done for every selected case, target_end; then parity when targets were compared; then settle, end, close. Nothing is
 * called while another call is under way. A reporter writes also when the target could not be reached: then every case is errored.
 *
 * The exit code depends on whether the reports could be written, so what it is stands in none of them before
 * all of them have: settle writes everything else, end the conclusion.
 *
 * case_done comes while the target runs, before the baseline is applied: it is there for progress. What
 * counts are the results of target_end. */
#ifndef HOLDPOINT_REPORT_REPORTER_H
#define HOLDPOINT_REPORT_REPORTER_H

#include "harness/adapters/adapter.h"
#include "harness/case/parity.h"
#include "harness/case/shard.h"
#include "harness/case/verdict.h"

#include <stdio.h>

struct suite;
struct test_case;

/* What is known before anything runs. Borrowed by reporters for the length of the run. */
struct run_header {
    const struct suite *suite;
    const char *suite_digest;             /* hex SHA-256 of all case files and requirements */
    const struct test_case *const *cases; /* the selected ones, in the suite's order */
    size_t selected;                      /* how many: the same for each target */
    struct shard shard;                   /* which part of a selection the cases are; zeroed: the whole */
    const char *const *selection;         /* of a part: the ids of the whole, in the suite's order */
    size_t selection_count;
    const char *const *targets; /* names as the user gave them */
    size_t target_count;
    uint64_t seed;
    /* The command line without the report options, to repeat the run. */
    const char *command;
    /* Of it what also changes how one case runs, with a blank before it: " --crowd 5"; "" for nothing. */
    const char *repeat;
    /* What the program was told to do: "replay FILE"; NULL for "run". */
    const char *verb;
    /* The program as it was called: "build/holdpoint"; NULL for "holdpoint". */
    const char *program;
};

/* What is known when a target is done. Everything in it is borrowed and stays until the reporter is
 * closed. */
struct target_summary {
    const char *target;        /* as the user gave it */
    const struct hello *hello; /* NULL when it could not be reached */
    const char *down;          /* why not; NULL when it could */
    struct tally tally;        /* sums up to the selected cases */
    int64_t duration_us;
    const struct case_result *results; /* all, in the suite's order */
    size_t result_count;
    /* Entries that match nothing, are past their date, ...: each fails the run. */
    const char *const *baseline_problems;
    size_t baseline_problem_count;
};

struct reporter;

/* Exit codes of a run that reports say in words of their own. */
enum { REPORT_FAILS_CODE = 1, REPORT_BROKEN_CODE = 3, REPORT_INTERRUPTED_CODE = 130 };

struct reporter_ops {
    void (*begin)(struct reporter *reporter, const struct run_header *header);
    void (*target_begin)(struct reporter *reporter, const char *target, const struct hello *hello,
                         const char *down);
    void (*case_done)(struct reporter *reporter, const char *target, const struct case_result *result);
    void (*target_end)(struct reporter *reporter, const struct target_summary *summary);
    /* What came of holding the targets against each other; borrowed until the reporter is closed. */
    void (*parity)(struct reporter *reporter, const struct parity *parity);
    /* Writes everything that does not need the exit code, and flushes. exit_code is what the targets came to.
     * False when a write failed until now: then the command returns REPORT_BROKEN_CODE. */
    bool (*settle)(struct reporter *reporter, int exit_code);
    /* exit_code is what the command will return. */
    void (*end)(struct reporter *reporter, int exit_code);
    /* True when everything was written; false when a write failed (disk full, closed pipe). Frees the
     * reporter. */
    bool (*close)(struct reporter *reporter);
};

struct reporter {
    const struct reporter_ops *ops;
};

/* Each makes one reporter that writes to `out`, which it borrows. NULL when memory runs out. */
struct reporter *reporter_terminal_new(FILE *out, bool color, bool progress, size_t columns);
struct reporter *reporter_junit_new(FILE *out);
struct reporter *reporter_ndjson_new(FILE *out);
struct reporter *reporter_markdown_new(FILE *out);
struct reporter *reporter_page_new(FILE *out);

#endif
