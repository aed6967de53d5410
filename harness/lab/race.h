/* A race: what clients are let loose at once, again and again, said once for all of them. As JSON:
 *   {"interrupts": [{"kind": "clarification"}],
 *    "per_minute": 3,
 *    "lanes": [{"clients": 8, "endpoints": [0, 1], "pick": 2, "acts": [{"do": "respond", "on": 0}, {"do": "cancel"}]}]}
 *
 * Each round is a script of its own, drawn from the seed: of a lane with `pick` each client does that many acts, drawn
 * from the list; without it all of them, in order. An act that names no slot works on one of the interrupts by chance;
 * a create fills a slot of its own. The clients of a lane take its endpoints in turn (default [0]; "all" for all
 * that the target has). */
#ifndef HOLDPOINT_LAB_RACE_H
#define HOLDPOINT_LAB_RACE_H

#include "harness/lab/script.h"

/* Makes the script of a round, for a target of so many endpoints. HP_INVALID, with the place, for what is no race or makes no script. The caller releases
 * *script. */
enum hp_status race_expand(const json_t *race, uint64_t seed, unsigned round, unsigned endpoints,
                           struct script *script, struct hp_problem *problem);

#endif
