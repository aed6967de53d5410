/* Ids of interrupts and events: UUIDs (RFC 9562) in lower-case canonical text, from a source that is a
 * parameter. */
#ifndef HOLDPOINT_BASE_IDS_H
#define HOLDPOINT_BASE_IDS_H

#include "reference/base/api.h"
#include "reference/base/problem.h"

#include <stdbool.h>
#include <stdint.h>

enum { HP_ID_SIZE = 37 }; /* 36 characters and the NUL */

/* A source of ids, safe for any number of threads. */
struct hp_ids;

/* Random UUIDs (version 4) from the system. NULL when memory runs out. The caller frees the source, after its
 * users. */
HP_API struct hp_ids *hp_ids_random_new(void);

/* The same UUIDs in the same order for the same seed, for tests and repeatable runs. NULL when memory runs
 * out. */
HP_API struct hp_ids *hp_ids_seeded_new(uint64_t seed);

/* NULL is allowed. */
HP_API void hp_ids_free(struct hp_ids *ids);

/* Writes the next id. HP_UNAVAILABLE when the system gives no random bytes. */
HP_API enum hp_status hp_ids_next(struct hp_ids *ids, char id[HP_ID_SIZE], struct hp_problem *problem);

/* True for 36 characters, hexadecimal digits in lower case and hyphens where a UUID has them (REQ-GET-2). */
HP_API bool hp_id_is_canonical(const char *text);

#endif
