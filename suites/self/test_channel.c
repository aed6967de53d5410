#include "harness/adapters/channel.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000 };

/* Answers two requests in the reverse order, again and again. */
#define REVERSER                                                                                             \
    "while read -r a && read -r b; do "                                                                      \
    "for l in \"$b\" \"$a\"; do n=${l#*\\\"id\\\":}; n=${n%%,*}; "                                           \
    "echo '{\"jsonrpc\":\"2.0\",\"id\":'$n',\"result\":'$n'}'; done; done"

static struct channel *start(const char *command) {
    struct channel *channel = NULL;
    assert_int_equal(channel_start(command, &channel, NULL), HP_OK);
    return channel;
}

static unsigned send_call(struct channel *channel) {
    const struct request request = {"describe", "{}", 2, false};
    unsigned id = 0;
    assert_int_equal(channel_send(channel, 0, &request, &id, NULL), HP_OK);
    return id;
}

static void answers_may_come_in_any_order(void **state) {
    (void)state;
    struct channel *channel = start(REVERSER);
    struct answer answer = {0};
    unsigned first = send_call(channel);
    assert_int_equal(channel_wait(channel, first, 0, &answer), POLL_PENDING);
    assert_int_equal(channel_wait(channel, first, 30, &answer), POLL_PENDING);
    assert_null(answer.result);
    unsigned second = send_call(channel);
    assert_int_equal(channel_wait(channel, first, PATIENCE_MS, &answer), POLL_ANSWERED);
    assert_int_equal(json_integer_value(answer.result), first);
    answer_release(&answer);
    assert_int_equal(channel_wait(channel, second, 0, &answer), POLL_ANSWERED);
    assert_int_equal(json_integer_value(answer.result), second);
    answer_release(&answer);
    assert_int_equal(channel_wait(channel, second, 0, &answer), POLL_ANSWERED);
    assert_int_equal(answer.kind, ANSWER_BROKEN);
    assert_int_equal(channel_fault(channel, NULL), HP_OK);
    channel_release(channel);
    channel_release(NULL);
}

static void an_abandoned_answer_is_dropped(void **state) {
    (void)state;
    struct channel *channel = start(REVERSER);
    struct answer answer = {0};
    for (size_t i = 0; i < 3; i++) {
        unsigned first = send_call(channel);
        channel_abandon(channel, first);
        unsigned second = send_call(channel);
        assert_int_equal(channel_wait(channel, second, PATIENCE_MS, &answer), POLL_ANSWERED);
        assert_int_equal(json_integer_value(answer.result), second);
        answer_release(&answer);
    }
    unsigned third = send_call(channel), fourth = send_call(channel);
    assert_int_equal(channel_wait(channel, third, PATIENCE_MS, &answer), POLL_ANSWERED);
    answer_release(&answer);
    channel_abandon(channel, fourth);
    assert_int_equal(channel_fault(channel, NULL), HP_OK);
    channel_release(channel);
}

static void one_fault_breaks_every_call_under_way(void **state) {
    (void)state;
    struct channel *channel = start("read a; read b; echo nonsense; sleep 1000");
    struct answer answer = {0};
    struct hp_problem problem = {0};
    const struct request request = {"describe", "{}", 2, false};
    unsigned ids[] = {send_call(channel), send_call(channel)}, none = 0;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(channel_wait(channel, ids[i], PATIENCE_MS, &answer), POLL_ANSWERED);
        assert_int_equal(answer.kind, ANSWER_BROKEN);
        assert_non_null(strstr(answer.detail, "\"nonsense\""));
        answer_release(&answer);
    }
    assert_int_equal(channel_send(channel, 0, &request, &none, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "\"nonsense\""));
    channel_release(channel);
}

