#include "harness/adapters/sluice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { THREADS = 4, ROUNDS = 2000, PATIENCE_MS = 20000 };

static void it_says_whether_somebody_is_inside(void **state) {
    (void)state;
    struct sluice sluice;
    assert_true(sluice_init(&sluice));
    sluice_enter(&sluice);
    sluice_enter(&sluice);
    assert_false(sluice_shut(&sluice, 0));
    sluice_open(&sluice);
    sluice_leave(&sluice);
    assert_false(sluice_shut(&sluice, 1));
    sluice_leave(&sluice); /* who is inside may leave while it is shut */
    sluice_open(&sluice);
    assert_true(sluice_shut(&sluice, 0));
    sluice_open(&sluice);
    sluice_enter(&sluice);
    sluice_leave(&sluice);
    sluice_release(&sluice);
}

struct shared {
    struct sluice sluice;
    pthread_barrier_t barrier;
    unsigned left, right; /* equal whenever somebody is inside */
    unsigned faults[THREADS];
};

struct visitor {
    struct shared *shared;
    unsigned number;
};

/* Half of them change both numbers alone, half look at them together. */
static void *visit(void *argument) {
    const struct visitor *visitor = argument;
    struct shared *shared = visitor->shared;
    pthread_barrier_wait(&shared->barrier);
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (visitor->number % 2) {
            shared->faults[visitor->number] += !sluice_shut(&shared->sluice, PATIENCE_MS);
            shared->left++;
            shared->right++;
            sluice_open(&shared->sluice);
        } else {
            sluice_enter(&shared->sluice);
            shared->faults[visitor->number] += shared->left != shared->right;
            sluice_leave(&shared->sluice);
        }
    }
    return NULL;
}

static void whoever_shuts_it_is_alone(void **state) {
    (void)state;
    struct shared shared = {0};
    struct visitor visitors[THREADS];
    pthread_t threads[THREADS];
    assert_true(sluice_init(&shared.sluice));
    pthread_barrier_init(&shared.barrier, NULL, THREADS);
    for (unsigned i = 0; i < THREADS; i++) {
        visitors[i] = (struct visitor){&shared, i};
        assert_int_equal(pthread_create(&threads[i], NULL, visit, &visitors[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(shared.faults[i], 0);
    }
    assert_int_equal(shared.left, THREADS / 2 * ROUNDS);
    pthread_barrier_destroy(&shared.barrier);
    sluice_release(&shared.sluice);
}

static void *enter_and_leave(void *sluice) {
    sluice_enter(sluice);
    sluice_leave(sluice);
    return NULL;
}

/* Who wants it alone has to wait only for those who are inside already. */
static void nobody_enters_while_it_is_shut(void **state) {
    (void)state;
    struct sluice sluice;
    pthread_t thread;
    assert_true(sluice_init(&sluice));
    assert_true(sluice_shut(&sluice, 0));
    assert_int_equal(pthread_create(&thread, NULL, enter_and_leave, &sluice), 0);
    assert_int_equal(sluice.inside, 0);
    sluice_open(&sluice);
    pthread_join(thread, NULL);
    assert_true(sluice_shut(&sluice, 0));
    sluice_open(&sluice);
    sluice_release(&sluice);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_says_whether_somebody_is_inside),
                                       cmocka_unit_test(whoever_shuts_it_is_alone),
                                       cmocka_unit_test(nobody_enters_while_it_is_shut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
