#include "harness/adapters/mutant_scene.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct stage {
    struct shadow shadow;
    json_t *scene;
};

static void begin(struct stage *stage, const char *method, const char *params, bool raw, unsigned endpoint) {
    const struct request request = {
        .method = method, .params = params, .params_length_bytes = strlen(params), .raw = raw};
    json_decref(stage->scene);
    stage->scene = scene_new(&stage->shadow, &request, endpoint);
    assert_non_null(stage->scene);
}

/* One call with its result. */
static void play(struct stage *stage, const char *method, const char *params, const char *result) {
    begin(stage, method, params, false, 0);
    struct answer answer = {.kind = ANSWER_RESULT, .result = json_short(result)};
    assert_true(scene_take(stage->scene, &answer));
    assert_null(answer.result);
    assert_true(shadow_note(&stage->shadow, stage->scene));
}

static int set_up(void **state) {
    struct stage *stage = calloc(1, sizeof *stage);
    *state = stage;
    return stage && shadow_init(&stage->shadow) ? 0 : -1;
}

static int tear_down(void **state) {
    struct stage *stage = *state;
    json_decref(stage->scene);
    shadow_release(&stage->shadow);
    free(stage);
    return 0;
}

static void a_scene_shows_the_call(void **state) {
    struct stage *stage = *state;
    begin(stage, "interrupt.get", "{\"id\":\"a\"}", false, 1);
    assert_json(
        stage->scene,
        "{'op':'interrupt.get','endpoint':1,'params':{'id':'a'},'sent':{'id':'a'},'seen':{},'memory':{}}");
    begin(stage, "interrupt.get", "{\"id\":1,\"id\":2}", true, 0);
    assert_null(json_object_get(stage->scene, "params"));
    assert_null(json_object_get(stage->scene, "sent"));
    assert_string_equal(json_string_value(json_object_get(stage->scene, "text")), "{\"id\":1,\"id\":2}");
    begin(stage, "interrupt.get", "{\"id\":\"\xff\"}", true, 0);
    assert_null(json_object_get(stage->scene, "text"));
}

static void it_knows_what_was_shown_before(void **state) {
    struct stage *stage = *state;
    play(stage, "interrupt.create", "{}", "{'interrupt':{'id':'a','status':'pending'}}");
    begin(stage, "interrupt.get", "{\"id\":\"a\"}", false, 1);
    assert_json(json_object_get(stage->scene, "stored"), "{'id':'a','status':'pending'}");
    assert_int_equal(json_integer_value(json_object_get(stage->scene, "origin")), 0);
    json_t *before = json_incref(stage->scene);
    play(stage, "interrupt.list", "{}", "{'interrupts':[{'id':'a','status':'resolved'},{'id':'b'}]}");
    assert_json(json_object_get(before, "stored"), "{'id':'a','status':'pending'}");
    json_decref(before);
    begin(stage, "interrupt.get", "{\"id\":\"a\"}", false, 1);
    assert_json(json_object_get(stage->scene, "stored"), "{'id':'a','status':'resolved'}");
    play(stage, "interrupt.expire_pending", "{}", "{'ids':['b','unknown']}");
    assert_json(stage->shadow.seen, "{'a':{'id':'a','status':'resolved'},'b':{'id':'b','status':'expired'}}");
}

static void what_is_kept_lies_over_what_is_shown(void **state) {
    struct stage *stage = *state;
    json_t *value = json_string("kept");
    play(stage, "interrupt.create", "{}", "{'interrupt':{'id':'a','data':{}}}");
    assert_true(shadow_keep(&stage->shadow, "a", "/data/x", value));
    assert_json(json_object_get(stage->shadow.seen, "a"), "{'id':'a','data':{'x':'kept'}}");
    play(stage, "interrupt.get", "{}", "{'interrupt':{'id':'a','data':{'y':1}}}");
    assert_json(json_object_get(stage->scene, "result"),
                "{'interrupt':{'id':'a','data':{'y':1,'x':'kept'}}}");
    json_decref(value);
}

static void it_follows_the_clock_and_forgets_with_a_reset(void **state) {
    struct stage *stage = *state;
    play(stage, "clock.set", "{}", "{'now':'2025-12-11T10:30:00+01:00'}");
    begin(stage, "describe", "{}", false, 0);
    assert_string_equal(json_string_value(json_object_get(stage->scene, "now")),
                        "2025-12-11T09:30:00.000000Z");
    play(stage, "clock.set", "{}", "{'now':'nonsense'}");
    play(stage, "interrupt.create", "{}", "{'interrupt':{'id':'a'}}");
    play(stage, "reset", "{}", "{}");
    assert_json(stage->shadow.seen, "{}");
    begin(stage, "describe", "{}", false, 0);
    assert_null(json_object_get(stage->scene, "now"));
}

static void a_refusal_is_taken_and_a_broken_answer_is_neither(void **state) {
    struct stage *stage = *state;
    struct answer refused = {.kind = ANSWER_REFUSED, .error_name = "conflict", .interrupt_status = "expired"};
    struct answer broken = {.kind = ANSWER_BROKEN};
    begin(stage, "interrupt.cancel", "{}", false, 0);
    assert_true(scene_take(stage->scene, &refused));
    assert_json(json_object_get(stage->scene, "refusal"),
                "{'name':'conflict','field':'','interrupt_status':'expired'}");
    assert_true(shadow_note(&stage->shadow, stage->scene));
    assert_true(scene_take(stage->scene, &broken));
    assert_null(json_object_get(stage->scene, "refusal"));
    assert_null(json_object_get(stage->scene, "result"));
}

static void a_scene_shows_a_webhook(void **state) {
    struct stage *stage = *state;
    play(stage, "interrupt.get", "{}", "{'interrupt':{'id':'a','status':'pending'}}");
    json_t *params = json_short("{'body':{'data':{'id':'a'}}}"), *asked = json_short("{'secret':'s'}");
    json_decref(stage->scene);
    stage->scene = scene_of_webhook(&stage->shadow, params, asked);
    assert_json(
        stage->scene,
        "{'op':'webhook.send','params':{'body':{'data':{'id':'a'}}},'sent':{'body':{'data':{'id':'a'}}},"
        "'subscription':{'secret':'s'},'seen':{'a':{'id':'a','status':'pending'}},'memory':{},"
        "'stored':{'id':'a','status':'pending'},'origin':0}");
    json_decref(params);
    json_decref(asked);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_scene_shows_the_call, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_scene_shows_a_webhook, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_knows_what_was_shown_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_kept_lies_over_what_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_follows_the_clock_and_forgets_with_a_reset, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refusal_is_taken_and_a_broken_answer_is_neither, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
