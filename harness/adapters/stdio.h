/* The target `stdio:COMMAND`: a child process that speaks the wire of docs/adapters.md over its stdin and
 * stdout, or several of them when its hello says that they share their state. */
#ifndef HOLDPOINT_ADAPTERS_STDIO_H
#define HOLDPOINT_ADAPTERS_STDIO_H

#include "harness/adapters/adapter.h"

/* Makes the target; the child starts with the first hello or open, and is asked for its hello each time it
 * starts, for at most timeout_ms. NULL when memory runs out. The caller frees it.
 *
 * When the hello's limits.processes is more than 1 the sessions of endpoint e are those of child e modulo so many. Each
 * child starts with the first open that needs it, says a hello of its own, and must say the same limits; the hello of
 * the target is the first one's, with the capability `processes`. A restart ends them all, and the log is that of all.
 *
 * A session takes one call at a time: while an earlier one has no answer, start is HP_UNAVAILABLE. So a
 * session whose call ran out of time is of no more use, and a late answer is never taken for another call's.
 * When a child itself is broken, every open and start of its own sessions says why until target_restart; when that is the
 * first child, every open does. */
struct target *stdio_new(const char *command, unsigned timeout_ms);

/* The same for a command that no message may show, since it may hold a password: they say `name` in its place, and no
 * call can be repeated by hand. */
struct target *stdio_new_named(const char *command, const char *name, unsigned timeout_ms);

#endif
