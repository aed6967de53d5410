#include "reference/store/table.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS_FIRST = 16 };

uint64_t table_hash(const char *key) {
    uint64_t hash = text_hash(TEXT_HASH_START, key, strlen(key));
    /* The last bytes of a key reach neither the high bits nor, spread, the low ones without this. */
    hash = (hash ^ hash >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

static struct table_entry **bucket_of(const struct table *table, uint64_t hash) {
    return &table->buckets[hash & (table->bucket_count - 1)];
}

/* Moves every entry into buckets of the new number. */
static void rehash(struct table *table, struct table_entry **buckets, size_t bucket_count) {
    struct table old = *table;
    table->buckets = buckets;
    table->bucket_count = bucket_count;
    for (size_t i = 0; i < old.bucket_count; i++) {
        for (struct table_entry *entry = old.buckets[i], *next; entry; entry = next) {
            next = entry->next;
            struct table_entry **bucket = bucket_of(table, entry->hash);
            entry->next = *bucket;
            *bucket = entry;
        }
    }
    free(old.buckets);
}

bool table_reserve(struct table *table) {
    if (table->count < table->bucket_count) {
        return true;
    }
    size_t bucket_count = table->bucket_count ? table->bucket_count * 2 : BUCKETS_FIRST;
    struct table_entry **buckets = calloc(bucket_count, sizeof *buckets);
    if (buckets) {
        rehash(table, buckets, bucket_count);
    }
    return table->bucket_count > 0; /* longer chains will do until there is memory again */
}

struct table_entry *table_find(const struct table *table, const char *key, uint64_t hash) {
    if (table->bucket_count == 0) {
        return NULL;
    }
    for (struct table_entry *entry = *bucket_of(table, hash); entry; entry = entry->next) {
        if (entry->hash == hash && strcmp(entry->key, key) == 0) {
            return entry;
        }
    }
    return NULL;
}

void table_insert(struct table *table, struct table_entry *entry) {
    struct table_entry **bucket = bucket_of(table, entry->hash);
    entry->next = *bucket;
    *bucket = entry;
    table->count++;
}

void table_remove(struct table *table, struct table_entry *entry) {
    struct table_entry **link = bucket_of(table, entry->hash);
    while (*link != entry) {
        link = &(*link)->next;
    }
    *link = entry->next;
    table->count--;
}

void table_release(struct table *table, void (*free_entry)(struct table_entry *entry)) {
    for (size_t i = 0; i < table->bucket_count; i++) {
        for (struct table_entry *entry = table->buckets[i], *next; entry; entry = next) {
            next = entry->next;
            if (free_entry) {
                free_entry(entry);
            }
        }
    }
    free(table->buckets);
    *table = (struct table){0};
}
