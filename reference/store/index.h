/* An index of a memory store: from a key (a request, a session, a user) to its records, newest first. Has
 * locks of its own, which are taken inside the lock of a record's shard, never around it. Nothing is ever
 * taken out. */
#ifndef HOLDPOINT_STORE_INDEX_H
#define HOLDPOINT_STORE_INDEX_H

#include "reference/store/ordered.h"
#include "reference/store/table.h"

#include <pthread.h>

enum { INDEX_SHARDS = 16 };

struct index_shard {
    pthread_mutex_t mutex;
    struct table lists; /* of struct index_list */
};

struct index {
    struct index_shard shards[INDEX_SHARDS];
};

/* All nodes of one key. */
struct index_list;

void index_init(struct index *index);
void index_release(struct index *index); /* not the nodes */

/* The list of a key, made when there is none. NULL when memory runs out. */
struct index_list *index_prepare(struct index *index, const char *key);

/* Links a node at its time into a list of this index. Cannot fail. */
void index_insert(struct index *index, struct index_list *list, struct ordered_node *node);

/* The payloads of a key, newest first, into *payloads, which the caller frees. False when memory runs out. */
bool index_collect(struct index *index, const char *key, void ***payloads, size_t *count);

#endif
