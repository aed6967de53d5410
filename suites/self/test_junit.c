#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <locale.h>

static void has_the_golden_form(void **state) {
    (void)state;
    static const enum sample samples[] = {SAMPLE_GREEN,  SAMPLE_MIXED, SAMPLE_HOSTILE,
                                          SAMPLE_MATRIX, SAMPLE_DOWN,  SAMPLE_PARITY};
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char *got = sample_write(samples[i], reporter_junit_new);
        golden_compare(sample_name(samples[i]), "xml", got);
        free(got);
    }
}

static void every_sample_is_valid(void **state) {
    (void)state;
    for (enum sample sample = 0; sample < SAMPLE_COUNT; sample++) {
        char *got = sample_write(sample, reporter_junit_new);
        int exit_code = -1;
        char *said = command_feed("xmllint --noout --schema suites/self/data/junit.xsd -", got, &exit_code);
        if (exit_code != 0) {
            print_error("%s: %s\n", sample_name(sample), said);
        }
        assert_int_equal(exit_code, 0);
        free(said);
        free(got);
    }
}

static void the_schema_refuses_what_is_wrong(void **state) {
    (void)state;
    int exit_code = 0;
    free(command_feed("xmllint --noout --schema suites/self/data/junit.xsd -",
                      "<testsuites><testcase/></testsuites>", &exit_code));
    assert_int_not_equal(exit_code, 0);
}

static void counts_agree_with_what_is_there(void **state) {
    (void)state;
    static const struct {
        const char *attribute;
        const char *path;
    } rows[] = {{"tests", "//testcase"}, {"failures", "//failure"}, {"errors", "//error"}};
    for (enum sample sample = 0; sample < SAMPLE_COUNT; sample++) {
        char *got = sample_write(sample, reporter_junit_new);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            char command[200];
            snprintf(command, sizeof command,
                     "xmllint --huge --xpath 'number(/testsuites/@%s) = count(%s) and sum(//testsuite/@%s) = "
                     "count(%s)' -",
                     rows[i].attribute, rows[i].path, rows[i].attribute, rows[i].path);
            int exit_code = -1;
            char *said = command_feed(command, got, &exit_code);
            assert_memory_equal(said, "true", 4);
            free(said);
        }
        int exit_code = -1;
        char *said = command_feed("xmllint --huge --xpath 'sum(//testsuite/@skipped) = count(//skipped)' -",
                                  got, &exit_code);
        assert_memory_equal(said, "true", 4);
        free(said);
        free(got);
    }
}

/* Skipped cases alone would be shown green. */
static void an_interrupted_run_has_an_error(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_STOPPED, reporter_junit_new);
    assert_non_null(strstr(got, "<testsuites name=\"holdpoint\" tests=\"9\" failures=\"0\" errors=\"1\""));
    assert_non_null(strstr(got, "<error type=\"interrupted\" message=\"the run was interrupted\"/>"));
    free(got);
}

static void times_have_a_dot_in_every_locale(void **state) {
    (void)state;
    char *plain = sample_write(SAMPLE_MIXED, reporter_junit_new);
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        print_message("de_DE.UTF-8 is not installed; the C locale is compared with itself\n");
    }
    char *german = sample_write(SAMPLE_MIXED, reporter_junit_new);
    setlocale(LC_ALL, "C");
    assert_string_equal(plain, german);
    free(plain);
    free(german);
}

static void a_full_disk_is_noticed(void **state) {
    (void)state;
    FILE *out = fopen("/dev/full", "w");
    assert_false(sample_play(SAMPLE_GREEN, reporter_junit_new(out)));
    fclose(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_golden_form),
        cmocka_unit_test(every_sample_is_valid),
        cmocka_unit_test(the_schema_refuses_what_is_wrong),
        cmocka_unit_test(counts_agree_with_what_is_there),
        cmocka_unit_test(an_interrupted_run_has_an_error),
        cmocka_unit_test(times_have_a_dot_in_every_locale),
        cmocka_unit_test(a_full_disk_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
