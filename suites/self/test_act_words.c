/* Acts and what came of them as text: the params of each call, literally, and the words for a person. */
#include "harness/lab/act_parts.h"
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

/* Slots 0 and 3 are ann's, 1 and 2 are bob's; the kinds differ in what answers them. */
#define SEEDS                                                                                                \
    "'interrupts': [{}, {'kind': 'confirmation', 'owner': 'bob'}, {'kind': 'critic_review', 'owner': "       \
    "'bob'},"                                                                                                \
    " {'kind': 'checkpoint'}]"

struct scene {
    struct script script;
    struct stage stage;
};

/* The act is the first of the first client. */
static void scene_init(struct scene *scene, const char *act) {
    char text[512];
    snprintf(text, sizeof text, "{" SEEDS ", 'clients': [{'acts': [%s]}]}", act);
    script_short(&scene->script, text);
    assert_int_equal(stage_init(&scene->stage, &scene->script, "r", NULL), HP_OK);
    scene->stage.start_us = TRYOUT_START_US;
    for (unsigned i = 0; i < 4; i++) {
        snprintf(scene->stage.slots[i].id, STAGE_ID_SIZE, "id-%u", i);
        scene->stage.slots[i].known = true;
    }
}

static void scene_release(struct scene *scene) {
    stage_release(&scene->stage);
    script_release(&scene->script);
}

static const struct act *act_of(const struct scene *scene) {
    return &scene->script.clients[0].acts[0];
}

#define CREATED(slot, kind, owner, ttl)                                                                      \
    "{'kind':'" kind "','request_id':'req-r','user_id':'" owner                                              \
    "-r','session_id':'ses-r','envelope_id':'env-r',"                                                        \
    "'question':'Question " slot "?','message':'Message " slot ".','data':{'slot':" slot                     \
    ",'kept':[1,{'two':null}]},'trace_id':'trace-" slot "','span_id':'span-" slot "'" ttl "}"

