#include "harness/case/play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_play.h"

#define DATABASE(args, expect)                                                                               \
    PLAY_STEPS("{\"play\":\"drift.database\",\"args\":" args ",\"expect\":" expect                           \
               ",\"requirement\":\"REQ-A-1\"}")

/* What the next performance comes to, and what it was given. */
static struct {
    enum play_end end;
    const char *result; /* JSON text */
    json_t *args;
    struct play_stage stage;
} script;

static enum play_end perform(const struct play_stage *stage, const json_t *args, json_t **result,
                             struct hp_problem *problem) {
    json_decref(script.args);
    script.args = json_deep_copy(args);
    script.stage = *stage;
    if (script.end == PLAY_DONE) {
        *result = json_loads(script.result, 0, NULL);
    } else {
        hp_problem_set(problem, HP_CONFLICT, NULL, "the stage is wet");
    }
    return script.end;
}

static int forget_args(void **state) {
    (void)state;
    json_decref(script.args);
    script.args = NULL;
    return 0;
}

static void only_known_plays_have_a_capability(void **state) {
    (void)state;
    assert_string_equal(play_capability("drift.database"), "database");
    assert_null(play_capability("drift"));
    assert_string_equal(play_nearest("drift.databse"), "drift.database");
    assert_null(play_nearest("something else entirely"));
}

static void what_nobody_registered_is_broken(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    json_t *result = NULL;
    assert_int_equal(play_perform("drift.database", NULL, NULL, &result, &problem), PLAY_BROKEN);
    assert_int_equal(problem.status, HP_UNSUPPORTED);
    assert_string_equal(problem.detail, "this program cannot carry out drift.database");
    assert_null(result);
}

/* The verdict of a case for each end of its play. */
static void the_end_decides(void **state) {
    (void)state;
    static const struct {
        enum play_end end;
        const char *result;
        enum verdict verdict;
        const char *reason;
    } rows[] = {
        {PLAY_DONE, "{\"findings\":[]}", VERDICT_PASSED, NULL},
        {PLAY_DONE, "{\"findings\":[{\"check\":\"a\"}]}", VERDICT_FAILED, "not what the contract asks for"},
        {PLAY_UNTESTABLE, NULL, VERDICT_UNTESTABLE, "the stage is wet"},
        {PLAY_BROKEN, NULL, VERDICT_ERRORED, "the stage is wet"},
    };
    play_register("drift.database", perform);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct play play;
        script.end = rows[i].end;
        script.result = rows[i].result;
        play_init(&play, DATABASE("{\"checks\":[\"a\"]}", "{\"findings\":[]}"), "[\"database\"]",
                  (struct fake_answer[]){PLAY_END});
        assert_int_equal(play_run(&play), HP_OK);
        assert_int_equal(play.results[0].verdict, rows[i].verdict);
        if (rows[i].end != PLAY_DONE) {
            assert_non_null(strstr(play.results[0].reason, rows[i].reason));
        }
        assert_string_equal(json_string_value(json_array_get(json_object_get(script.args, "checks"), 0)),
                            "a");
        assert_ptr_equal(script.stage.target, &play.fake.target);
        assert_string_equal(script.stage.fixtures, play.suite->directory);
        assert_int_equal(script.stage.seed, play.plan.seed);
        assert_int_equal(script.stage.deadline_ms, play.plan.deadline_ms);
        play_release(&play);
    }
}

/* The target itself is asked nothing. */
static void nothing_is_sent(void **state) {
    (void)state;
    struct play play;
    script.end = PLAY_DONE;
    script.result = "{\"findings\":[1]}";
    play_register("drift.database", perform);
    play_init(&play, DATABASE("{}", "{\"findings\":[]}"), "[\"database\"]", (struct fake_answer[]){PLAY_END});
    assert_int_equal(play_run(&play), HP_OK);
    assert_int_equal(play.fake.calls.length_bytes, 0);
    assert_string_equal(play.results[0].path, "/findings");
    assert_string_equal(play.results[0].exchanges[0].method, "drift.database");
    assert_null(play.results[0].reproduce);
    play_release(&play);
}

/* A play has args of its own, whatever was sent before it. */
static void a_play_comes_after_calls(void **state) {
    (void)state;
    struct play play;
    script.end = PLAY_DONE;
    script.result = "{\"findings\":[]}";
    play_register("drift.database", perform);
    play_init(&play,
              PLAY_STEPS(
                  "{\"op\":\"describe\",\"args\":{\"checks\":[\"b\"]}},{\"play\":\"drift.database\",\"args\":"
                  "{\"checks\":[\"c\"]},\"expect\":{\"findings\":[]},\"requirement\":\"REQ-A-1\"}"),
              "[\"describe\",\"database\"]", (struct fake_answer[]){PLAY_ACCEPT("describe", "{}"), PLAY_END});
    assert_int_equal(play_run(&play), HP_OK);
    assert_outcome(&play.results[0], VERDICT_PASSED, NULL);
    assert_string_equal(json_string_value(json_array_get(json_object_get(script.args, "checks"), 0)), "c");
    play_release(&play);
}

static void a_target_without_the_capability_is_left_alone(void **state) {
    (void)state;
    struct play play;
    play_register("drift.database", perform);
    play_init(&play, DATABASE("{}", "{\"findings\":[]}"), "[\"get\"]", (struct fake_answer[]){PLAY_END});
    assert_int_equal(play_run(&play), HP_OK);
    assert_outcome(&play.results[0], VERDICT_UNSUPPORTED, "needs the capability database");
    play_release(&play);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_known_plays_have_a_capability),
        cmocka_unit_test(what_nobody_registered_is_broken),
        cmocka_unit_test_teardown(the_end_decides, forget_args),
        cmocka_unit_test_teardown(nothing_is_sent, forget_args),
        cmocka_unit_test_teardown(a_play_comes_after_calls, forget_args),
        cmocka_unit_test(a_target_without_the_capability_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
