#include "reference/base/instant.h"
#include "reference/core/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void each_status_has_its_verdict(void **state) {
    (void)state;
    for (int status = 0; status < 700; status++) {
        enum retry_verdict expected = RETRY_LATER;
        if (status >= 200 && status <= 299) {
            expected = RETRY_DELIVERED;
        } else if (status >= 400 && status <= 499 && status != 408 && status != 429) {
            expected = RETRY_NEVER;
        }
        if (retry_judge(status) != expected) {
            fail_msg("%d is judged as %d", status, (int)retry_judge(status));
        }
    }
    assert_int_equal(retry_judge(-1), RETRY_LATER);
}

static void delays_double_up_to_a_day(void **state) {
    (void)state;
    static const struct {
        int64_t base_us;
        unsigned tries;
        int64_t delay_us;
    } rows[] = {
        {HP_SECOND_US, 1, HP_SECOND_US},
        {HP_SECOND_US, 2, 2 * HP_SECOND_US},
        {HP_SECOND_US, 3, 4 * HP_SECOND_US},
        {HP_SECOND_US, 10, 512 * HP_SECOND_US},
        {2500000, 2, 5000000},
        {1000, 1, 1000},
        {HP_SECOND_US, 17, 65536 * HP_SECOND_US},
        {HP_SECOND_US, 18, 86400 * HP_SECOND_US},
        {HP_SECOND_US, 4000000000u, 86400 * HP_SECOND_US},
        {3600 * HP_SECOND_US, 100, 86400 * HP_SECOND_US},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(retry_delay_us(rows[i].base_us, rows[i].tries, 0, UINT64_MAX) == rows[i].delay_us);
    }
}

static void jitter_only_adds_and_at_most_its_share(void **state) {
    (void)state;
    int64_t least_us = INT64_MAX, most_us = 0;
    for (uint64_t random = 0; random < 2002; random++) {
        int64_t delay_us = retry_delay_us(HP_SECOND_US, 2, 100, random);
        least_us = delay_us < least_us ? delay_us : least_us;
        most_us = delay_us > most_us ? delay_us : most_us;
        assert_true(delay_us == retry_delay_us(HP_SECOND_US, 2, 100, random));
    }
    assert_true(least_us == 2 * HP_SECOND_US);
    assert_true(most_us == 2200000);
    assert_true(retry_delay_us(3600 * HP_SECOND_US, 100, 1000, 1000) == 2 * 86400 * HP_SECOND_US);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_status_has_its_verdict),
                                       cmocka_unit_test(delays_double_up_to_a_day),
                                       cmocka_unit_test(jitter_only_adds_and_at_most_its_share)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
