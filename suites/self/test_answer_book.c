#include "reference/store/answer_book.h"
#include "suites/self/support_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_memory(void **state) {
    (void)state;
    static void (*const promises[])(struct bench * bench) = {
        keys_repeat_a_creation,    keys_repeat_a_response, keys_belong_to_one_request,
        keys_of_refusals_are_free, keys_last_a_day,        keys_in_a_race,
    };
    for (size_t i = 0; i < sizeof promises / sizeof promises[0]; i++) {
        struct bench bench;
        bench_init(&bench);
        promises[i](&bench);
        bench_release(&bench);
    }
}

static struct answer_entry *begin(struct answer_book *book, struct hp_clock *clock, const char *key,
                                  struct hp_idempotency *idempotency, enum hp_status wanted) {
    struct answer_entry *entry = NULL;
    struct hp_interrupt *kept = NULL;
    *idempotency = (struct hp_idempotency){.scope = "s", .key = key, .request = "r"};
    assert_int_equal(answer_begin(book, idempotency, clock, &entry, &kept, NULL), wanted);
    hp_interrupt_free(kept);
    return entry;
}

static void carry_out(struct answer_book *book, struct answer_entry *entry, struct hp_clock *clock) {
    const struct hp_interrupt interrupt = bench_full_interrupt();
    assert_true(answer_prepare(entry, &interrupt, hp_clock_now(clock)));
    answer_end(book, entry, true);
}

static void test_under_way(void **state) {
    (void)state;
    struct bench bench;
    struct answer_book book;
    struct hp_idempotency key;
    bench_init(&bench);
    answer_book_init(&book);
    struct answer_entry *first = begin(&book, bench.clock, "k", &key, HP_OK);
    assert_non_null(first);
    assert_null(begin(&book, bench.clock, "k", &key, HP_CONFLICT));
    assert_int_equal(key.outcome, HP_KEY_BUSY);
    answer_end(&book, first, false);
    first = begin(&book, bench.clock, "k", &key, HP_OK);
    assert_int_equal(key.outcome, HP_KEY_FIRST);
    carry_out(&book, first, bench.clock);
    assert_null(begin(&book, bench.clock, "k", &key, HP_OK));
    assert_int_equal(key.outcome, HP_KEY_REPLAYED);
    first = begin(&book, bench.clock, "never ended", &key, HP_OK);
    answer_end(&book, first, false);
    answer_book_release(&book);
    bench_release(&bench);
}

/* The oldest goes first, and what is under way stays however long it takes. */
static void test_forgets(void **state) {
    (void)state;
    static const char *const keys[] = {"a", "b", "c"};
    struct bench bench;
    struct answer_book book;
    struct hp_idempotency key;
    bench_init(&bench);
    answer_book_init(&book);
    struct answer_entry *slow = begin(&book, bench.clock, "slow", &key, HP_OK);
    for (size_t i = 0; i < 3; i++) {
        carry_out(&book, begin(&book, bench.clock, keys[i], &key, HP_OK), bench.clock);
        bench_pass(&bench, 10);
    }
    static const struct {
        int64_t after_us;
        size_t left;
    } rows[] = {{0, 4}, {1, 3}, {10, 3}, {11, 2}, {20, 2}, {21, 1}, {1000, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answer_book_forget(&book, BENCH_NOW_US + HP_ANSWER_KEPT_US + rows[i].after_us);
        assert_int_equal(book.entries.count, rows[i].left);
    }
    carry_out(&book, slow, bench.clock);
    assert_ptr_equal(book.first, slow);
    assert_ptr_equal(book.last, slow);
    answer_book_release(&book);
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_under_way),
        cmocka_unit_test(test_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
