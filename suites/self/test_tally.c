#include "reference/server/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_counts(void **state) {
    (void)state;
    struct tally tally;
    tally_init(&tally);
    assert_true(tally_begin(&tally));
    assert_false(tally_is_stopping(&tally));
    tally_end(&tally);
    assert_true(tally_close(&tally, 1));
    assert_true(tally_is_stopping(&tally));
    assert_false(tally_begin(&tally));
    assert_true(tally_close(&tally, 0));
    tally_release(&tally);
}

static void test_does_not_wait_for_ever(void **state) {
    (void)state;
    struct tally tally;
    tally_init(&tally);
    assert_true(tally_begin(&tally));
    assert_false(tally_close(&tally, 0));
    assert_false(tally_begin(&tally));
    tally_end(&tally);
    assert_true(tally_close(&tally, 0));
    tally_release(&tally);
}

enum { WORKERS = 4 };

static struct {
    struct tally tally;
    atomic_uint begun, refused, working;
} work;

/* Begins and ends until it is refused. */
static void *do_work(void *argument) {
    (void)argument;
    while (tally_begin(&work.tally)) {
        atomic_fetch_add(&work.working, 1);
        atomic_fetch_add(&work.begun, 1);
        atomic_fetch_sub(&work.working, 1);
        tally_end(&work.tally);
    }
    atomic_fetch_add(&work.refused, 1);
    return NULL;
}

static void close_amid_workers(void) {
    pthread_t threads[WORKERS];
    tally_init(&work.tally);
    atomic_store(&work.begun, 0);
    atomic_store(&work.refused, 0);
    for (size_t i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, do_work, NULL), 0);
    }
    while (atomic_load(&work.begun) < 10) {
    }
    assert_true(tally_close(&work.tally, 600));
    assert_int_equal(atomic_load(&work.working), 0);
    for (size_t i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(atomic_load(&work.refused), WORKERS);
    tally_release(&work.tally);
}

/* Often, since one that is refused at the very end of the wait was once taken for one under way: 1 in 100. */
static void test_waits_for_all(void **state) {
    (void)state;
    for (int round = 0; round < 400; round++) {
        close_amid_workers();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_counts),
                                       cmocka_unit_test(test_does_not_wait_for_ever),
                                       cmocka_unit_test(test_waits_for_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
