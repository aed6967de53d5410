#include "harness/commands/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int seen_count;
static char seen_word[32];

static int command_sample(int count, char **arguments) {
    seen_count = count;
    strcpy(seen_word, arguments[count - 1]);
    return 42;
}

static const struct command commands[] = {{"sample", "does things", command_sample}, {NULL, NULL, NULL}};

static const struct {
    int count;
    const char *words[4];
    int code;
    int seen_count;
    const char *seen_word;
} rows[] = {
    {1, {"holdpoint"}, EXIT_USAGE, 0, ""},
    {2, {"holdpoint", "sample"}, 42, 1, "sample"},
    {3, {"holdpoint", "sample", "x"}, 42, 2, "x"},
    {2, {"holdpoint", "samplee"}, EXIT_USAGE, 0, ""},
    {2, {"holdpoint", "qqqqqqqqqqqq"}, EXIT_USAGE, 0, ""},
    {2, {"holdpoint", "--version"}, EXIT_CONFORMS, 0, ""},
    {2, {"holdpoint", "--help"}, EXIT_CONFORMS, 0, ""},
    {2, {"holdpoint", "-h"}, EXIT_CONFORMS, 0, ""},
    {2, {"holdpoint", "help"}, EXIT_CONFORMS, 0, ""},
    {3, {"holdpoint", "help", "sample"}, 42, 2, "--help"},
    {3, {"holdpoint", "help", "nothing"}, EXIT_USAGE, 0, ""},
};

static void finds_the_command(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char copies[4][32];
        char *arguments[5] = {NULL};
        for (int at = 0; at < rows[i].count; at++) {
            arguments[at] = strcpy(copies[at], rows[i].words[at]);
        }
        seen_count = 0;
        seen_word[0] = '\0';
        assert_int_equal(command_dispatch(commands, rows[i].count, arguments), rows[i].code);
        assert_int_equal(seen_count, rows[i].seen_count);
        assert_string_equal(seen_word, rows[i].seen_word);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_command)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
