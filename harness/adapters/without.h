/* A decorator that hides capabilities: what a run looks like on a target that lacks them. */
#ifndef HOLDPOINT_ADAPTERS_WITHOUT_H
#define HOLDPOINT_ADAPTERS_WITHOUT_H

#include "harness/adapters/adapter.h"

/* Wraps a target, whose hello then lacks the capabilities of the list, "reset,clock". Calls are passed on:
 * nobody should make one that needs what was never declared. HP_INVALID for a name that is no capability,
 * HP_INTERNAL without memory; then the inner target is still the caller's, else it is freed with *target. */
enum hp_status without_new(struct target *inner, const char *list, struct target **target,
                           struct hp_problem *problem);

#endif
