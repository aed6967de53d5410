#include "harness/lab/brute.h"
#include "suites/self/support_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SEVEN                                                                                                \
    "0 get pending 0 1; 0 get pending 2 3; 0 get pending 4 5; 0 get pending 6 7; 0 get pending 8 9; 0 "      \
    "respond ok 10 11; "                                                                                     \
    "0 get resolved:0 12 13"

static void all_orders_are_tried(void **state) {
    (void)state;
    static const struct {
        const char *history;
        int64_t clock_error_ns;
        enum linearity linearity;
    } rows[] = {
        {SEVEN, 0, LINEARIZABLE},
        {SEVEN "; 0 get resolved:0 14 15", 0, LINEARIZABLE},
        {SEVEN "; 0 get pending 14 15", 0, VIOLATION},
        {SEVEN "; 0 get pending 14 15; 1 get pending 0 1", 0, UNDECIDED},
        {"0 respond ok 0 10; 1 respond ok 5 20", 0, VIOLATION},
        {"0 respond ok 0 10; 1 get pending 10 20", 0, LINEARIZABLE},
        {"0 respond ok 0 10; 1 get pending 11 20", 0, VIOLATION},
        {"0 respond unknown 0 -; 1 respond unknown 0 -; 2 get resolved:1 5 9", 0, LINEARIZABLE},
        {"0 respond unknown 0 -; 2 get pending 5 9", 0, LINEARIZABLE},
        {"0 create/ann/50 ok 0 5; 1 respond ok 52 60", 0, VIOLATION},
        {"0 create/ann/50 ok 0 5; 1 respond ok 52 60", 2, LINEARIZABLE},
        {"0 create/ann/50 ok 0 5; 1 get expired 52 60", 0, LINEARIZABLE},
        {"0 create/ann/50 ok 0 5; 1 get expired 42 49", 0, VIOLATION},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct history history;
        struct judgement judgement;
        history_short(&history, rows[i].history);
        brute_check(&history, 0, rows[i].clock_error_ns, &judgement);
        if (judgement.linearity != rows[i].linearity) {
            fail_msg("%s: %d", rows[i].history, judgement.linearity);
        }
        assert_int_equal(judgement.reason[0] == '\0', judgement.linearity == LINEARIZABLE);
        assert_int_equal(judgement.operation_count, 0);
        history_release(&history);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_orders_are_tried)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
