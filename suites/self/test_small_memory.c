#include "harness/base/small_memory.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Pieces of every size, small and large, hold what is put into them beside each other. */
static void pieces_do_not_overlap(void **state) {
    (void)state;
    enum { COUNT = 1200 };
    static unsigned char *pieces[COUNT];
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            pieces[i] = small_memory_get(i);
            assert_non_null(pieces[i]);
            assert_int_equal((uintptr_t)pieces[i] % sizeof(double), 0);
            memset(pieces[i], (int)(i % 251), i);
        }
        for (size_t i = 0; i < COUNT; i++) {
            for (size_t k = 0; k < i; k++) {
                assert_int_equal(pieces[i][k], i % 251);
            }
        }
        for (size_t i = round % 2; i < COUNT; i++) {
            small_memory_drop(pieces[i]);
        }
        if (round % 2) {
            small_memory_drop(pieces[0]);
        }
    }
    small_memory_drop(NULL);
}

static void a_dropped_piece_is_the_next_of_its_size(void **state) {
    (void)state;
    void *first = small_memory_get(40);
    small_memory_drop(first);
    assert_ptr_not_equal(small_memory_get(400), first);
    assert_ptr_equal(small_memory_get(33), first);
}

static void *take_and_drop(void *piece) {
    *(void **)piece = small_memory_get(100);
    small_memory_drop(*(void **)piece);
    return NULL;
}

/* Races start thousands of threads: what one leaves is the next one's. */
static void a_thread_goes_on_with_what_another_left(void **state) {
    (void)state;
    void *pieces[50];
    for (size_t i = 0; i < 50; i++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, take_and_drop, &pieces[i]), 0);
        pthread_join(thread, NULL);
        assert_ptr_equal(pieces[i], pieces[0]);
    }
}

enum { HANDED = 1000, ROUNDS = 20 };

static void *hand_out(void *argument) {
    void **pieces = argument;
    for (size_t i = 0; i < HANDED; i++) {
        pieces[i] = small_memory_get(200);
    }
    return NULL;
}

static bool was_seen(void *const *pieces, size_t count, const void *piece) {
    for (size_t i = 0; i < count; i++) {
        if (pieces[i] == piece) {
            return true;
        }
    }
    return false;
}

/* Each round another thread gets pieces, and this one drops them: they come back to those who get. */
static void what_others_drop_does_not_heap_up(void **state) {
    (void)state;
    static void *first[HANDED], *pieces[HANDED];
    size_t fresh = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, hand_out, round == 0 ? first : pieces), 0);
        pthread_join(thread, NULL);
        for (size_t i = 0; i < HANDED; i++) {
            fresh += round > 0 && !was_seen(first, HANDED, pieces[i]);
            small_memory_drop(round == 0 ? first[i] : pieces[i]);
        }
    }
    assert_true(fresh < ROUNDS * HANDED / 4);
}

static void too_much_is_refused(void **state) {
    (void)state;
    assert_null(small_memory_get(SIZE_MAX));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_do_not_overlap), cmocka_unit_test(a_dropped_piece_is_the_next_of_its_size),
        cmocka_unit_test(a_thread_goes_on_with_what_another_left),
        cmocka_unit_test(what_others_drop_does_not_heap_up), cmocka_unit_test(too_much_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
