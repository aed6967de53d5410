#include "harness/report/json_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void commas_come_by_themselves(void **state) {
    (void)state;
    struct text out = {0};
    json_line_open(&out, NULL, '{');
    json_line_text(&out, "a\"", "b:");
    json_line_text(&out, "none", NULL);
    json_line_open(&out, "list", '[');
    json_line_number(&out, NULL, -1);
    json_line_unsigned(&out, NULL, UINT64_MAX);
    json_line_open(&out, NULL, '{');
    json_line_close(&out, '}');
    json_line_open(&out, NULL, '{');
    json_line_close(&out, '}');
    json_line_close(&out, ']');
    json_line_number(&out, "last", INT64_MIN);
    json_line_close(&out, '}');
    assert_string_equal(out.bytes, "{\"a\\\"\":\"b:\",\"none\":null,\"list\":[-1,18446744073709551615,{},{}],"
                                   "\"last\":-9223372036854775808}");
    text_release(&out);
}

static void text_that_ends_like_a_bracket_is_followed_by_a_comma(void **state) {
    (void)state;
    struct text out = {0};
    json_line_open(&out, NULL, '[');
    json_line_text(&out, NULL, "[");
    json_line_text(&out, NULL, "{");
    json_line_close(&out, ']');
    assert_string_equal(out.bytes, "[\"[\",\"{\"]");
    text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_come_by_themselves),
        cmocka_unit_test(text_that_ends_like_a_bracket_is_followed_by_a_comma),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
