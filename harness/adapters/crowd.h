/* A decorator that fills the target with interrupts of strangers, so that a run proves that its cases look at
 * their own rows only. */
#ifndef HOLDPOINT_ADAPTERS_CROWD_H
#define HOLDPOINT_ADAPTERS_CROWD_H

#include "harness/adapters/adapter.h"

/* Wraps a target, which is freed with it. Before the first call that neither resets nor sets the clock, and
 * again after each reset, it creates count interrupts, of all kinds: some fall due with the first microsecond
 * that the clock moves on, some later, some never (near the end of the year 9999, where the target refuses a
 * term, all never). They belong to users, sessions and requests whose names begin with "crowd-". When one
 * cannot be created the call that was to follow is HP_UNAVAILABLE: a crowd that is missing would prove
 * nothing. Each creation may take timeout_ms. NULL when memory runs out; then the inner target is still the
 * caller's. */
struct target *crowd_new(struct target *inner, unsigned count, unsigned timeout_ms);

#endif
