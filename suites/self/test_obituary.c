#include "harness/adapters/obituary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void each_end_has_its_sentence(void **state) {
    (void)state;
    static const struct {
        const char *command;
        const char *rest;
        unsigned answers;
        const char *detail;
    } rows[] = {
        {"exit 0", "", 0, "before its first answer: the child died with exit status 0"},
        {"exit 3", "", 1, "after 1 answer: the child died with exit status 3"},
        {"exit 3", "{\"a", 2,
         "after 2 answers, in the middle of the line \"{\"a\": the child died with exit status 3"},
        {"exit 126", "", 0, "the command cannot be executed (exit status 126)"},
        {"exit 127", "", 0, "the shell found no such command (exit status 127)"},
        {"exit 139", "", 0, "exit status 139 (the shell's word for signal 11, SIGSEGV)"},
        {"kill -TERM $$", "", 0, "the child was killed by signal 15 (SIGTERM)"},
        {"kill -USR1 $$", "", 0, "(no common one)"},
        {"echo 'why  ' >&2; exit 1", "", 0, "exit status 1; last words on stderr: \"why\""},
        {"exec sleep 1000", "", 0, "the child closed its stdout but still runs"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct process *process = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(process_start(rows[i].command, &process, NULL), HP_OK);
        obituary_write(process, rows[i].rest, strlen(rows[i].rest), rows[i].answers, &problem);
        process_end(process, NULL);
        assert_int_equal(problem.status, HP_UNAVAILABLE);
        if (!strstr(problem.detail, rows[i].detail)) {
            fail_msg("%s: %s", rows[i].command, problem.detail);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_end_has_its_sentence)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
