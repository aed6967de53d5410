/* A name whose addresses nobody tells in time. This program's getaddrinfo stands before that of the C library. */
#include "reference/service/webhook_sender.h"

#include <netdb.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

enum { RESOLVER_SECONDS = 10, WAIT_MS = 10000 };

static sem_t asked, released, left;

/* Waits until it is released; not for ever, so that a sender which waits for it fails the test rather than hang. */
__attribute__((visibility("default"))) int
getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    struct timespec deadline;
    (void)node;
    (void)service;
    (void)hints;
    (void)found;
    sem_post(&asked);
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += RESOLVER_SECONDS;
    sem_timedwait(&released, &deadline);
    sem_post(&left);
    return EAI_AGAIN;
}

static struct webhook_sender *send_to_a_slow_name(int64_t timeout_us) {
    struct webhook_message message = {.url = "http://slow.example/", .timeout_us = timeout_us};
    struct webhook_sender *sender = webhook_sender_new(true);
    assert_non_null(sender);
    assert_true(text_add(&message.body, "{}") && text_add(&message.headers, "X-A: b\n"));
    assert_int_equal(webhook_sender_start(sender, &message, NULL, NULL), HP_OK);
    webhook_message_release(&message);
    return sender;
}

/* Nobody has waited for the resolver, which is let go now. */
static void expect_it_was_left_behind(void) {
    assert_int_not_equal(sem_trywait(&left), 0);
    sem_post(&released);
    assert_int_equal(sem_wait(&left), 0);
}

static void the_timeout_holds_while_a_name_is_looked_up(void **state) {
    (void)state;
    struct webhook_report report;
    struct webhook_sender *sender = send_to_a_slow_name(100000);
    while (!webhook_sender_next(sender, &report)) {
        webhook_sender_run(sender, WAIT_MS);
    }
    assert_int_equal(report.status, 0);
    assert_false(report.refused);
    assert_non_null(report.error);
    assert_int_equal(sem_wait(&asked), 0);
    expect_it_was_left_behind();
    webhook_sender_free(sender);
}

static void the_end_does_not_wait_for_a_name(void **state) {
    (void)state;
    struct webhook_sender *sender = send_to_a_slow_name(60 * 1000000);
    while (sem_trywait(&asked) != 0) {
        webhook_sender_run(sender, 10);
    }
    webhook_sender_free(sender);
    expect_it_was_left_behind();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_timeout_holds_while_a_name_is_looked_up),
        cmocka_unit_test(the_end_does_not_wait_for_a_name),
    };
    sem_init(&asked, 0, 0);
    sem_init(&released, 0, 0);
    sem_init(&left, 0, 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
