/* The general search: verdicts that need backing up, where it got stuck, what it costs and when it gives up. That it
 * agrees with the other layers is the business of test_lab.c. */
#include "harness/lab/search.h"
#include "suites/self/support_generate.h"
#include "suites/self/support_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct search_limits plenty = {UINT64_C(10000000), (size_t)1 << 26};

static void search_one(struct search *search, const char *operations, int64_t clock_error_ns,
                       struct judgement *judgement, char stuck[64]) {
    struct history history;
    history_short(&history, operations);
    assert_int_equal(search_check(search, &history, 0, clock_error_ns, &plenty, judgement, NULL), HP_OK);
    snprintf(stuck, 64, "%s", judgement_lines(judgement));
    history_release(&history);
}

static void orders_are_found_or_not(void **state) {
    (void)state;
    static const struct {
        const char *history;
        int64_t clock_error_ns;
        const char *stuck; /* NULL: linearizable */
    } rows[] = {
        {"0 respond ok 0 10; 1 respond conflict 5 20; 2 get resolved:0 8 30", 0, NULL},
        {"0 respond ok 0 10; 1 get pending 11 20", 0, "2"},
        {"0 respond ok 0 10; 1 respond ok 5 20", 0, "2"},
        {"0 respond ok 0 10; 1 get pending 10 20", 0, NULL},
        /* The first lost respond has to be passed over. */
        {"0 respond unknown 0 -; 1 respond unknown 0 -; 2 get resolved:1 5 9", 0, NULL},
        {"0 cancel unknown 0 -; 1 respond unknown 0 -; 2 get pending 6 8; 3 get resolved:1 7 9; 4 cancel "
         "conflict 9 12",
         0, NULL},
        {"0 cancel unknown 0 -; 1 respond unknown 0 -; 2 get resolved:1 7 9; 4 get cancelled 10 12", 0, "4"},
        {"0 create/ann/50 ok 0 5; 1 get pending 60 70; 2 expire ok 60 70; 3 get expired 71 80", 0, NULL},
        {"0 create/ann/50 ok 0 5; 1 respond ok 54 60", 0, "2"},
        {"0 create/ann/50 ok 0 5; 1 respond ok 54 60", 4, NULL},
        {"0 create/ann/50 ok 0 5; 1 expire none 51 60; 2 get pending 61 70", 0, "3"},
        {"0 create/ann/50 ok 0 5; 1 get expired 20 30", 0, "2"},
        {"0 create/ann/c50 ok 0 5; 1 get pending 60 70", 0, NULL},
    };
    struct search *search = search_new();
    assert_non_null(search);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct judgement judgement;
        char stuck[64];
        search_one(search, rows[i].history, rows[i].clock_error_ns, &judgement, stuck);
        if ((judgement.linearity == VIOLATION) != (rows[i].stuck != NULL)) {
            fail_msg("%s: %d %s", rows[i].history, judgement.linearity, stuck);
        }
        assert_string_equal(stuck, rows[i].stuck ? rows[i].stuck : "");
        assert_int_equal(judgement.reason[0] != '\0', rows[i].stuck != NULL);
    }
    search_free(search);
    search_free(NULL);
}

/* Without the rule for operations that change nothing, this takes longer than anybody waits. */
static void a_hot_interrupt_costs_little(void **state) {
    (void)state;
    struct search *search = search_new();
    for (int bad = 0; bad < 2; bad++) {
        struct history history = {0};
        struct judgement judgement;
        struct generate_order order = {3, 1, 200, 64, 1, 0, 200, bad};
        generate(&order, &history);
        assert_int_equal(history_group(&history, NULL), HP_OK);
        assert_int_equal(search_check(search, &history, 0, 0, &plenty, &judgement, NULL), HP_OK);
        assert_int_equal(judgement.linearity, bad ? VIOLATION : LINEARIZABLE);
        assert_in_range(search_steps(search), 200 / 2, 200 * 200);
        assert_in_range(search_bytes(search), 1, 1 << 20);
        history_release(&history);
    }
    search_free(search);
}

/* What changes nothing is never put back for another choice, and no choice is tried twice. Either would cost more steps
 * than this, and change no verdict. */
static void no_way_is_gone_twice(void **state) {
    (void)state;
    enum { SEEDS = 20, STEPS = 10000 };
    struct search *search = search_new();
    uint64_t steps = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct history history = {0};
        struct judgement judgement;
        struct generate_order order = {seed, 1, 200, 64, 1, 0, 200, true};
        generate(&order, &history);
        assert_int_equal(history_group(&history, NULL), HP_OK);
        assert_int_equal(search_check(search, &history, 0, 0, &plenty, &judgement, NULL), HP_OK);
        steps += search_steps(search);
        history_release(&history);
    }
    assert_in_range(steps, 1, STEPS);
    search_free(search);
}

static void it_gives_up_and_says_so(void **state) {
    (void)state;
    static const struct {
        struct search_limits limits;
        const char *reason;
    } rows[] = {{{3, (size_t)1 << 26}, "the steps allowed"}, {{1000, 8}, "the memory allowed"}};
    struct search *search = search_new();
    for (size_t i = 0; i < 2; i++) {
        struct history history;
        struct judgement judgement;
        history_short(
            &history,
            "0 respond unknown 0 -; 1 respond unknown 0 -; 2 respond unknown 0 -; 3 get pending 5 9; 4 "
            "get resolved:2 10 12; 5 get pending 13 14");
        assert_int_equal(search_check(search, &history, 0, 0, &rows[i].limits, &judgement, NULL), HP_OK);
        assert_int_equal(judgement.linearity, UNDECIDED);
        assert_non_null(strstr(judgement.reason, rows[i].reason));
        assert_int_equal(search_check(search, &history, 0, 0, &plenty, &judgement, NULL), HP_OK);
        assert_int_equal(judgement.linearity, VIOLATION);
        history_release(&history);
    }
    search_free(search);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_are_found_or_not),
        cmocka_unit_test(a_hot_interrupt_costs_little),
        cmocka_unit_test(no_way_is_gone_twice),
        cmocka_unit_test(it_gives_up_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
