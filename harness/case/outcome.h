/* Writes into a case's result what became of it: private to scenario.c, prepare.c and judge.c. */
#ifndef HOLDPOINT_CASE_OUTCOME_H
#define HOLDPOINT_CASE_OUTCOME_H

#include "harness/case/match.h"
#include "harness/case/rig.h"
#include "harness/case/verdict.h"

/* One case under way. */
struct scenario {
    struct rig *rig;
    const struct test_case *test_case;
    struct case_result *result;
    int64_t began_us; /* by the monotonic clock */
};

/* Names a step: "step 3 (stranger)", "step 4 (twin of stranger)", "step 2, time 17 of 500". For the caller to
 * free; NULL when memory runs out. */
char *step_name(const struct test_case *test_case, const struct record *record);

/* The case ends with this verdict; the reason is printf's. Returns false, for `return outcome_...`. */
bool outcome_set(struct scenario *scenario, enum verdict verdict, const struct record *record,
                 const char *format, ...) HP_PRINTF(4, 5);

/* A step went wrong: failed at the requirements of the blamed step, or untestable when it names none. Takes
 * what the difference holds over; it may be NULL. */
bool outcome_fault(struct scenario *scenario, const struct record *record, const struct step *blamed,
                   struct difference *difference, const char *format, ...) HP_PRINTF(5, 6);

bool outcome_no_memory(struct scenario *scenario);

/* A broken answer: errored in the adapter's words. A call that the adapter has no way to say: unsupported. */
bool outcome_unanswered(struct scenario *scenario, const struct record *record);

#endif
