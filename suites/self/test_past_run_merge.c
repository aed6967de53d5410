#include "harness/report/past_run_merge.h"
#include "suites/self/support_past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const whole[] = {"kinds.a", "kinds.b", "users.c", "users.d", "users.e", NULL};
static const char *const all[] = {"kinds.a passed", "kinds.b failed because",
                                  "users.c passed", "users.d unsupported needs x",
                                  "users.e passed", NULL};
static const char *const first[] = {"kinds.b failed because", "users.c passed", NULL};
static const char *const second[] = {"kinds.a passed", "users.e passed", NULL};
static const char *const third[] = {"users.d unsupported needs x", NULL};

enum { RUNS_MAX = 4 };

/* Reports that are put together. */
struct merge {
    struct past_run runs[RUNS_MAX], result;
    size_t count;
    struct hp_problem problem;
};

/* Adds a report; takes over its text. */
static void add(struct merge *merge, char *text) {
    past_read(text, &merge->runs[merge->count++]);
    free(text);
}

static void add_part(struct merge *merge, const char *const *outcomes, const char *shard) {
    add(merge, past_text(outcomes, shard, whole));
}

static void add_changed(struct merge *merge, char *text, const char *what, const char *by) {
    add(merge, past_change(text, what, by));
    free(text);
}

static void release(struct merge *merge) {
    past_run_release(&merge->result);
    for (size_t i = 0; i < merge->count; i++) {
        past_run_release(&merge->runs[i]);
    }
    *merge = (struct merge){0};
}

static void expect_refusal(struct merge *merge, bool joins, const char *said) {
    assert_int_equal(
        (joins ? past_run_join : past_run_merge)(merge->runs, merge->count, &merge->result, &merge->problem),
        HP_INVALID);
    if (!strstr(merge->problem.detail, said)) {
        fail_msg("%s", merge->problem.detail);
    }
    release(merge);
}

static char *without_times(char *text) {
    char *next = past_change(text, "\"duration_us\":120", "\"duration_us\":40");
    free(text);
    return next;
}

static char *rename_target(char *text, const char *name) {
    char by[64];
    for (size_t i = 0; i < 2; i++) {
        static const char *const forms[] = {"[\"memory\"]", "\"target\":\"memory\",\"name\""};
        snprintf(by, sizeof by, i == 0 ? "[\"%s\"]" : "\"target\":\"%s\",\"name\"", name);
        char *next = past_change(text, forms[i], by);
        free(text);
        text = next;
    }
    return text;
}

static void parts_in_any_order_are_what_one_run_would_have_written(void **state) {
    (void)state;
    struct merge merge = {0};
    struct past_run want;
    add_part(&merge, third, "3/3");
    add_part(&merge, first, "1/3");
    add_part(&merge, second, "2/3");
    assert_int_equal(past_run_merge(merge.runs, merge.count, &merge.result, &merge.problem), HP_OK);
    char *text = past_text(all, NULL, NULL);
    past_read(text, &want);
    struct reporter *(*const makers[])(FILE *) = {reporter_ndjson_new, reporter_markdown_new};
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        char *one = past_write(&want, makers[i]), *got = past_write(&merge.result, makers[i]);
        got = i == 0 ? without_times(got) : got;
        assert_string_equal(got, one);
        free(one);
        free(got);
    }
    past_run_release(&want);
    free(text);
    release(&merge);
}

static void what_does_not_belong_together_is_refused(void **state) {
    (void)state;
    struct merge merge = {0};
    add_part(&merge, first, "1/3");
    add_part(&merge, third, "3/3");
    expect_refusal(&merge, false, "of 3 parts these are missing: 2; `--shard 2/3` makes part 2");
    add_part(&merge, first, "1/3");
    add_part(&merge, first, "1/3");
    expect_refusal(&merge, false, "part 1 of 3 is there twice: ");
    add_part(&merge, first, "1/3");
    add_part(&merge, second, "2/2");
    expect_refusal(&merge, false, "is one of 3 parts");
    add_part(&merge, first, "1/2");
    add(&merge, past_text(all, NULL, NULL));
    expect_refusal(&merge, false, "is a whole run, made without --shard");
    add_part(&merge, first, "1/2");
    add_changed(&merge, past_text(second, "2/2", whole), "\"d1\"", "\"d2\"");
    expect_refusal(&merge, false, "are of different suites: d1 and d2");
    add_part(&merge, first, "1/2");
    add_changed(&merge, past_text(second, "2/2", whole), "\"seed\":1", "\"seed\":2");
    expect_refusal(&merge, false, "are of different seeds: 1 and 2");
    add_part(&merge, first, "1/2");
    add_changed(&merge, past_text(second, "2/2", whole), "\"shard\":{",
                "\"repeat\":\" --crowd 5\",\"shard\":{");
    expect_refusal(&merge, false, "are of different options: none and  --crowd 5");
    add_part(&merge, first, "1/2");
    add(&merge, rename_target(past_text(second, "2/2", whole), "other"));
    expect_refusal(&merge, false, "are of different targets: memory and other");
}

