#include "harness/adapters/tail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void the_end_is_kept(void **state) {
    (void)state;
    static const struct {
        const char *parts[3];
        const char *kept;
        const char *last_line;
    } rows[] = {
        {{"", "", ""}, "", ""},
        {{"abc", "", ""}, "abc", "abc"},
        {{"abcd", "efgh", ""}, "abcdefgh", "abcdefgh"},
        {{"abcd", "efgh", "i"}, "... (1 bytes before this are lost)\nbcdefghi", "bcdefghi"},
        {{"ab\ncd\n", " \n", ""}, "ab\ncd\n \n", "cd"},
        {{"0123456789", "ab\ncd", "\n"}, "... (8 bytes before this are lost)\n89ab\ncd\n", "cd"},
        {{"\n\n", "", ""}, "\n\n", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tail tail;
        struct text text = {0};
        char line[32];
        assert_true(tail_init(&tail, 8));
        for (size_t j = 0; j < 3; j++) {
            tail_append(&tail, rows[i].parts[j], strlen(rows[i].parts[j]));
        }
        tail_last_line(&tail, line, sizeof line);
        tail_take(&tail, &text);
        assert_string_equal(line, rows[i].last_line);
        assert_string_equal(text.bytes ? text.bytes : "", rows[i].kept);
        text_clear(&text);
        tail_take(&tail, &text);
        assert_int_equal(text.length_bytes, 0);
        text_release(&text);
        tail_release(&tail);
    }
}

static void a_long_last_line_is_cut(void **state) {
    (void)state;
    struct tail tail;
    char line[5];
    assert_true(tail_init(&tail, 16));
    tail_append(&tail, "abc\xc3\xa4", 5);
    tail_last_line(&tail, line, sizeof line);
    tail_release(&tail);
    assert_string_equal(line, "abc");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_end_is_kept),
                                       cmocka_unit_test(a_long_last_line_is_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
