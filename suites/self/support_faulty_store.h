/* Decorators of the reference's stores with faults as engineers make them: what should be one step is several, and whether
 * that shows depends on what comes between. Each is a `wrap` of a struct store_decorator without a context. */
#ifndef HOLDPOINT_SELF_SUPPORT_FAULTY_STORE_H
#define HOLDPOINT_SELF_SUPPORT_FAULTY_STORE_H

#include "harness/adapters/store_decorator.h"

/* A change reads the interrupt, checks it, and writes: who finds it pending is told that his change counts. */
struct hp_store *faulty_no_guard(struct hp_store *inner, void *context);

/* A get reads, and then puts what it read into a cache of one interrupt; a change throws out what is there. */
struct hp_store *faulty_cache(struct hp_store *inner, void *context);

#endif
