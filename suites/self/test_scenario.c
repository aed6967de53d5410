#include "harness/case/run.h"
#include "suites/self/support_fake_target.h"
#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define IDS "\"request_id\":\"r-{run}\",\"user_id\":\"u-{run}\",\"session_id\":\"s-{run}\""
#define CREATE "{\"op\":\"interrupt.create\",\"args\":{" IDS "},\"bind\":{\"id\":\"/interrupt/id\"}}"
#define GET                                                                                                  \
    "{\"op\":\"interrupt.get\",\"args\":{\"id\":\"$id\"},\"expect\":{\"s\":1},\"requirement\":\"REQ-A-1\"}"
#define REFUSED                                                                                              \
    "{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":{\"name\":\"conflict\","  \
    "\"interrupt_status\":\"expired\",\"field\":\"/id\"},\"requirement\":\"REQ-A-1\"}"
#define TWIN "{\"twin_of\":\"no\",\"set\":{\"/id\":\"$id\"}}"
#define PLAIN CREATE "," GET
#define REFUSAL CREATE "," REFUSED "," TWIN
#define CREATED                                                                                              \
    { "interrupt.create", "{\"interrupt\":{\"id\":\"i\"}}", NULL, NULL, NULL }
#define END                                                                                                  \
    { NULL, NULL, NULL, NULL, NULL }

static const struct {
    const char *steps;
    struct fake_answer script[5];
    enum verdict verdict;
    const char *step, *path, *expected, *got;
} rows[] = {
    {PLAIN,
     {CREATED, {"interrupt.get", "{\"s\":1}", NULL, NULL, NULL}, END},
     VERDICT_PASSED,
     NULL,
     NULL,
     NULL,
     NULL},
    {PLAIN,
     {CREATED, {"interrupt.get", "{\"s\":2}", NULL, NULL, NULL}, END},
     VERDICT_FAILED,
     "step 2",
     "/s",
     "1",
     "2"},
    {PLAIN,
     {CREATED, {"interrupt.get", NULL, "unsupported", NULL, NULL}, END},
     VERDICT_FAILED,
     "step 2",
     "",
     "accepted",
     "refused: unsupported (because)"},
    {PLAIN,
     {{"interrupt.create", NULL, "invalid", NULL, NULL}, END},
     VERDICT_UNTESTABLE,
     "step 1",
     "",
     "accepted",
     "refused: invalid (because)"},
    {PLAIN,
     {{"interrupt.create", "{}", NULL, NULL, NULL}, END},
     VERDICT_UNTESTABLE,
     "step 1",
     "/interrupt/id",
     "a value for $id",
     "nothing"},
    {PLAIN,
     {CREATED, {"interrupt.get", NULL, NULL, NULL, NULL}, END},
     VERDICT_ERRORED,
     "step 2",
     NULL,
     NULL,
     NULL},
    {REFUSAL,
     {CREATED,
      {"interrupt.get", NULL, "conflict", "expired", "/id"},
      {"interrupt.get", "{}", NULL, NULL, NULL},
      END},
     VERDICT_PASSED,
     NULL,
     NULL,
     NULL,
     NULL},
    {REFUSAL,
     {CREATED,
      {"interrupt.get", NULL, "conflict", "expired", "/id"},
      {"interrupt.get", NULL, "conflict", NULL, NULL},
      END},
     VERDICT_FAILED,
     "step 3 (twin of no)",
     "",
     "accepted",
     "refused: conflict (because)"},
    {REFUSAL,
     {CREATED, {"interrupt.get", "{\"a\":1}", NULL, NULL, NULL}, END},
     VERDICT_FAILED,
     "step 2 (no)",
     "",
     "refused: conflict, interrupt_status expired, field /id",
     "accepted: {\"a\":1}"},
    {REFUSAL,
     {CREATED, {"interrupt.get", NULL, "invalid", NULL, NULL}, END},
     VERDICT_FAILED,
     "step 2 (no)",
     "",
     "refused: conflict, interrupt_status expired, field /id",
     "refused: invalid (because)"},
    {REFUSAL,
     {CREATED, {"interrupt.get", NULL, "conflict", "resolved", "/id"}, END},
     VERDICT_FAILED,
     "step 2 (no)",
     "",
     "refused: conflict, interrupt_status expired, field /id",
     "refused: conflict, interrupt_status resolved, field /id (because)"},
    {REFUSAL,
     {CREATED, {"interrupt.get", NULL, "conflict", "expired", "/user_id"}, END},
     VERDICT_FAILED,
     "step 2 (no)",
     "",
     "refused: conflict, interrupt_status expired, field /id",
     "refused: conflict, interrupt_status expired, field /user_id (because)"},
    {PLAIN,
     {{"reset", NULL, "internal", NULL, NULL}, END},
     VERDICT_UNTESTABLE,
     "set-up (reset)",
     NULL,
     NULL,
     NULL},
    {PLAIN, {{"reset", NULL, NULL, NULL, NULL}, END}, VERDICT_ERRORED, "set-up (reset)", NULL, NULL, NULL},
    {"{\"clock\":1}," PLAIN,
     {CREATED, {"interrupt.get", "{\"s\":1}", NULL, NULL, NULL}, END},
     VERDICT_UNSUPPORTED,
     NULL,
     NULL,
     NULL,
     NULL},
};

static void check_text(const char *text, const char *wanted) {
    if (wanted) {
        assert_non_null(text);
        assert_string_equal(text, wanted);
    } else {
        assert_null(text);
    }
}

static void each_answer_comes_to_its_verdict(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char members[2000];
        struct suite *suite = NULL;
        struct hp_problem problem = {0};
        snprintf(members, sizeof members, "\"steps\":[%s]", rows[i].steps);
        assert_int_equal(suite_load(fixtures_of_case(members), &suite, &problem), HP_OK);
        const struct test_case *cases[] = {&suite->cases[0]};
        struct run_plan plan = {.cases = cases, .case_count = 1, .suite = suite, .deadline_ms = 100};
        struct case_result result = {0};
        struct hello hello = {0};
        struct fake_target fake;
        fake_target_init(&fake, "[\"create\",\"get\",\"reset\"]", rows[i].script);
        fake.log = "moan";
        assert_int_equal(run_cases(&plan, &fake.target, &hello, &result, &problem), HP_OK);
        if (result.verdict != rows[i].verdict) {
            fail_msg("row %zu: %s: %s", i, verdict_name(result.verdict), result.reason);
        }
        check_text(result.step, rows[i].step);
        check_text(result.path, rows[i].path);
        check_text(result.expected, rows[i].expected);
        check_text(result.got, rows[i].got);
        assert_int_equal(fake.restarts, rows[i].verdict == VERDICT_ERRORED);
        assert_int_equal(fake.opened, fake.closed);
        assert_int_equal(result.requirements[0] != NULL, rows[i].verdict == VERDICT_FAILED);
        bool looked_into = rows[i].step != NULL;
        assert_int_equal(result.exchange_count > 0, looked_into);
        check_text(result.log, looked_into ? "moan" : NULL);
        assert_int_equal(strlen(result.fingerprint), looked_into ? 16 : 0);
        case_result_release(&result);
        hello_release(&hello);
        fake_target_release(&fake);
        suite_free(suite);
    }
    fixtures_remove();
}

