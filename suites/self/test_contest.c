#include "suites/bench/contest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void medians(void **state) {
    (void)state;
    static const struct {
        double values[5];
        size_t count;
        double median;
    } rows[] = {
        {{7}, 1, 7}, {{9, 1}, 2, 5}, {{3, 1, 2}, 3, 2}, {{1, 100, 2, 3}, 4, 2.5}, {{5, 4, 3, 2, 1}, 5, 3}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double values[5];
        memcpy(values, rows[i].values, sizeof values);
        assert_true(median(values, rows[i].count) == rows[i].median);
    }
}

/* The ratio of the medians would be 1.00 here, and 0.80 with the sides the other way round. */
static const struct contest uneven = {
    .name = "get",
    .connections = 8,
    .operations = 1200,
    .count = 3,
    .rounds = {{800, 1000, 10, 20}, {1000, 1250, 11, 21}, {3000, 1000, 12, 22}}};

static void the_median_of_the_ratios_counts(void **state) {
    (void)state;
    assert_true(contest_ratio(&uneven) == 0.8);
    assert_true(contest_holds(&uneven, 0.8));
    assert_false(contest_holds(&uneven, 0.81));
    const struct contest none = {.name = "get"};
    assert_false(contest_holds(&none, 0));
}

static void a_line_of_the_table(void **state) {
    (void)state;
    struct text text = {0};
    assert_true(contest_write(&text, &uneven, 0.8));
    static const char *const parts[] = {"get ",          " 1200 ", " 1000 ", " 0.800 ",
                                        "0.800 - 3.000", " 11.0 ", " 21.0 ", " 3\n"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!strstr(text.bytes, parts[i])) {
            fail_msg("no \"%s\" in: %s", parts[i], text.bytes);
        }
    }
    assert_null(strstr(text.bytes, "TOO SLOW"));
    text_clear(&text);
    assert_true(contest_write(&text, &uneven, 0.81));
    assert_non_null(strstr(text.bytes, "TOO SLOW"));
    const struct contest none = {.name = "get"};
    text_clear(&text);
    assert_true(contest_write(&text, &none, 0));
    assert_non_null(strstr(text.bytes, "no round"));
    text_clear(&text);
    assert_true(contest_write_head(&text));
    assert_non_null(strstr(text.bytes, "pgbench tx/s"));
    text_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(medians),
                                       cmocka_unit_test(the_median_of_the_ratios_counts),
                                       cmocka_unit_test(a_line_of_the_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
