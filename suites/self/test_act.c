/* Acts on a target that answers by a script: what is called, and what comes of it. */
#include "harness/lab/act.h"
#include "harness/lab/crew_parts.h"
#include "suites/self/support_fake_target.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A client of one act, with the seed's id known. */
struct scene {
    struct fake_target fake;
    struct script script;
    struct stage stage;
    struct notebook notebook;
    struct player player;
    struct outcome outcome;
};

static void scene_init(struct scene *scene, const char *act, const struct fake_answer *answers) {
    char text[512];
    snprintf(text, sizeof text, "{'interrupts': [{}], 'clients': [{'acts': [{%s}]}]}", act);
    *scene = (struct scene){0};
    fake_target_init(&scene->fake, "[]", answers);
    script_short(&scene->script, text);
    assert_int_equal(stage_init(&scene->stage, &scene->script, "r", NULL), HP_OK);
    scene->stage.start_us = TRYOUT_START_US;
    scene->stage.has_clock = true;
    scene->stage.deadline_ms = 1000;
    text_put(scene->stage.slots[0].id, STAGE_ID_SIZE, "id-0");
    scene->stage.slots[0].known = true;
    assert_int_equal(notebook_open(&scene->notebook, NULL, NULL), HP_OK);
    scene->player.stage = &scene->stage;
    assert_int_equal(target_open(&scene->fake.target, 0, &scene->player.session, NULL), HP_OK);
    assert_int_equal(recording_open(scene->notebook.recorder, &scene->player.recording, NULL), HP_OK);
}

static void perform(struct scene *scene) {
    int64_t before_ns = recorder_now_ns();
    act_perform(&scene->player, &scene->script.clients[0].acts[0], &scene->outcome);
    if (scene->outcome.end != ACT_SKIPPED) {
        assert_true(before_ns <= scene->outcome.invoke_ns);
        assert_true(scene->outcome.invoke_ns <= scene->outcome.return_ns);
        assert_true(scene->outcome.return_ns <= recorder_now_ns());
    }
}

static void scene_release(struct scene *scene) {
    outcome_release(&scene->outcome);
    assert_int_equal(recording_close(scene->player.recording, NULL), HP_OK);
    session_close(scene->player.session);
    notebook_close(&scene->notebook);
    stage_release(&scene->stage);
    script_release(&scene->script);
    fake_target_release(&scene->fake);
}

static const char *calls_of(const struct scene *scene) {
    return scene->fake.calls.bytes ? scene->fake.calls.bytes : "";
}

#define ID_0 "{\"id\":\"id-0\",\"user_id\":\"ann-r\""

