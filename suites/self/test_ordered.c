#include "reference/store/ordered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

enum { MANY = 4096 };

struct item {
    char id[16];
    struct ordered_node *node;
};

static struct item items[MANY];

static void make_items(void) {
    for (size_t i = 0; i < MANY; i++) {
        snprintf(items[i].id, sizeof items[i].id, "id %04zu", i);
        items[i].node = ordered_node_new(items[i].id, &items[i]);
        assert_non_null(items[i].node);
        assert_ptr_equal(items[i].node->payload, &items[i]);
        assert_in_range(items[i].node->levels, 1, ORDERED_LEVELS);
        items[i].node->time_us = (int64_t)(i * 2654435761u % 97) - 48; /* many of one instant */
    }
}

static void free_items(void) {
    for (size_t i = 0; i < MANY; i++) {
        free(items[i].node);
    }
}

/* Counts the list and checks that each node stands before the next. */
static size_t count_in_order(const struct ordered *list) {
    size_t count = 0;
    for (struct ordered_node *node = ordered_first(list); node; node = node->next[0]) {
        struct ordered_node *next = node->next[0];
        count++;
        if (next) {
            int by_time = (node->time_us > next->time_us) - (node->time_us < next->time_us);
            int order = by_time ? by_time : strcmp(node->id, next->id);
            assert_true(list->descending ? order > 0 : order < 0);
        }
    }
    return count;
}

static void check_list(bool descending) {
    struct ordered list;
    ordered_init(&list, descending);
    assert_null(ordered_first(&list));
    make_items();
    for (size_t i = 0; i < MANY; i++) {
        ordered_insert(&list, items[i * 1021 % MANY].node);
    }
    assert_int_equal(list.count, MANY);
    assert_int_equal(count_in_order(&list), MANY);
    for (size_t i = 0; i < MANY; i += 2) { /* every second one, in another order */
        ordered_remove(&list, items[i * 3 % MANY].node);
    }
    assert_int_equal(list.count, MANY / 2);
    assert_int_equal(count_in_order(&list), MANY / 2);
    for (struct ordered_node *node = ordered_first(&list); node; node = node->next[0]) {
        assert_int_equal(((struct item *)node->payload - items) % 2, 1);
    }
    for (struct ordered_node *node; (node = ordered_first(&list)) != NULL;) {
        ordered_remove(&list, node);
    }
    assert_int_equal(list.count, 0);
    for (size_t level = 0; level < ORDERED_LEVELS; level++) {
        assert_null(list.head[level]);
    }
    free_items();
}

static void test_ascending(void **state) {
    (void)state;
    check_list(false);
}

static void test_descending(void **state) {
    (void)state;
    check_list(true);
}

/* The steps of a search by the levels, counted here: they grow as the logarithm, so no list is walked from
 * its head. */
static void test_search_is_short(void **state) {
    (void)state;
    struct ordered list;
    size_t steps = 0;
    ordered_init(&list, false);
    make_items();
    for (size_t i = 0; i < MANY; i++) {
        items[i].node->time_us = (int64_t)i;
        ordered_insert(&list, items[i].node);
    }
    for (size_t i = 0; i < MANY; i++) {
        struct ordered_node *const *from = list.head;
        for (size_t level = ORDERED_LEVELS; level-- > 0;) {
            for (; from[level] && from[level]->time_us < (int64_t)i; steps++) {
                from = from[level]->next;
            }
        }
    }
    assert_true(steps / MANY < 40); /* 12 bits of nodes, a quarter on each level; a plain list takes 2,048 */
    free_items();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ascending), cmocka_unit_test(test_descending),
                                       cmocka_unit_test(test_search_is_short)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
