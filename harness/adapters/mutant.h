/* Mutants as targets: services that break one rule each, so that the cases can prove that they notice. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_H
#define HOLDPOINT_ADAPTERS_MUTANT_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/mutants.h"

/* Puts a mutant of the adapter in front of any target, which is taken over on HP_OK. The mutant must outlive
 * it. */
enum hp_status mutant_wrap(struct target *inner, const struct mutant *mutant, struct target **target,
                           struct hp_problem *problem);

/* Makes a mutant of the target that `base` names: one of the adapter or over HTTP of any target, one of the webhooks of
 * "memory", one of the store of
 * "memory", "postgres" or "postgres:DSN", one of the database of the latter two. A mutant of the database
 * declares the capability `database` alone, since nothing else of it is to be judged. HP_INVALID when the two do
 * not go together, else what target_from_name returns. The mutant must outlive *target, which the caller
 * frees. */
enum hp_status mutant_make(const struct mutant *mutant, const char *base, unsigned timeout_ms,
                           struct target **target, struct hp_problem *problem);

/* Makes the mutant of that id in the catalogue of the fixtures (fixtures_find without a given folder), of
 * memory, of http:memory for one over HTTP, of postgres for one of the database. HP_INVALID, with the nearest ids, when there is none. The
 * caller frees *target. */
enum hp_status mutant_new(const char *id, unsigned timeout_ms, struct target **target,
                          struct hp_problem *problem);

#endif
