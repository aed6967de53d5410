#include "harness/adapters/shell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void words_are_quoted(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"", "''"}, {"a b", "'a b'"}, {"it's", "'it'\\''s'"}, {"$x\\", "'$x\\'"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text text = {0};
        assert_true(shell_add_quoted(&text, rows[i][0], strlen(rows[i][0])));
        assert_string_equal(text.bytes, rows[i][1]);
        text_release(&text);
    }
}

static void commands_stand_behind_a_pipe(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"python3 x.py --a", "python3 x.py --a"},
                                          {"a; b", "sh -c 'a; b'"},
                                          {"A=1 b 'c'", "sh -c 'A=1 b '\\''c'\\'''"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text text = {0};
        assert_true(shell_add_command(&text, rows[i][0]));
        assert_string_equal(text.bytes, rows[i][1]);
        text_release(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_are_quoted),
                                       cmocka_unit_test(commands_stand_behind_a_pipe)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
