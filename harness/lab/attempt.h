/* One attempt: a script played once on a target, and all that can be said against what came of it.
 *
 * Threads: one attempt at a time on a target. */
#ifndef HOLDPOINT_LAB_ATTEMPT_H
#define HOLDPOINT_LAB_ATTEMPT_H

#include "harness/lab/choices.h"
#include "harness/lab/review.h"

/* How the clients of a script are let go. */
enum way {
    WAY_IN_TURN, /* one after another; of one client nothing else is possible. Judged by the model too */
    WAY_AT_ONCE,
    WAY_BY_TURNS, /* exactly one at a time, from one point to the next; only where the target has points */
    WAY_COUNT,
};

/* Where attempts are made. Everything is borrowed. */
struct arena {
    struct target *target;
    const struct hello *hello;
    unsigned deadline_ms; /* for each call */
    uint64_t seed;
    int64_t
        start_us; /* where the clock stands at the begin of an attempt; goes on where nothing can be reset */
    unsigned plays; /* attempts until now */
    char *folder;   /* for recordings */
};

/* What came of it. Zeroed it is empty; release it with attempt_release. It borrows the script. */
struct attempt {
    struct performance performance;
    struct review review;   /* what is to blame; a set-up that was refused is FINDING_ANSWER */
    struct choices choices; /* by turns: all of them */
};

/* Plays and judges. By turns it first takes those of choices, and goes on by their chance; NULL: by another one each time.
 * Errors as crew_play and schedule_play, but that a refused set-up is a finding; *attempt may be released in every
 * case. */
enum hp_status attempt_make(struct arena *arena, const struct script *script, enum way way,
                            const struct choices *choices, struct attempt *attempt,
                            struct hp_problem *problem);
void attempt_release(struct attempt *attempt);

/* The way in which that script is really played: in turn when it has one client. */
enum way script_way(const struct script *script, enum way way);

/* "in turn", "at once", "by turns"; static. */
const char *way_name(enum way way);

/* Adds a line for each act with what came of it, in words that are the same whenever a service does the same: where the
 * contract leaves an order to chance (rows of one instant, a sweep's ids), they do not tell it. False when the text has
 * failed. */
bool attempt_add_words(struct text *text, const struct attempt *attempt);

#endif
