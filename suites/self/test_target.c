#include "harness/adapters/adapter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void each_known_name_makes_a_target(void **state) {
    (void)state;
    static const char *const names[] = {"memory", "stdio:cat", "null:echo", "null:drop-connection",
                                        "mutant:accepts-a-stranger"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct target *target = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(target_from_name(names[i], 1000, &target, &problem), HP_OK);
        assert_non_null(target);
        target_free(target);
    }
    target_free(NULL);
}

static void each_unknown_name_is_explained(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *part;
    } rows[] = {{"memori", "known are memory, postgres, postgres:DSN, http, http:URL, https:URL, "
                           "profile:FILE, stdio:COMMAND, null:NAME, mutant:NAME; did you mean "
                           "memory?"},
                {"memory:", "did you mean memory"},
                {"studio:x", "did you mean stdio:COMMAND"},
                {"nul:echo", "did you mean null:NAME"},
                {"null", "did you mean null:NAME"},
                {"", "there is no target \"\""},
                {"postgre", "did you mean postgres"},
                {"postgres: ", "names no database"},
                {"attached", "known are memory, postgres, postgres:DSN, http, http:URL, https:URL, "
                             "profile:FILE, stdio:COMMAND, null:NAME, mutant:NAME"},
                {"attached:", "attached:SCHEMA@DSN"},
                {"attached:schema", "attached:SCHEMA@DSN"},
                {"null:nothing", "there is no null \"nothing\""},
                {"mutant:accepts-a-strangr",
                 "there is no mutant \"accepts-a-strangr\"; did you mean accepts-a-stranger"},
                {"mutant:xyzzy", "there is no mutant \"xyzzy\"; `holdpoint mutants --list` names them"},
                {"stdio:", "names no command"},
                {"stdio: \t", "names no command"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target *target = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(target_from_name(rows[i].name, 1000, &target, &problem), HP_INVALID);
        if (!strstr(problem.detail, rows[i].part)) {
            fail_msg("%s: %s", rows[i].name, problem.detail);
        }
        assert_null(target);
    }
}

/* The test program has no fixtures beside it. */
static int set_up(void **state) {
    (void)state;
    return setenv("HOLDPOINT_FIXTURES", "fixtures", 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_known_name_makes_a_target),
                                       cmocka_unit_test(each_unknown_name_is_explained)};
    return cmocka_run_group_tests(tests, set_up, NULL);
}
