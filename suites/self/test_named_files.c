#include "harness/commands/named_files.h"

#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[SCRATCH_PATH_SIZE];
static char here[SCRATCH_PATH_SIZE];

/* What is there: a, links to it, and b. */
static int set_up(void **state) {
    (void)state;
    scratch_path(folder, "named-XXXXXX");
    bool there = getcwd(here, sizeof here) && mkdtemp(folder) && chdir(folder) == 0;
    return there && system("mkdir sub && echo >a && ln a hard && ln -s a soft && echo >b") == 0 ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    return chdir(here) == 0 && chdir(folder) == 0 && system("rm -r a hard soft b sub") == 0 &&
                   chdir(here) == 0 && rmdir(folder) == 0
               ? 0
               : -1;
}

/* What is said of two files, of which the second is written. */
static enum hp_status check(const char *first, enum named_file_use use, const char *second,
                            struct hp_problem *problem) {
    struct named_files files = {0};
    *problem = (struct hp_problem){0};
    named_files_add(&files, first, use, "the %s", "first");
    named_files_add(&files, NULL, NAMED_FILE_WRITTEN, "nothing");
    named_files_add(&files, second, NAMED_FILE_WRITTEN, "the second");
    enum hp_status status = named_files_check(&files, problem);
    named_files_release(&files);
    return status;
}

static void one_file_by_any_name_is_refused(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"a", "a"},         {"a", "./a"}, {"a", "hard"},  {"soft", "a"},
        {"a", "sub/../a"},  {"no", "no"}, {"no", "./no"}, {"sub/no", "./sub/../sub/no"},
        {"no/no", "no/no"},
    };
    struct hp_problem problem;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        for (int written = 0; written < 2; written++) {
            enum named_file_use use = written ? NAMED_FILE_WRITTEN : NAMED_FILE_READ;
            assert_int_equal(check(pairs[i][0], use, pairs[i][1], &problem), HP_INVALID);
            assert_non_null(strstr(problem.detail, "the first"));
            assert_non_null(strstr(problem.detail, "the second"));
            assert_non_null(strstr(problem.detail, pairs[i][1]));
        }
    }
}

static void others_stay_allowed(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"a", "b"},           {"a", "no"},  {"no", "a"},    {"no", "sub/no"},           {"no/no", "sub/no"},
        {"no/no", "gone/no"}, {"no", "na"}, {"a", "sub/a"}, {"/dev/null", "/dev/null"},
    };
    struct hp_problem problem;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_int_equal(check(pairs[i][0], NAMED_FILE_WRITTEN, pairs[i][1], &problem), HP_OK);
    }
}

/* Reading a file twice loses nothing. */
static void what_is_only_read_may_be_named_twice(void **state) {
    (void)state;
    struct named_files files = {0};
    for (int i = 0; i < 100; i++) {
        named_files_add(&files, "a", NAMED_FILE_READ, "a report that is read");
    }
    assert_int_equal(files.count, 100);
    assert_int_equal(named_files_check(&files, NULL), HP_OK);
    named_files_release(&files);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_file_by_any_name_is_refused),
        cmocka_unit_test(others_stay_allowed),
        cmocka_unit_test(what_is_only_read_may_be_named_twice),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) != 0;
}
