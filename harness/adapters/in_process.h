/* The target `memory`: the reference service over its memory store, in this process. */
#ifndef HOLDPOINT_ADAPTERS_IN_PROCESS_H
#define HOLDPOINT_ADAPTERS_IN_PROCESS_H

#include "harness/adapters/adapter.h"

/* Makes a target with an empty store and a clock of its own. Its two endpoints are two services over that one
 * store. Params go through the reference's own reader as they are, so that its strictness is what is tested.
 * NULL when memory runs out. The caller frees it. */
struct target *in_process_memory_new(void);

#endif
