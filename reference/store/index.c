#include "reference/store/index.h"

#include <stdlib.h>
#include <string.h>

struct index_list {
    struct table_entry entry; /* first, so that an entry is its list */
    struct ordered nodes;
    char key[];
};

void index_init(struct index *index) {
    memset(index, 0, sizeof *index);
    for (size_t i = 0; i < INDEX_SHARDS; i++) {
        pthread_mutex_init(&index->shards[i].mutex, NULL);
    }
}

static void free_list(struct table_entry *entry) {
    free(entry);
}

void index_release(struct index *index) {
    for (size_t i = 0; i < INDEX_SHARDS; i++) {
        table_release(&index->shards[i].lists, free_list);
        pthread_mutex_destroy(&index->shards[i].mutex);
    }
}

/* The low bits choose the bucket, so the high ones choose the shard. */
static struct index_shard *shard_of(struct index *index, uint64_t hash) {
    return &index->shards[hash >> 60 & (INDEX_SHARDS - 1)];
}

static struct index_list *list_new(const char *key, uint64_t hash) {
    size_t size_bytes = strlen(key) + 1;
    struct index_list *list = malloc(sizeof *list + size_bytes);
    if (list) {
        memcpy(list->key, key, size_bytes);
        list->entry = (struct table_entry){.hash = hash, .key = list->key};
        ordered_init(&list->nodes, true);
    }
    return list;
}

struct index_list *index_prepare(struct index *index, const char *key) {
    uint64_t hash = table_hash(key);
    struct index_shard *shard = shard_of(index, hash);
    pthread_mutex_lock(&shard->mutex);
    struct index_list *list = (struct index_list *)table_find(&shard->lists, key, hash);
    if (!list && table_reserve(&shard->lists)) {
        list = list_new(key, hash);
        if (list) {
            table_insert(&shard->lists, &list->entry);
        }
    }
    pthread_mutex_unlock(&shard->mutex);
    return list;
}

void index_insert(struct index *index, struct index_list *list, struct ordered_node *node) {
    struct index_shard *shard = shard_of(index, list->entry.hash);
    pthread_mutex_lock(&shard->mutex);
    ordered_insert(&list->nodes, node);
    pthread_mutex_unlock(&shard->mutex);
}

bool index_collect(struct index *index, const char *key, void ***payloads, size_t *count) {
    uint64_t hash = table_hash(key);
    struct index_shard *shard = shard_of(index, hash);
    *payloads = NULL;
    *count = 0;
    pthread_mutex_lock(&shard->mutex);
    struct index_list *list = (struct index_list *)table_find(&shard->lists, key, hash);
    size_t wanted = list ? list->nodes.count : 0;
    *payloads = wanted > 0 ? malloc(wanted * sizeof **payloads) : NULL;
    bool done = wanted == 0 || *payloads;
    if (done && list) {
        for (struct ordered_node *node = ordered_first(&list->nodes); node; node = node->next[0]) {
            (*payloads)[(*count)++] = node->payload;
        }
    }
    pthread_mutex_unlock(&shard->mutex);
    return done;
}
