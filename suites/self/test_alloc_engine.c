#include "harness/case/baseline.h"
#include "harness/case/parity.h"
#include "harness/case/run.h"
#include "harness/case/select.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_fake_target.h"
#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define IDS "\"request_id\":\"r-{run}\",\"user_id\":\"u-{run}\",\"session_id\":\"s-{run}\""
#define UUID "00000000-0000-4000-8000-000000000001"

/* One case that goes through most of the engine: rows, binds, generators, a twin, raw params, every kind of
 * matcher that allocates. */
static const char members[] =
    "\"needs\":[\"concurrent\"],\"rows\":{\"one\":{\"n\":3}},\"steps\":["
    "{\"op\":\"interrupt.create\",\"args\":{\"kind\":\"timeout\"," IDS
    ",\"t\":{\"$repeat\":{\"text\":\"ab\",\"times\":\"$n\"}},\"w\":{\"$wide\":{\"keys\":2}},\"f\":{\"$fill\":"
    "{\"bytes\":400}}},"
    "\"bind\":{\"id\":\"/interrupt/"
    "id\"},\"expect\":{\"interrupt\":{\"id\":{\"$uuid\":true},\"user_id\":\"u-{run}\"}}},"
    "{\"op\":\"events.drain\",\"args\":{},\"times\":2,\"bind\":{\"all\":\"/events\"},"
    "\"expect\":{\"events\":{\"$own\":{\"$any_order\":[{\"$pattern\":\"^0\"}]}}}},"
    "{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":{\"name\":\"not_found\","
    "\"field\":\"/id\"},"
    "\"requirement\":\"REQ-A-1\"},"
    "{\"clock\":1},{\"twin_of\":\"no\",\"set\":{\"/id\":\"$id\"},\"expect\":{\"at\":{\"$at\":1}}},"
    "{\"op\":\"describe\",\"raw\":\"{\\\"a\\\":{$all}}\",\"expect\":{\"x\":\"fits\"},\"requirement\":\"REQ-A-"
    "1\"}]";

static const struct fake_answer script[] = {
    {"interrupt.create", "{\"interrupt\":{\"id\":\"" UUID "\",\"user_id\":\"u-qfw2slxw\"}}", NULL, NULL,
     NULL},
    {"events.drain", "{\"events\":[\"" UUID "\"]}", NULL, NULL, NULL},
    {"events.drain", "{\"events\":[\"" UUID "\"]}", NULL, NULL, NULL},
    {"interrupt.get", NULL, "not_found", NULL, "/id"},
    {"interrupt.get", "{\"at\":\"2025-12-11T09:30:01Z\"}", NULL, NULL, NULL},
    {"describe", "{\"x\":\"does not\"}", NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL}};

static const struct fake_answer other_script[] = {
    {"interrupt.create", "{\"interrupt\":{\"id\":\"" UUID "\",\"user_id\":\"u-qfw2slxw\"}}", NULL, NULL,
     NULL},
    {"events.drain", "{\"events\":[\"" UUID "\"]}", NULL, NULL, NULL},
    {"events.drain", "{\"events\":[\"" UUID "\"]}", NULL, NULL, NULL},
    {"interrupt.get", NULL, "not_found", NULL, "/id"},
    {"interrupt.get", "{\"at\":\"2025-12-11T09:30:01Z\",\"interrupt\":{}}", NULL, NULL, NULL},
    {"describe", "{\"x\":\"does not\"}", NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL}};

static const char capabilities[] =
    "[\"create\",\"get\",\"events\",\"clock\",\"reset\",\"concurrent\",\"describe\"]";

static enum hp_status load(void *context) {
    struct suite *suite = NULL;
    struct hp_problem problem = {0};
    enum hp_status status = suite_load(context, &suite, &problem);
    assert_int_equal(suite != NULL, status == HP_OK);
    if (status != HP_OK && !strstr(problem.detail, "memory") && !strstr(problem.detail, "digest")) {
        fail_msg("%s: %s", hp_status_name(status), problem.detail);
    }
    suite_free(suite);
    return status;
}

static void loading_survives_every_failure(void **state) {
    (void)state;
    const char *folder = fixtures_of_case(members);
    assert_true(fail_alloc_sweep(load, (void *)folder, false) > 150);
    fixtures_remove();
}

/* Runs the suite's case; *verdict is what it came to. */
static enum hp_status run(void *context) {
    struct suite *suite = context;
    const struct test_case *cases[] = {&suite->cases[0]};
    struct run_plan plan = {.cases = cases, .case_count = 1, .suite = suite, .seed = 1, .deadline_ms = 100};
    struct case_result result = {0};
    struct hello hello = {0};
    struct hp_problem problem = {0};
    struct fake_target fake;
    fake_target_init(&fake, capabilities, script);
    enum hp_status status = run_cases(&plan, &fake.target, &hello, &result, &problem);
    assert_int_not_equal(result.verdict, VERDICT_PASSED);
    if (status == HP_OK && result.verdict != VERDICT_FAILED) {
        assert_true(result.verdict == VERDICT_ERRORED || result.verdict == VERDICT_UNTESTABLE);
        status = HP_INTERNAL;
    }
    case_result_release(&result);
    hello_release(&hello);
    fake_target_release(&fake);
    return status;
}

static void running_survives_every_failure(void **state) {
    (void)state;
    struct suite *suite = NULL;
    assert_int_equal(suite_load(fixtures_of_case(members), &suite, NULL), HP_OK);
    struct fake_target fake;
    fake_target_init(&fake, capabilities, script);
    const struct test_case *cases[] = {&suite->cases[0]};
    struct run_plan plan = {.cases = cases, .case_count = 1, .suite = suite, .seed = 1, .deadline_ms = 100};
    struct case_result result = {0};
    struct hello hello = {0};
    assert_int_equal(run_cases(&plan, &fake.target, &hello, &result, NULL), HP_OK);
    if (result.verdict != VERDICT_FAILED) {
        fail_msg("%s at %s: %s\n%s", verdict_name(result.verdict), result.step, result.got, fake.calls.bytes);
    }
    case_result_release(&result);
    hello_release(&hello);
    fake_target_release(&fake);
    assert_true(fail_alloc_sweep(run, suite, true) > 50);
    suite_free(suite);
    fixtures_remove();
}

/* Runs the case on two fakes and holds them against each other. */
static enum hp_status run_twice(void *context) {
    struct suite *suite = context;
    const struct test_case *cases[] = {&suite->cases[0]};
    struct run_plan plan = {
        .cases = cases, .case_count = 1, .suite = suite, .seed = 1, .deadline_ms = 100, .keep_parity = true};
    struct case_result results[2] = {0};
    struct parity_target target = {.first = "one", .target = "two"};
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < 2 && status == HP_OK; i++) {
        struct hello hello = {0};
        struct fake_target fake;
        fake_target_init(&fake, capabilities, i == 0 ? script : other_script);
        status = run_cases(&plan, &fake.target, &hello, &results[i], NULL);
        status = status == HP_OK && results[i].verdict != VERDICT_FAILED ? HP_INTERNAL : status;
        hello_release(&hello);
        fake_target_release(&fake);
    }
    if (status == HP_OK) {
        status = parity_compare(&results[0], &results[1], 1, &target);
    }
    if (status == HP_OK) {
        const struct parity_case *pair = &target.cases[0];
        assert_int_equal(target.differ, 1);
        assert_true(pair->step && pair->method && pair->path && pair->first && pair->other);
    }
    parity_target_release(&target);
    case_result_release(&results[0]);
    case_result_release(&results[1]);
    return status;
}

