#include "harness/report/terminal_failure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/case/case.h"

static struct test_case test_case = {
    .id = "a.b", .chapter = "a", .title = "T", .level = "MUST", .file = "f.json", .line = 3};
static const struct run_header header = {.seed = 1, .repeat = ""};

enum { COLUMNS = 80 };

static char *show(const struct case_result *result, const char *label) {
    struct text out = {0};
    const struct screen screen = {paint_get(false), COLUMNS};
    terminal_failure_add(&out, &header, "memory", label, result, &screen);
    return text_take(&out);
}

static void says_only_what_applies(void **state) {
    (void)state;
    struct case_result result = {.test_case = &test_case, .verdict = VERDICT_ERRORED, .path = ""};
    char *got = show(&result, NULL);
    assert_string_equal(got, "errored  a.b  MUST f.json:3\n  T\n\n"
                             "  repeat    holdpoint run --target memory --filter a.b --seed 1\n\n");
    free(got);
}

static void names_the_target_when_there_are_several(void **state) {
    (void)state;
    struct case_result result = {.test_case = &test_case,
                                 .verdict = VERDICT_FAILED,
                                 .path = "/x",
                                 .reason = "r",
                                 .requirements = {"REQ-A-1", "REQ-A-2"}};
    char *got = show(&result, "target 2");
    assert_non_null(strstr(got, "failed  a.b  on target 2  MUST"));
    assert_non_null(strstr(got, "  requires  REQ-A-1\n  requires  REQ-A-2\n"));
    assert_non_null(strstr(got, "  reason    r\n  at        /x\n"));
    free(got);
}

static void long_calls_are_cut_and_broken_at_the_edge(void **state) {
    (void)state;
    char params[2000];
    memset(params, 'p', sizeof params - 1);
    params[sizeof params - 1] = '\0';
    char answer[] = "ok";
    char step[] = "step 1";
    char method[] = "m";
    struct exchange exchange = {step, method, params, answer};
    struct case_result result = {
        .test_case = &test_case, .verdict = VERDICT_FAILED, .exchanges = &exchange, .exchange_count = 1};
    char *got = show(&result, NULL);
    assert_non_null(strstr(got, "... (2009 bytes)\n            -> ok\n"));
    for (char *line = strtok(got, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(strlen(line) <= COLUMNS + sizeof "... (2009 bytes)");
    }
    free(got);
}

/* A person copies values out of it: a line ends behind a comma or at a blank. */
static void calls_are_broken_between_members(void **state) {
    (void)state;
    char params[] =
        "{\"id\":\"0b4f1c9e-7c1d-4f6e-9d5e-3f0c8a1b2c3d\",\"user_id\":\"bob-5jx0q2ab\","
        "\"response\":{\"text\":\"a text with blanks that is long enough to be broken\",\"x\":1}}";
    char answer[] = "ok", step[] = "step 1", method[] = "interrupt.respond";
    struct exchange exchange = {step, method, params, answer};
    struct case_result result = {
        .test_case = &test_case, .verdict = VERDICT_FAILED, .exchanges = &exchange, .exchange_count = 1};
    char *got = show(&result, NULL);
    assert_non_null(strstr(
        got, "  calls     step 1  interrupt.respond\n"
             "               {\"id\":\"0b4f1c9e-7c1d-4f6e-9d5e-3f0c8a1b2c3d\",\n"
             "               \"user_id\":\"bob-5jx0q2ab\",\"response\":{\"text\":\"a text with blanks\n"
             "               that is long enough to be broken\",\"x\":1}}\n"
             "            -> ok\n"));
    free(got);
}

static void a_raw_tab_is_not_an_escaped_one(void **state) {
    (void)state;
    char params[] = "{\"a\":\"\t\\t\"}", answer[] = "ok", step[] = "step 1", method[] = "m";
    struct exchange exchange = {step, method, params, answer};
    struct case_result result = {
        .test_case = &test_case, .verdict = VERDICT_FAILED, .exchanges = &exchange, .exchange_count = 1};
    char *got = show(&result, NULL);
    assert_non_null(strstr(got, "m {\"a\":\"<U+0009>\\t\"}\n"));
    free(got);
}

static void long_logs_are_cut(void **state) {
    (void)state;
    char log[] = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n";
    struct case_result result = {.test_case = &test_case, .verdict = VERDICT_FAILED, .log = log};
    char *got = show(&result, NULL);
    assert_non_null(strstr(got, "  log       1\n            2\n"));
    assert_non_null(strstr(got, "            12\n            ... (33 bytes in all)\n  repeat"));
    assert_null(strstr(got, " 13\n"));
    free(got);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_only_what_applies),
        cmocka_unit_test(names_the_target_when_there_are_several),
        cmocka_unit_test(long_calls_are_cut_and_broken_at_the_edge),
        cmocka_unit_test(calls_are_broken_between_members),
        cmocka_unit_test(a_raw_tab_is_not_an_escaped_one),
        cmocka_unit_test(long_logs_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
