#include "harness/adapters/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { THREADS = 4, ROUNDS = 2000, PATIENCE_MS = 20000 };

static void it_says_whether_somebody_is_inside(void **state) {
    (void)state;
    struct gate gate;
    assert_true(gate_init(&gate));
    gate_enter(&gate);
    gate_enter(&gate);
    assert_false(gate_shut(&gate, 0));
    gate_open(&gate);
    gate_leave(&gate);
    assert_false(gate_shut(&gate, 1));
    gate_leave(&gate); /* who is inside may leave while it is shut */
    gate_open(&gate);
    assert_true(gate_shut(&gate, 0));
    gate_open(&gate);
    gate_enter(&gate);
    gate_leave(&gate);
    gate_release(&gate);
}

struct shared {
    struct gate gate;
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
            shared->faults[visitor->number] += !gate_shut(&shared->gate, PATIENCE_MS);
            shared->left++;
            shared->right++;
            gate_open(&shared->gate);
        } else {
            gate_enter(&shared->gate);
            shared->faults[visitor->number] += shared->left != shared->right;
            gate_leave(&shared->gate);
        }
    }
    return NULL;
}

static void whoever_shuts_it_is_alone(void **state) {
    (void)state;
    struct shared shared = {0};
    struct visitor visitors[THREADS];
    pthread_t threads[THREADS];
    assert_true(gate_init(&shared.gate));
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
    gate_release(&shared.gate);
}

static void *enter_and_leave(void *gate) {
    gate_enter(gate);
    gate_leave(gate);
    return NULL;
}

/* Who wants it alone has to wait only for those who are inside already. */
static void nobody_enters_while_it_is_shut(void **state) {
    (void)state;
    struct gate gate;
    pthread_t thread;
    assert_true(gate_init(&gate));
    assert_true(gate_shut(&gate, 0));
    assert_int_equal(pthread_create(&thread, NULL, enter_and_leave, &gate), 0);
    assert_int_equal(gate.inside, 0);
    gate_open(&gate);
    pthread_join(thread, NULL);
    assert_true(gate_shut(&gate, 0));
    gate_open(&gate);
    gate_release(&gate);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_says_whether_somebody_is_inside),
                                       cmocka_unit_test(whoever_shuts_it_is_alone),
                                       cmocka_unit_test(nobody_enters_while_it_is_shut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
