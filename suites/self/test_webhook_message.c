#include "reference/core/json.h"
#include "reference/service/webhook_message.h"
#include "suites/chapters/webhook_check.h"
#include "suites/self/support_webhook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define EVENT_ID "8a1e7c30-52f4-4c1b-b0a4-7d8e9f001122"

struct scene {
    struct hp_interrupt interrupt;
    struct hp_event event;
    struct hp_subscription subscription;
    struct hp_webhook_delivery delivery;
    struct webhook_message message;
    struct hp_problem problem;
};

static void scene_init(struct scene *scene, const char *secret, const char *headers) {
    *scene = (struct scene){.interrupt = bench_full_interrupt(), .subscription = webhook_wish("http://h/x")};
    scene->event = (struct hp_event){.id = EVENT_ID,
                                     .type = "interrupt.resolved",
                                     .timestamp_us = BENCH_NOW_US + 5,
                                     .interrupt = &scene->interrupt};
    scene->subscription.secret = secret;
    scene->subscription.headers = headers;
    scene->subscription.timeout_us = 1234567;
    scene->delivery = (struct hp_webhook_delivery){
        .event = &scene->event, .subscription = &scene->subscription, .taken_at_us = BENCH_NOW_US + 3999999};
}

static void make(struct scene *scene) {
    if (webhook_message_init(&scene->message, &scene->delivery, &scene->problem) != HP_OK) {
        fail_msg("%s", scene->problem.detail);
    }
}

/* Whether the line is among the headers, once. */
static bool has_line(const struct webhook_message *message, const char *line) {
    char whole[256];
    snprintf(whole, sizeof whole, "%s\n", line);
    const char *at = strstr(message->headers.bytes, whole);
    return at && (at == message->headers.bytes || at[-1] == '\n') && !strstr(at + 1, whole);
}

static void the_body_is_the_event(void **state) {
    (void)state;
    struct scene scene;
    json_t *body = NULL;
    scene_init(&scene, NULL, "{}");
    make(&scene);
    assert_int_equal(json_read(scene.message.body.bytes, scene.message.body.length_bytes, &body, NULL),
                     HP_OK);
    assert_int_equal(json_object_size(body), 5);
    assert_string_equal(json_string_value(json_object_get(body, "event_id")), EVENT_ID);
    assert_string_equal(json_string_value(json_object_get(body, "event_type")), "interrupt.resolved");
    assert_string_equal(json_string_value(json_object_get(body, "timestamp")), "2025-12-11T09:30:00.000005Z");
    assert_string_equal(json_string_value(json_object_get(body, "request_id")), "r1");
    assert_int_equal(json_object_size(json_object_get(body, "data")), 16);
    assert_string_equal(scene.message.url, "http://h/x");
    assert_true(scene.message.timeout_us == 1234567);
    json_decref(body);
    webhook_message_release(&scene.message);
    assert_null(scene.message.body.bytes);
}

static void headers_without_a_secret(void **state) {
    (void)state;
    struct scene scene;
    scene_init(&scene, NULL, "{}");
    make(&scene);
    assert_string_equal(scene.message.headers.bytes,
                        "Content-Type: application/json\nX-Webhook-Event: interrupt.resolved\n"
                        "X-Webhook-ID: " EVENT_ID "\nX-Webhook-Timestamp: 2025-12-11T09:30:00.000005Z\n"
                        "webhook-id: " EVENT_ID "\nwebhook-timestamp: 1765445403\n");
    webhook_message_release(&scene.message);
}

/* Of two tries only what belongs to the try differs. */
static void a_second_try_has_the_same_body(void **state) {
    (void)state;
    struct scene scene, again;
    scene_init(&scene, "s", "{}");
    scene_init(&again, "s", "{}");
    again.delivery.tries = 1;
    again.delivery.taken_at_us += 7 * HP_SECOND_US;
    make(&scene);
    make(&again);
    assert_string_equal(scene.message.body.bytes, again.message.body.bytes);
    assert_true(has_line(&again.message, "webhook-timestamp: 1765445410"));
    assert_string_not_equal(strstr(scene.message.headers.bytes, "webhook-signature"),
                            strstr(again.message.headers.bytes, "webhook-signature"));
    webhook_message_release(&scene.message);
    webhook_message_release(&again.message);
}

