/* The verbs of the fault language: private to mutant_fault.c. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_ACTION_H
#define HOLDPOINT_ADAPTERS_MUTANT_ACTION_H

#include "harness/adapters/mutant_fault.h"

/* Does one action. False when memory runs out. */
bool action_do(struct fault_call *call, const json_t *action);

#endif
