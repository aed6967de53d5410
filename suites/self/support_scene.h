/* Actors that exist on paper only, for tests of those who say whose turn it is: each has one act of so many moves. */
#ifndef HOLDPOINT_SELF_SUPPORT_SCENE_H
#define HOLDPOINT_SELF_SUPPORT_SCENE_H

#include "harness/lab/schedule_parts.h"

enum { PAPER_ACTORS_MAX = 4, PAPER_MOVES_MAX = 64 };

struct paper_actors {
    size_t count;
    unsigned moves[PAPER_ACTORS_MAX]; /* how many each has; all but the last end at the point "p" */
    char played[PAPER_MOVES_MAX + 1]; /* "aab": who moved */
    unsigned preemptions;
};

/* Plays all moves by the director and writes down who moved. Returns false when it gave up. */
bool paper_play(struct paper_actors *actors, struct director *director, struct hp_problem *problem);

#endif
