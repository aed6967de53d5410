#include "harness/adapters/http_inbound.h"
#include "reference/service/webhook_sender.h"
#include "suites/chapters/receiver.h"
#include "suites/self/support_bench.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WAIT_MS = 10000 };

static struct receiver *receiver;

static int start_receiver(void **state) {
    (void)state;
    return receiver_start(&receiver, NULL) == HP_OK ? 0 : -1;
}

static int stop_receiver(void **state) {
    (void)state;
    receiver_stop(receiver);
    return 0;
}

static void start(struct webhook_sender *sender, const char *url, const char *body, const char *headers,
                  int64_t timeout_us, void *context) {
    struct webhook_message message = {.url = url, .timeout_us = timeout_us};
    struct hp_problem problem = {0};
    assert_true(text_add(&message.body, body));
    assert_true(text_add(&message.headers, headers));
    if (webhook_sender_start(sender, &message, context, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    webhook_message_release(&message); /* the sender has its own copy */
}

static struct webhook_report finish(struct webhook_sender *sender) {
    struct webhook_report report = {0};
    while (!webhook_sender_next(sender, &report)) {
        webhook_sender_run(sender, WAIT_MS);
    }
    return report;
}

/* Sends one request to a box and says how it ended. */
static struct webhook_report send_to(const struct receiver_reply *script, size_t count, bool allow_private,
                                     int64_t timeout_us, unsigned *box) {
    char url[RECEIVER_URL_SIZE];
    struct webhook_sender *sender = webhook_sender_new(allow_private);
    assert_non_null(sender);
    *box = receiver_open(receiver, script, count, url);
    start(sender, url, "{}", "X-A: b\n", timeout_us, sender);
    struct webhook_report report = finish(sender), none;
    assert_ptr_equal(report.context, sender);
    assert_false(webhook_sender_next(sender, &none));
    webhook_sender_free(sender);
    return report;
}

static void a_request_arrives_as_it_was_made(void **state) {
    (void)state;
    char url[RECEIVER_URL_SIZE];
    static const char body[] = "{\"a\":\"\xC3\xA4\"}";
    struct webhook_sender *sender = webhook_sender_new(true);
    struct receiver_list list;
    struct text value = {0};
    unsigned box = receiver_open(receiver, NULL, 0, url);
    start(sender, url, body, "Content-Type: application/json\nX-Own: a b\nX-Empty:\nX-Colon: urn:a:\n",
          HP_SECOND_US * 5, NULL);
    struct webhook_report report = finish(sender);
    assert_int_equal(report.status, 200);
    assert_null(report.error);
    assert_true(receiver_read(receiver, box, &list));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.requests[0].body, body);
    assert_int_equal(list.requests[0].body_bytes, sizeof body - 1);
    const char *head = list.requests[0].head;
    assert_int_equal(strncmp(head, "POST /box/", 10), 0);
    assert_true(request_header(head, "X-Own", &value));
    assert_string_equal(value.bytes, "a b");
    text_release(&value);
    assert_true(request_header(head, "X-Empty", &value));
    text_release(&value);
    assert_true(request_header(head, "X-Colon", &value));
    assert_string_equal(value.bytes, "urn:a:");
    text_release(&value);
    assert_true(request_header(head, "Content-Type", &value));
    assert_string_equal(value.bytes, "application/json"); /* once, and not curl's own */
    text_release(&value);
    assert_false(request_header(head, "Expect", &value));
    text_release(&value);
    receiver_list_release(&list);
    webhook_sender_free(sender);
}

static void each_end_is_told(void **state) {
    (void)state;
    static const struct {
        struct receiver_reply reply;
        int64_t timeout_us;
        int status;
    } rows[] = {
        {{.status = 200}, 5 * HP_SECOND_US, 200},
        {{.status = 404}, 5 * HP_SECOND_US, 404},
        {{.status = 503}, 5 * HP_SECOND_US, 503},
        {{.status = 302, .location = "http://127.0.0.1:1/"}, 5 * HP_SECOND_US, 302},
        {{.kind = RECEIVER_CLOSE}, 5 * HP_SECOND_US, 0},
        {{.kind = RECEIVER_HANG}, 100000, 0},
        {{.kind = RECEIVER_FLOOD, .status = 201}, 5 * HP_SECOND_US, 201},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned box;
        struct receiver_list list;
        struct webhook_report report = send_to(&rows[i].reply, 1, true, rows[i].timeout_us, &box);
        assert_int_equal(report.status, rows[i].status);
        assert_int_equal(report.error == NULL, rows[i].status != 0);
        assert_false(report.refused);
        assert_true(receiver_read(receiver, box, &list));
        assert_int_equal(list.count, 1);
        receiver_list_release(&list);
    }
}

/* A literal, a name that leads there, and an IPv4 address in IPv6's clothes. */
static void private_addresses_are_refused(void **state) {
    (void)state;
    unsigned box;
    struct receiver_list list;
    char url[RECEIVER_URL_SIZE], other[RECEIVER_URL_SIZE + 16];
    struct webhook_report report = send_to(NULL, 0, false, HP_SECOND_US * 5, &box);
    assert_true(report.refused);
    assert_int_equal(report.status, 0);
    assert_non_null(report.error);
    assert_true(receiver_read(receiver, box, &list));
    assert_int_equal(list.count, 0);
    receiver_list_release(&list);
    static const char *const hosts[] = {"localhost", "[::ffff:127.0.0.1]", "[::1]", "2130706433", "127.1"};
    box = receiver_open(receiver, NULL, 0, url);
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct webhook_sender *sender = webhook_sender_new(false);
        snprintf(other, sizeof other, "http://%s%s", hosts[i], strchr(url + 7, ':'));
        start(sender, other, "{}", "", HP_SECOND_US * 5, NULL);
        report = finish(sender);
        assert_true(report.refused);
        webhook_sender_free(sender);
    }
    assert_true(receiver_read(receiver, box, &list));
    assert_int_equal(list.count, 0);
    receiver_list_release(&list);
    report = send_to(NULL, 0, true, HP_SECOND_US * 5, &box);
    assert_int_equal(report.status, 200);
}

