#include "harness/report/terminal_tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/case/case.h"

enum { MANY = 30 };

static struct test_case cases[MANY];
static char ids[MANY][16];
static struct case_result results[2][MANY];

static int make_cases(void **state) {
    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        snprintf(ids[i], sizeof ids[i], "a.n%zu", i);
        cases[i] = (struct test_case){.id = ids[i], .chapter = "a"};
        results[0][i] = (struct case_result){.test_case = &cases[i], .verdict = VERDICT_PASSED};
        results[1][i] = (struct case_result){.test_case = &cases[i], .verdict = VERDICT_FAILED};
    }
    return 0;
}

static void labels_are_short(void **state) {
    (void)state;
    static const char *const names[] = {"memory", "stdio:a-command-with-many-arguments"};
    struct run_header header = {.targets = names, .target_count = 2};
    char label[TARGET_LABEL_SIZE];
    target_label_put(label, &header, names[0]);
    assert_string_equal(label, "memory");
    target_label_put(label, &header, names[1]);
    assert_string_equal(label, "target 2");
    target_label_put(label, &header, "stdio:one-that-is-not-among-them");
    assert_string_equal(label, "target");
}

static void differences_are_limited(void **state) {
    (void)state;
    static const char *const names[] = {"one", "two"};
    struct run_header header = {.targets = names, .target_count = 2};
    struct target_summary items[] = {{.target = "one", .results = results[0], .result_count = MANY},
                                     {.target = "two", .results = results[1], .result_count = MANY}};
    struct summaries summaries = {.items = items, .count = 2};
    struct text out = {0};
    terminal_differences_add(&out, &header, &summaries, paint_get(false));
    assert_non_null(strstr(out.bytes, "  a.n19    passed  failed\n  ... and 10 more cases differ\n"));
    text_clear(&out);
    items[1].results = results[0];
    terminal_differences_add(&out, &header, &summaries, paint_get(false));
    assert_string_equal(out.bytes, "  The same verdict for every case on all 2 targets.\n");
    text_clear(&out);
    items[1].results = results[1];
    items[1].target = "null:echo";
    terminal_differences_add(&out, &header, &summaries, paint_get(false));
    assert_int_equal(out.length_bytes, 0);
    text_release(&out);
}

/* Another line says what a target never promised. */
static void what_is_unsupported_does_not_differ(void **state) {
    (void)state;
    static const char *const names[] = {"one", "two", "three"};
    struct run_header header = {.targets = names, .target_count = 3};
    struct case_result all[3][2] = {{{.test_case = &cases[0], .verdict = VERDICT_UNSUPPORTED}},
                                    {{.test_case = &cases[0], .verdict = VERDICT_PASSED}},
                                    {{.test_case = &cases[0], .verdict = VERDICT_PASSED}}};
    struct target_summary items[3];
    for (size_t i = 0; i < 3; i++) {
        all[i][1] = (struct case_result){.test_case = &cases[1], .verdict = VERDICT_PASSED};
        items[i] = (struct target_summary){.target = names[i], .results = all[i], .result_count = 2};
        tally_add(&items[i].tally, all[i][0].verdict);
    }
    struct summaries summaries = {.items = items, .count = 3};
    struct text out = {0};
    terminal_differences_add(&out, &header, &summaries, paint_get(false));
    assert_string_equal(out.bytes, "  The same verdict for every case on all 3 targets that support it.\n");
    text_clear(&out);
    all[2][0].verdict = VERDICT_FAILED;
    terminal_differences_add(&out, &header, &summaries, paint_get(false));
    assert_non_null(strstr(out.bytes, "  a.n0     unsupported  passed  failed\n"));
    text_release(&out);
}

static void unsupported_is_grouped_by_reason(void **state) {
    (void)state;
    char clock[] = "needs clock", events[] = "needs events\n";
    struct case_result few[] = {{.test_case = &cases[0], .verdict = VERDICT_UNSUPPORTED, .reason = clock},
                                {.test_case = &cases[1], .verdict = VERDICT_PASSED},
                                {.test_case = &cases[2], .verdict = VERDICT_UNSUPPORTED, .reason = events},
                                {.test_case = &cases[3], .verdict = VERDICT_UNSUPPORTED, .reason = clock}};
    struct target_summary summary = {.results = few, .result_count = 4};
    struct text out = {0};
    terminal_unsupported_add(&out, &summary, paint_get(false));
    assert_string_equal(out.bytes, "  unsupported 2: needs clock\n  unsupported 1: needs events\\n\n");
    text_release(&out);
}

/* A line for those who can do something about it. */
static void what_to_build_next_is_said_of_what_is_written_by_hand(void **state) {
    (void)state;
    static const struct {
        const char *target;
        const char *label;
        size_t results;
        const char *wanted;
    } rows[] = {
        {"stdio:mine", NULL, 2, "next     build and declare clock and reset: that opens 2 more cases\n"},
        {"stdio:mine", "mine", 1,
         "next     mine: build and declare clock and reset: that opens 1 more case\n"},
        {"profile:mine.json", NULL, 1,
         "next     build and declare clock and reset: that opens 1 more case\n"},
        {"stdio:mine", NULL, 0, ""},
        {"memory", NULL, 2, ""},
        {"http:http://127.0.0.1:1", NULL, 2, ""},
    };
    static const char *const needs[] = {"clock", "reset"};
    struct test_case lacking = {.needs = needs, .need_count = 2, .endpoints = 1};
    struct case_result lacks[] = {{.test_case = &lacking, .verdict = VERDICT_UNSUPPORTED},
                                  {.test_case = &lacking, .verdict = VERDICT_UNSUPPORTED}};
    struct hello hello = {.endpoints = 1, .capabilities = json_array()};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text out = {0};
        struct target_summary summary = {
            .target = rows[i].target, .hello = &hello, .results = lacks, .result_count = rows[i].results};
        terminal_opening_add(&out, &summary, rows[i].label, paint_get(false));
        assert_string_equal(out.bytes ? out.bytes : "", rows[i].wanted);
        summary.hello = NULL;
        text_clear(&out);
        terminal_opening_add(&out, &summary, rows[i].label, paint_get(false));
        assert_int_equal(out.length_bytes, 0);
        text_release(&out);
    }
    json_decref(hello.capabilities);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_short),
        cmocka_unit_test(differences_are_limited),
        cmocka_unit_test(what_is_unsupported_does_not_differ),
        cmocka_unit_test(unsupported_is_grouped_by_reason),
        cmocka_unit_test(what_to_build_next_is_said_of_what_is_written_by_hand),
    };
    return cmocka_run_group_tests(tests, make_cases, NULL) != 0;
}