static void each_act_is_one_call(void **state) {
    (void)state;
    static const struct {
        const char *act;
        struct fake_answer answer;
        const char *call;
    } rows[] = {
        {"'do': 'respond'",
         {"interrupt.respond", "{\"a\":1}", NULL, NULL, NULL},
         "interrupt.respond " ID_0 ",\"response\":{\"text\":\"It is so.\",\"data\":{\"by\":0}}}\n"},
        {"'do': 'cancel'",
         {"interrupt.cancel", "{\"a\":1}", NULL, NULL, NULL},
         "interrupt.cancel " ID_0 "}\n"},
        {"'do': 'get'", {"interrupt.get", "{\"a\":1}", NULL, NULL, NULL}, "interrupt.get " ID_0 "}\n"},
        {"'do': 'pending'",
         {"interrupt.pending_for_request", "{\"a\":1}", NULL, NULL, NULL},
         "interrupt.pending_for_request {\"request_id\":\"req-r\",\"user_id\":\"ann-r\"}\n"},
        {"'do': 'check'",
         {"ratelimit.check", "{\"a\":1}", NULL, NULL, NULL},
         "ratelimit.check "
         "{\"user_id\":\"ann-r\",\"endpoint\":\"/"
         "reports-r\",\"request_id\":\"req-r\",\"session_id\":\"ses-r\"}\n"},
        {"'do': 'sweep'",
         {"interrupt.expire_pending", "{\"a\":1}", NULL, NULL, NULL},
         "interrupt.expire_pending {}\n"},
        {"'do': 'clock', 'seconds': 1",
         {"clock.set", "{\"a\":1}", NULL, NULL, NULL},
         "clock.set {\"now\":\"2025-12-11T09:30:01.000000Z\"}\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fake_answer answers[] = {rows[i].answer, {NULL, NULL, NULL, NULL, NULL}};
        struct scene scene;
        scene_init(&scene, rows[i].act, answers);
        perform(&scene);
        assert_int_equal(scene.outcome.end, ACT_DONE);
        assert_json(scene.outcome.result, "{'a': 1}");
        assert_string_equal(calls_of(&scene), rows[i].call);
        assert_int_equal(scene.outcome.by, 0);
        assert_string_equal(scene.outcome.error_name, "");
        scene_release(&scene);
    }
}

/* Whoever has answered before, and then resumes, is told by two numbers. */
static void a_resumption_has_a_number_of_its_own(void **state) {
    (void)state;
    static const struct fake_answer answers[] = {{"flow.resume", "{\"a\":1}", NULL, NULL, NULL},
                                                 {NULL, NULL, NULL, NULL, NULL}};
    struct scene scene;
    scene_init(&scene, "'do': 'resume'", answers);
    uint32_t before = recording_client(scene.player.recording);
    perform(&scene);
    assert_int_equal(scene.outcome.end, ACT_DONE);
    assert_int_equal(scene.outcome.by, before + 1);
    assert_non_null(strstr(calls_of(&scene), "flow.resume {\"interrupt_id\":\"id-0\""));
    assert_non_null(strstr(calls_of(&scene), "\"data\":{\"by\":1}"));
    scene_release(&scene);
}

static void refusals_and_lost_answers_are_told(void **state) {
    (void)state;
    static const struct {
        const char *act;
        struct fake_answer answer;
        enum act_end end;
        const char *error, *status, *detail;
    } rows[] = {
        {"'do': 'respond'",
         {"interrupt.respond", NULL, "conflict", "resolved", NULL},
         ACT_REFUSED,
         "conflict",
         "resolved",
         "because"},
        {"'do': 'get'",
         {"interrupt.get", NULL, "forbidden", NULL, NULL},
         ACT_REFUSED,
         "forbidden",
         "",
         "because"},
        {"'do': 'list'",
         {"interrupt.list", NULL, "invalid", NULL, "/x"},
         ACT_REFUSED,
         "invalid",
         "",
         "because"},
        {"'do': 'clock'", {"clock.set", NULL, "invalid", NULL, NULL}, ACT_REFUSED, "invalid", "", "because"},
        {"'do': 'cancel'",
         {"interrupt.cancel", NULL, NULL, NULL, NULL},
         ACT_LOST,
         "",
         "",
         "the line is broken"},
        {"'do': 'list'", {"interrupt.list", NULL, NULL, NULL, NULL}, ACT_LOST, "", "", "the line is broken"},
        {"'do': 'sweep'",
         {"interrupt.expire", NULL, NULL, NULL, NULL},
         ACT_LOST,
         "",
         "",
         "not in the script"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fake_answer answers[] = {rows[i].answer, {NULL, NULL, NULL, NULL, NULL}};
        struct scene scene;
        scene_init(&scene, rows[i].act, answers);
        perform(&scene);
        assert_int_equal(scene.outcome.end, rows[i].end);
        assert_string_equal(scene.outcome.error_name, rows[i].error);
        assert_string_equal(scene.outcome.interrupt_status, rows[i].status);
        assert_string_equal(scene.outcome.detail, rows[i].detail);
        assert_null(scene.outcome.result);
        assert_false(scene.stage.failed);
        scene_release(&scene);
    }
}

static void what_is_not_there_yet_is_skipped(void **state) {
    (void)state;
    static const char *const acts[] = {"'do': 'respond'", "'do': 'cancel'", "'do': 'get'"};
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        struct scene scene;
        scene_init(&scene, acts[i], NULL);
        scene.stage.slots[0].known = false;
        perform(&scene);
        assert_int_equal(scene.outcome.end, ACT_SKIPPED);
        assert_string_equal(calls_of(&scene), "");
        scene_release(&scene);
    }
}

static void a_creation_fills_its_slot(void **state) {
    (void)state;
#define LONG_ID "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
    static const struct {
        const char *result;
        const char *id; /* NULL: the slot stays as it was */
    } rows[] = {
        {"{\"interrupt\":{\"id\":\"id-3\"}}", "id-3"},
        {"{\"interrupt\":{\"id\":\"" LONG_ID "\"}}", LONG_ID},
        {"{\"interrupt\":{\"id\":\"" LONG_ID "e\"}}", NULL},
        {"{\"interrupt\":{\"id\":\"\"}}", NULL},
        {"{\"interrupt\":{\"id\":3}}", NULL},
        {"{\"interrupt\":null}", NULL},
        {"{}", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fake_answer answers[] = {
            {"interrupt.create", rows[i].result, rows[i].result ? NULL : "unavailable", NULL, NULL},
            {NULL, NULL, NULL, NULL, NULL}};
        struct scene scene;
        scene_init(&scene, "'do': 'create', 'on': 3", answers);
        assert_int_equal(scene.stage.slot_count, 4);
        perform(&scene);
        assert_int_equal(scene.outcome.end, rows[i].result ? ACT_DONE : ACT_REFUSED);
        assert_int_equal(scene.stage.slots[3].known, rows[i].id != NULL);
        assert_string_equal(scene.stage.slots[3].id, rows[i].id ? rows[i].id : "");
        assert_int_equal(stage_find(&scene.stage, rows[i].id), rows[i].id ? 3 : SCRIPT_SLOTS_MAX);
        assert_int_equal(stage_find(&scene.stage, "id-0"), 0);
        scene_release(&scene);
    }
}

static void an_id_is_found_among_those_known(void **state) {
    (void)state;
    struct scene scene;
    scene_init(&scene, "'do': 'get'", NULL);
    assert_int_equal(stage_find(&scene.stage, "id-0"), 0);
    assert_int_equal(stage_find(&scene.stage, "ID-0"), SCRIPT_SLOTS_MAX);
    assert_int_equal(stage_find(&scene.stage, ""), SCRIPT_SLOTS_MAX);
    assert_int_equal(stage_find(&scene.stage, NULL), SCRIPT_SLOTS_MAX);
    scene.stage.slots[0].known = false;
    assert_int_equal(stage_find(&scene.stage, "id-0"), SCRIPT_SLOTS_MAX);
    scene_release(&scene);
}

#define PAGE(rows, members)                                                                                  \
    { "interrupt.list", "{\"interrupts\":[" rows "]" members "}", NULL, NULL, NULL }
#define END                                                                                                  \
    { NULL, NULL, NULL, NULL, NULL }
#define LIST "interrupt.list {\"user_id\":\"ann-r\",\"session_id\":\"ses-r\",\"status\":\"all\",\"limit\":2"

static void the_pages_of_a_list_become_one(void **state) {
    (void)state;
    static const struct {
        struct fake_answer answers[4];
        enum act_end end;
        const char *result;
        const char *calls;
    } rows[] = {
        {{PAGE("", ",\"total\":0,\"next_cursor\":null"), END},
         ACT_DONE,
         "{'interrupts': [], 'total': 0}",
         LIST "}\n"},
        {{PAGE("1,2", ""), END}, ACT_DONE, "{'interrupts': [1, 2]}", LIST "}\n"},
        {{PAGE("1,2", ",\"total\":3,\"next_cursor\":\"a\""), PAGE("3", ",\"total\":9,\"next_cursor\":null"),
          END},
         ACT_DONE,
         "{'interrupts': [1, 2, 3], 'total': 3}",
         LIST "}\n" LIST ",\"cursor\":\"a\"}\n"},
        /* A page may be empty, and there are others behind it. */
        {{PAGE("1", ",\"total\":2,\"next_cursor\":\"a\""), PAGE("", ",\"next_cursor\":\"b\\\"\""),
          PAGE("2", ""), END},
         ACT_DONE,
         "{'interrupts': [1, 2], 'total': 2}",
         LIST "}\n" LIST ",\"cursor\":\"a\"}\n" LIST ",\"cursor\":\"b\\\"\"}\n"},
        /* A cursor that is no text is none. */
        {{PAGE("1", ",\"next_cursor\":5"), END}, ACT_DONE, "{'interrupts': [1]}", LIST "}\n"},
        {{PAGE("1", ",\"next_cursor\":\"a\""), {"interrupt.list", NULL, "invalid", NULL, NULL}, END},
         ACT_REFUSED,
         NULL,
         LIST "}\n" LIST ",\"cursor\":\"a\"}\n"},
        {{PAGE("1", ",\"next_cursor\":\"a\""), {"interrupt.list", NULL, NULL, NULL, NULL}, END},
         ACT_LOST,
         NULL,
         LIST "}\n" LIST ",\"cursor\":\"a\"}\n"},
        /* A page that is none makes the whole none. */
        {{{"interrupt.list", "{\"total\":0}", NULL, NULL, NULL}, END}, ACT_DONE, "{'total': 0}", LIST "}\n"},
        {{{"interrupt.list", "{\"interrupts\":{},\"next_cursor\":\"a\"}", NULL, NULL, NULL}, END},
         ACT_DONE,
         "{'interrupts': {}, 'next_cursor': 'a'}",
         LIST "}\n"},
        {{PAGE("1", ",\"next_cursor\":\"a\""), {"interrupt.list", "{}", NULL, NULL, NULL}, END},
         ACT_DONE,
         "{}",
         LIST "}\n" LIST ",\"cursor\":\"a\"}\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        scene_init(&scene, "'do': 'list', 'status': 'all', 'limit': 2", rows[i].answers);
        perform(&scene);
        assert_int_equal(scene.outcome.end, rows[i].end);
        assert_json(scene.outcome.result, rows[i].result);
        assert_string_equal(calls_of(&scene), rows[i].calls);
        scene_release(&scene);
    }
}

static void pages_without_end_are_an_answer_that_did_not_come(void **state) {
    (void)state;
    enum { PAGES = 20000 };
    struct fake_answer *answers = calloc(PAGES + 1, sizeof *answers);
    assert_non_null(answers);
    for (size_t i = 0; i < PAGES; i++) {
        answers[i] = (struct fake_answer)PAGE("", ",\"next_cursor\":\"again\"");
    }
    struct scene scene;
    scene_init(&scene, "'do': 'list'", answers);
    perform(&scene);
    assert_int_equal(scene.outcome.end, ACT_LOST);
    assert_string_equal(scene.outcome.detail, "the pages of a list do not end");
    assert_null(scene.outcome.result);
    assert_true(scene.fake.at < PAGES);
    scene_release(&scene);
    free(answers);
}

/* Where no clock can be set, its act lets the time of the world come to pass, and calls nobody. */
static void without_a_clock_it_waits(void **state) {
    (void)state;
    struct scene scene;
    scene_init(&scene, "'do': 'clock', 'seconds': 0.02", NULL);
    scene.stage.has_clock = false;
    scene.stage.began_ns = recorder_now_ns();
    perform(&scene);
    assert_int_equal(scene.outcome.end, ACT_DONE);
    assert_true(scene.outcome.return_ns >= scene.stage.began_ns + 20 * 1000000);
    assert_string_equal(calls_of(&scene), "");
    int64_t before_ns = recorder_now_ns(); /* what has come to pass is not waited for */
    scene.stage.began_ns -= INT64_C(3600000000000);
    perform(&scene);
    assert_int_equal(scene.outcome.end, ACT_DONE);
    assert_true(recorder_now_ns() - before_ns < INT64_C(1000000000));
    scene_release(&scene);
}

/* A client whose answer was lost goes on under a new number, which its next answer names. */
static void after_a_lost_answer_it_is_another(void **state) {
    (void)state;
    static const struct fake_answer answers[] = {
        {"interrupt.respond", NULL, NULL, NULL, NULL}, {"interrupt.respond", "{}", NULL, NULL, NULL}, END};
    struct scene scene;
    scene_init(&scene, "'do': 'respond'", answers);
    perform(&scene);
    assert_int_equal(scene.outcome.end, ACT_LOST);
    assert_int_equal(scene.outcome.by, 0);
    outcome_release(&scene.outcome);
    perform(&scene);
    assert_int_equal(scene.outcome.end, ACT_DONE);
    assert_int_equal(scene.outcome.by, 1);
    assert_non_null(strstr(calls_of(&scene), "{\"by\":1}"));
    scene_release(&scene);
}

static void who_answered(void **state) {
    (void)state;
    static const struct {
        const char *interrupt;
        uint32_t by;
    } rows[] = {
        {"{'response': {'data': {'by': 0}}}", 0},
        {"{'response': {'data': {'by': 4294967294}}}", 4294967294u},
        {"{'response': {'data': {'by': 4294967295}}}", UINT32_MAX},
        {"{'response': {'data': {'by': -1}}}", UINT32_MAX},
        {"{'response': {'data': {'by': 1.5}}}", UINT32_MAX},
        {"{'response': {'data': {'by': '1'}}}", UINT32_MAX},
        {"{'response': {'data': {}}}", UINT32_MAX},
        {"{'response': null}", UINT32_MAX},
        {"{}", UINT32_MAX},
        {"7", UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *interrupt = json_short(rows[i].interrupt);
        assert_int_equal(interrupt_answered_by(interrupt), rows[i].by);
        json_decref(interrupt);
    }
    assert_int_equal(interrupt_answered_by(NULL), UINT32_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_act_is_one_call),
        cmocka_unit_test(a_resumption_has_a_number_of_its_own),
        cmocka_unit_test(refusals_and_lost_answers_are_told),
        cmocka_unit_test(what_is_not_there_yet_is_skipped),
        cmocka_unit_test(a_creation_fills_its_slot),
        cmocka_unit_test(an_id_is_found_among_those_known),
        cmocka_unit_test(the_pages_of_a_list_become_one),
        cmocka_unit_test(pages_without_end_are_an_answer_that_did_not_come),
        cmocka_unit_test(without_a_clock_it_waits),
        cmocka_unit_test(after_a_lost_answer_it_is_another),
        cmocka_unit_test(who_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