/* The environment's proxy is nobody's business: an endpoint would be reached by way of it, and its address not seen. */
static void no_proxy_is_used(void **state) {
    (void)state;
    unsigned box;
    assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
    struct webhook_report report = send_to(NULL, 0, true, HP_SECOND_US * 5, &box);
    assert_int_equal(unsetenv("http_proxy"), 0);
    assert_int_equal(report.status, 200);
}

static void other_schemes_are_not_spoken(void **state) {
    (void)state;
    static const char *const urls[] = {"file:///etc/passwd", "gopher://127.0.0.1:1/", "ftp://127.0.0.1:1/",
                                       "dict://127.0.0.1:1/"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct webhook_sender *sender = webhook_sender_new(true);
        start(sender, urls[i], "{}", "", HP_SECOND_US, NULL);
        struct webhook_report report = finish(sender);
        assert_int_equal(report.status, 0);
        assert_non_null(report.error);
        webhook_sender_free(sender);
    }
}

/* Ten that hang do not keep the eleventh. */
static void many_are_under_way_at_once(void **state) {
    (void)state;
    char slow[RECEIVER_URL_SIZE], quick[RECEIVER_URL_SIZE];
    const struct receiver_reply held = {.status = 200, .held = true};
    struct webhook_sender *sender = webhook_sender_new(true);
    unsigned box = receiver_open(receiver, &held, 1, slow);
    int contexts[11];
    receiver_open(receiver, NULL, 0, quick);
    for (size_t i = 0; i < 11; i++) {
        start(sender, i < 10 ? slow : quick, "{}", "", 30 * HP_SECOND_US, &contexts[i]);
    }
    struct webhook_report report = finish(sender);
    assert_ptr_equal(report.context, &contexts[10]);
    receiver_release(receiver, box);
    for (size_t i = 0; i < 10; i++) {
        report = finish(sender);
        assert_int_equal(report.status, 200);
    }
    webhook_sender_free(sender);
}

static void freeing_ends_what_is_under_way(void **state) {
    (void)state;
    char url[RECEIVER_URL_SIZE];
    const struct receiver_reply hang = {.kind = RECEIVER_HANG};
    struct webhook_sender *sender = webhook_sender_new(true);
    unsigned box = receiver_open(receiver, &hang, 1, url);
    start(sender, url, "{}", "", 30 * HP_SECOND_US, NULL);
    while (!receiver_await(receiver, box, 1, 1)) {
        webhook_sender_run(sender, 10);
    }
    webhook_sender_free(sender);
    webhook_sender_free(NULL);
}

static void *wake(void *sender) {
    webhook_sender_wake(sender);
    return NULL;
}

/* Without the wake this would wait for ten minutes, and the test be ended. */
static void a_wait_can_be_ended(void **state) {
    (void)state;
    pthread_t thread;
    struct webhook_report report;
    struct webhook_sender *sender = webhook_sender_new(true);
    assert_int_equal(pthread_create(&thread, NULL, wake, sender), 0);
    webhook_sender_run(sender, 600000);
    pthread_join(thread, NULL);
    assert_false(webhook_sender_next(sender, &report));
    webhook_sender_free(sender);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_arrives_as_it_was_made), cmocka_unit_test(each_end_is_told),
        cmocka_unit_test(private_addresses_are_refused),    cmocka_unit_test(no_proxy_is_used),
        cmocka_unit_test(other_schemes_are_not_spoken),     cmocka_unit_test(many_are_under_way_at_once),
        cmocka_unit_test(freeing_ends_what_is_under_way),   cmocka_unit_test(a_wait_can_be_ended),
    };
    return cmocka_run_group_tests(tests, start_receiver, stop_receiver);
}
