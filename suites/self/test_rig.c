#include "harness/case/rig.h"
#include "reference/base/instant.h"
#include "suites/self/support_fake_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A rig on a fake. */
struct stage {
    struct fake_target fake;
    struct hello hello;
    struct run_plan plan;
    struct rig rig;
};

static void stage_init(struct stage *stage, const char *capabilities, unsigned endpoints,
                       const struct fake_answer *script) {
    memset(stage, 0, sizeof *stage);
    memset(&stage->rig, 0xa5, sizeof stage->rig); /* rig_init owes every member a value */
    fake_target_init(&stage->fake, capabilities, script);
    stage->fake.endpoints = endpoints;
    stage->plan.deadline_ms = 100;
    assert_int_equal(target_hello(&stage->fake.target, &stage->hello, NULL), HP_OK);
    assert_int_equal(rig_init(&stage->rig, &stage->plan, &stage->fake.target, &stage->hello, NULL), HP_OK);
}

static void stage_release(struct stage *stage) {
    rig_release(&stage->rig);
    const struct rig empty = {0};
    assert_memory_equal(&stage->rig, &empty, sizeof empty);
    assert_int_equal(stage->fake.opened, stage->fake.closed);
    hello_release(&stage->hello);
    fake_target_release(&stage->fake);
}

static const struct answer *call(struct stage *stage, unsigned endpoint, const char *params) {
    struct record *record = rig_begin(&stage->rig, 0, "describe");
    assert_non_null(record);
    text_add(&stage->rig.params, params);
    return rig_call(&stage->rig, record, endpoint);
}