static void comparing_survives_every_failure(void **state) {
    (void)state;
    struct suite *suite = NULL;
    assert_int_equal(suite_load(fixtures_of_case(members), &suite, NULL), HP_OK);
    assert_true(fail_alloc_sweep(run_twice, suite, true) > 100);
    suite_free(suite);
    fixtures_remove();
}

static enum hp_status choose(void *context) {
    static const char *const patterns[] = {"kinds", "!kinds.zzz"};
    struct selection selection = {patterns, 1, "MUST"};
    const struct test_case **cases = NULL;
    size_t count = 0;
    struct hp_problem problem = {0};
    enum hp_status status = select_cases(context, &selection, &cases, &count, &problem);
    free(cases);
    selection.patterns = patterns + 1;
    if (status == HP_OK && select_cases(context, &selection, &cases, &count, &problem) == HP_INTERNAL) {
        return HP_INTERNAL;
    }
    return status;
}

static enum hp_status use_baseline(void *context) {
    struct suite *suite = context;
    char path[300];
    struct baseline *baseline = NULL;
    struct baseline_problems problems = {0};
    struct case_result results[] = {
        {.test_case = &suite->cases[0], .verdict = VERDICT_FAILED, .fingerprint = "0123456789abcdef"}};
    struct baseline_outcome outcome = {"t", results, 1};
    snprintf(path, sizeof path, "%s/baseline.json", suite->directory);
    enum hp_status status = baseline_load(path, &baseline, NULL);
    if (status == HP_OK) {
        status = baseline_apply(baseline, suite, "t", "2026-01-01", results, 1, &problems);
    }
    if (status == HP_OK) {
        status = baseline_update(path, baseline, suite, &outcome, 1, NULL, NULL);
    }
    baseline_problems_release(&problems);
    case_result_release(&results[0]);
    baseline_free(baseline);
    return status;
}

static void selection_and_baseline_survive_every_failure(void **state) {
    (void)state;
    struct suite *suite = NULL;
    assert_int_equal(suite_load(fixtures_of_case(members), &suite, NULL), HP_OK);
    assert_true(fixtures_write("baseline.json",
                               "{\"known_failures\":[{\"case\":\"kinds.a.one\",\"fingerprint\":"
                               "\"0123456789abcdef\",\"reason\":\"r\",\"link\":\"l\"}]}"));
    assert_true(fail_alloc_sweep(choose, suite, false) > 2);
    assert_true(fail_alloc_sweep(use_baseline, suite, false) > 5);
    suite_free(suite);
    fixtures_remove();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(loading_survives_every_failure),
                                       cmocka_unit_test(running_survives_every_failure),
                                       cmocka_unit_test(comparing_survives_every_failure),
                                       cmocka_unit_test(selection_and_baseline_survive_every_failure)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
