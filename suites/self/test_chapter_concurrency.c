#include "suites/chapters/concurrency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/adapters/in_process.h"
#include "reference/base/instant.h"
#include "suites/self/support_results.h"
#include "suites/self/support_spoilt.h"

/* What a play comes to. */
struct outcome {
    enum play_end end;
    json_t *result;
    struct hp_problem problem;
    struct text exhibit;
    int64_t clock_us;
};

static void leave_alone(const char *method, struct answer *answer) {
    (void)method;
    (void)answer;
}

/* Plays on the reference in memory, whose answers are spoilt. */
static void perform(struct outcome *outcome, play_function play, const char *args, spoil_function spoil,
                    const char *evidence) {
    struct target *target = spoilt_new(in_process_memory_new(), spoil);
    struct hello hello;
    json_t *read = json_loads(args, 0, NULL);
    *outcome = (struct outcome){.end = PLAY_BROKEN};
    assert_non_null(read);
    assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
    struct play_stage stage = {.target = target,
                               .hello = &hello,
                               .seed = 7,
                               .deadline_ms = 5000,
                               .case_id = "concurrency.test",
                               .clock_us = &outcome->clock_us,
                               .evidence = evidence,
                               .exhibit = &outcome->exhibit};
    outcome->end = play(&stage, read, &outcome->result, &outcome->problem);
    json_decref(read);
    hello_release(&hello);
    target_free(target);
}

static void release(struct outcome *outcome) {
    json_decref(outcome->result);
    text_release(&outcome->exhibit);
}

static size_t count_violations(const struct outcome *outcome) {
    const json_t *violations = json_object_get(outcome->result, "violations");
    assert_true(json_is_array(violations));
    return json_array_size(violations);
}

#define ONE "\"interrupts\":[{\"kind\":\"clarification\"}]"
#define RESPONDERS(clients) "\"lanes\":[{\"clients\":" #clients ",\"acts\":[{\"do\":\"respond\",\"on\":0}]}]"
#define RACE(members) "{" ONE "," RESPONDERS(4) "," members "}"

static void a_sound_target_has_no_violations(void **state) {
    (void)state;
    struct outcome outcome;
    perform(&outcome, concurrency_race_play, RACE("\"rounds\":5,\"overlaps\":1"), leave_alone, NULL);
    assert_int_equal(outcome.end, PLAY_DONE);
    assert_int_equal(count_violations(&outcome), 0);
    assert_null(outcome.exhibit.bytes);
    release(&outcome);
}

/* Every answer is accepted, as by a service that checks and writes without a guard. */
static void accept_every_answer(const char *method, struct answer *answer) {
    if (strcmp(method, "interrupt.respond") == 0 && answer->kind == ANSWER_REFUSED) {
        spoil_result(answer, "{\"interrupt\":{\"status\":\"resolved\"},\"request_can_resume\":true}");
    }
}

