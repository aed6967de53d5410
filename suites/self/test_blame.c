/* The sentences. interval.c decides which; here is what they say. */
#include "harness/lab/blame.h"
#include "suites/self/support_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void times_are_told_exactly(void **state) {
    (void)state;
    static const struct {
        int64_t time_ns;
        const char *text;
    } rows[] = {{0, "+0 ns"},
                {9999, "+9999 ns"},
                {-9999, "-9999 ns"},
                {10000, "+10.000 us"},
                {75926, "+75.926 us"},
                {9999999, "+9999.999 us"},
                {10000000, "+10.000000 ms"},
                {-1234567890, "-1234.567890 ms"},
                {INT64_MIN, "-9223372036854.775808 ms"},
                {INT64_MAX, "+9223372036854.775807 ms"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text text = {0};
        blame_add_time(&text, rows[i].time_ns);
        assert_string_equal(text.bytes, rows[i].text);
        text_release(&text);
    }
}

/* A history whose first operation is a create, a blame of it, and a judgement to fill. */
struct scene {
    struct history history;
    struct blame blame;
    struct judgement judgement;
};

static void scene_init(struct scene *scene, const char *operations) {
    *scene = (struct scene){0};
    history_short(&scene->history, operations);
    scene->blame =
        (struct blame){&scene->history, scene->history.operations[0].invoke_ns, scene->history.operations};
}

static void check_judgement(const struct scene *scene, const char *lines, const char *reason) {
    assert_int_equal(scene->judgement.linearity, VIOLATION);
    assert_string_equal(judgement_lines(&scene->judgement), lines);
    assert_string_equal(scene->judgement.reason, reason);
}

#define SCENE                                                                                                \
    "1 create/ann/- ok 100 110; 2 respond/bob ok 120 130; 3 list/p omitted 140 150; 4 cancel unknown 160 -"

static void each_fault_has_a_sentence(void **state) {
    (void)state;
    static const struct {
        enum fault fault;
        const char *words;
    } rows[] = {
        {FAULT_STRANGER_SERVED,
         " came from bob and not from the owner ann, and was not refused as forbidden"},
        {FAULT_OWNER_REFUSED, " was refused, though whoever called it has the right to"},
        {FAULT_NEVER_ABSENT, " did not find an interrupt that was there from the start"},
        {FAULT_OUTSIDE_FILTER, " shows a status that its filter does not ask for"},
        {FAULT_NEVER_EXPIRES, " expired an interrupt that never expires"},
        {FAULT_NOBODY_ENDED_IT, " shows an end that no call can have brought about"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        char wanted[256];
        scene_init(&scene, SCENE);
        snprintf(wanted, sizeof wanted, "the respond of client 2, answered ok at +30 ns,%s", rows[i].words);
        blame_fault(&scene.blame, rows[i].fault, &scene.history.operations[1], NULL, &scene.judgement);
        check_judgement(&scene, "2", wanted);
        history_release(&scene.history);
    }
}

static void two_that_contradict_each_other(void **state) {
    (void)state;
    static const struct {
        enum fault fault;
        const char *words;
    } rows[] = {
        {FAULT_CREATED_TWICE, " both created it, and an id is given out only once"},
        {FAULT_TWO_WINNERS, " both ended it, and only one of them can have found it pending"},
        {FAULT_NAMED_TWICE, " both expired it, and only one of them can have found it not yet expired"},
        {FAULT_DIFFERENT_ENDS, " tell of different ends, and an interrupt ends only once"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        char wanted[256];
        scene_init(&scene, SCENE);
        snprintf(wanted, sizeof wanted,
                 "the cancel of client 4, whose answer was lost, and the respond of client 2, answered ok at "
                 "+30 ns,%s",
                 rows[i].words);
        blame_fault(&scene.blame, rows[i].fault, &scene.history.operations[3], &scene.history.operations[1],
                    &scene.judgement);
        check_judgement(&scene, "2 4", wanted); /* in the order of their calls */
        history_release(&scene.history);
    }
}

static void bounds_meet_in_one_sentence(void **state) {
    (void)state;
    struct scene scene;
    scene_init(&scene, SCENE);
    struct bound until = {130, ROLE_ENDER_ANSWERED, &scene.history.operations[1]};
    struct bound from = {140, ROLE_STILL_OPEN, &scene.history.operations[2]};
    blame_bounds(&scene.blame, &from, &until, &scene.judgement);
    check_judgement(
        &scene, "2 3",
        "the respond of client 2, answered ok at +30 ns, had ended it by +30 ns, but the list of client 3, "
        "answered omitted at +50 ns, which found it not ended, was only called at +40 ns");
    judgement_clear(&scene.judgement);
    struct bound deadline = {90, ROLE_DEADLINE, NULL};
    struct bound lapse = {140, ROLE_MAY_LAPSE, NULL};
    blame_bounds(&scene.blame, &lapse, &deadline, &scene.judgement);
    check_judgement(&scene, "",
                    "its time to be answered was over at -10 ns, but it could not expire before +40 ns");
    judgement_clear(&scene.judgement);
    struct bound called = {100, ROLE_CREATE_CALLED, &scene.history.operations[0]};
    blame_bounds(&scene.blame, &called, &(struct bound){120, ROLE_SEEN_PRESENT, &scene.history.operations[0]},
                 &scene.judgement);
    check_judgement(
        &scene, "1",
        "the create of client 1, answered ok at +10 ns, shows that it was there by +20 ns, but the create of "
        "client 1, answered ok at +10 ns, was only called at +0 ns");
    history_release(&scene.history);
}

static void what_was_left_out_names_three(void **state) {
    (void)state;
    struct scene scene;
    scene_init(&scene, SCENE);
    struct bound present = {110, ROLE_CREATE_ANSWERED, &scene.history.operations[0]};
    struct bound open = {160, ROLE_ENDER_CALLED, &scene.history.operations[3]};
    blame_between(&scene.blame, &scene.history.operations[2], &present, &open, &scene.judgement);
    check_judgement(&scene, "1 3 4",
                    "the list of client 3, answered omitted at +50 ns, left it out, though the create of "
                    "client 1, answered "
                    "ok at +10 ns, had created it by +10 ns, and the cancel of client 4, whose answer was "
                    "lost, which alone "
                    "can have ended it, was only called at +60 ns");
    history_release(&scene.history);
}

static void a_moment_before_all_times_is_told(void **state) {
    (void)state;
    struct scene scene;
    scene_init(&scene, "1 create/ann/- ok 9223372036854775800 9223372036854775801");
    struct bound until = {INT64_MIN + 10, ROLE_DEADLINE, NULL};
    struct bound from = {-10, ROLE_MAY_LAPSE, NULL};
    blame_bounds(&scene.blame, &from, &until, &scene.judgement);
    assert_non_null(strstr(scene.judgement.reason, "over at -9223372036854.775807 ms"));
    history_release(&scene.history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_told_exactly),         cmocka_unit_test(each_fault_has_a_sentence),
        cmocka_unit_test(two_that_contradict_each_other), cmocka_unit_test(bounds_meet_in_one_sentence),
        cmocka_unit_test(what_was_left_out_names_three),  cmocka_unit_test(a_moment_before_all_times_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
