/* What a case came to on one target, and everything that a report says of it. */
#ifndef HOLDPOINT_CASE_VERDICT_H
#define HOLDPOINT_CASE_VERDICT_H

#include "reference/base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test_case;
struct parity_side;

/* One row a verdict: constant, name in reports, whether it lets the run conform. */
#define VERDICT_LIST(X)                                                                                      \
    X(VERDICT_PASSED, "passed", true)                     /* every step came back as required */             \
    X(VERDICT_FAILED, "failed", false)                    /* a step that names a requirement did not */      \
    X(VERDICT_EXPECTED_FAILURE, "expected_failure", true) /* failed as the baseline records */               \
    X(VERDICT_UNEXPECTED_PASS, "unexpected_pass", false)  /* passed although the baseline says it fails */   \
    X(VERDICT_UNSUPPORTED, "unsupported", true)           /* needs what the target never declared */         \
    X(VERDICT_UNTESTABLE, "untestable", false)            /* declared, yet the case could not be set up */   \
    X(VERDICT_ERRORED, "errored", false)                  /* the harness or the adapter broke */             \
    X(VERDICT_NOT_RUN, "not_run", true)                   /* the run ended before it (--fail-fast) */

enum verdict {
#define X(constant, name, conforms) constant,
    VERDICT_LIST(X)
#undef X
        VERDICT_COUNT
};

const char *verdict_name(enum verdict verdict);
bool verdict_conforms(enum verdict verdict);

/* One call of a case and what came back, for the transcript. */
struct exchange {
    char *step; /* "step 3, twin of stranger" */
    char *method;
    char *params; /* JSON text as it was sent; long text is cut with "... (N bytes)" */
    char *answer; /* "result {...}", "refused forbidden: ...", "broken: ..."; cut alike */
};

enum { FINGERPRINT_SIZE = 17 };

/* The outcome of one case on one target. Zeroed it holds nothing; release with case_result_release. All texts
 * may be NULL when they do not apply; all are UTF-8 but may hold control characters that a target sent. */
struct case_result {
    const struct test_case *test_case; /* borrowed from the suite */
    enum verdict verdict;
    int64_t duration_us;                /* of the case, by the monotonic clock */
    char *step;                         /* the step that decided: "step 3 (twin of stranger)" */
    const char *requirements[2];        /* ids that this step names, borrowed; NULL when none */
    char *reason;                       /* one sentence: what is wrong, or what is missing for unsupported */
    char *path;                         /* JSON Pointer into the answer where it differs, "" for the whole */
    char *expected;                     /* short text: what the contract asks for there */
    char *got;                          /* short text: what came back there */
    char fingerprint[FINGERPRINT_SIZE]; /* hex: what failed and how, without ids and times; else "" */
    struct exchange *exchanges;         /* the transcript; kept for what did not pass */
    size_t exchange_count;
    /* The last call by hand: JSON-RPC line, curl; NULL when there is no way, or when it needs what an earlier
     * call of the case has made. */
    char *reproduce;
    char *exhibit; /* what a play shows of what went wrong, in lines as they are; NULL when nothing */
    char *log;     /* what the target wrote to its stderr meanwhile; NULL when nothing */
    struct parity_side
        *parity;    /* what other targets are held against, see parity.h; NULL when that is not asked */
    char *baseline; /* for the three verdicts that a baseline changes: the entry's reason, or what to edit */
};

void case_result_release(struct case_result *result);

/* How many cases came to each verdict. */
struct tally {
    size_t counts[VERDICT_COUNT];
};

void tally_add(struct tally *tally, enum verdict verdict);
size_t tally_sum(const struct tally *tally);

#endif
