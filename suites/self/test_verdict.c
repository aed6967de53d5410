#include "harness/case/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void each_verdict_has_its_name_and_says_whether_it_conforms(void **state) {
    (void)state;
    static const struct {
        enum verdict verdict;
        const char *name;
        bool conforms;
    } rows[] = {
        {VERDICT_PASSED, "passed", true},
        {VERDICT_FAILED, "failed", false},
        {VERDICT_EXPECTED_FAILURE, "expected_failure", true},
        {VERDICT_UNEXPECTED_PASS, "unexpected_pass", false},
        {VERDICT_UNSUPPORTED, "unsupported", true},
        {VERDICT_UNTESTABLE, "untestable", false},
        {VERDICT_ERRORED, "errored", false},
        {VERDICT_NOT_RUN, "not_run", true},
    };
    assert_int_equal(VERDICT_COUNT, sizeof rows / sizeof rows[0]);
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        assert_string_equal(verdict_name(rows[i].verdict), rows[i].name);
        assert_int_equal(verdict_conforms(rows[i].verdict), rows[i].conforms);
    }
}

static void a_tally_counts_each_verdict(void **state) {
    (void)state;
    struct tally tally = {{0}};
    assert_int_equal(tally_sum(&tally), 0);
    for (unsigned i = 0; i < VERDICT_COUNT; i++) {
        for (unsigned times = 0; times <= i; times++) {
            tally_add(&tally, (enum verdict)i);
        }
    }
    for (unsigned i = 0; i < VERDICT_COUNT; i++) {
        assert_int_equal(tally.counts[i], i + 1);
    }
    assert_int_equal(tally_sum(&tally), VERDICT_COUNT * (VERDICT_COUNT + 1) / 2);
}

/* That every text is freed is for the sanitizers to see. */
static void a_released_result_holds_nothing(void **state) {
    (void)state;
    static const struct case_result nothing = {0};
    struct case_result result = {.verdict = VERDICT_FAILED,
                                 .step = text_copy("step 1"),
                                 .reason = text_copy("r"),
                                 .path = text_copy("/p"),
                                 .expected = text_copy("e"),
                                 .got = text_copy("g"),
                                 .fingerprint = "0123456789abcdef",
                                 .exchanges = calloc(2, sizeof(struct exchange)),
                                 .exchange_count = 2,
                                 .reproduce = text_copy("curl"),
                                 .log = text_copy("l"),
                                 .baseline = text_copy("b")};
    assert_non_null(result.exchanges);
    result.exchanges[0] =
        (struct exchange){text_copy("step 1"), text_copy("reset"), text_copy("{}"), text_copy("result {}")};
    result.exchanges[1] = (struct exchange){.step = text_copy("step 2")};
    case_result_release(&result);
    assert_memory_equal(&result, &nothing, sizeof result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verdict_has_its_name_and_says_whether_it_conforms),
        cmocka_unit_test(a_tally_counts_each_verdict),
        cmocka_unit_test(a_released_result_holds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
