/* A target whose answers a test may spoil, so that what judges them has something to find. */
#ifndef HOLDPOINT_SELF_SUPPORT_SPOILT_H
#define HOLDPOINT_SELF_SUPPORT_SPOILT_H

#include "harness/adapters/adapter.h"

/* Changes an answer to a call of that method; called by the thread that called. */
typedef void (*spoil_function)(const char *method, struct answer *answer);

/* Takes the inner target over. NULL when memory runs out. */
struct target *spoilt_new(struct target *inner, spoil_function spoil);

/* The answer becomes this result, JSON text. */
void spoil_result(struct answer *answer, const char *result);

#endif
