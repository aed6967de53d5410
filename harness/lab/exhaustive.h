/* Every order in which the actors of a small schedule can go on, one play after another: at each turn each of those that are
 * ready is tried, as long as no more turns than the bound are taken from one who could go on in the midst of its act. After
 * Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007: most
 * faults take no more than two such preemptions.
 *
 *   for (more = true; more; more = exhaustive_next(&exhaustive)) { schedule_stage with &exhaustive.director } */
#ifndef HOLDPOINT_LAB_EXHAUSTIVE_H
#define HOLDPOINT_LAB_EXHAUSTIVE_H

#include "harness/lab/schedule_parts.h"

enum { EXHAUSTIVE_ACTORS_MAX = 64 };

/* One turn of the present play, and what could be tried in its place. */
struct decision {
    size_t chosen;
    uint64_t ready; /* a bit for each actor */
    uint64_t left;  /* of these, which are still to be tried */
    size_t last;    /* who had the turn before, SIZE_MAX: nobody */
    bool inside;
    unsigned preemptions; /* until this turn, without it */
};

/* Release it with exhaustive_release. */
struct exhaustive {
    struct director director; /* first */
    unsigned bound;
    struct decision *decisions;
    size_t count, room;
    size_t at; /* the turn that is to be given */
};

void exhaustive_init(struct exhaustive *exhaustive, unsigned bound);
void exhaustive_release(struct exhaustive *exhaustive);

/* Goes to the next order; false when all were played. The director refuses with HP_CONFLICT when the same turns did not
 * bring about what they brought about before: then the target is not played exactly. */
bool exhaustive_next(struct exhaustive *exhaustive);

#endif