static const struct {
    const char *act, *params, *words;
} acts[] = {
    {"{'do': 'create', 'on': 7}", CREATED("7", "clarification", "ann", ""), "create #7 clarification"},
    {"{'do': 'create', 'on': 4, 'kind': 'confirmation', 'owner': 'bob'}",
     CREATED("4", "confirmation", "bob", ""), "create #4 confirmation"},
    {"{'do': 'create', 'on': 4, 'kind': 'critic_review', 'ttl_seconds': 60}",
     CREATED("4", "critic_review", "ann", ",'ttl_seconds':60.000000"), "create #4 critic_review"},
    {"{'do': 'create', 'on': 4, 'kind': 'checkpoint', 'ttl_seconds': null}",
     CREATED("4", "checkpoint", "ann", ",'ttl_seconds':null"), "create #4 checkpoint"},
    {"{'do': 'create', 'on': 4, 'kind': 'resource_exhausted', 'ttl_seconds': 0.000001}",
     CREATED("4", "resource_exhausted", "ann", ",'ttl_seconds':0.000001"), "create #4 resource_exhausted"},
    {"{'do': 'create', 'on': 4, 'kind': 'timeout', 'ttl_seconds': 1000000000}",
     CREATED("4", "timeout", "ann", ",'ttl_seconds':1000000000.000000"), "create #4 timeout"},
    {"{'do': 'create', 'on': 255, 'kind': 'system_error'}", CREATED("255", "system_error", "ann", ""),
     "create #255 system_error"},
    /* Each kind is answered in its own way, by whoever is asked. */
    {"{'do': 'respond'}", "{'id':'id-0','user_id':'ann-r','response':{'text':'It is so.','data':{'by':5}}}",
     "respond #0"},
    {"{'do': 'respond', 'on': 1}",
     "{'id':'id-1','user_id':'bob-r','response':{'approved':true,'data':{'by':5}}}", "respond #1"},
    {"{'do': 'respond', 'on': 2}",
     "{'id':'id-2','user_id':'bob-r','response':{'decision':'modify','data':{'by':5}}}", "respond #2"},
    {"{'do': 'respond', 'on': 3}",
     "{'id':'id-3','user_id':'ann-r','response':{'text':'It is so.','data':{'by':5}}}", "respond #3"},
    {"{'do': 'respond', 'on': 0, 'as': 'stranger'}",
     "{'id':'id-0','user_id':'bob-r','response':{'text':'It is so.','data':{'by':5}}}",
     "respond #0 as a stranger"},
    {"{'do': 'respond', 'on': 1, 'as': 'stranger'}",
     "{'id':'id-1','user_id':'ann-r','response':{'approved':true,'data':{'by':5}}}",
     "respond #1 as a stranger"},
    {"{'do': 'cancel'}", "{'id':'id-0','user_id':'ann-r'}", "cancel #0"},
    {"{'do': 'cancel', 'on': 2, 'reason': true}", "{'id':'id-2','user_id':'bob-r','reason':'by 5'}",
     "cancel #2"},
    {"{'do': 'cancel', 'on': 2, 'as': 'stranger'}", "{'id':'id-2','user_id':'ann-r'}",
     "cancel #2 as a stranger"},
    {"{'do': 'get', 'on': 1}", "{'id':'id-1','user_id':'bob-r'}", "get #1"},
    {"{'do': 'get', 'on': 1, 'as': 'stranger'}", "{'id':'id-1','user_id':'ann-r'}", "get #1 as a stranger"},
    {"{'do': 'get', 'on': 1, 'as': 'trusted'}", "{'id':'id-1'}", "get #1 as a trusted caller"},
    {"{'do': 'list'}", "{'user_id':'ann-r','session_id':'ses-r','status':'pending'}", "list pending"},
    {"{'do': 'list', 'status': 'all', 'owner': 'bob', 'limit': 3}",
     "{'user_id':'bob-r','session_id':'ses-r','status':'all','limit':3}", "list all"},
    {"{'do': 'list', 'status': 'resolved'}", "{'user_id':'ann-r','session_id':'ses-r','status':'resolved'}",
     "list resolved"},
    {"{'do': 'list', 'status': 'cancelled'}", "{'user_id':'ann-r','session_id':'ses-r','status':'cancelled'}",
     "list cancelled"},
    {"{'do': 'list', 'status': 'expired'}", "{'user_id':'ann-r','session_id':'ses-r','status':'expired'}",
     "list expired"},
    {"{'do': 'pending'}", "{'request_id':'req-r','user_id':'ann-r'}", "pending"},
    {"{'do': 'pending', 'owner': 'bob'}", "{'request_id':'req-r','user_id':'bob-r'}", "pending"},
    {"{'do': 'sweep'}", "{}", "sweep"},
    {"{'do': 'resume', 'on': 1}",
     "{'interrupt_id':'id-1','envelope':{'envelope_id':'env-r','request_id':'req-r','session_id':'ses-r','"
     "user_id':'bob-"
     "r','current_stage':'plan','interrupt':{'id':'id-1','kind':'confirmation'}},'pipeline':{'stages':['plan'"
     ",'act'],"
     "'routes':{'confirmation':'act'}},'response':{'approved':true,'data':{'by':5}}}",
     "resume #1"},
    {"{'do': 'resume', 'as': 'stranger'}",
     "{'interrupt_id':'id-0','envelope':{'envelope_id':'env-r','request_id':'req-r','session_id':'ses-r','"
     "user_id':'bob-"
     "r','current_stage':'plan','interrupt':{'id':'id-0','kind':'clarification'}},'pipeline':{'stages':['"
     "plan','act'],"
     "'routes':{'clarification':'act'}},'response':{'text':'It is so.','data':{'by':5}}}",
     "resume #0 as a stranger"},
    {"{'do': 'check', 'owner': 'bob'}",
     "{'user_id':'bob-r','endpoint':'/reports-r','request_id':'req-r','session_id':'ses-r'}", "check"},
    {"{'do': 'clock'}", "{'now':'2025-12-11T09:30:00.000000Z'}", "clock +0.000000 s"},
    {"{'do': 'clock', 'seconds': 86400.000001}", "{'now':'2025-12-12T09:30:00.000001Z'}",
     "clock +86400.000001 s"},
};

static void an_act_is_called_with_exactly_this(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        struct scene scene;
        struct text params = {0}, words = {0};
        scene_init(&scene, acts[i].act);
        char *wanted = text_short(acts[i].params);
        assert_true(act_add_params(&params, &scene.stage, act_of(&scene), 5));
        assert_string_equal(params.bytes, wanted);
        assert_true(act_add_words(&words, act_of(&scene)));
        assert_string_equal(words.bytes, acts[i].words);
        free(wanted);
        text_release(&params);
        text_release(&words);
        scene_release(&scene);
    }
}

static void a_further_page_names_its_cursor(void **state) {
    (void)state;
    struct scene scene;
    struct text params = {0};
    scene_init(&scene, "{'do': 'list', 'owner': 'bob', 'status': 'all', 'limit': 2}");
    assert_true(act_add_page_params(&params, &scene.stage, act_of(&scene), "a\"b"));
    assert_string_equal(params.bytes,
                        "{\"user_id\":\"bob-r\",\"session_id\":\"ses-r\",\"status\":\"all\",\"limit\":2,"
                        "\"cursor\":\"a\\\"b\"}");
    text_release(&params);
    scene_release(&scene);
}

