/* Whether several instances of a target are independent of each other, so that cases may run on them at once. */
#ifndef HOLDPOINT_CASE_INDEPENDENCE_H
#define HOLDPOINT_CASE_INDEPENDENCE_H

#include "harness/adapters/adapter.h"

/* Tries it rather than trusting a name: what is created in one must be there and in no other, also after another was reset,
 * and the clock of one must not be that of another. HP_OK when they are independent; HP_UNSUPPORTED, with the reason as a
 * sentence, when they are not or cannot be asked; the status of target_hello when one cannot be reached. What the probe
 * creates stays, as a stranger's. */
enum hp_status independence_check(struct target *const *targets, size_t count, unsigned deadline_ms,
                                  struct hp_problem *problem);

#endif
