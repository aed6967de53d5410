/* What bench_http reads from wrk. */
#include "suites/bench/wrk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void results(void **state) {
    (void)state;
    static const struct {
        const char *output;
        enum hp_status status;
        const char *said;
    } rows[] = {
        {"noise\nwalked 3000 in 1500000 us, refused 0, broken 0, ran out 0\n", HP_OK, ""},
        {"walked 3000 in 1500000 us, refused 1, broken 0, ran out 0\n", HP_UNAVAILABLE, "the run is void"},
        {"walked 3000 in 1500000 us, refused 0, broken 1, ran out 0\n", HP_UNAVAILABLE, "the run is void"},
        {"walked 0 in 1500000 us, refused 0, broken 0, ran out 0\n", HP_UNAVAILABLE, "wrk failed"},
        {"walked 3000 in 1500000 us", HP_UNAVAILABLE, "wrk failed"},
        {"unable to connect\n", HP_UNAVAILABLE, "unable to connect"},
        {"", HP_UNAVAILABLE, "wrk failed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wrk_result result = {0};
        struct hp_problem problem = {0};
        assert_int_equal(wrk_read(rows[i].output, &result, &problem), rows[i].status);
        assert_non_null(strstr(problem.detail, rows[i].said));
        if (rows[i].status == HP_OK) {
            assert_true(result.per_second == 2000 && result.requests == 3000 && !result.ran_out);
        }
    }
}

/* Then some were asked twice, and refused for it; another run with more of them may still count. */
static void too_few_ids(void **state) {
    (void)state;
    struct wrk_result result = {0};
    assert_int_equal(wrk_read("walked 3000 in 1500000 us, refused 7, broken 0, ran out 1\n", &result, NULL),
                     HP_OK);
    assert_true(result.ran_out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(results), cmocka_unit_test(too_few_ids)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
