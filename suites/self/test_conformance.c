/* Runs every conformance case as a test of its own on the memory store, on PostgreSQL and over HTTP. */
#include "harness/adapters/adapter.h"
#include "harness/base/method.h"
#include "harness/case/case.h"
#include "harness/case/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/chapters/chapters.h"
#include "suites/chapters/webhook.h"

static struct suite *suite;
static struct case_result *results;
static size_t case_count; /* of the target under way */

/* The case as a person would want to read of it. */
static void check_case(void **state) {
    const struct case_result *result = *state;
    if (result->verdict == VERDICT_PASSED) {
        return;
    }
    fail_msg("%s: %s at %s: %s; expected %s, got %s", result->test_case->id, verdict_name(result->verdict),
             result->step ? result->step : "no step", result->reason ? result->reason : "no reason",
             result->expected ? result->expected : "-", result->got ? result->got : "-");
}

static bool needs(const struct test_case *test_case, bool (*is_one)(const char *capability)) {
    for (size_t i = 0; i < test_case->need_count; i++) {
        if (is_one(test_case->needs[i])) {
            return true;
        }
    }
    return false;
}

static bool is_of_a_database(const char *capability) {
    return strcmp(capability, "database") == 0 || strcmp(capability, "processes") == 0 ||
           strcmp(capability, "restart") == 0;
}

/* In memory there is no database to look at, and no second process; in process there is no HTTP. Races take long over HTTP; what they judge is the store,
 * which is the same. */
static bool is_for(const char *target, const struct test_case *test_case) {
    bool http = strcmp(target, "http") == 0;
    return (strcmp(target, "postgres") == 0 || !needs(test_case, is_of_a_database)) &&
           (http || !needs(test_case, capability_is_over_http)) &&
           !(http && strcmp(test_case->chapter, "concurrency") == 0);
}

/* Everything is run before the first test, as a run does it; the tests then look at one verdict each. */
static bool run_all(const char *name) {
    const struct test_case **cases = calloc(suite->case_count, sizeof *cases);
    struct target *target = NULL;
    struct hello hello = {0};
    struct hp_problem problem = {0};
    if (target_from_name(name, 10000, &target, &problem) != HP_OK) {
        fprintf(stderr, "%s\n", problem.detail);
    }
    results = calloc(suite->case_count, sizeof *results);
    if (!cases || !target || !results) {
        return false;
    }
    case_count = 0;
    for (size_t i = 0; i < suite->case_count; i++) {
        if (is_for(name, &suite->cases[i])) {
            cases[case_count++] = &suite->cases[i];
        }
    }
    const struct run_plan plan = {
        .cases = cases, .case_count = case_count, .suite = suite, .seed = 1, .deadline_ms = 10000};
    enum hp_status status = run_cases(&plan, target, &hello, results, &problem);
    if (status != HP_OK) {
        fprintf(stderr, "the target is down: %s\n", problem.detail);
    }
    hello_release(&hello);
    target_free(target);
    free(cases);
    return status == HP_OK;
}

/* One group of tests; returns how many failed. */
static int run_group(const char *name) {
    struct CMUnitTest *tests = calloc(suite->case_count, sizeof *tests);
    if (!tests || !run_all(name)) {
        free(tests);
        return 1;
    }
    for (size_t i = 0; i < case_count; i++) {
        tests[i] = (struct CMUnitTest){
            .name = results[i].test_case->id, .test_func = check_case, .initial_state = &results[i]};
    }
    int failed = _cmocka_run_group_tests(name, tests, case_count, NULL, NULL);
    for (size_t i = 0; i < case_count; i++) {
        case_result_release(&results[i]);
    }
    free(results);
    free(tests);
    return failed;
}

int main(void) {
    static const char *const targets[] = {"memory", "postgres", "http"};
    struct hp_problem problem = {0};
    int failed = 0;
    chapters_register();
    if (suite_load("fixtures", &suite, &problem) != HP_OK) {
        fprintf(stderr, "%s\n", problem.detail);
        return 1;
    }
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        failed += run_group(targets[i]);
    }
    suite_free(suite);
    chapter_webhook_release();
    return failed > 0;
}