static void names_are_of_their_run_and_of_their_size(void **state) {
    (void)state;
    struct scene scene;
    char name[STAGE_NAME_SIZE];
    scene_init(&scene, "");
    stage_put_name(&scene.stage, "ann", name);
    assert_string_equal(name, "ann-r");
    memset(scene.stage.run, 'x', sizeof scene.stage.run - 1);
    stage_put_name(&scene.stage, "ann", name);
    assert_true(strlen(name) < STAGE_NAME_SIZE);
    assert_int_equal(strncmp(name, "ann-xxx", 7), 0);
    scene_release(&scene);
}

#define BY(by) "'response': {'data': {'by': " by "}}"

/* What came of an act in a word or two. */
static const struct {
    const char *act;
    enum act_end end;
    const char *error, *status, *result, *words;
} outcomes[] = {
    {"{'do': 'respond'}", ACT_SKIPPED, "", "", NULL, "not tried"},
    {"{'do': 'respond'}", ACT_LOST, "", "", NULL, "no answer (why not)"},
    {"{'do': 'respond'}", ACT_REFUSED, "conflict", "resolved", NULL, "conflict:resolved"},
    {"{'do': 'respond'}", ACT_REFUSED, "forbidden", "", NULL, "forbidden"},
    {"{'do': 'respond'}", ACT_DONE, "", "", "{'interrupt': {'id': 'id-0', 'status': 'resolved'}}", "ok"},
    {"{'do': 'create', 'on': 4}", ACT_DONE, "", "", "{}", "ok"},
    {"{'do': 'clock'}", ACT_DONE, "", "", NULL, "ok"},
    {"{'do': 'get'}", ACT_DONE, "", "", "{'interrupt': {'id': 'id-0', 'status': 'pending'}}", "#0 pending"},
    {"{'do': 'get'}", ACT_DONE, "", "", "{'interrupt': {'id': 'id-1', 'status': 'resolved', " BY("7") "}}",
     "#1 resolved by 7"},
    {"{'do': 'get'}", ACT_DONE, "", "", "{'interrupt': {'id': 'x', 'status': 7}}",
     "another without a status"},
    {"{'do': 'get'}", ACT_DONE, "", "", "{'interrupt': null}", "none"},
    {"{'do': 'get'}", ACT_DONE, "", "", "{}", "none"},
    {"{'do': 'pending'}", ACT_DONE, "", "", "{'interrupt': null}", "none"},
    {"{'do': 'pending'}", ACT_DONE, "", "", "{'interrupt': {'id': 'id-3', 'status': 'pending'}}",
     "#3 pending"},
    {"{'do': 'list'}", ACT_DONE, "", "", "{'interrupts': []}", "[]"},
    {"{'do': 'list'}", ACT_DONE, "", "", "{}", "[]"},
    {"{'do': 'list', 'status': 'all'}", ACT_DONE, "", "",
     "{'interrupts': [{'id': 'id-1', 'status': 'expired'}, {'id': 'y', 'status': 'pending'},"
     " {'id': 'id-0', 'status': 'resolved', " BY("0") "}, 5]}",
     "[#1 expired, another pending, #0 resolved by 0, another]"},
    {"{'do': 'sweep'}", ACT_DONE, "", "", "{'ids': ['id-3', 'z', null]}", "[#3, another, another]"},
    {"{'do': 'sweep'}", ACT_DONE, "", "", "{'ids': []}", "[]"},
    {"{'do': 'resume'}", ACT_DONE, "", "",
     "{'envelope': {'interrupt': {'id': 'id-0', 'status': 'resolved', " BY("2") "}}}",
     "ran, #0 resolved by 2"},
    {"{'do': 'resume'}", ACT_DONE, "", "", "{}", "ran, another without a status"},
    {"{'do': 'check'}", ACT_DONE, "", "", "{'allowed': true}", "let through"},
    {"{'do': 'check'}", ACT_DONE, "", "", "{'allowed': false}", "held back"},
};

static void an_outcome_is_told_in_a_word(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        struct scene scene;
        struct text words = {0};
        struct outcome outcome = {.end = outcomes[i].end};
        scene_init(&scene, outcomes[i].act);
        outcome.result = outcomes[i].result ? json_short(outcomes[i].result) : NULL;
        text_put(outcome.error_name, sizeof outcome.error_name, outcomes[i].error);
        text_put(outcome.interrupt_status, sizeof outcome.interrupt_status, outcomes[i].status);
        text_put(outcome.detail, sizeof outcome.detail, "why not");
        assert_true(outcome_add_word(&words, &scene.stage, act_of(&scene), &outcome));
        assert_string_equal(words.bytes, outcomes[i].words);
        text_release(&words);
        outcome_release(&outcome);
        scene_release(&scene);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_act_is_called_with_exactly_this),
        cmocka_unit_test(a_further_page_names_its_cursor),
        cmocka_unit_test(names_are_of_their_run_and_of_their_size),
        cmocka_unit_test(an_outcome_is_told_in_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