static void a_case_is_in_exactly_one_part(void **state) {
    (void)state;
    static const char *const too_much[] = {"kinds.a passed", "users.c passed", "users.e passed", NULL};
    static const char *const stranger[] = {"kinds.a passed", "users.x passed", NULL};
    static const char *const fewer[] = {"kinds.a passed", NULL};
    static const char *const other_whole[] = {"kinds.a", "kinds.b", "users.c", NULL};
    struct merge merge = {0};
    add_part(&merge, first, "1/3");
    add_part(&merge, too_much, "2/3");
    add_part(&merge, third, "3/3");
    expect_refusal(&merge, false, "the case users.c is there twice: in ");
    add_part(&merge, first, "1/3");
    add_part(&merge, fewer, "2/3");
    add_part(&merge, third, "3/3");
    expect_refusal(&merge, false, "the case users.e is missing: it is selected, and in none of the reports");
    add_part(&merge, stranger, "1/2");
    add_part(&merge, first, "2/2");
    expect_refusal(&merge, false, "has the case users.x, which the selection lacks");
    add_part(&merge, first, "1/2");
    add(&merge, past_text(fewer, "2/2", other_whole));
    expect_refusal(&merge, false, "are of different selections: users.d and none");
}

/* The code of the whole, not the worst of the parts: one of which nothing could run came to 1. */
static void the_exit_code_is_that_of_the_whole(void **state) {
    (void)state;
    static const char *const pair[] = {"kinds.a", "kinds.b", NULL};
    static const char *const good[] = {"kinds.a passed", NULL}, *const silent[] = {"kinds.b unsupported",
                                                                                   NULL};
    static const char *const codes[] = {"1", "3", "130"};
    static const int wanted[] = {0, 3, 130};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct merge merge = {0};
        char end[64];
        snprintf(end, sizeof end, "\"exit_code\":%s", codes[i]);
        add(&merge, past_text(good, "1/2", pair));
        add_changed(&merge, past_text(silent, "2/2", pair), "\"exit_code\":1", end);
        assert_int_equal(past_run_merge(merge.runs, 2, &merge.result, &merge.problem), HP_OK);
        assert_int_equal(merge.result.exit_code, wanted[i]);
        release(&merge);
    }
}

/* The parts of a run of several targets, by taking a sample apart by hand, would be long; that whole runs agree byte for byte
 * is tested by test_report_command.c. Here: what each part says of the baseline is said once. */
static void what_every_part_says_is_said_once(void **state) {
    (void)state;
    static const char told[] = "\"baseline_problems\":[\"b.json:3: no case x\"]";
    struct merge merge = {0};
    add_changed(&merge, past_text(first, "1/3", whole), "\"baseline_problems\":[]", told);
    add_part(&merge, second, "2/3");
    add_changed(&merge, past_text(third, "3/3", whole), "\"baseline_problems\":[]", told);
    assert_int_equal(past_run_merge(merge.runs, merge.count, &merge.result, &merge.problem), HP_OK);
    assert_int_equal(merge.result.targets[0].summary.baseline_problem_count, 1);
    assert_int_equal(merge.result.exit_code, 1);
    release(&merge);
}

static void whole_runs_stand_side_by_side(void **state) {
    (void)state;
    static const char *const better[] = {"kinds.a passed", "kinds.b passed", "users.c passed",
                                         "users.d passed", "users.e passed", NULL};
    struct merge merge = {0};
    add(&merge, rename_target(past_text(better, NULL, NULL), "python"));
    add(&merge, past_text(all, NULL, NULL));
    assert_int_equal(past_run_join(merge.runs, 2, &merge.result, &merge.problem), HP_OK);
    assert_int_equal(merge.result.target_count, 2);
    assert_int_equal(merge.result.exit_code, 1);
    assert_string_equal(merge.result.header.targets[0], "python");
    assert_ptr_equal(merge.result.targets[1].results[3].test_case,
                     merge.result.targets[0].results[3].test_case);
    assert_int_equal(merge.result.targets[1].results[1].verdict, VERDICT_FAILED);
    release(&merge);
    add(&merge, past_text(all, NULL, NULL));
    add(&merge, past_text(better, NULL, NULL));
    expect_refusal(&merge, true, "the target memory is there twice: in ");
    add(&merge, past_text(all, NULL, NULL));
    add(&merge, past_text(first, NULL, NULL));
    expect_refusal(&merge, true, "are of different selections: kinds.a and kinds.b");
    add(&merge, past_text(all, NULL, NULL));
    add_part(&merge, second, "2/3");
    expect_refusal(&merge, true, "is part 2 of 3 of a run; `holdpoint report merge`");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_in_any_order_are_what_one_run_would_have_written),
        cmocka_unit_test(what_does_not_belong_together_is_refused),
        cmocka_unit_test(a_case_is_in_exactly_one_part),
        cmocka_unit_test(the_exit_code_is_that_of_the_whole),
        cmocka_unit_test(what_every_part_says_is_said_once),
        cmocka_unit_test(whole_runs_stand_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
