#include "suites/self/support_past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct reporter *make_terminal(FILE *out) {
    return reporter_terminal_new(out, false, false, 80);
}

static struct reporter *(*const makers[])(FILE *out) = {reporter_ndjson_new, reporter_junit_new,
                                                        reporter_markdown_new, make_terminal};

/* The strongest thing that can be said of a report that is read back: nobody could tell. */
static void every_report_comes_out_as_the_run_wrote_it(void **state) {
    (void)state;
    for (enum sample sample = 0; sample < SAMPLE_COUNT; sample++) {
        struct past_run run;
        char *written = sample_write(sample, reporter_ndjson_new);
        past_read(written, &run);
        assert_int_equal(run.exit_code, sample_exit_code(sample));
        for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
            char *want = sample_write(sample, makers[i]), *got = past_write(&run, makers[i]);
            if (strcmp(want, got) != 0) {
                print_error("%s, reporter %zu\n", sample_name(sample), i);
            }
            assert_string_equal(got, want);
            free(got);
            free(want);
        }
        past_run_release(&run);
        free(written);
    }
}

static const char *const outcomes[] = {"kinds.a passed", "kinds.b failed because", NULL};

/* A change of a good report, and what is said of it. */
static const struct {
    const char *what, *by, *said;
} faults[] = {
    {"{\"type\":\"run\"", "[1]\n{\"type\":\"run\"", ":1: expected an object with a \"type\""},
    {"{\"type\":\"run\"", "{", ":1: column "},
    {"\"format\":1", "\"format\":2", ":1: at /format: this program reads format 1, not 2"},
    {"\"seed\":1", "\"seed\":-1", ":1: at /seed: expected a number from 0 on, got -1"},
    {"\"selected\":2", "\"selected\":9999", ":1: at /selected: expected no more cases than"},
    {"\"targets\":[\"memory\"]", "\"targets\":[3]", ":1: at /targets: expected an array of texts"},
    {"{\"type\":\"target\"", "{\"type\":\"end\",\"exit_code\":0}\n{\"type\":\"target\"",
     ":3: a line of the type \"target\" stands behind the end"},
    {"{\"type\":\"target\"", "{\"type\":\"run\"}\n{\"type\":\"target\"", "where the run has begun already"},
    {"\"target\":\"memory\",\"name\"", "\"target\":\"other\",\"name\"",
     ":2: at /target: expected memory, got \"other\""},
    {"\"verdict\":\"passed\"", "\"verdict\":\"fine\"", ":3: at /verdict: expected a verdict, got \"fine\""},
    {"\"title\":\"title of kinds.a\"", "\"title\":7", ":3: at /title: expected a text, got 7"},
    {"\"proves\":[]", "\"proves\":[\"REQ-X-1\"]", ":3: at /proves: expected ids of requirements"},
    {"\"reason\":\"because\"", "\"reason\":[]", ":4: at /reason: expected a text or null, got []"},
    {"{\"type\":\"target_end\"", "{\"type\":\"case\"}\n{\"type\":\"target_end\"",
     ":5: a case stands where none is expected"},
    {"{\"type\":\"target_end\"", "{\"type\":\"other\"",
     ":6: the report ends here, without all of its targets"},
    {"{\"type\":\"end\",\"exit_code\":1}\n", "", ":5: the report ends here, without its end"},
    {"{\"type\":\"end\"", "{\"type\":\"selection\",\"ids\":[]}\n{\"type\":\"end\"",
     "a part of a run has a selection"},
    {"{\"type\":\"end\"", "{\"type\":\"parity_difference\",\"id\":\"kinds.a\"}\n{\"type\":\"end\"",
     ":6: no sum of the parity follows"},
};

static void what_is_no_report_is_refused_with_its_place(void **state) {
    (void)state;
    char *good = past_text(outcomes, NULL, NULL);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct past_run run;
        struct hp_problem problem = {0};
        char *bad = past_change(good, faults[i].what, faults[i].by);
        assert_int_equal(past_of_text(bad, &run, &problem), HP_INVALID);
        if (!strstr(problem.detail, faults[i].said)) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
        past_run_release(&run);
        free(bad);
    }
    free(good);
}

static void what_is_added_one_day_is_passed_over(void **state) {
    (void)state;
    struct past_run run;
    char *good = past_text(outcomes, NULL, NULL);
    char *newer = past_change(good, "{\"type\":\"end\"",
                              "{\"type\":\"weather\",\"sun\":true}\n{\"new\":1,\"type\":\"end\"");
    past_read(newer, &run);
    assert_int_equal(run.case_count, 2);
    assert_int_equal(run.targets[0].results[1].verdict, VERDICT_FAILED);
    past_run_release(&run);
    free(newer);
    free(good);
}

static void files_that_are_missing_or_empty_are_named(void **state) {
    (void)state;
    struct past_run run;
    struct hp_problem problem = {0};
    assert_int_equal(past_run_read("build/no-such-report.ndjson", &run, &problem), HP_UNAVAILABLE);
    assert_string_equal(problem.detail, "build/no-such-report.ndjson: No such file or directory");
    past_run_release(&run);
    problem = (struct hp_problem){0};
    assert_int_equal(past_of_text("", &run, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, ": the file is empty"));
    past_run_release(&run);
}

static void a_part_of_a_run_knows_the_whole(void **state) {
    (void)state;
    static const char *const whole[] = {"kinds.a", "kinds.b", "users.c", NULL};
    struct past_run run;
    char *text = past_text(outcomes, "2/3", whole);
    past_read(text, &run);
    assert_int_equal(run.header.shard.index, 2);
    assert_int_equal(run.header.shard.count, 3);
    assert_int_equal(run.header.selection_count, 3);
    assert_string_equal(run.selection[2], "users.c");
    char *again = past_write(&run, reporter_ndjson_new);
    assert_non_null(
        strstr(again, "\"shard\":{\"index\":2,\"count\":3}}\n{\"type\":\"selection\",\"ids\":[\"kinds.a\","
                      "\"kinds.b\",\"users.c\"]}\n"));
    free(again);
    past_run_release(&run);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_report_comes_out_as_the_run_wrote_it),
        cmocka_unit_test(what_is_no_report_is_refused_with_its_place),
        cmocka_unit_test(what_is_added_one_day_is_passed_over),
        cmocka_unit_test(files_that_are_missing_or_empty_are_named),
        cmocka_unit_test(a_part_of_a_run_knows_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
