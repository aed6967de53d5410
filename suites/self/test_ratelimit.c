/* The sliding windows against a statement of the contract that counts everything each time. */
#include "reference/core/ratelimit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CALLS_MAX = 400 };

/* Calls that were allowed so far. */
struct past {
    int64_t instants_us[CALLS_MAX];
    size_t count;
};

static struct hp_rate_verdict judge(const struct past *past, const struct hp_rate_limits *limits,
                                    int64_t now_us) {
    struct hp_rate_facts facts = hp_rate_count(past->instants_us, past->count, now_us, limits);
    return hp_rate_judge(&facts, limits, now_us);
}

/* Whether a call is allowed: fewer than the limit stand in (t - W, t], for each window. */
static bool is_allowed(const struct past *past, const struct hp_rate_limits *limits, int64_t now_us) {
    static const int64_t lengths_us[] = {60000000, 3600000000, 86400000000};
    bool allowed = true;
    for (int i = 0; i < 3; i++) {
        int64_t within = 0;
        for (size_t j = 0; j < past->count; j++) {
            within += past->instants_us[j] > now_us - lengths_us[i] && past->instants_us[j] <= now_us;
        }
        allowed = allowed && (limits->most[i] <= 0 || within < limits->most[i]);
    }
    return allowed;
}

static void has_the_contracts_windows(void **state) {
    (void)state;
    const struct hp_rate_limits limits = hp_rate_limits_default();
    assert_int_equal(limits.most[HP_RATE_MINUTE], 60);
    assert_int_equal(limits.most[HP_RATE_HOUR], 1000);
    assert_int_equal(limits.most[HP_RATE_DAY], 10000);
    assert_string_equal(hp_rate_window_name(HP_RATE_MINUTE), "minute");
    assert_string_equal(hp_rate_window_name(HP_RATE_HOUR), "hour");
    assert_string_equal(hp_rate_window_name(HP_RATE_DAY), "day");
    assert_int_equal(hp_rate_window_us(HP_RATE_DAY), INT64_C(86400000000));
}

static void an_edge_is_a_microsecond(void **state) {
    (void)state;
    const struct hp_rate_limits limits = {{2, 0, -1}};
    const struct past past = {{10, 20}, 2};
    struct hp_rate_verdict verdict = judge(&past, &limits, 30);
    assert_false(verdict.allowed);
    assert_int_equal(verdict.window, HP_RATE_MINUTE);
    assert_int_equal(verdict.count, 2);
    assert_int_equal(verdict.limit, 2);
    assert_int_equal(verdict.remaining, 0);
    assert_int_equal(verdict.retry_after_us, 60000000 - 20);
    assert_false(judge(&past, &limits, 60000009).allowed);
    verdict = judge(&past, &limits, 60000010);
    assert_true(verdict.allowed);
    assert_int_equal(verdict.retry_after_us, 0);
    assert_int_equal(verdict.remaining, 0);
    const struct hp_rate_limits wider = {{4, 0, 0}};
    assert_int_equal(judge(&past, &wider, 60000009).remaining, 1);
    assert_int_equal(judge(&past, &wider, 60000010).remaining, 2);
}

/* A limit that was lowered counts from the latest: so many have to leave that there is room. */
static void a_lowered_limit_is_true_too(void **state) {
    (void)state;
    const struct past past = {{10, 20, 30, 40}, 4};
    const struct hp_rate_limits limits = {{1, 0, 0}};
    struct hp_rate_verdict verdict = judge(&past, &limits, 50);
    assert_int_equal(verdict.count, 4);
    assert_int_equal(verdict.limit, 1);
    assert_int_equal(verdict.retry_after_us, 60000000 - 10);
}

static void the_longest_wait_is_named(void **state) {
    (void)state;
    const struct past past = {{0, 1}, 2};
    struct hp_rate_verdict verdict = judge(&past, &(struct hp_rate_limits){{2, 2, 9}}, 2);
    assert_int_equal(verdict.window, HP_RATE_HOUR);
    assert_int_equal(verdict.retry_after_us, INT64_C(3600000000) - 2);
    verdict = judge(&past, &(struct hp_rate_limits){{2, 3, 2}}, 2);
    assert_int_equal(verdict.window, HP_RATE_DAY);
}

static void no_limit_is_no_limit(void **state) {
    (void)state;
    const struct past past = {{1, 1, 1, 1}, 4};
    struct hp_rate_verdict verdict = judge(&past, &(struct hp_rate_limits){{0, -5, INT64_MIN}}, 1);
    assert_true(verdict.allowed);
    assert_int_equal(verdict.remaining, -1);
    verdict = judge(&past, &(struct hp_rate_limits){{0, 9, 0}}, 1);
    assert_int_equal(verdict.remaining, 4);
}

static int64_t draw(uint64_t *seed, int64_t below) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((*seed >> 33) % (uint64_t)below);
}

/* Calls at instants by chance, many at one, many at an edge: each is allowed as the contract says, and of a refusal the promised
 * wait is exactly true. */
static void every_verdict_is_true(void **state) {
    (void)state;
    static const int64_t strides_us[] = {1, 20000000, 59999999, 60000000, 600000000, 3600000000, 43200000000};
    size_t refused = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t chance = seed;
        struct past past = {.count = 0};
        const struct hp_rate_limits limits = {{draw(&chance, 4), draw(&chance, 6), 2 + draw(&chance, 8)}};
        int64_t now_us = 1000;
        for (int i = 0; i < 200; i++) {
            now_us += draw(&chance, 2) * strides_us[draw(&chance, 7)];
            struct hp_rate_verdict verdict = judge(&past, &limits, now_us);
            assert_int_equal(verdict.allowed, is_allowed(&past, &limits, now_us));
            if (verdict.allowed) {
                past.instants_us[past.count++] = now_us;
                continue;
            }
            refused++;
            assert_true(is_allowed(&past, &limits, now_us + verdict.retry_after_us));
            assert_false(is_allowed(&past, &limits, now_us + verdict.retry_after_us - 1));
        }
    }
    assert_true(refused > 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_contracts_windows),   cmocka_unit_test(an_edge_is_a_microsecond),
        cmocka_unit_test(a_lowered_limit_is_true_too), cmocka_unit_test(the_longest_wait_is_named),
        cmocka_unit_test(no_limit_is_no_limit),        cmocka_unit_test(every_verdict_is_true)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
