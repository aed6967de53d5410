#include "harness/report/screen.h"
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct reporter *make_plain(FILE *out) {
    return reporter_terminal_new(out, false, false, SCREEN_COLUMNS_DEFAULT);
}

static struct reporter *make_colored(FILE *out) {
    return reporter_terminal_new(out, true, true, SCREEN_COLUMNS_DEFAULT);
}

static void has_the_golden_form(void **state) {
    (void)state;
    for (enum sample sample = 0; sample < SAMPLE_COUNT; sample++) {
        char *got = sample_write(sample, make_plain);
        if (sample != SAMPLE_MANY) {
            golden_compare(sample_name(sample), "txt", got);
        }
        assert_null(strchr(got, '\x1b'));
        free(got);
    }
}

static void the_sum_adds_up(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_MIXED, make_plain);
    char *at = strstr(got, "selected 8 = ");
    assert_non_null(at);
    size_t sum = 0;
    at = strchr(at, '=');
    while (*at && *at != '\n') {
        at += strcspn(at, "0123456789\n");
        sum += *at == '\n' ? 0 : strtoul(at, &at, 10);
    }
    assert_int_equal(sum, 8);
    free(got);
}

static void colours_and_progress_on_a_terminal(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_MIXED, make_colored);
    assert_non_null(strstr(got, "  1/8  kinds"));
    assert_non_null(strstr(got, "\r\x1b[K"));
    assert_non_null(strstr(got, "\x1b[31mfailed\x1b[0m  \x1b[1musers.respond.stranger\x1b[0m"));
    assert_null(strstr(got, "kinds: 2 done"));
    free(got);
}

/* What is broken is shown first, and the rest is not forgotten in the last line. */
static void what_is_broken_comes_first(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_MIXED, make_plain);
    const char *errored = strstr(got, "\nerrored  "), *failed = strstr(got, "\nfailed  ");
    assert_true(errored && failed && errored < failed);
    assert_non_null(
        strstr(got, "NO VERDICT: the harness or the adapter broke (1 failed all the same)  exit code 3"));
    free(got);
}

/* A report that could not be written is no fault of the target or the adapter. */
static void a_lost_report_is_no_broken_adapter(void **state) {
    (void)state;
    char *bytes = NULL;
    size_t length_bytes = 0;
    FILE *out = open_memstream(&bytes, &length_bytes);
    struct reporter *reporter = make_plain(out);
    struct run_header header = {.suite_digest = "d", .command = "c", .repeat = ""};
    reporter->ops->begin(reporter, &header);
    assert_true(reporter->ops->settle(reporter, 0));
    fflush(out);
    assert_null(strstr(bytes, "exit code"));
    reporter->ops->end(reporter, REPORT_BROKEN_CODE);
    assert_true(reporter->ops->close(reporter));
    assert_int_equal(fclose(out), 0);
    assert_non_null(
        strstr(bytes, "\nNO VERDICT: the run or its reports are not whole; stderr says why  exit code 3"));
    free(bytes);
}

static void what_was_not_run_is_not_done(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_STOPPED, make_plain);
    assert_non_null(strstr(got, "\n  kinds: 2 done\n  users: 1 of 3 run\n"));
    assert_non_null(strstr(got, "0 of "));
    free(got);
    got = sample_write(SAMPLE_STOPPED, make_colored);
    assert_null(strstr(got, "  4/8  "));
    free(got);
}

static void a_null_says_why_it_shows_no_failures(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_MATRIX, make_plain);
    assert_non_null(
        strstr(got, "  null:accept-all: failures of a null are not shown; they are what it is for\n"));
    free(got);
}

static void a_target_that_is_down_is_named_once(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_DOWN, make_plain);
    assert_non_null(strstr(got, "\nstdio:./no-such-service  cannot be reached: ./no-such-service: No such"));
    free(got);
}

static void hostile_text_reaches_no_terminal(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_HOSTILE, make_plain);
    for (const char *at = got; *at; at++) {
        assert_true((unsigned char)*at >= 0x20 || *at == '\n');
    }
    assert_null(strstr(got, "\xe2\x80\xae"));
    assert_true(text_is_utf8(got, strlen(got)));
    free(got);
}

static void shows_the_first_twenty_and_how_to_see_the_rest(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_MANY, make_plain);
    assert_non_null(strstr(got, "\nfailed  users.many.n19  "));
    assert_null(strstr(got, "\nfailed  users.many.n20  "));
    assert_non_null(strstr(got, "... and 236 more did not pass; --format ndjson --output FILE"));
    assert_non_null(strstr(got, "\nselected 256 = failed 256\nDOES NOT CONFORM  exit code 1, "));
    assert_true(strlen(got) < 100000);
    free(got);
}

static void a_full_disk_is_noticed(void **state) {
    (void)state;
    FILE *out = fopen("/dev/full", "w");
    assert_false(sample_play(SAMPLE_GREEN, make_plain(out)));
    fclose(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_golden_form),
        cmocka_unit_test(the_sum_adds_up),
        cmocka_unit_test(colours_and_progress_on_a_terminal),
        cmocka_unit_test(what_is_broken_comes_first),
        cmocka_unit_test(a_lost_report_is_no_broken_adapter),
        cmocka_unit_test(what_was_not_run_is_not_done),
        cmocka_unit_test(a_null_says_why_it_shows_no_failures),
        cmocka_unit_test(a_target_that_is_down_is_named_once),
        cmocka_unit_test(hostile_text_reaches_no_terminal),
        cmocka_unit_test(shows_the_first_twenty_and_how_to_see_the_rest),
        cmocka_unit_test(a_full_disk_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
