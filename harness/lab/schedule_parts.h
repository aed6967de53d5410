/* Between schedule.c and those who say whose turn it is. */
#ifndef HOLDPOINT_LAB_SCHEDULE_PARTS_H
#define HOLDPOINT_LAB_SCHEDULE_PARTS_H

#include "harness/adapters/row_locks.h"
#include "harness/lab/course.h"
#include "harness/lab/schedule.h"

/* How the actors stand when a turn is to be given. */
struct scene {
    size_t actor_count;
    const bool *ready;           /* who can go on */
    const size_t *acts;          /* in which of its acts each is, or which it begins next */
    const struct course *course; /* of all moves until now */
    size_t last;                 /* who moved last; SIZE_MAX at the begin */
    bool inside; /* and it could go on, in the midst of an act: another's turn is a preemption */
};

enum { TURN_NONE = UINT16_MAX }; /* says that there is no answer; the problem says why */

/* Says whose turn it is. */
struct director {
    /* One of those that are ready, of whom there is one at least. A clock act that is not ready may be named too: it is
     * marked as waiting, and begins as soon as it can. */
    size_t (*choose)(struct director *director, const struct scene *scene, struct hp_problem *problem);
};

/* A play by turns. Everything is borrowed. */
struct staging {
    const struct crew *crew;
    const struct script *script;
    const char *folder; /* as of crew_play */
    struct director *director;
    struct course *course;   /* empty */
    struct row_locks *locks; /* of the holders, in order; NULL: there are none */
    const unsigned *held;    /* the slot that each of them holds */
    size_t holder_count;
    bool whole_acts; /* a target without points will do; then turns go from act to act */
};

/* What a holder does, as acts: "hold", "let-go". */
enum { HOLDER_HOLDS, HOLDER_LETS_GO, HOLDER_ACTS };

/* Plays it, with the errors of schedule_play and HP_INVALID for a row that cannot be held. */
enum hp_status schedule_stage(const struct staging *staging, struct performance *performance,
                              struct hp_problem *problem);

/* The same, by the turns that choices holds and then by chance, as schedule_play. */
enum hp_status schedule_stage_by_chance(struct staging *staging, struct choices *choices,
                                        struct performance *performance, struct hp_problem *problem);

#endif
