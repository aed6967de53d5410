/* Says how a child that will answer no more came to its end, and what to mend. */
#ifndef HOLDPOINT_ADAPTERS_OBITUARY_H
#define HOLDPOINT_ADAPTERS_OBITUARY_H

#include "harness/adapters/process.h"

/* Records HP_UNAVAILABLE: how the child ended (waiting a moment for the end itself), after how many answers,
 * the half line that it left (none: rest_bytes is 0), and its last words on stderr. */
void obituary_write(struct process *process, const char *rest, size_t rest_bytes, unsigned answers,
                    struct hp_problem *problem);

#endif
