/* What the report shows of many differences; its form is a golden file of test_terminal.c. */
#include "harness/case/case.h"
#include "harness/report/terminal_parity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 25 };

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++) {
        count++;
    }
    return count;
}

static void of_many_differences_only_the_first_are_shown(void **state) {
    (void)state;
    struct test_case test_case = {.id = "kinds.a"};
    struct parity_case pairs[MANY];
    const char *const targets[] = {"memory", "postgres"};
    const struct run_header header = {.targets = targets, .target_count = 2};
    const struct screen screen = {paint_get(false), 80};
    for (size_t shown = 20; shown <= MANY; shown += MANY - 20) {
        struct parity_target target = {.first = "memory",
                                       .target = "postgres",
                                       .cases = pairs,
                                       .case_count = shown,
                                       .compared = shown,
                                       .differ = shown};
        const struct parity parity = {&target, 1};
        struct text out = {0};
        for (size_t i = 0; i < shown; i++) {
            pairs[i] = (struct parity_case){.test_case = &test_case,
                                            .state = PARITY_DIFFERS,
                                            .path = "",
                                            .first = "passed",
                                            .other = "failed"};
        }
        terminal_parity_add(&out, &header, &parity, &screen);
        assert_int_equal(count_of(out.bytes, "differs kinds.a, the verdict\n"), 20);
        assert_int_equal(count_of(out.bytes, "... and 5 more differ"), shown == MANY);
        text_release(&out);
    }
}

/* Green would say too much when nothing could be compared. */
static void nothing_compared_is_no_parity(void **state) {
    (void)state;
    const char *const targets[] = {"memory", "postgres"};
    const struct run_header header = {.targets = targets, .target_count = 2};
    const struct screen screen = {paint_get(false), 80};
    struct parity_target target = {.first = "memory", .target = "postgres", .case_count = 0, .left_out = {0}};
    const struct parity parity = {&target, 1};
    struct text out = {0};
    terminal_parity_add(&out, &header, &parity, &screen);
    assert_non_null(strstr(out.bytes, "parity of postgres with memory was not tested: 0 cases compared"));
    text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(of_many_differences_only_the_first_are_shown),
                                       cmocka_unit_test(nothing_compared_is_no_parity)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
