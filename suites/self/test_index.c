#include "reference/store/index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

enum { THREADS = 4, PER_THREAD = 300, KEYS = 5 };

static struct index shared;
static struct ordered_node *nodes[THREADS][PER_THREAD];
static char ids[THREADS][PER_THREAD][16];

static void test_unknown_and_empty_keys(void **state) {
    (void)state;
    struct index index;
    void **payloads;
    size_t count = 1;
    index_init(&index);
    assert_true(index_collect(&index, "nobody", &payloads, &count));
    assert_int_equal(count, 0);
    assert_null(payloads);
    assert_non_null(index_prepare(&index, "nobody"));
    assert_ptr_equal(index_prepare(&index, "nobody"), index_prepare(&index, "nobody"));
    assert_ptr_not_equal(index_prepare(&index, "nobody"), index_prepare(&index, "Nobody"));
    assert_true(index_collect(&index, "nobody", &payloads, &count));
    assert_int_equal(count, 0);
    assert_null(payloads);
    index_release(&index);
}

static void test_newest_first(void **state) {
    (void)state;
    static const struct {
        const char *id;
        int64_t time_us;
    } rows[] = {{"b", 5}, {"a", 7}, {"c", 5}, {"a2", -3}, {"d", 5}};
    static const char *const want[] = {"a", "d", "c", "b", "a2"};
    struct ordered_node *made[5];
    struct index index;
    index_init(&index);
    for (size_t i = 0; i < 5; i++) {
        made[i] = ordered_node_new(rows[i].id, (void *)(uintptr_t)rows[i].id);
        made[i]->time_us = rows[i].time_us;
        index_insert(&index, index_prepare(&index, "ann"), made[i]);
    }
    void **payloads;
    size_t count;
    assert_true(index_collect(&index, "ann", &payloads, &count));
    assert_int_equal(count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(payloads[i], want[i]);
        free(made[i]);
    }
    free(payloads);
    index_release(&index);
}

static void *insert_many(void *argument) {
    size_t thread = (size_t)(uintptr_t)argument;
    for (size_t i = 0; i < PER_THREAD; i++) {
        char key[8];
        snprintf(key, sizeof key, "key %zu", i % KEYS);
        index_insert(&shared, index_prepare(&shared, key), nodes[thread][i]);
    }
    return NULL;
}

/* Threads that make the same lists at the same time lose no node. */
static void test_threads(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    index_init(&shared);
    for (size_t t = 0; t < THREADS; t++) {
        for (size_t i = 0; i < PER_THREAD; i++) {
            snprintf(ids[t][i], sizeof ids[t][i], "%zu-%zu", t, i);
            nodes[t][i] = ordered_node_new(ids[t][i], nodes);
        }
    }
    for (size_t t = 0; t < THREADS; t++) {
        assert_int_equal(pthread_create(&threads[t], NULL, insert_many, (void *)(uintptr_t)t), 0);
    }
    for (size_t t = 0; t < THREADS; t++) {
        pthread_join(threads[t], NULL);
    }
    size_t total = 0;
    for (size_t key = 0; key < KEYS; key++) {
        char name[8];
        void **payloads;
        size_t count;
        snprintf(name, sizeof name, "key %zu", key);
        assert_true(index_collect(&shared, name, &payloads, &count));
        total += count;
        free(payloads);
    }
    assert_int_equal(total, THREADS * PER_THREAD);
    index_release(&shared);
    for (size_t t = 0; t < THREADS; t++) {
        for (size_t i = 0; i < PER_THREAD; i++) {
            free(nodes[t][i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_unknown_and_empty_keys),
                                       cmocka_unit_test(test_newest_first), cmocka_unit_test(test_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
