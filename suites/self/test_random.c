#include "harness/lab/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* The first numbers of SplitMix64 from the state 1234567, as other implementations give them. */
static void it_is_splitmix64(void **state) {
    (void)state;
    static const uint64_t wanted[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                      UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                      UINT64_C(16408922859458223821)};
    uint64_t random = 1234567;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_true(random_next(&random) == wanted[i]);
    }
}

static void a_seed_comes_again(void **state) {
    (void)state;
    uint64_t one = random_start(7, 3), other = random_start(7, 3);
    for (int i = 0; i < 100; i++) {
        assert_true(random_next(&one) == random_next(&other));
    }
}

/* Streams of seeds and streams that lie next to each other: no two of their states meet, the first numbers of all differ. */
static void neighbours_have_nothing_in_common(void **state) {
    (void)state;
    enum { SEEDS = 20, STREAMS = 20 };
    uint64_t firsts[SEEDS * STREAMS];
    for (uint64_t i = 0; i < SEEDS * STREAMS; i++) {
        uint64_t random = random_start(i / STREAMS, i % STREAMS);
        firsts[i] = random_next(&random);
        for (uint64_t j = 0; j < i; j++) {
            assert_true(firsts[i] != firsts[j]);
        }
    }
}

/* Each of six sides within a tenth of its share, and nothing beyond. */
static void below_is_even(void **state) {
    (void)state;
    enum { SIDES = 6, THROWS = 60000 };
    unsigned counts[SIDES] = {0};
    uint64_t random = random_start(1, 0);
    for (unsigned i = 0; i < THROWS; i++) {
        uint64_t side = random_below(&random, SIDES);
        assert_true(side < SIDES);
        counts[side]++;
        assert_true(random_below(&random, 1) == 0);
    }
    for (unsigned i = 0; i < SIDES; i++) {
        assert_in_range(counts[i], THROWS / SIDES * 9 / 10, THROWS / SIDES * 11 / 10);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_splitmix64),
        cmocka_unit_test(a_seed_comes_again),
        cmocka_unit_test(neighbours_have_nothing_in_common),
        cmocka_unit_test(below_is_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
