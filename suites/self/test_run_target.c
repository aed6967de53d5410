#include "harness/commands/command.h"
#include "harness/commands/run_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_folder.h"
#include "suites/self/support_load.h"

/* A reporter that notes one letter for each call, and what the summary said. */
struct notes {
    struct reporter reporter;
    struct text calls;
    struct tally tally;
    size_t baseline_problems;
};

static void notes_target_begin(struct reporter *reporter, const char *target, const struct hello *hello,
                               const char *down) {
    struct notes *notes = (struct notes *)reporter;
    assert_non_null(target);
    text_add(&notes->calls, hello ? "hello " : down ? "down " : "silent ");
}

static void notes_case_done(struct reporter *reporter, const char *target, const struct case_result *result) {
    struct notes *notes = (struct notes *)reporter;
    assert_non_null(target);
    text_addf(&notes->calls, "%s ", verdict_name(result->verdict));
}

static void notes_target_end(struct reporter *reporter, const struct target_summary *summary) {
    struct notes *notes = (struct notes *)reporter;
    notes->tally = summary->tally;
    notes->baseline_problems = summary->baseline_problem_count;
    text_add(&notes->calls, "end");
}

static const struct reporter_ops notes_ops = {
    .target_begin = notes_target_begin, .case_done = notes_case_done, .target_end = notes_target_end};

/* A run of kinds.bad, which fails on the reference, and kinds.good, which passes there. */
struct stage {
    const char *folder;
    struct suite *suite;
    const struct test_case *cases[2];
    struct run_options options;
    struct notes notes;
    struct run_context context;
};

static int set_up(void **state) {
    static struct stage stage;
    struct hp_problem problem = {0};
    stage = (struct stage){
        .folder = fixtures_new("{\"cases\":[{\"id\":\"kinds.bad\",\"title\":\"T\",\"level\":\"MUST\","
                               "\"steps\":[{\"op\":\"describe\",\"args\":{},\"expect\":{\"kinds\":\"none\"},"
                               "\"requirement\":\"REQ-A-1\"}]},{\"id\":\"kinds.good\",\"title\":\"T\","
                               "\"level\":\"MUST\",\"steps\":[" PROOF "]}]}")};
    if (!stage.folder || suite_load(stage.folder, &stage.suite, &problem) != HP_OK) {
        print_error("%s\n", problem.detail);
        return -1;
    }
    stage.cases[0] = suite_case(stage.suite, "kinds.bad");
    stage.cases[1] = suite_case(stage.suite, "kinds.good");
    stage.options = (struct run_options){.seed = 1, .timeout_ms = 10000};
    stage.notes.reporter.ops = &notes_ops;
    stage.context = (struct run_context){.options = &stage.options,
                                         .suite = stage.suite,
                                         .cases = stage.cases,
                                         .case_count = 2,
                                         .today = "2026-11-23",
                                         .reporter = &stage.notes.reporter};
    *state = &stage;
    return 0;
}

static int tear_down(void **state) {
    struct stage *stage = *state;
    text_release(&stage->notes.calls);
    suite_free(stage->suite);
    fixtures_remove();
    return 0;
}

/* Plays the target and checks what was reported, and the exit code. */
static void check_play(struct stage *stage, const char *name, const char *calls, int code) {
    struct target_run run = {0};
    struct hp_problem problem = {0};
    text_clear(&stage->notes.calls);
    assert_int_equal(target_run_play(&run, name, &stage->context, &problem), HP_OK);
    assert_string_equal(stage->notes.calls.bytes, calls);
    assert_int_equal(target_run_code(&run), code);
    assert_memory_equal(&run.tally, &stage->notes.tally, sizeof run.tally);
    assert_int_equal(tally_sum(&run.tally), stage->context.case_count);
    assert_true(run.duration_us >= 0);
    target_run_release(&run);
    assert_null(run.results);
}

static void each_case_is_reported_as_it_ends(void **state) {
    struct stage *stage = *state;
    check_play(stage, "memory", "hello failed passed end", EXIT_FAILS);
    check_play(stage, "null:reject-all", "hello failed failed end", EXIT_FAILS);
    check_play(stage, "null:drop-connection", "hello errored errored end", EXIT_BROKEN);
    stage->context.cases = &stage->cases[1];
    stage->context.case_count = 1;
    check_play(stage, "memory", "hello passed end", EXIT_CONFORMS);
}

