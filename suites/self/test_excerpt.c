#include "harness/adapters/excerpt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void short_text_is_shown_whole(void **state) {
    (void)state;
    char buffer[EXCERPT_SIZE];
    excerpt_put(buffer, "hello", 5);
    assert_string_equal(buffer, "\"hello\"");
    excerpt_put(buffer, "", 0);
    assert_string_equal(buffer, "\"\"");
    excerpt_put(buffer, "a\x1b\0\xff", 4);
    assert_string_equal(buffer, "\"a\\x1b\\x00\\xff\"");
}

static void long_text_is_cut(void **state) {
    (void)state;
    char buffer[EXCERPT_SIZE], bytes[500];
    memset(bytes, 'x', sizeof bytes);
    excerpt_put(buffer, bytes, sizeof bytes);
    assert_non_null(strstr(buffer, "xxx\"... (500 bytes)"));
    memset(bytes, 0x01, sizeof bytes);
    excerpt_put(buffer, bytes, sizeof bytes);
    assert_non_null(strstr(buffer, "\\x01\"... (500 bytes)"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(short_text_is_shown_whole),
                                       cmocka_unit_test(long_text_is_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
