#include "reference/core/quota.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void has_the_contracts_defaults(void **state) {
    (void)state;
    static const struct {
        enum quota_resource resource;
        int64_t most;
        const char *type;
    } rows[] = {{QUOTA_LLM_CALLS, 10, "max_llm_calls_exceeded"},
                {QUOTA_TOOL_CALLS, 50, "max_tool_calls_exceeded"},
                {QUOTA_AGENT_HOPS, 21, "max_agent_hops_exceeded"},
                {QUOTA_ITERATIONS, 3, "max_iterations_exceeded"},
                {QUOTA_ELAPSED, 300000000, "timeout_exceeded"}};
    const struct quota_amounts most = quota_default();
    assert_int_equal(sizeof rows / sizeof rows[0], QUOTA_COUNT);
    for (size_t i = 0; i < QUOTA_COUNT; i++) {
        assert_int_equal(most.of[rows[i].resource], rows[i].most);
        assert_string_equal(quota_words(rows[i].resource)->type, rows[i].type);
    }
}

static void is_crossed_by_one_more_in_order(void **state) {
    (void)state;
    const struct quota_amounts most = quota_default();
    struct quota_amounts used = most;
    enum quota_resource crossed = QUOTA_COUNT;
    assert_false(quota_crossed(&used, &most, &crossed));
    assert_int_equal(crossed, QUOTA_COUNT);
    for (int i = QUOTA_COUNT - 1; i >= 0; i--) {
        used.of[i]++;
        assert_true(quota_crossed(&used, &most, &crossed));
        assert_int_equal(crossed, i);
    }
}

static void adds_up_to_the_largest_number(void **state) {
    (void)state;
    struct quota_amounts used = {{INT64_MAX - 1, 1, 0, INT64_MAX, 5}};
    quota_add(&used, &(struct quota_amounts){{5, 2, INT64_MAX, 0, 6}});
    assert_int_equal(used.of[0], INT64_MAX);
    assert_int_equal(used.of[1], 3);
    assert_int_equal(used.of[2], INT64_MAX);
    assert_int_equal(used.of[3], INT64_MAX);
    assert_int_equal(used.of[4], 11);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(has_the_contracts_defaults),
                                       cmocka_unit_test(is_crossed_by_one_more_in_order),
                                       cmocka_unit_test(adds_up_to_the_largest_number)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