static void two_winners_are_found_and_shown(void **state) {
    (void)state;
    char folder[SCRATCH_PATH_SIZE];
    struct outcome outcome;
    scratch_path(folder, "evidence");
    perform(&outcome, concurrency_race_play, RACE("\"rounds\":5,\"judge\":[\"order\"]"), accept_every_answer,
            folder);
    assert_int_equal(outcome.end, PLAY_DONE);
    assert_int_equal(count_violations(&outcome), 1);
    const json_t *violation = json_array_get(json_object_get(outcome.result, "violations"), 0);
    assert_string_equal(json_string_value(json_object_get(violation, "class")), "order");
    assert_int_equal(json_integer_value(json_object_get(violation, "round")), 1);
    const char *shown = outcome.exhibit.bytes;
    assert_non_null(shown);
    assert_non_null(strstr(shown, json_string_value(json_object_get(violation, "what"))));
    assert_non_null(strstr(shown, "(round 1 of seed 7, 4 clients, 4 acts; "));
    assert_non_null(strstr(shown, "* client "));
    static const char *const endings[] = {"history.jsonl", "timeline.html"};
    for (size_t i = 0; i < 2; i++) {
        char path[SCRATCH_PATH_SIZE + 64];
        snprintf(path, sizeof path, "%s/concurrency.test.%s", folder, endings[i]);
        assert_non_null(strstr(shown, path));
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
    release(&outcome);
}

static void only_the_classes_that_are_asked_for_count(void **state) {
    (void)state;
    struct outcome outcome;
    perform(&outcome, concurrency_race_play, RACE("\"rounds\":3,\"judge\":[\"event\",\"id\"]"),
            accept_every_answer, NULL);
    assert_int_equal(outcome.end, PLAY_DONE);
    assert_int_equal(count_violations(&outcome), 0);
    release(&outcome);
}

/* One client alone overlaps with nobody: the race is no race, and says so. */
static void too_few_overlaps_are_untestable(void **state) {
    (void)state;
    struct outcome outcome;
    perform(&outcome, concurrency_race_play, "{" ONE "," RESPONDERS(1) ",\"rounds\":2,\"overlaps\":3}",
            leave_alone, NULL);
    assert_int_equal(outcome.end, PLAY_UNTESTABLE);
    assert_string_equal(outcome.problem.detail,
                        "0 pairs of calls overlapped on one interrupt in 40 rounds; it takes 3");
    release(&outcome);
}

static void break_responds(const char *method, struct answer *answer) {
    if (strcmp(method, "interrupt.respond") == 0) {
        answer_release(answer);
        answer->kind = ANSWER_BROKEN;
        text_put(answer->detail, sizeof answer->detail, "the line is cut");
    }
}

static void a_lost_answer_is_broken(void **state) {
    (void)state;
    struct outcome outcome;
    perform(&outcome, concurrency_race_play, RACE("\"rounds\":1"), break_responds, NULL);
    assert_int_equal(outcome.end, PLAY_BROKEN);
    assert_string_equal(outcome.problem.detail, "4 calls of round 1 have no answer: the line is cut");
    release(&outcome);
}

static void refuse_creations(const char *method, struct answer *answer) {
    if (strcmp(method, "interrupt.create") == 0) {
        answer_release(answer);
        answer->kind = ANSWER_REFUSED;
        text_put(answer->error_name, sizeof answer->error_name, "internal");
    }
}

static void a_set_up_that_is_refused_is_untestable(void **state) {
    (void)state;
    struct outcome outcome;
    perform(&outcome, concurrency_race_play, RACE("\"rounds\":1"), refuse_creations, NULL);
    assert_int_equal(outcome.end, PLAY_UNTESTABLE);
    assert_non_null(strstr(outcome.problem.detail, "a creation of the set-up was refused: internal"));
    release(&outcome);
}

static void args_that_are_none_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *args;
        const char *detail;
    } rows[] = {
        {RACE("\"rounds\":0"), "at /args/rounds of the play: expected a whole number from 1 to 1000000"},
        {RACE("\"overlaps\":-1"), "at /args/overlaps of the play: expected a whole number from 0 to 1000000"},
        {RACE("\"judge\":[\"ordr\"]"), "at /args/judge of the play: expected classes of findings: order, "
                                       "field, event, id, list, answer, flow, limit, model"},
        {"{" ONE "}", "at /lanes: expected a list of at least one lane"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct outcome outcome;
        perform(&outcome, concurrency_race_play, rows[i].args, leave_alone, NULL);
        assert_int_equal(outcome.end, PLAY_BROKEN);
        assert_string_equal(outcome.problem.detail, rows[i].detail);
        release(&outcome);
    }
}

static void a_target_of_fewer_endpoints_is_untestable(void **state) {
    (void)state;
    struct outcome outcome;
    perform(&outcome, concurrency_race_play,
            "{" ONE ",\"lanes\":[{\"clients\":2,\"endpoints\":[0,9],\"acts\":[{\"do\":\"get\",\"on\":0}]}]}",
            leave_alone, NULL);
    assert_int_equal(outcome.end, PLAY_UNTESTABLE);
    assert_string_equal(outcome.problem.detail, "it takes 10 endpoints, the target has 2");
    release(&outcome);
}

/* The same script again and again, in turn; and the clock that it leaves is told. */
static void a_script_is_played_as_it_is(void **state) {
    (void)state;
    static const char script[] =
        "{\"script\":{" ONE
        ",\"clients\":[{\"acts\":[{\"do\":\"clock\",\"seconds\":2.5},{\"do\":\"respond\",\"on\":0}]},"
        "{\"acts\":[{\"do\":\"respond\",\"on\":0}]}]},\"in_turn\":true,\"rounds\":2,\"judge\":[\"order\"]}";
    struct outcome outcome;
    perform(&outcome, concurrency_script_play, script, leave_alone, NULL);
    assert_int_equal(outcome.end, PLAY_DONE);
    assert_int_equal(count_violations(&outcome), 0);
    assert_int_equal(outcome.clock_us, 2500000);
    release(&outcome);
    perform(&outcome, concurrency_script_play, script, accept_every_answer, NULL);
    assert_int_equal(outcome.end, PLAY_DONE);
    assert_int_equal(count_violations(&outcome), 1);
    release(&outcome);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_target_has_no_violations),
        cmocka_unit_test(two_winners_are_found_and_shown),
        cmocka_unit_test(only_the_classes_that_are_asked_for_count),
        cmocka_unit_test(too_few_overlaps_are_untestable),
        cmocka_unit_test(a_lost_answer_is_broken),
        cmocka_unit_test(a_set_up_that_is_refused_is_untestable),
        cmocka_unit_test(args_that_are_none_are_refused),
        cmocka_unit_test(a_target_of_fewer_endpoints_is_untestable),
        cmocka_unit_test(a_script_is_played_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
