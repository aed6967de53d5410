/* A hash table from text to a pointer, with separate chains. Not safe for several threads by itself. */
#ifndef HOLDPOINT_STORE_TABLE_H
#define HOLDPOINT_STORE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One entry, embedded in whatever the owner stores. */
struct table_entry {
    uint64_t hash;
    const char *key; /* borrowed; must live as long as the entry is linked */
    struct table_entry *next;
};

/* Zeroed it is empty and owns nothing. */
struct table {
    struct table_entry **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
};

/* The hash by which a key is found; also good to choose a shard. */
uint64_t table_hash(const char *key);

/* Makes the table able to take one more entry; false when memory runs out and it has no bucket at all yet. */
bool table_reserve(struct table *table);

/* The entry of that key; NULL when there is none. */
struct table_entry *table_find(const struct table *table, const char *key, uint64_t hash);

/* Links an entry whose key is not in the table. table_reserve came before. */
void table_insert(struct table *table, struct table_entry *entry);

/* Unlinks an entry that is in the table. */
void table_remove(struct table *table, struct table_entry *entry);

/* Frees the buckets, and each entry with `free_entry` (NULL: none). */
void table_release(struct table *table, void (*free_entry)(struct table_entry *entry));

#endif
