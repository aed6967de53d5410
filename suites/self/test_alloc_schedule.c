/* Each allocation of what schedules are made of fails in turn: the answer is HP_INTERNAL, and nothing leaks. Playing them
 * takes threads and a target, whose allocations are others' business. */
#include "harness/lab/exhaustive.h"
#include "harness/lab/schedule_file.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int install(void **state) {
    (void)state;
    fail_alloc_install();
    return 0;
}

static enum hp_status load(void *context) {
    struct schedule schedule;
    struct hp_problem problem = {0};
    enum hp_status status = schedule_load("fixtures", context, &schedule, &problem);
    assert_true(status == HP_OK || strcmp(problem.detail, "out of memory") == 0);
    schedule_release(&schedule);
    return status;
}

static void a_file_is_read_whole_or_not_at_all(void **state) {
    (void)state;
    assert_true(fail_alloc_sweep(load, "held-sweep", false) > 100);
}

static enum hp_status play_two_orders(void *context) {
    (void)context;
    struct paper_actors actors = {.count = 3, .moves = {9, 9, 9}};
    struct exhaustive exhaustive;
    struct hp_problem problem = {0};
    exhaustive_init(&exhaustive, 1);
    bool whole = paper_play(&actors, &exhaustive.director, &problem) && exhaustive_next(&exhaustive) &&
                 paper_play(&actors, &exhaustive.director, &problem);
    exhaustive_release(&exhaustive);
    return whole ? HP_OK : HP_INTERNAL;
}

static void turns_are_all_there_or_the_play_ends(void **state) {
    (void)state;
    assert_true(fail_alloc_sweep(play_two_orders, NULL, false) > 1);
}

static enum hp_status write_choices(void *context) {
    (void)context;
    struct choices choices = {0};
    bool whole = true;
    for (unsigned i = 0; whole && i < 100; i++) {
        whole = choices_add(&choices, i);
    }
    json_t *value = whole ? choices_encode(&choices) : NULL;
    json_decref(value);
    choices_release(&choices);
    return value ? HP_OK : HP_INTERNAL;
}

static void choices_are_written_whole_or_not_at_all(void **state) {
    (void)state;
    assert_true(fail_alloc_sweep(write_choices, NULL, false) > 100);
}

static const char *const actors[] = {"a", "b"};
static const char *const steps[] = {"hold", "let-go"};
static const char *const *const acts[] = {steps, steps};
static const struct labels labels = {actors, acts};

/* All actors are holders, so that no outcomes are needed. */
static enum hp_status tell_course(void *context) {
    (void)context;
    struct script script = {0};
    struct performance performance = {.stage = {.script = &script}};
    struct course course = {0};
    struct text order = {0};
    bool whole = true;
    for (size_t i = 0; whole && i < 40; i++) {
        whole = course_add(&course, &(struct move){.actor = i % 2, .act = i / 2 % 2, .end = MOVE_DONE});
    }
    whole = whole && course_add_order(&order, &course, &labels);
    json_t *lines = whole ? course_lines(&course, &labels, &performance) : NULL;
    assert_true(!lines || json_array_size(lines) == 40);
    json_decref(lines);
    text_release(&order);
    course_release(&course);
    return lines ? HP_OK : HP_INTERNAL;
}

static void a_course_is_told_whole_or_not_at_all(void **state) {
    (void)state;
    assert_true(fail_alloc_sweep(tell_course, NULL, false) > 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole_or_not_at_all),
        cmocka_unit_test(turns_are_all_there_or_the_play_ends),
        cmocka_unit_test(choices_are_written_whole_or_not_at_all),
        cmocka_unit_test(a_course_is_told_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, install, NULL);
}
