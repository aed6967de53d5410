#include "harness/lab/course.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const actors[] = {"a", "b", "h"};
static const char *const steps_a[] = {"answer", "read"};
static const char *const steps_b[] = {"cancel"};
static const char *const steps_h[] = {"hold", "let-go"};
static const char *const *const acts[] = {steps_a, steps_b, steps_h};
static const struct labels labels = {actors, acts};

/* A performance in which a answered and read, and b was refused. */
struct show {
    struct script script;
    struct performance performance;
    struct outcome outcomes[3];
    struct outcome *by_client[2];
};

static void begin(struct show *show) {
    *show = (struct show){0};
    struct seed seed = {.ttl_us = SEED_TTL_DEFAULT};
    struct act respond = {.kind = ACT_RESPOND}, get = {.kind = ACT_GET}, cancel = {.kind = ACT_CANCEL};
    assert_true(script_add_seed(&show->script, &seed));
    assert_true(script_add_client(&show->script, 0) && script_add_act(&show->script, &respond) &&
                script_add_act(&show->script, &get));
    assert_true(script_add_client(&show->script, 0) && script_add_act(&show->script, &cancel));
    assert_int_equal(stage_init(&show->performance.stage, &show->script, "run", NULL), HP_OK);
    text_put(show->performance.stage.slots[0].id, STAGE_ID_SIZE, "one");
    show->performance.stage.slots[0].known = true;
    show->by_client[0] = show->outcomes;
    show->by_client[1] = show->outcomes + 2;
    show->performance.outcomes = show->by_client;
    show->outcomes[0] = (struct outcome){.end = ACT_DONE, .by = 4};
    show->outcomes[1] = (struct outcome){.end = ACT_DONE, .by = 4};
    show->outcomes[1].result = json_pack("{s:{s:s, s:s, s:{s:{s:i}}}}", "interrupt", "id", "one", "status",
                                         "resolved", "response", "data", "by", 4);
    show->outcomes[2] = (struct outcome){.end = ACT_REFUSED, .by = 5};
    text_put(show->outcomes[2].error_name, ADAPTER_NAME_SIZE, "conflict");
    text_put(show->outcomes[2].interrupt_status, ADAPTER_NAME_SIZE, "resolved");
}

static void end(struct show *show) {
    json_decref(show->outcomes[1].result);
    stage_release(&show->performance.stage);
    script_release(&show->script);
}

static void expect(const struct course *course, const char *order, const char *lines) {
    struct show show;
    struct text text = {0};
    begin(&show);
    assert_true(course_add_order(&text, course, &labels));
    assert_string_equal(text.bytes, order);
    text_clear(&text);
    json_t *got = course_lines(course, &labels, &show.performance);
    for (size_t i = 0; i < json_array_size(got); i++) {
        text_addf(&text, "%s%s", i > 0 ? "; " : "", json_string_value(json_array_get(got, i)));
    }
    assert_string_equal(text.bytes, lines);
    json_decref(got);
    text_release(&text);
    end(&show);
}

/* The moves of one act, one after another, are one word and one line. */
static void moves_that_follow_each_other_are_told_as_one(void **state) {
    (void)state;
    static const struct move moves[] = {
        {0, 0, MOVE_POINT, "change", false}, {0, 0, MOVE_POINT, "change.done", false},
        {1, 0, MOVE_POINT, "change", false}, {1, 0, MOVE_DONE, NULL, false},
        {0, 0, MOVE_DONE, NULL, false},      {0, 1, MOVE_DONE, NULL, false},
    };
    struct course course = {0};
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        assert_true(course_add(&course, &moves[i]));
    }
    expect(&course, "a.answer:change.done b.cancel a.answer a.read",
           "a.answer:change.done; b.cancel: conflict:resolved; a.answer: ok; a.read: #0 resolved by a");
    course_clear(&course);
    assert_int_equal(course.count, 0);
    course_release(&course);
}

/* A word stops at the first point of its name, so that a second one is a word more. */
static void points_of_one_name_are_words_of_their_own(void **state) {
    (void)state;
    static const struct move moves[] = {
        {0, 0, MOVE_POINT, "list", false},
        {0, 0, MOVE_POINT, "list", false},
        {1, 0, MOVE_DONE, NULL, false},
    };
    struct course course = {0};
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        assert_true(course_add(&course, &moves[i]));
    }
    expect(&course, "a.answer:list a.answer:list b.cancel",
           "a.answer:list; a.answer:list; b.cancel: conflict:resolved");
    course_release(&course);
}

/* Whoever was held up came to a point without a turn; the order names it where it was given its last one. */
static void who_is_held_up_is_marked(void **state) {
    (void)state;
    static const struct move moves[] = {
        {2, 0, MOVE_DONE, NULL, false},          {0, 0, MOVE_POINT, "change", false},
        {0, 0, MOVE_WAITS, NULL, false},         {2, 1, MOVE_DONE, NULL, false},
        {0, 0, MOVE_POINT, "change.done", true}, {1, 0, MOVE_DONE, NULL, false},
        {0, 0, MOVE_DONE, NULL, false},
    };
    struct course course = {0};
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        assert_true(course_add(&course, &moves[i]));
    }
    expect(&course, "h.hold a.answer:change.done h.let-go b.cancel a.answer",
           "h.hold: ok; a.answer <waiting>; h.let-go: ok; a.answer:change.done <goes on>; "
           "b.cancel: conflict:resolved; a.answer: ok");
    course_release(&course);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_that_follow_each_other_are_told_as_one),
        cmocka_unit_test(points_of_one_name_are_words_of_their_own),
        cmocka_unit_test(who_is_held_up_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