static void what_is_signed_is_what_is_sent(void **state) {
    (void)state;
    static const char *const secrets[] = {"s3cret", "whsec_AP8A/wD/AP8="};
    for (size_t i = 0; i < 2; i++) {
        struct scene scene;
        char signature[80], standard[64];
        scene_init(&scene, secrets[i], "{}");
        make(&scene);
        const struct text *body = &scene.message.body, *headers = &scene.message.headers;
        assert_int_equal(
            sscanf(strstr(headers->bytes, "X-Webhook-Signature: "), "X-Webhook-Signature: %79s", signature),
            1);
        assert_int_equal(
            sscanf(strstr(headers->bytes, "webhook-signature: "), "webhook-signature: %63s", standard), 1);
        assert_string_equal(check_signature(signature, secrets[i], body->bytes, body->length_bytes), "valid");
        assert_string_equal(
            check_standard(standard, EVENT_ID, "1765445403", secrets[i], body->bytes, body->length_bytes),
            "valid");
        webhook_message_release(&scene.message);
    }
}

static void own_headers_come_along_but_for_ours(void **state) {
    (void)state;
    struct scene scene;
    scene_init(
        &scene, NULL,
        "{\"X-Own\":\"a b\",\"X-Empty\":\"\",\"X-Blank\":\"  "
        "\",\"x-webhook-event\":\"forged\",\"X-WEBHOOK-ID\":"
        "\"forged\",\"X-Webhook-Timestamp\":\"forged\",\"X-Webhook-Signature\":\"forged\",\"Webhook-Id\":"
        "\"forged\",\"webhook-timestamp\":\"forged\",\"webhook-signature\":\"forged\",\"content-type\":"
        "\"forged\",\"Content-Length\":\"3\",\"Host\":\"forged\",\"transfer-encoding\":\"forged\",\"Expect\":"
        "\"forged\",\"connection\":\"forged\",\"X_Webhook_Signature\":\"forged\",\"X-Webhook_ID\":\"forged\","
        "\"X-Webhook-Other\":\"own\"}");
    make(&scene);
    assert_true(has_line(&scene.message, "X-Own: a b"));
    assert_true(has_line(&scene.message, "X-Empty:"));
    assert_true(has_line(&scene.message, "X-Blank:"));
    assert_true(has_line(&scene.message, "X-Webhook-Other: own"));
    assert_true(has_line(&scene.message, "X-Webhook-Event: interrupt.resolved"));
    assert_null(strstr(scene.message.headers.bytes, "forged"));
    assert_null(strstr(scene.message.headers.bytes, "Content-Length"));
    webhook_message_release(&scene.message);
}

static void what_cannot_be_made_is_refused(void **state) {
    (void)state;
    struct scene scene;
    scene_init(&scene, "whsec_%", "{}");
    assert_refused(webhook_message_init(&scene.message, &scene.delivery, &scene.problem), &scene.problem,
                   HP_INTERNAL, "");
    scene_init(&scene, "s", "{");
    assert_refused(webhook_message_init(&scene.message, &scene.delivery, &scene.problem), &scene.problem,
                   HP_INTERNAL, "");
    assert_null(scene.message.body.bytes);
}

static void a_try_before_1970_has_its_second(void **state) {
    (void)state;
    struct scene scene;
    scene_init(&scene, NULL, "{}");
    scene.delivery.taken_at_us = -1;
    make(&scene);
    assert_true(has_line(&scene.message, "webhook-timestamp: -1"));
    webhook_message_release(&scene.message);
    scene.delivery.taken_at_us = -HP_SECOND_US;
    make(&scene);
    assert_true(has_line(&scene.message, "webhook-timestamp: -1"));
    webhook_message_release(&scene.message);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_body_is_the_event),
        cmocka_unit_test(headers_without_a_secret),
        cmocka_unit_test(a_second_try_has_the_same_body),
        cmocka_unit_test(what_is_signed_is_what_is_sent),
        cmocka_unit_test(own_headers_come_along_but_for_ours),
        cmocka_unit_test(what_cannot_be_made_is_refused),
        cmocka_unit_test(a_try_before_1970_has_its_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
