#include "reference/service/webhook_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool is_refused(const char *text) {
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        return webhook_address_is_refused((const struct sockaddr *)&v4);
    }
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return webhook_address_is_refused((const struct sockaddr *)&v6);
}

/* Each range by its ends, and what lies just beside them. */
static void ranges(void **state) {
    (void)state;
    static const struct {
        const char *address;
        bool refused;
    } rows[] = {
        {"0.0.0.0", true},
        {"0.255.255.255", true},
        {"1.0.0.0", false},
        {"9.255.255.255", false},
        {"10.0.0.0", true},
        {"10.255.255.255", true},
        {"11.0.0.0", false},
        {"100.63.255.255", false},
        {"100.64.0.0", true},
        {"100.127.255.255", true},
        {"100.128.0.0", false},
        {"126.255.255.255", false},
        {"127.0.0.1", true},
        {"127.255.255.255", true},
        {"128.0.0.0", false},
        {"169.253.255.255", false},
        {"169.254.169.254", true},
        {"169.255.0.0", false},
        {"172.15.255.255", false},
        {"172.16.0.0", true},
        {"172.31.255.255", true},
        {"172.32.0.0", false},
        {"192.0.0.8", true},
        {"192.0.1.0", false},
        {"192.0.2.1", true},
        {"192.88.99.1", true},
        {"192.167.255.255", false},
        {"192.168.0.1", true},
        {"192.169.0.0", false},
        {"198.17.255.255", false},
        {"198.18.0.0", true},
        {"198.19.255.255", true},
        {"198.20.0.0", false},
        {"198.51.100.7", true},
        {"203.0.113.7", true},
        {"203.0.114.0", false},
        {"223.255.255.255", false},
        {"224.0.0.1", true},
        {"239.255.255.255", true},
        {"240.0.0.1", true},
        {"255.255.255.255", true},
        {"8.8.8.8", false},
        {"::", true},
        {"::1", true},
        {"::7f00:1", true},
        {"::ffff:127.0.0.1", true},
        {"::ffff:10.1.2.3", true},
        {"::ffff:169.254.1.1", true},
        {"::ffff:8.8.8.8", false},
        {"64:ff9b::7f00:1", true},
        {"64:ff9b::808:808", true},
        {"100::1", true},
        {"1fff::1", true},
        {"2001::1", true},
        {"2001:1ff::1", true},
        {"2001:200::1", false},
        {"2001:db7:ffff::1", false},
        {"2001:db8::1", true},
        {"2001:db9::1", false},
        {"2002:7f00:1::", true},
        {"2003::1", false},
        {"2606:4700::1111", false},
        {"3fff::1", true},
        {"3fff:fff::1", true},
        {"3fff:1000::1", false},
        {"4000::1", true},
        {"fc00::1", true},
        {"fdff::1", true},
        {"fe80::1", true},
        {"fec0::1", true},
        {"ff02::1", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (is_refused(rows[i].address) != rows[i].refused) {
            fail_msg("%s", rows[i].address);
        }
    }
}

static void other_families_are_refused(void **state) {
    (void)state;
    const struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "/tmp/x"};
    assert_true(webhook_address_is_refused((const struct sockaddr *)&local));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ranges),
                                       cmocka_unit_test(other_families_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
