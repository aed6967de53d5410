#include "harness/case/case.h"
#include "harness/case/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct requirement requirements[] = {{"REQ-A-1", "First.", "fact", "MUST", NULL},
                                                  {"REQ-A-2", "Second.", "fact", "MUST", NULL}};

static const struct step steps[] = {
    {.kind = STEP_CALL, .method = "describe", .times = 1},
    {.kind = STEP_CALL,
     .name = "stranger",
     .method = "interrupt.get",
     .times = 1,
     .requirements = {&requirements[0], &requirements[1]},
     .requirement_count = 2},
    {.kind = STEP_TWIN, .method = "interrupt.get", .times = 1, .twin_of = 1},
    {.kind = STEP_CLOCK},
    {.kind = STEP_CALL, .name = "many", .method = "describe", .times = 500},
};

static const struct test_case test_case = {.steps = steps, .step_count = 5};

static void each_step_has_a_name_for_people(void **state) {
    (void)state;
    static const struct {
        struct record record;
        const char *name;
    } rows[] = {
        {{.step = RECORD_SETUP, .method = "reset", .times = 1}, "set-up (reset)"},
        {{.step = 0, .times = 1}, "step 1"},
        {{.step = 1, .times = 1}, "step 2 (stranger)"},
        {{.step = 2, .times = 1}, "step 3 (twin of stranger)"},
        {{.step = 3, .times = 1}, "step 4 (clock)"},
        {{.step = 4, .times = 500, .time = 16}, "step 5 (many), time 17 of 500"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *name = step_name(&test_case, &rows[i].record);
        assert_non_null(name);
        assert_string_equal(name, rows[i].name);
        free(name);
    }
}

static void an_outcome_has_verdict_step_and_reason(void **state) {
    (void)state;
    struct case_result result = {0};
    struct scenario scenario = {.test_case = &test_case, .result = &result};
    const struct record record = {.step = 1,
                                  .times = 1,
                                  .method = "interrupt.get",
                                  .answer = {.kind = ANSWER_BROKEN, .detail = "gone"}};
    assert_false(outcome_set(&scenario, VERDICT_UNSUPPORTED, NULL, "needs %u of %s", 2u, "them"));
    assert_int_equal(result.verdict, VERDICT_UNSUPPORTED);
    assert_string_equal(result.reason, "needs 2 of them");
    assert_null(result.step);
    case_result_release(&result);
    assert_false(outcome_unanswered(&scenario, &record));
    assert_int_equal(result.verdict, VERDICT_ERRORED);
    assert_string_equal(result.reason, "interrupt.get: gone");
    assert_string_equal(result.step, "step 2 (stranger)");
    assert_null(result.requirements[0]);
    case_result_release(&result);
    const struct record unsaid = {.step = 1,
                                  .times = 1,
                                  .method = "interrupt.get",
                                  .answer = {.kind = ANSWER_UNSENDABLE, .detail = "no user"}};
    assert_false(outcome_unanswered(&scenario, &unsaid));
    assert_int_equal(result.verdict, VERDICT_UNSUPPORTED);
    assert_string_equal(result.reason, "interrupt.get cannot be said to the target: no user");
    case_result_release(&result);
    assert_false(outcome_no_memory(&scenario));
    assert_int_equal(result.verdict, VERDICT_ERRORED);
    assert_string_equal(result.reason, "the harness ran out of memory");
    case_result_release(&result);
}

static void a_fault_is_a_failure_only_where_a_requirement_is_named(void **state) {
    (void)state;
    static const struct {
        const struct step *blamed;
        enum verdict verdict;
        const char *requirements[2];
    } rows[] = {
        {&steps[1], VERDICT_FAILED, {"REQ-A-1", "REQ-A-2"}},
        {&steps[0], VERDICT_UNTESTABLE, {NULL, NULL}},
        {NULL, VERDICT_UNTESTABLE, {NULL, NULL}},
    };
    const struct record record = {.step = 0, .times = 1};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct case_result result = {0};
        struct scenario scenario = {.test_case = &test_case, .result = &result};
        struct difference difference = {text_copy("/p"), text_copy("e"), text_copy("g")};
        assert_false(
            outcome_fault(&scenario, &record, rows[i].blamed, i ? &difference : NULL, "it is %s", "odd"));
        assert_int_equal(result.verdict, rows[i].verdict);
        assert_string_equal(result.reason, "it is odd");
        assert_ptr_equal(result.requirements[0], rows[i].requirements[0]);
        assert_ptr_equal(result.requirements[1], rows[i].requirements[1]);
        if (i) {
            assert_string_equal(result.path, "/p");
            assert_string_equal(result.expected, "e");
            assert_string_equal(result.got, "g");
            assert_null(difference.path); /* taken over */
        } else {
            assert_null(result.path);
        }
        difference_release(&difference);
        case_result_release(&result);
    }
}

/* A long reason is cut before a character of several bytes, not in it. */
static void a_long_reason_is_cut_at_a_character(void **state) {
    (void)state;
    char words[1201];
    for (size_t i = 0; i < 1200; i += 2) {
        memcpy(words + i, "\xc3\xa9", 2);
    }
    words[1200] = '\0';
    struct case_result result = {0};
    struct scenario scenario = {.test_case = &test_case, .result = &result};
    outcome_set(&scenario, VERDICT_FAILED, NULL, "%s", words);
    assert_int_equal(strlen(result.reason), 698);
    assert_memory_equal(result.reason, words, 698);
    case_result_release(&result);
    words[700] = '\0'; /* a byte more than there is room for */
    outcome_set(&scenario, VERDICT_FAILED, NULL, "%s", words);
    assert_int_equal(strlen(result.reason), 698);
    case_result_release(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_has_a_name_for_people),
        cmocka_unit_test(an_outcome_has_verdict_step_and_reason),
        cmocka_unit_test(a_fault_is_a_failure_only_where_a_requirement_is_named),
        cmocka_unit_test(a_long_reason_is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
