#include "harness/lab/memo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CAP_BYTES = 1 << 20 };

static const struct state pending = {.phase = PHASE_PENDING, .who = NAME_NONE};

static void a_pair_is_new_once(void **state) {
    (void)state;
    struct memo memo = {0};
    uint64_t set[2] = {1, 0};
    struct state others[] = {{.phase = PHASE_PENDING, .who = NAME_NONE, .overdue = true},
                             {.phase = PHASE_RESOLVED, .who = 1},
                             {.phase = PHASE_RESOLVED, .who = 2}};
    memo_reset(&memo, 2, CAP_BYTES);
    assert_int_equal(memo_add(&memo, set, pending), MEMO_NEW);
    assert_int_equal(memo_add(&memo, set, pending), MEMO_SEEN);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(memo_add(&memo, set, others[i]), MEMO_NEW);
        assert_int_equal(memo_add(&memo, set, others[i]), MEMO_SEEN);
    }
    set[1] = 1;
    assert_int_equal(memo_add(&memo, set, pending), MEMO_NEW);
    memo_reset(&memo, 1, CAP_BYTES);
    assert_int_equal(memo_add(&memo, set, pending), MEMO_NEW);
    assert_int_equal(memo_add(&memo, set, pending), MEMO_SEEN);
    memo_release(&memo);
}

static void many_pairs_are_kept_apart(void **state) {
    (void)state;
    struct memo memo = {0};
    for (unsigned round = 0; round < 2; round++) {
        memo_reset(&memo, 1, CAP_BYTES);
        for (uint64_t set = 0; set < 5000; set++) {
            assert_int_equal(memo_add(&memo, &set, pending), MEMO_NEW);
        }
        for (uint64_t set = 0; set < 5000; set++) {
            assert_int_equal(memo_add(&memo, &set, pending), MEMO_SEEN);
        }
        assert_true(memo_bytes(&memo) >= 5000 * 2 * sizeof(uint64_t));
    }
    memo_reset(&memo, 1, CAP_BYTES);
    assert_int_equal(memo.slot_count, 0); /* a table that became large is not emptied but given back */
    memo_release(&memo);
}

static void it_is_bounded(void **state) {
    (void)state;
    struct memo memo = {0};
    memo_reset(&memo, 1, 10 * 2 * sizeof(uint64_t));
    for (uint64_t set = 0; set < 10; set++) {
        assert_int_equal(memo_add(&memo, &set, pending), MEMO_NEW);
    }
    uint64_t set = 10;
    assert_int_equal(memo_add(&memo, &set, pending), MEMO_FULL);
    set = 3;
    assert_int_equal(memo_add(&memo, &set, pending), MEMO_SEEN);
    memo_release(&memo);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_is_new_once),
        cmocka_unit_test(many_pairs_are_kept_apart),
        cmocka_unit_test(it_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
