#include "harness/adapters/in_process.h"
#include "harness/adapters/null.h"
#include "harness/base/value.h"
#include "suites/chapters/webhook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000 };

/* What a play came to; its problem is the test's. */
static struct hp_problem problem;

static enum play_end perform(play_function play, struct target *target, const char *args, json_t **result) {
    const struct play_stage stage = {.target = target, .deadline_ms = PATIENCE_MS};
    json_t *read = json_loads(args, 0, NULL);
    assert_non_null(read);
    hp_problem_clear(&problem);
    *result = NULL;
    enum play_end end = play(&stage, read, result, &problem);
    json_decref(read);
    return end;
}

static json_t *must(play_function play, struct target *target, const char *args) {
    json_t *result = NULL;
    if (perform(play, target, args, &result) != PLAY_DONE) {
        fail_msg("%s", problem.detail);
    }
    return result;
}

static json_t *call(struct target *target, const char *method, const char *params) {
    struct session *session = NULL;
    struct answer answer = {0};
    const struct request request = {method, params, strlen(params), false};
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    session_call(session, &request, PATIENCE_MS, &answer);
    session_close(session);
    if (answer.kind != ANSWER_RESULT) {
        fail_msg("%s: %s", method, answer.detail);
    }
    json_t *result = json_incref(answer.result);
    answer_release(&answer);
    return result;
}

/* Opens an endpoint and has the target send everything there; returns its box. */
static int subscribe(struct target *target, const char *args) {
    char params[256];
    json_t *opened = must(webhook_receive_play, target, args);
    int box = (int)json_integer_value(json_object_get(opened, "box"));
    snprintf(params, sizeof params, "{\"url\":\"%s\",\"events\":[\"*\"],\"secret\":\"s\"}",
             json_string_value(json_object_get(opened, "url")));
    json_decref(call(target, "webhook.subscribe", params));
    json_decref(opened);
    return box;
}

static void create(struct target *target) {
    json_decref(call(target, "interrupt.create",
                     "{\"kind\":\"timeout\",\"user_id\":\"u\",\"session_id\":\"s\",\"request_id\":\"r\"}"));
}

static json_t *received(struct target *target, int box) {
    char args[64];
    snprintf(args, sizeof args, "{\"box\":%d,\"secret\":\"s\"}", box);
    return must(webhook_received_play, target, args);
}

static void what_came_is_told(void **state) {
    (void)state;
    struct target *target = in_process_memory_new();
    int box = subscribe(target, "{\"answers\":[500,{\"status\":202}]}");
    json_t *before = received(target, box);
    assert_int_equal(json_integer_value(json_object_get(before, "count")), 0);
    create(target);
    create(target);
    json_decref(call(target, "webhook.flush", "{}"));
    json_t *after = received(target, box);
    assert_int_equal(json_integer_value(json_object_get(after, "count")), 2);
    assert_int_equal(json_array_size(json_object_get(after, "requests")), 2);
    assert_string_equal(json_string_value(value_at(after, "/requests/0/signature")), "valid");
    assert_int_equal(json_integer_value(value_at(after, "/requests/0/answer")), 500);
    assert_int_equal(json_integer_value(value_at(after, "/requests/1/answer")), 202);
    json_decref(before);
    json_decref(after);
    target_free(target);
}

static void nowhere_is_nowhere(void **state) {
    (void)state;
    struct target *target = in_process_memory_new();
    json_t *one = must(webhook_nowhere_play, target, "{}"), *other = must(webhook_nowhere_play, target, "{}");
    char params[256];
    assert_true(json_equal(one, other));
    snprintf(params, sizeof params, "{\"url\":\"%s\",\"events\":[\"*\"],\"max_tries\":1}",
             json_string_value(json_object_get(one, "url")));
    json_decref(call(target, "webhook.subscribe", params));
    create(target);
    json_decref(call(target, "webhook.flush", "{}"));
    json_t *dead = call(target, "webhook.dead", "{}");
    assert_int_equal(json_array_size(json_object_get(dead, "deliveries")), 1);
    assert_true(json_is_null(value_at(dead, "/deliveries/0/last_status")));
    json_decref(dead);
    json_decref(one);
    json_decref(other);
    target_free(target);
}

