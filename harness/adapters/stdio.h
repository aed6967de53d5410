/* The target `stdio:COMMAND`: a child process that speaks the wire of docs/adapters.md over its stdin and
 * stdout. */
#ifndef HOLDPOINT_ADAPTERS_STDIO_H
#define HOLDPOINT_ADAPTERS_STDIO_H

#include "harness/adapters/adapter.h"

/* Makes the target; the child starts with the first hello or open, and is asked for its hello each time it
 * starts, for at most timeout_ms. NULL when memory runs out. The caller frees it.
 *
 * A session takes one call at a time: while an earlier one has no answer, start is HP_UNAVAILABLE. So a
 * session whose call ran out of time is of no more use, and a late answer is never taken for another call's.
 * When the child itself is broken, every open and start says why until target_restart. */
struct target *stdio_new(const char *command, unsigned timeout_ms);

#endif
