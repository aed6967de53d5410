#include "harness/adapters/loopback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void what_is_sent_arrives(void **state) {
    (void)state;
    unsigned port = 0;
    char got[8] = "";
    struct text bytes = {0};
    int listener = loopback_listen(4, &port);
    assert_true(listener >= 0);
    assert_true(port > 0 && port <= 65535);
    assert_int_equal(loopback_accept(listener, 1), -1); /* at once: it does not block */
    int here = loopback_connect(port, 1), there = loopback_accept(listener, 1);
    assert_true(here >= 0 && there >= 0);
    assert_true(text_add(&bytes, "hello"));
    assert_true(loopback_send(here, &bytes));
    assert_int_equal(recv(there, got, 5, MSG_WAITALL), 5);
    assert_string_equal(got, "hello");
    text_release(&bytes);
    close(here);
    close(there);
    close(listener);
}

static void nobody_takes_it(void **state) {
    (void)state;
    unsigned port = 0, other = 0;
    int listener = loopback_listen(4, &port), second = loopback_listen(4, &other);
    assert_true(listener >= 0 && second >= 0);
    assert_int_not_equal(port, other);
    close(listener);
    assert_int_equal(loopback_connect(port, 1), -1);
    close(second);
}

/* More than fits into what the system keeps for a connection. */
static void who_is_gone_gets_nothing(void **state) {
    (void)state;
    unsigned port = 0;
    struct text bytes = {0};
    int listener = loopback_listen(4, &port);
    int here = loopback_connect(port, 1), there = loopback_accept(listener, 1);
    assert_true(here >= 0 && there >= 0);
    for (int i = 0; i < 1024; i++) {
        static const char block[16384];
        assert_true(text_append(&bytes, block, sizeof block));
    }
    close(there);
    assert_false(loopback_send(here, &bytes));
    text_release(&bytes);
    close(here);
    close(listener);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_sent_arrives),
                                       cmocka_unit_test(nobody_takes_it),
                                       cmocka_unit_test(who_is_gone_gets_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
