/* The nulls: targets that keep no state and obey no rule. A case that passes against one has proved nothing,
 * unless it says why (`null_ok`). Each declares every capability of contract parts 1 and 2 and two
 * endpoints. */
#ifndef HOLDPOINT_ADAPTERS_NULL_H
#define HOLDPOINT_ADAPTERS_NULL_H

#include "harness/adapters/adapter.h"

/* The names, by number; NULL past the last one.
 *   empty            answers {} to everything
 *   accept-all       accepts everything: what looks like success, made from the params, nothing kept
 *   reject-all       refuses everything as invalid, but for reset and clock.set
 *   echo             answers the params
 *   constant         answers one and the same interrupt, in every shape at once
 *   drop-connection  breaks at every call */
const char *null_name(size_t index);

/* Makes the null of that name. HP_INVALID, with the names in the problem, when there is none; HP_INTERNAL
 * without memory. The caller frees *target. */
enum hp_status null_new(const char *name, struct target **target, struct hp_problem *problem);

#endif
