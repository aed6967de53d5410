/* A decorator that has other targets carry some methods out: what HTTP has no route for. */
#ifndef HOLDPOINT_ADAPTERS_RELAY_H
#define HOLDPOINT_ADAPTERS_RELAY_H

#include "harness/adapters/adapter.h"

enum { RELAY_METHODS_MAX = 16 };

/* Wraps a target, which it takes over unless this fails. NULL when memory runs out. The capabilities of the methods that are
 * passed on are taken out of or added to its hello as the other target has them. */
struct target *relay_new(struct target *inner);

/* Has `other` carry out the method, on its endpoint 0, and takes it over, unless this fails; several methods may have the same
 * one. stand_in: it acts in the service's place, so its answers are not judged. False without memory, or after
 * RELAY_METHODS_MAX methods. */
bool relay_add(struct target *relay, const char *method, struct target *other, bool stand_in);

#endif
