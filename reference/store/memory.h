/* A store in memory, for any number of threads. */
#ifndef HOLDPOINT_STORE_MEMORY_H
#define HOLDPOINT_STORE_MEMORY_H

#include "reference/base/clock.h"
#include "reference/base/ids.h"
#include "reference/store/store.h"

/* An empty store over a clock and a source of ids, both borrowed: they outlive the store. NULL when memory
 * runs out. The caller frees it with hp_store_free, when no operation is under way.
 *
 * Records are spread over shards by their id, each with a lock, an expiry list and an outbox of its own; the
 * indexes by request, session and user have locks of their own. A sweep visits each shard once and beyond
 * that only what it expires (REQ-EXPIRE-12). */
HP_API struct hp_store *hp_store_memory_new(struct hp_clock *clock, struct hp_ids *ids);

#endif
