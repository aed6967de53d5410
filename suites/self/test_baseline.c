#include "harness/base/value.h"
#include "harness/case/baseline.h"
#include "harness/case/baseline_schema.h"
#include "harness/case/select.h"
#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CASES "{\"cases\":[" CASE("kinds.a") "," CASE("kinds.b") "," CASE("kinds.c") "," CASE("kinds.d") "]}"
#define CASE(id)                                                                                             \
    "{\"id\":\"" id "\",\"title\":\"t\",\"level\":\"MUST\",\"steps\":[{\"op\":\"describe\",\"args\":{},"     \
    "\"requirement\":\"REQ-A-1\"}]}"
#define ENTRY(id, rest) "{\"case\":\"" id "\",\"fingerprint\":\"0123456789abcdef\"," rest "}"

static void entries_change_verdicts_and_an_update_writes_the_edit(void **state) {
    (void)state;
    char path[300];
    struct suite *suite = NULL;
    struct baseline *baseline = NULL;
    struct baseline_problems problems = {0};
    struct hp_problem problem = {0};
    size_t added = 0;
    const char *folder = fixtures_new(CASES);
    snprintf(path, sizeof path, "%s/baseline.json", folder);
    assert_int_equal(suite_load(folder, &suite, NULL), HP_OK);
    assert_true(fixtures_write(
        "baseline.json",
        "{\"known_failures\":[" ENTRY("kinds.a", "\"reason\":\"r\"") "," ENTRY(
            "kinds.b", "\"reason\":\"r\"") "," ENTRY("kinds.c",
                                                     "\"reason\":\"r\",\"until\":\"2026-"
                                                     "01-01\"") "," ENTRY("kinds.zz", "\"reason\":"
                                                                                      "\"r\"") "]}"));
    struct case_result results[] = {
        {.test_case = &suite->cases[0], .verdict = VERDICT_FAILED, .fingerprint = "0123456789abcdef"},
        {.test_case = &suite->cases[1], .verdict = VERDICT_PASSED},
        {.test_case = &suite->cases[2], .verdict = VERDICT_FAILED, .fingerprint = "0123456789abcdef"},
        {.test_case = &suite->cases[3], .verdict = VERDICT_FAILED, .fingerprint = "fedcba9876543210"}};
    assert_int_equal(baseline_load(path, &baseline, &problem), HP_OK);
    assert_int_equal(baseline_apply(baseline, suite, "t", "2026-01-02", results, 4, &problems), HP_OK);
    assert_int_equal(results[0].verdict, VERDICT_EXPECTED_FAILURE);
    assert_int_equal(results[1].verdict, VERDICT_UNEXPECTED_PASS);
    assert_int_equal(results[2].verdict, VERDICT_FAILED);
    assert_int_equal(results[3].verdict, VERDICT_FAILED);
    assert_int_equal(problems.count, 2);
    struct baseline_outcome outcome = {"t", results, 4};
    assert_int_equal(baseline_update(path, baseline, suite, &outcome, 1, &added, &problem), HP_OK);
    assert_int_equal(added, 1);
    baseline_free(baseline);
    assert_int_equal(baseline_load(path, &baseline, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "/known_failures/2/reason"));
    baseline_problems_release(&problems);
    for (size_t i = 0; i < 4; i++) {
        case_result_release(&results[i]);
    }
    suite_free(suite);
    fixtures_remove();
}

static void the_built_in_schema_is_the_one_of_the_fixtures(void **state) {
    (void)state;
    json_t *built_in = json_loads(BASELINE_SCHEMA, 0, NULL);
    json_t *file = json_load_file("fixtures/schema/baseline.json", 0, NULL);
    assert_non_null(built_in);
    assert_true(value_equals(built_in, file));
    json_decref(built_in);
    json_decref(file);
}

static void patterns_take_cases(void **state) {
    (void)state;
    static const struct {
        const char *patterns[2];
        size_t count, selected;
    } rows[] = {{{NULL}, 0, 4},     {{"kinds"}, 1, 4},   {{"kinds.a"}, 1, 1},
                {{"*.?"}, 1, 4},    {{"REQ-A-1"}, 1, 4}, {{"kinds", "!kinds.a"}, 2, 3},
                {{"!kinds"}, 1, 0}, {{"kind"}, 1, 0},    {{"REQ-A-2"}, 1, 0}};
    struct suite *suite = NULL;
    assert_int_equal(suite_load(fixtures_new(CASES), &suite, NULL), HP_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct selection selection = {rows[i].patterns, rows[i].count, NULL};
        const struct test_case **cases = NULL;
        size_t count = 0;
        enum hp_status status = select_cases(suite, &selection, &cases, &count, NULL);
        assert_int_equal(status, rows[i].selected ? HP_OK : HP_INVALID);
        assert_int_equal(count, rows[i].selected);
        free(cases);
    }
    suite_free(suite);
    fixtures_remove();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_change_verdicts_and_an_update_writes_the_edit),
        cmocka_unit_test(the_built_in_schema_is_the_one_of_the_fixtures),
        cmocka_unit_test(patterns_take_cases)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
