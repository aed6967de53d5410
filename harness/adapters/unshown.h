/* A decorator that adds to the interrupts which a service shows what it keeps and does not show, as another target reads
 * it. */
#ifndef HOLDPOINT_ADAPTERS_UNSHOWN_H
#define HOLDPOINT_ADAPTERS_UNSHOWN_H

#include "harness/adapters/adapter.h"

/* Wraps a target and takes both over, unless this fails. Each interrupt in a result (`interrupt`, `interrupts`) that is no
 * longer pending, and lacks some of the fields, gets them from interrupt.get of `other`, as a trusted caller; what is not there
 * stays missing, and when it cannot be read the answer is broken. A final status never changes, so what is added is of the moment that was shown. fields is an array of
 * names, borrowed. NULL when memory runs out. */
struct target *unshown_new(struct target *inner, struct target *other, const json_t *fields,
                           unsigned timeout_ms);

#endif