static void calls_are_made_while_an_endpoint_holds(void **state) {
    (void)state;
    struct target *target = in_process_memory_new();
    char args[512];
    int held = subscribe(target, "{\"answers\":[{\"held\":true}]}");
    int other = subscribe(target, "{}");
    create(target);
    snprintf(args, sizeof args,
             "{\"held\":%d,\"until\":{\"box\":%d,\"count\":1},\"calls\":[{\"op\":\"interrupt.list\",\"args\":"
             "{\"user_id\":\"u\"}},{\"op\":\"interrupt.get\",\"args\":{\"id\":\"none\"}}]}",
             held, other);
    json_t *result = must(webhook_meanwhile_play, target, args);
    assert_true(json_is_true(json_object_get(result, "reached")));
    assert_true(json_is_true(json_object_get(result, "others")));
    assert_int_equal(json_integer_value(value_at(result, "/answers/0/total")), 1);
    assert_string_equal(json_string_value(value_at(result, "/answers/1/refused")), "not_found");
    assert_int_equal(json_integer_value(value_at(result, "/flush/delivered")), 2);
    json_decref(result);
    target_free(target);
}

/* A target that sends nothing keeps nobody waiting. */
static void nothing_comes_from_a_null(void **state) {
    (void)state;
    struct target *target = NULL;
    char args[128];
    assert_int_equal(null_new("accept-all", &target, NULL), HP_OK);
    int box = subscribe(target, "{\"answers\":[{\"held\":true}]}");
    snprintf(args, sizeof args, "{\"held\":%d,\"calls\":[{\"op\":\"interrupt.list\",\"args\":{}}]}", box);
    json_t *result = must(webhook_meanwhile_play, target, args);
    assert_true(json_is_false(json_object_get(result, "reached")));
    assert_true(json_is_false(json_object_get(result, "others")));
    assert_int_equal(json_array_size(json_object_get(result, "answers")), 0);
    json_decref(result);
    target_free(target);
    assert_int_equal(null_new("drop-connection", &target, NULL), HP_OK);
    assert_int_equal(perform(webhook_meanwhile_play, target, args, &result), PLAY_BROKEN);
    assert_null(result);
    target_free(target);
}

static void what_makes_no_sense_is_broken(void **state) {
    (void)state;
    struct target *target = in_process_memory_new();
    static const struct {
        play_function play;
        const char *args, *key;
    } rows[] = {
        {webhook_receive_play, "{\"answers\":200}", "answers"},
        {webhook_receive_play, "{\"answers\":[199]}", "answers"},
        {webhook_receive_play, "{\"answers\":[600]}", "answers"},
        {webhook_receive_play, "{\"answers\":[\"open\"]}", "answers"},
        {webhook_receive_play, "{\"answers\":[true]}", "answers"},
        {webhook_receive_play, "{\"answers\":[{\"status\":\"200\"}]}", "answers"},
        {webhook_received_play, "{}", "box"},
        {webhook_received_play, "{\"box\":0}", "box"},
        {webhook_received_play, "{\"box\":100000}", "box"},
        {webhook_meanwhile_play, "{\"calls\":[]}", "held"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *result;
        char where[32];
        assert_int_equal(perform(rows[i].play, target, rows[i].args, &result), PLAY_BROKEN);
        assert_null(result);
        snprintf(where, sizeof where, "/args/%s", rows[i].key);
        assert_non_null(strstr(problem.detail, where));
    }
    int held = subscribe(target, "{\"answers\":[{\"held\":true}]}");
    char args[128];
    json_t *result;
    create(target);
    snprintf(args, sizeof args, "{\"held\":%d,\"calls\":[{\"args\":{}}]}", held);
    assert_int_equal(perform(webhook_meanwhile_play, target, args, &result), PLAY_BROKEN);
    assert_non_null(strstr(problem.detail, "/args/calls"));
    target_free(target);
}

static int release(void **state) {
    (void)state;
    chapter_webhook_release();
    chapter_webhook_release();
    return 0;
}

int main(void) {
    chapter_webhook_register();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_is_told),
        cmocka_unit_test(nowhere_is_nowhere),
        cmocka_unit_test(calls_are_made_while_an_endpoint_holds),
        cmocka_unit_test(nothing_comes_from_a_null),
        cmocka_unit_test(what_makes_no_sense_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
