#include "reference/server/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/socket.h>
#include <unistd.h>

/* Two ends of one line. */
static void connect_pair(int ends[2]) {
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
}

/* Waits until the other end has nothing more to say; how much it said. */
static size_t read_all(int end) {
    char bytes[4096];
    size_t count = 0;
    ssize_t got;
    while ((got = read(end, bytes, sizeof bytes)) > 0) {
        count += (size_t)got;
    }
    return count;
}

/* Of two connections that wait too long the busy one stays. */
static void test_drops_the_late(void **state) {
    (void)state;
    struct watch *watch = NULL;
    int late[2], busy[2], renewed[2];
    char byte = 0;
    assert_int_equal(watch_start(1, &watch, NULL), HP_OK);
    connect_pair(late);
    connect_pair(busy);
    connect_pair(renewed);
    struct watched *first = watch_add(watch, late[0]), *second = watch_add(watch, busy[0]);
    struct watched *third = watch_add(watch, renewed[0]);
    assert_true(first && second && third);
    watch_busy(second);
    watch_busy(third);
    assert_int_equal(read_all(late[1]), 0); /* blocks until it is dropped */
    assert_int_equal(send(busy[1], "x", 1, MSG_NOSIGNAL), 1);
    assert_int_equal(recv(busy[0], &byte, 1, 0), 1);
    watch_waiting(third);
    assert_int_equal(read_all(renewed[1]), 0);
    assert_int_equal(send(busy[0], "x", 1, MSG_NOSIGNAL), 1);
    watch_remove(watch, second);
    watch_remove(watch, first);
    watch_remove(watch, third);
    watch_stop(watch);
    for (size_t i = 0; i < 2; i++) {
        close(late[i]);
        close(busy[i]);
        close(renewed[i]);
    }
}

/* What is left unread is read on although its owner has closed it. */
static void test_reads_on(void **state) {
    (void)state;
    static char much[1 << 20];
    struct watch *watch = NULL;
    int ends[2];
    assert_int_equal(watch_start(60, &watch, NULL), HP_OK);
    connect_pair(ends);
    struct watched *watched = watch_add(watch, ends[0]);
    watch_unread(watched);
    watch_remove(watch, watched);
    close(ends[0]);
    for (int i = 0; i < 8; i++) {
        for (size_t sent = 0; sent < sizeof much;) {
            ssize_t now = send(ends[1], much + sent, sizeof much - sent, MSG_NOSIGNAL);
            assert_true(now > 0);
            sent += (size_t)now;
        }
    }
    assert_int_equal(shutdown(ends[1], SHUT_WR), 0);
    assert_int_equal(read_all(ends[1]), 0);
    close(ends[1]);
    watch_stop(watch);
}

/* Without that mark nobody reads: the other end notices that it is closed. */
static void test_lets_go(void **state) {
    (void)state;
    struct watch *watch = NULL;
    int ends[2];
    assert_int_equal(watch_start(60, &watch, NULL), HP_OK);
    connect_pair(ends);
    watch_remove(watch, watch_add(watch, ends[0]));
    close(ends[0]);
    assert_int_equal(send(ends[1], "x", 1, MSG_NOSIGNAL), -1);
    close(ends[1]);
    watch_remove(watch, NULL);
    watch_busy(NULL);
    watch_waiting(NULL);
    watch_unread(NULL);
    watch_stop(watch);
    watch_stop(NULL);
}

/* Many more than it keeps, none of which ever ends: it lets them go when it stops. */
static void test_stops_with_some_left(void **state) {
    (void)state;
    enum { MANY = 100 };
    struct watch *watch = NULL;
    int ends[MANY][2];
    assert_int_equal(watch_start(60, &watch, NULL), HP_OK);
    for (size_t i = 0; i < MANY; i++) {
        connect_pair(ends[i]);
        struct watched *watched = watch_add(watch, ends[i][0]);
        watch_unread(watched);
        watch_remove(watch, watched);
        close(ends[i][0]);
    }
    watch_stop(watch);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(send(ends[i][1], "x", 1, MSG_NOSIGNAL), -1);
        close(ends[i][1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_drops_the_late), cmocka_unit_test(test_reads_on),
                                       cmocka_unit_test(test_lets_go),
                                       cmocka_unit_test(test_stops_with_some_left)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