/* A good answer, and with it what must not be: that call suffers, so that no later one has to. */
static void what_comes_with_an_answer_spoils_it(void **state) {
    (void)state;
    static const struct {
        const char *extra;
        const char *detail;
    } rows[] = {{"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":2}", "answered id 1 a second time"},
                {"{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":2}", "id 77, which was never asked"},
                {"log line", "not JSON"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char command[256];
        struct answer answer = {0};
        snprintf(command, sizeof command,
                 "read -r line; printf '%%s\\n%%s\\n' '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}' '%s'; "
                 "read -r line",
                 rows[i].extra);
        struct channel *channel = start(command);
        assert_int_equal(channel_wait(channel, send_call(channel), PATIENCE_MS, &answer), POLL_ANSWERED);
        assert_int_equal(answer.kind, ANSWER_BROKEN);
        assert_non_null(strstr(answer.detail, rows[i].detail));
        answer_release(&answer);
        channel_release(channel);
    }
}

static void two_raw_calls_cannot_share_a_null_id(void **state) {
    (void)state;
    struct channel *channel =
        start("read a; read b; echo '{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,"
              "\"message\":\"m\",\"data\":{\"name\":\"invalid\"}}}'; read c");
    const struct request raw = {"describe", "{", 1, true};
    struct answer answer = {0};
    unsigned ids[2];
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(channel_send(channel, 0, &raw, &ids[i], NULL), HP_OK);
    }
    assert_int_equal(channel_wait(channel, ids[0], PATIENCE_MS, &answer), POLL_ANSWERED);
    assert_int_equal(answer.kind, ANSWER_BROKEN);
    assert_non_null(strstr(answer.detail, "id null"));
    answer_release(&answer);
    channel_release(channel);
}

struct waiter {
    struct channel *channel;
    unsigned id;
    struct answer answer;
};

static void *wait_for_answer(void *argument) {
    struct waiter *waiter = argument;
    channel_wait(waiter->channel, waiter->id, PATIENCE_MS, &waiter->answer);
    return NULL;
}

static void a_stop_frees_those_who_wait(void **state) {
    (void)state;
    struct channel *channel = start("echo up >&2; exec sleep 1000");
    struct text errors = {0};
    pthread_t threads[3];
    struct waiter waiters[3] = {{0}};
    for (size_t i = 0; i < 3; i++) {
        waiters[i] = (struct waiter){.channel = channel_retain(channel), .id = send_call(channel)};
        assert_int_equal(pthread_create(&threads[i], NULL, wait_for_answer, &waiters[i]), 0);
    }
    channel_stop(channel, &errors);
    for (size_t i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(waiters[i].answer.kind, ANSWER_BROKEN);
        assert_non_null(strstr(waiters[i].answer.detail, "ended by a restart"));
        channel_release(channel);
    }
    channel_take_errors(channel, &errors);
    assert_int_equal(channel_fault(channel, NULL), HP_UNAVAILABLE);
    text_release(&errors);
    channel_release(channel);
}

/* One thread polls; another's big request must not wait for the first one's answer. */
static void a_big_request_wakes_the_thread_that_polls(void **state) {
    (void)state;
    struct channel *channel = start("read -r first; head -c 300000 >/dev/null; "
                                    "echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":true}'; cat >/dev/null");
    pthread_t thread;
    struct waiter waiter = {.channel = channel, .id = send_call(channel)};
    struct text params = {0};
    unsigned id = 0;
    text_add(&params, "{\"a\":\"");
    for (size_t i = 0; i < 40000; i++) {
        text_add(&params, "0123456789");
    }
    text_add(&params, "\"}");
    assert_int_equal(pthread_create(&thread, NULL, wait_for_answer, &waiter), 0);
    const struct request request = {"describe", params.bytes, params.length_bytes, false};
    enum hp_status status = channel_send(channel, 1, &request, &id, NULL);
    pthread_join(thread, NULL);
    bool answered = waiter.answer.kind == ANSWER_RESULT && json_is_true(waiter.answer.result);
    answer_release(&waiter.answer);
    channel_release(channel);
    text_release(&params);
    assert_int_equal(status, HP_OK);
    assert_true(answered);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_may_come_in_any_order),
        cmocka_unit_test(an_abandoned_answer_is_dropped),
        cmocka_unit_test(one_fault_breaks_every_call_under_way),
        cmocka_unit_test(what_comes_with_an_answer_spoils_it),
        cmocka_unit_test(two_raw_calls_cannot_share_a_null_id),
        cmocka_unit_test(a_stop_frees_those_who_wait),
        cmocka_unit_test(a_big_request_wakes_the_thread_that_polls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
