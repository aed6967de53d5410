#include "reference/server/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_headers(void **state) {
    (void)state;
    struct server_response response = {0};
    response_header_add(&response, "Location", "/interrupts/%s", "x");
    response_header_add(&response, "Allow", "%s", "GET\r\nSet-Cookie: a=b");
    response_header_add(&response, "Retry-After", "%d", 7);
    assert_string_equal(response_header(&response, "Location"), "/interrupts/x");
    assert_string_equal(response_header(&response, "Allow"), "GET");
    assert_string_equal(response_header(&response, "Retry-After"), "7");
    assert_null(response_header(&response, "Set-Cookie"));
    response_release(&response);
    assert_null(response_header(&response, "Location"));
}

static void test_long_header(void **state) {
    (void)state;
    static char long_value[2 * RESPONSE_VALUE_SIZE];
    struct server_response response = {0};
    memset(long_value, 'x', sizeof long_value - 1);
    response_header_add(&response, "Location", "%s", long_value);
    assert_int_equal(strlen(response_header(&response, "Location")), RESPONSE_VALUE_SIZE - 1);
    response_release(&response);
}

static void test_body(void **state) {
    (void)state;
    struct server_response response = {0};
    size_t length = 9;
    assert_string_equal(response_body(&response, &length), "");
    assert_int_equal(length, 0);
    text_add(&response.body, "{}");
    assert_string_equal(response_body(&response, &length), "{}");
    assert_int_equal(length, 2);
    response.static_body = "[]]";
    response.static_body_length_bytes = 2;
    assert_ptr_equal(response_body(&response, &length), response.static_body);
    assert_int_equal(length, 2);
    response_release(&response);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_headers), cmocka_unit_test(test_long_header),
                                       cmocka_unit_test(test_body)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
