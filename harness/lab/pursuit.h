/* What was found by chance, pursued: how often it comes back when the script is played again, and the smallest script with
 * which it does.
 *
 * Threads: as attempts. */
#ifndef HOLDPOINT_LAB_PURSUIT_H
#define HOLDPOINT_LAB_PURSUIT_H

#include "harness/lab/attempt.h"

enum {
    PURSUIT_PLAYS = 200, /* tries of one script, of clients at once, before it counts as showing nothing */
    PURSUIT_RETURNS =
        2, /* how often it must come back within them: a script that shows it once in ages is no gain */
    PURSUIT_MEASURED = 400 /* plays of the final script */
};

/* How often a script shows a finding. */
struct recurrence {
    unsigned plays, returns;
};

/* What is pursued. Fill in the first five; the rest is filled by the functions below. Release it with pursuit_release. */
struct pursuit {
    struct arena *arena;
    enum finding_class class;
    enum way way;
    struct script script;   /* which showed it; owned */
    struct choices choices; /* by turns: those that show it; empty before they are fixed: by chance. Owned */
    int64_t until_ns;       /* recorder_now_ns; after that nothing more is tried */
    size_t tries;           /* scripts tried */
    bool out_of_time;       /* so the script may not be the smallest */
    struct recurrence recurrence;
    struct attempt last; /* the last attempt that showed it; empty when it never came back */
};

/* Makes pursuit->script smaller by playing smaller ones. In turn each must show it twice in a row; at once PURSUIT_RETURNS
 * times in PURSUIT_PLAYS. A try that breaks the target ends it there. HP_INTERNAL without memory. */
enum hp_status pursuit_shrink(struct pursuit *pursuit, struct hp_problem *problem);

/* By turns: plays the script until it comes back, PURSUIT_PLAYS times at most, and keeps the turns with which it did. Does
 * nothing in the other ways. Errors as attempt_make. */
enum hp_status pursuit_fix_turns(struct pursuit *pursuit, struct hp_problem *problem);

/* Plays the script, at most so many times and never beyond the time, but at least once, until it has come back
 * returns_enough times; keeps the last attempt that showed it. Errors as attempt_make. */
enum hp_status pursuit_measure(struct pursuit *pursuit, unsigned plays_max, unsigned returns_enough,
                               struct hp_problem *problem);

void pursuit_release(struct pursuit *pursuit);

/* How many rounds it takes so that it comes back in one of them for sure: 1 in turn when it always does; else so many,
 * at least 10, that
 * it stays away less than once in a million, with the true rate taken to be half of that measured. At most 100000. */
unsigned recurrence_rounds(const struct recurrence *recurrence, enum way way);

#endif