static void a_target_that_is_down_is_reported_late(void **state) {
    check_play(*state, "stdio:exit 3", "down errored errored end", EXIT_BROKEN);
}

static bool stop_at_once(void *context) {
    (void)context;
    return true;
}

static void what_ends_a_run_early_leaves_the_rest_not_run(void **state) {
    struct stage *stage = *state;
    stage->options.fail_fast = true;
    check_play(stage, "memory", "hello failed not_run end", EXIT_FAILS);
    stage->context.stop = stop_at_once;
    check_play(stage, "memory", "hello not_run not_run end", EXIT_FAILS);
}

static void a_skipped_target_has_every_case_not_run(void **state) {
    struct stage *stage = *state;
    struct target_run run = {0};
    assert_int_equal(target_run_skip(&run, "memory", &stage->context, NULL), HP_OK);
    assert_string_equal(stage->notes.calls.bytes, "silent not_run not_run end");
    assert_ptr_equal(run.results[1].test_case, stage->cases[1]);
    assert_int_equal(target_run_code(&run), EXIT_FAILS);
    target_run_release(&run);
}

static void hidden_capabilities_prove_nothing(void **state) {
    struct stage *stage = *state;
    stage->options.without = "describe";
    check_play(stage, "memory", "hello unsupported unsupported end", EXIT_FAILS);
}

static void wrong_names_are_refused_before_anything_is_reported(void **state) {
    struct stage *stage = *state;
    static const struct {
        const char *name, *without, *said;
    } rows[] = {
        {"memroy", NULL, "memory"},
        {"null:nothing", NULL, "accept-all"},
        {"memory", "clokc", "clokc"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target_run run = {0};
        struct hp_problem problem = {0};
        stage->options.without = rows[i].without;
        assert_int_equal(target_run_play(&run, rows[i].name, &stage->context, &problem), HP_INVALID);
        assert_non_null(strstr(problem.detail, rows[i].said));
        assert_null(stage->notes.calls.bytes);
        target_run_release(&run);
    }
}

/* The trace shows what really went to the target: the crowd's creations too. */
static void the_trace_is_innermost(void **state) {
    struct stage *stage = *state;
    char line[4096];
    size_t creations = 0, descriptions = 0;
    stage->context.trace = tmpfile();
    assert_non_null(stage->context.trace);
    stage->context.cases = &stage->cases[1];
    stage->context.case_count = 1;
    stage->options.crowd = 3;
    check_play(stage, "memory", "hello passed end", EXIT_CONFORMS);
    rewind(stage->context.trace);
    while (fgets(line, sizeof line, stage->context.trace)) {
        creations += strstr(line, "\"method\":\"interrupt.create\"") != NULL;
        descriptions += strstr(line, "\"method\":\"describe\"") != NULL;
    }
    fclose(stage->context.trace);
    assert_int_equal(creations, 3);
    assert_int_equal(descriptions, 1);
}

static void a_stale_baseline_fails_a_run_that_passed(void **state) {
    struct stage *stage = *state;
    struct baseline *baseline = NULL;
    struct hp_problem problem = {0};
    char path[512];
    assert_true(fixtures_write("baseline.json", "{\"known_failures\":[{\"case\":\"kinds.gone\","
                                                "\"fingerprint\":\"0123456789abcdef\",\"reason\":\"r\"}]}"));
    snprintf(path, sizeof path, "%s/baseline.json", stage->folder);
    assert_int_equal(baseline_load(path, &baseline, &problem), HP_OK);
    stage->context.baseline = baseline;
    stage->context.cases = &stage->cases[1];
    stage->context.case_count = 1;
    check_play(stage, "memory", "hello passed end", EXIT_FAILS);
    assert_int_equal(stage->notes.baseline_problems, 1);
    baseline_free(baseline);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGED(each_case_is_reported_as_it_ends),
        STAGED(a_target_that_is_down_is_reported_late),
        STAGED(what_ends_a_run_early_leaves_the_rest_not_run),
        STAGED(a_skipped_target_has_every_case_not_run),
        STAGED(hidden_capabilities_prove_nothing),
        STAGED(wrong_names_are_refused_before_anything_is_reported),
        STAGED(the_trace_is_innermost),
        STAGED(a_stale_baseline_fails_a_run_that_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
