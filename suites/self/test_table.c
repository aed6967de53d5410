#include "reference/store/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

enum { MANY = 5000 };

struct item {
    struct table_entry entry; /* first, so that an entry is its item */
    char key[16];
    size_t *freed;
};

static void free_item(struct table_entry *entry) {
    struct item *item = (struct item *)entry;
    ++*item->freed;
    free(item);
}

static void insert(struct table *table, size_t number, size_t *freed) {
    struct item *item = calloc(1, sizeof *item);
    assert_non_null(item);
    snprintf(item->key, sizeof item->key, "key %zu", number);
    item->entry = (struct table_entry){.hash = table_hash(item->key), .key = item->key};
    item->freed = freed;
    assert_true(table_reserve(table));
    table_insert(table, &item->entry);
}

static struct table_entry *find(const struct table *table, const char *key) {
    return table_find(table, key, table_hash(key));
}

static void test_many(void **state) {
    (void)state;
    struct table table = {0};
    size_t freed = 0;
    assert_null(find(&table, "key 0"));
    for (size_t i = 0; i < MANY; i++) {
        insert(&table, i, &freed);
    }
    assert_int_equal(table.count, MANY);
    assert_int_equal(table.bucket_count & (table.bucket_count - 1), 0);
    assert_true(table.bucket_count >= MANY);
    for (size_t i = 0; i < MANY; i++) {
        char key[16];
        snprintf(key, sizeof key, "key %zu", i);
        struct table_entry *entry = find(&table, key);
        assert_non_null(entry);
        assert_string_equal(entry->key, key);
    }
    assert_null(find(&table, "key 5000"));
    assert_null(find(&table, ""));
    table_release(&table, free_item);
    assert_int_equal(freed, MANY);
    assert_int_equal(table.count, 0);
}

/* Entries of one hash, and of one bucket, are told apart by their keys. */
static void test_collisions(void **state) {
    (void)state;
    struct table table = {0};
    struct table_entry entries[] = {
        {.hash = 5, .key = "a"}, {.hash = 5, .key = "b"}, {.hash = 21, .key = "a"}};
    for (size_t i = 0; i < 3; i++) {
        assert_true(table_reserve(&table));
        table_insert(&table, &entries[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_ptr_equal(table_find(&table, entries[i].key, entries[i].hash), &entries[i]);
    }
    assert_null(table_find(&table, "c", 5));
    assert_null(table_find(&table, "b", 21));
    table_release(&table, NULL);
}

static void test_remove(void **state) {
    (void)state;
    struct table table = {0};
    struct table_entry entries[] = {
        {.hash = 5, .key = "a"}, {.hash = 21, .key = "b"}, {.hash = 37, .key = "c"}, {.hash = 6, .key = "d"}};
    static const size_t order[] = {1, 0, 3, 2}; /* from the middle of a chain, its end, alone, the last */
    for (size_t i = 0; i < 4; i++) {
        assert_true(table_reserve(&table));
        table_insert(&table, &entries[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        table_remove(&table, &entries[order[i]]);
        assert_int_equal(table.count, 3 - i);
        for (size_t j = 0; j < 4; j++) {
            const struct table_entry *entry = &entries[order[j]];
            assert_ptr_equal(table_find(&table, entry->key, entry->hash), j > i ? entry : NULL);
        }
    }
    table_release(&table, NULL);
}

static void test_hash_spreads(void **state) {
    (void)state;
    size_t high[32] = {0}, low[32] = {0};
    for (size_t i = 0; i < 32 * 100; i++) {
        char key[16];
        snprintf(key, sizeof key, "user %zu", i);
        uint64_t hash = table_hash(key);
        high[hash >> 59]++;
        low[hash & 31]++;
    }
    for (size_t i = 0; i < 32; i++) {
        assert_in_range(high[i], 40, 200);
        assert_in_range(low[i], 40, 200);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_many), cmocka_unit_test(test_collisions),
                                       cmocka_unit_test(test_remove), cmocka_unit_test(test_hash_spreads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
