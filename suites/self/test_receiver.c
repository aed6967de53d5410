/* The receiver as a client sees it: raw sockets, so that nothing between hides what it does. */
#include "suites/chapters/receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { AWAIT_MS = 20000, ANSWER_SIZE = 8192 };

static struct receiver *receiver;

static int start_receiver(void **state) {
    (void)state;
    return receiver_start(&receiver, NULL) == HP_OK ? 0 : -1;
}

static int stop_receiver(void **state) {
    (void)state;
    receiver_stop(receiver);
    receiver_stop(NULL);
    return 0;
}

static int connect_to(const char *url) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned port = 0;
    assert_int_equal(sscanf(url, "http://127.0.0.1:%u", &port), 1);
    address.sin_port = htons((uint16_t)port);
    int line = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(line, (struct sockaddr *)&address, sizeof address), 0);
    return line;
}

/* Begins a request of that body to the url. */
static int post(const char *url, const char *body) {
    char request[512];
    int line = connect_to(url);
    int length = snprintf(request, sizeof request, "POST %s HTTP/1.1\r\nContent-Length: %zu\r\n\r\n%s",
                          strstr(url, "/box"), strlen(body), body);
    assert_int_equal(send(line, request, (size_t)length, MSG_NOSIGNAL), length);
    return line;
}

/* Reads until the other side closes, or the buffer is full. */
static void read_answer(int line, char answer[ANSWER_SIZE]) {
    size_t length = 0;
    ssize_t got;
    while (length < ANSWER_SIZE - 1 && (got = recv(line, answer + length, ANSWER_SIZE - 1 - length, 0)) > 0) {
        length += (size_t)got;
    }
    answer[length] = '\0';
    close(line);
}

static void answers_go_by_the_script(void **state) {
    (void)state;
    static const struct receiver_reply script[] = {
        {.status = 500}, {.kind = RECEIVER_CLOSE}, {.status = 302, .location = "http://x/"}, {.status = 204}};
    static const char *const begins[] = {"HTTP/1.1 500 ", "", "HTTP/1.1 302 ", "HTTP/1.1 204 ",
                                         "HTTP/1.1 204 "};
    char url[RECEIVER_URL_SIZE], answer[ANSWER_SIZE], body[16];
    struct receiver_list list;
    unsigned box = receiver_open(receiver, script, 4, url);
    assert_true(box > 0);
    for (size_t i = 0; i < 5; i++) {
        snprintf(body, sizeof body, "body %zu", i);
        read_answer(post(url, body), answer);
        assert_int_equal(strncmp(answer, begins[i], strlen(begins[i])), 0);
        assert_int_equal(answer[0] == '\0', begins[i][0] == '\0');
        assert_int_equal(strstr(answer, "Location: http://x/\r\n") != NULL, i == 2);
    }
    assert_true(receiver_read(receiver, box, &list));
    assert_int_equal(list.count, 5);
    for (size_t i = 0; i < 5; i++) {
        snprintf(body, sizeof body, "body %zu", i);
        assert_string_equal(list.requests[i].body, body);
        assert_true(i == 0 || list.requests[i].order > list.requests[i - 1].order);
    }
    assert_int_equal(list.requests[0].answer, 500);
    assert_int_equal(list.requests[1].answer, 0);
    receiver_list_release(&list);
}

static void what_is_held_waits_for_its_release(void **state) {
    (void)state;
    const struct receiver_reply held = {.status = 201, .held = true};
    char url[RECEIVER_URL_SIZE], other_url[RECEIVER_URL_SIZE], answer[ANSWER_SIZE];
    unsigned box = receiver_open(receiver, &held, 1, url);
    receiver_open(receiver, NULL, 0, other_url);
    int line = post(url, "x");
    assert_true(receiver_await(receiver, box, 1, AWAIT_MS));
    read_answer(post(other_url, "y"), answer); /* answered meanwhile */
    assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
    assert_int_equal(recv(line, answer, sizeof answer, MSG_DONTWAIT), -1);
    receiver_release(receiver, box);
    read_answer(line, answer);
    assert_int_equal(strncmp(answer, "HTTP/1.1 201 ", 13), 0);
    read_answer(post(url, "z"), answer); /* held no more */
    assert_int_equal(strncmp(answer, "HTTP/1.1 201 ", 13), 0);
}

