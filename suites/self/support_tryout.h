/* Scripts that are played in turn on the reference, whose answers are changed on their way, and what the review finds in
 * them. Everything here fails the running test by cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_TRYOUT_H
#define HOLDPOINT_SELF_SUPPORT_TRYOUT_H

#include "harness/lab/review.h"
#include "suites/self/support_tamper_target.h"

/* When the clock of a tryout stands: 2025-12-11T09:30:00Z. */
#define TRYOUT_START_US INT64_C(1765445400000000)

/* One performance and all that it needs. */
struct tryout {
    struct target *target;
    struct hello hello;
    struct script script;
    struct crew crew;
    struct performance performance;
};

/* Makes the target and the script, in the short form; without: capabilities that it does not declare ("reset,clock"), or
 * NULL. Nothing is played yet, the crew may be changed. */
void tryout_init(struct tryout *tryout, const char *script, const struct tamper *tampers,
                 const char *without);

/* Plays it; the performance is the tryout's. */
enum hp_status tryout_play(struct tryout *tryout, struct hp_problem *problem);

void tryout_release(struct tryout *tryout);

/* The history as words, one operation a line without its times: "0 create #0 ok", "1 respond #0 conflict:resolved"; an
 * interrupt by its slot, "?" when it has none. The caller frees it. */
char *history_words(const struct performance *performance);

enum { FINDING_NONE = -1, TAMPERS_OF_A_ROW = 5, ANY_SLOT = -1 };

/* What must be found, and nothing of another class than that and those of `also`. */
struct review_row {
    const char *script;
    struct tamper tampers[TAMPERS_OF_A_ROW]; /* the last has no method */
    int class;                               /* FINDING_NONE: nothing may be found */
    int slot;                                /* which the finding is about */
    const char *said;                        /* in its sentence */
    unsigned also; /* 1 << class: what else may be found, since more than one looks at it */
};

/* Plays and reviews each row. */
void assert_reviews(const struct review_row *rows, size_t count);

#endif