static void a_rig_knows_what_its_target_can(void **state) {
    (void)state;
    static const struct {
        const char *capabilities;
        bool reset, clock;
    } rows[] = {{"[]", false, false},
                {"[\"clock\"]", false, true},
                {"[\"reset\"]", true, false},
                {"[\"clock\",\"reset\"]", true, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct stage stage;
        stage_init(&stage, rows[i].capabilities, 1, NULL);
        assert_int_equal(stage.rig.has_reset, rows[i].reset);
        assert_int_equal(stage.rig.has_clock, rows[i].clock);
        assert_int_equal(stage.rig.nonce == 0, rows[i].reset);
        assert_true(stage.rig.clock_us == HP_INSTANT_NONE);
        stage_release(&stage);
    }
}

/* Without a reset the names of one run must not meet those of another. */
static void no_two_runs_have_one_nonce(void **state) {
    (void)state;
    struct stage one, other;
    stage_init(&one, "[]", 1, NULL);
    stage_init(&other, "[]", 1, NULL);
    assert_true(one.rig.nonce != other.rig.nonce);
    stage_release(&one);
    stage_release(&other);
}

static void sessions_are_opened_when_they_are_needed_and_once(void **state) {
    (void)state;
    static const struct fake_answer script[] = {{"describe", "1", NULL, NULL, NULL},
                                                {"describe", "2", NULL, NULL, NULL},
                                                {"describe", "3", NULL, NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    struct stage stage;
    stage_init(&stage, "[]", 2, script);
    assert_int_equal(stage.fake.opened, 0);
    assert_int_equal(json_integer_value(call(&stage, 1, "{\"a\":1}")->result), 1);
    assert_int_equal(stage.fake.opened, 1);
    assert_int_equal(json_integer_value(call(&stage, 0, "{\"a\":2}")->result), 2);
    assert_int_equal(json_integer_value(call(&stage, 1, "{\"a\":3}")->result), 3);
    assert_int_equal(stage.fake.opened, 2);
    assert_string_equal(stage.fake.calls.bytes,
                        "@1 describe {\"a\":1}\ndescribe {\"a\":2}\n@1 describe {\"a\":3}\n");
    stage_release(&stage);
}

static void a_restart_closes_every_session_and_forgets_the_clock(void **state) {
    (void)state;
    static const struct fake_answer script[] = {{"describe", "1", NULL, NULL, NULL},
                                                {"describe", "2", NULL, NULL, NULL},
                                                {"describe", "3", NULL, NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    struct stage stage;
    stage_init(&stage, "[\"clock\"]", 2, script);
    call(&stage, 0, "{}");
    call(&stage, 1, "{}");
    stage.rig.clock_us = 5;
    rig_restart(&stage.rig);
    assert_int_equal(stage.fake.closed, 2);
    assert_int_equal(stage.fake.restarts, 1);
    assert_true(stage.rig.clock_us == HP_INSTANT_NONE);
    assert_int_equal(call(&stage, 0, "{}")->kind, ANSWER_RESULT);
    assert_int_equal(stage.fake.opened, 3);
    stage_release(&stage);
}

static void a_session_that_does_not_open_is_a_broken_answer(void **state) {
    (void)state;
    static const struct fake_answer script[] = {{"describe", "1", NULL, NULL, NULL},
                                                {NULL, NULL, NULL, NULL, NULL}};
    struct stage stage;
    stage_init(&stage, "[]", 1, script);
    stage.fake.open_fails = true;
    const struct answer *answer = call(&stage, 0, "{}");
    assert_int_equal(answer->kind, ANSWER_BROKEN);
    assert_string_equal(answer->detail, "no line to the fake");
    stage.fake.open_fails = false;
    assert_int_equal(call(&stage, 0, "{}")->kind, ANSWER_RESULT);
    stage_release(&stage);
}

/* Params that outgrow the cap of texts are never sent. */
static void params_that_failed_are_not_sent(void **state) {
    (void)state;
    struct stage stage;
    stage_init(&stage, "[]", 1, NULL);
    struct record *record = rig_begin(&stage.rig, 0, "describe");
    stage.rig.params.failed = true;
    const struct answer *answer = rig_call(&stage.rig, record, 0);
    assert_int_equal(answer->kind, ANSWER_BROKEN);
    assert_string_equal(answer->detail, "out of memory");
    assert_int_equal(stage.fake.calls.length_bytes, 0);
    rig_clear(&stage.rig);
    assert_false(stage.rig.params.failed);
    stage_release(&stage);
}

/* Of the params of past calls only the beginning is kept, of those of the last one everything. */
static void many_calls_keep_little(void **state) {
    (void)state;
    struct fake_answer script[41] = {{0}};
    char *params = malloc(10001);
    assert_non_null(params);
    memset(params, 'a', 10000);
    params[10000] = '\0';
    for (size_t i = 0; i < 40; i++) {
        script[i] = (struct fake_answer){"describe", "{}", NULL, NULL, NULL};
    }
    struct stage stage;
    stage_init(&stage, "[]", 1, script);
    for (size_t i = 0; i < 40; i++) {
        params[0] = (char)('0' + i);
        call(&stage, 0, i == 7 ? "short" : params);
    }
    assert_int_equal(stage.rig.record_count, 40);
    for (size_t i = 0; i < 40; i++) {
        const struct record *record = &stage.rig.records[i];
        size_t whole = i == 7 ? 5 : 10000;
        assert_int_equal(record->whole_length, whole);
        assert_int_equal(record->times, 1);
        assert_int_equal(record->length, i == 39 || i == 7 ? whole : PARAMS_KEPT_BYTES);
        assert_int_equal(stage.rig.params.bytes[record->begin], i == 7 ? 's' : (char)('0' + i));
        assert_int_equal(record->answer.kind, ANSWER_RESULT);
    }
    assert_int_equal(stage.rig.params.length_bytes, 38 * PARAMS_KEPT_BYTES + 5 + 10000);
    rig_clear(&stage.rig);
    assert_int_equal(stage.rig.record_count, 0);
    assert_int_equal(stage.rig.params.length_bytes, 0);
    free(params);
    stage_release(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rig_knows_what_its_target_can),
        cmocka_unit_test(no_two_runs_have_one_nonce),
        cmocka_unit_test(sessions_are_opened_when_they_are_needed_and_once),
        cmocka_unit_test(a_restart_closes_every_session_and_forgets_the_clock),
        cmocka_unit_test(a_session_that_does_not_open_is_a_broken_answer),
        cmocka_unit_test(params_that_failed_are_not_sent),
        cmocka_unit_test(many_calls_keep_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
