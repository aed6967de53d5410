#include "reference/server/listener.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void test_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {"",
                                        "8080",
                                        ":8080",
                                        "127.0.0.1",
                                        "127.0.0.1:",
                                        "127.0.0.1:x",
                                        "127.0.0.1:-1",
                                        "::1:0",
                                        "[::1]",
                                        "[]:0",
                                        "127.0.0.1:123456",
                                        "127.0.0.1:0x",
                                        "no such host.invalid:0"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int descriptor = -1;
        char url[LISTENER_URL_SIZE];
        struct hp_problem problem = {0};
        assert_int_equal(listener_open(wrong[i], &descriptor, url, &problem), HP_INVALID);
        assert_int_equal(descriptor, -1);
        assert_non_null(strstr(problem.detail, wrong[i]));
    }
}

static void test_listens(void **state) {
    (void)state;
    int descriptor, other;
    char url[LISTENER_URL_SIZE], again[LISTENER_URL_SIZE], address[64];
    unsigned port = 0;
    struct hp_problem problem = {0};
    assert_int_equal(listener_open("127.0.0.1:0", &descriptor, url, NULL), HP_OK);
    assert_int_equal(sscanf(url, "http://127.0.0.1:%u", &port), 1);
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int client = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&to, sizeof to), 0);
    snprintf(address, sizeof address, "127.0.0.1:%u", port);
    assert_int_equal(listener_open(address, &other, again, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, address));
    close(client);
    close(descriptor);
}

static void test_names_and_ipv6(void **state) {
    (void)state;
    int descriptor;
    char url[LISTENER_URL_SIZE];
    assert_int_equal(listener_open("localhost:0", &descriptor, url, NULL), HP_OK);
    assert_memory_equal(url, "http://localhost:", 17);
    close(descriptor);
    enum hp_status status = listener_open("[::1]:0", &descriptor, url, NULL);
    if (status == HP_OK) { /* a machine may have no IPv6 */
        assert_memory_equal(url, "http://[::1]:", 13);
        close(descriptor);
    } else {
        assert_int_equal(status, HP_UNAVAILABLE);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_refused), cmocka_unit_test(test_listens),
                                       cmocka_unit_test(test_names_and_ipv6)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