static void a_target_that_cannot_be_reached_errs_every_case(void **state) {
    (void)state;
    struct suite *suite = NULL;
    assert_int_equal(suite_load(fixtures_of_case("\"steps\":[" PLAIN "]"), &suite, NULL), HP_OK);
    const struct test_case *cases[] = {&suite->cases[0], &suite->cases[0]};
    struct run_plan plan = {.cases = cases, .case_count = 2, .suite = suite, .deadline_ms = 100};
    struct case_result results[2] = {{0}};
    struct hello hello;
    struct hp_problem problem = {0};
    struct fake_target fake;
    fake_target_init(&fake, "[]", NULL);
    fake.hello_fails = true;
    assert_int_equal(run_cases(&plan, &fake.target, &hello, results, &problem), HP_UNAVAILABLE);
    assert_string_equal(problem.detail, "nobody is there");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(results[i].verdict, VERDICT_ERRORED);
        assert_string_equal(results[i].reason, "nobody is there");
        case_result_release(&results[i]);
    }
    fake_target_release(&fake);
    suite_free(suite);
    fixtures_remove();
}

static void fail_fast_leaves_the_rest_alone(void **state) {
    (void)state;
    static const struct fake_answer script[] = {
        CREATED, {"interrupt.get", "{\"s\":2}", NULL, NULL, NULL}, END};
    struct suite *suite = NULL;
    assert_int_equal(suite_load(fixtures_of_case("\"steps\":[" PLAIN "]"), &suite, NULL), HP_OK);
    const struct test_case *cases[] = {&suite->cases[0], &suite->cases[0]};
    struct run_plan plan = {
        .cases = cases, .case_count = 2, .suite = suite, .deadline_ms = 100, .fail_fast = true};
    struct case_result results[2] = {{0}};
    struct hello hello = {0};
    struct fake_target fake;
    fake_target_init(&fake, "[\"create\",\"get\",\"reset\"]", script);
    assert_int_equal(run_cases(&plan, &fake.target, &hello, results, NULL), HP_OK);
    assert_int_equal(results[0].verdict, VERDICT_FAILED);
    assert_int_equal(results[1].verdict, VERDICT_NOT_RUN);
    case_result_release(&results[0]);
    case_result_release(&results[1]);
    hello_release(&hello);
    fake_target_release(&fake);
    suite_free(suite);
    fixtures_remove();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_answer_comes_to_its_verdict),
                                       cmocka_unit_test(a_target_that_cannot_be_reached_errs_every_case),
                                       cmocka_unit_test(fail_fast_leaves_the_rest_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