static void a_flood_and_a_hang_end_with_the_client(void **state) {
    (void)state;
    const struct receiver_reply flood = {.kind = RECEIVER_FLOOD, .status = 200},
                                hang = {.kind = RECEIVER_HANG};
    char url[RECEIVER_URL_SIZE], answer[ANSWER_SIZE];
    receiver_open(receiver, &flood, 1, url);
    read_answer(post(url, "x"), answer); /* as much as fits */
    assert_int_equal(strlen(answer), ANSWER_SIZE - 1);
    unsigned box = receiver_open(receiver, &hang, 1, url);
    int line = post(url, "x");
    assert_true(receiver_await(receiver, box, 1, AWAIT_MS));
    assert_int_equal(recv(line, answer, sizeof answer, MSG_DONTWAIT), -1);
    close(line);
    receiver_open(receiver, NULL, 0, url);
    read_answer(post(url, "x"), answer);
    assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
}

static void requests_may_come_in_pieces(void **state) {
    (void)state;
    static const char *const pieces[] = {
        " HTTP/1.1\r\nTransfer-", "Encoding: chunked\r\n", "\r", "\n3\r\nab", "c\r\n", "0\r\n\r\n"};
    char url[RECEIVER_URL_SIZE], answer[ANSWER_SIZE], line_begin[128];
    struct receiver_list list;
    unsigned box = receiver_open(receiver, NULL, 0, url);
    int line = connect_to(url);
    int length = snprintf(line_begin, sizeof line_begin, "POST %s", strstr(url, "/box"));
    assert_int_equal(send(line, line_begin, (size_t)length, MSG_NOSIGNAL), length);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        assert_int_equal(send(line, pieces[i], strlen(pieces[i]), MSG_NOSIGNAL), (ssize_t)strlen(pieces[i]));
    }
    read_answer(line, answer);
    assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
    assert_true(receiver_read(receiver, box, &list));
    assert_string_equal(list.requests[0].body, "abc");
    receiver_list_release(&list);
}

static void what_is_no_request_is_hung_up_on(void **state) {
    (void)state;
    char url[RECEIVER_URL_SIZE], answer[ANSWER_SIZE];
    static const char bad[] = "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n";
    receiver_open(receiver, NULL, 0, url);
    int line = connect_to(url);
    assert_int_equal(send(line, bad, sizeof bad - 1, MSG_NOSIGNAL), (ssize_t)sizeof bad - 1);
    read_answer(line, answer);
    assert_string_equal(answer, "");
}

static void unknown_boxes(void **state) {
    (void)state;
    char url[RECEIVER_URL_SIZE], answer[ANSWER_SIZE];
    struct receiver_list list;
    unsigned box = receiver_open(receiver, NULL, 0, url);
    for (int i = 0; i < 256; i++) {
        char other[RECEIVER_URL_SIZE];
        assert_true(receiver_open(receiver, NULL, 0, other) > box);
    }
    assert_false(receiver_read(receiver, box, &list));
    assert_false(receiver_read(receiver, 0, &list));
    assert_false(receiver_await(receiver, box, 1, 0));
    receiver_release(receiver, box);
    read_answer(post(url, "x"), answer);
    assert_int_equal(strncmp(answer, "HTTP/1.1 410 ", 13), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_go_by_the_script),
        cmocka_unit_test(what_is_held_waits_for_its_release),
        cmocka_unit_test(a_flood_and_a_hang_end_with_the_client),
        cmocka_unit_test(requests_may_come_in_pieces),
        cmocka_unit_test(what_is_no_request_is_hung_up_on),
        cmocka_unit_test(unknown_boxes),
    };
    return cmocka_run_group_tests(tests, start_receiver, stop_receiver);
}
