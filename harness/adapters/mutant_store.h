/* Faults inside the reference's store, where a decorator of the target cannot reach: what races of careless
 * code look like, and what a careless query does. Each is a decorator of the store; the store itself stays as
 * it is. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_STORE_H
#define HOLDPOINT_ADAPTERS_MUTANT_STORE_H

#include "harness/adapters/store_decorator.h"

#include <stdbool.h>
#include <stddef.h>

/* The names, by number; NULL past the last one. mutant_store_faults.c and mutant_store_flows.c say what each does. */
const char *mutant_store_name(size_t index);
bool mutant_store_is_known(const char *name);

/* The decorator of that name, which must be known, for in_process_memory_decorated_new and its sister. It
 * needs no memory of its own and lasts for ever. Each store it makes may be used by any number of threads. */
struct store_decorator mutant_store_decorator(const char *name);

#endif
