/* The reference in the harness's own process, with two endpoints over one store. */
#ifndef HOLDPOINT_ADAPTERS_IN_PROCESS_H
#define HOLDPOINT_ADAPTERS_IN_PROCESS_H

#include "harness/adapters/adapter.h"

/* The reference on its memory store. Declares every capability of contract parts 1 and 2. NULL when memory
 * runs out. The caller frees it with target_free. */
struct target *in_process_memory_new(void);

#endif
