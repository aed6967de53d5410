/* A script by chance. Each is drawn under rules that are drawn first: a random part of the acts, kinds and oddities is
 * left out altogether, so that what is left meets itself often (swarm testing: Groce, Zhang, Eide, Chen, Regehr, ISSTA
 * 2012). Pure: the same seed and number give the same script. Any thread. */
#ifndef HOLDPOINT_LAB_DRAW_H
#define HOLDPOINT_LAB_DRAW_H

#include "harness/lab/script.h"

enum { DRAW_CLIENTS_MAX = 64 };

/* What may be drawn from. */
struct draw {
    unsigned clients;   /* at most so many; 1 .. DRAW_CLIENTS_MAX */
    unsigned endpoints; /* of the target; at least 1 */
    bool
        offers[ACT_KINDS]; /* the acts that the target offers; ACT_CREATE and ACT_GET are taken for granted */
};

/* Draws the script of that number. Clocks are set, and interrupts end soon, only where ACT_CLOCK is offered: nothing
 * depends on the time of the world. HP_INTERNAL without memory; else the caller releases *script. */
enum hp_status script_draw(const struct draw *draw, uint64_t seed, uint64_t number, struct script *script,
                           struct hp_problem *problem);

#endif
