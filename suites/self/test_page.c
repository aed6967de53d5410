/* The page of a run, as text; test_page_browser.sh looks at it in a browser. */
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Takes the style and the script out, which are files of their own. */
static char *write_page(enum sample sample) {
    static const char *const marks[][2] = {
        {"<style>\n", "</style>"}, {"<script>", "</script>"}, {"sha256-", "'"}};
    char *page = sample_write(sample, reporter_page_new);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        char *from = strstr(page, marks[i][0]);
        assert_non_null(from);
        from += strlen(marks[i][0]);
        char *until = strstr(from, marks[i][1]);
        assert_non_null(until);
        memmove(from, until, strlen(until) + 1);
    }
    return page;
}

static void has_the_golden_form(void **state) {
    (void)state;
    static const enum sample samples[] = {SAMPLE_GREEN,  SAMPLE_MIXED, SAMPLE_HOSTILE,
                                          SAMPLE_MATRIX, SAMPLE_DOWN,  SAMPLE_PARITY};
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char *got = write_page(samples[i]);
        golden_compare(sample_name(samples[i]), "html", got);
        free(got);
    }
}

static void the_headline_says_what_came_of_it(void **state) {
    (void)state;
    static const char *const headlines[SAMPLE_COUNT] = {
        [SAMPLE_GREEN] = "<h1 class=\"yes\">memory conforms</h1>",
        [SAMPLE_MIXED] = "<h1 class=\"no\">No verdict: the harness or the adapter broke</h1>",
        [SAMPLE_HOSTILE] = " does not conform</h1>",
        [SAMPLE_MATRIX] = "<h1 class=\"no\">1 of 2 targets conforms</h1>",
        [SAMPLE_DOWN] = "<h1 class=\"no\">No verdict: the harness or the adapter broke</h1>",
        [SAMPLE_MANY] = "<h1 class=\"no\">memory does not conform</h1>",
        [SAMPLE_STOPPED] = "<h1 class=\"no\">No verdict: the run was interrupted</h1>",
        [SAMPLE_EMPTY] = "<h1 class=\"no\">memory does not conform</h1>",
        [SAMPLE_PARITY] = "<h1 class=\"no\">All 3 targets conform, but they differ</h1>",
    };
    for (enum sample sample = 0; sample < SAMPLE_COUNT; sample++) {
        char *got = write_page(sample);
        if (!strstr(got, headlines[sample])) {
            fail_msg("%s: %.300s", sample_name(sample), strstr(got, "<h1"));
        }
        free(got);
    }
}

/* What it may hold of markup, xmllint's parser says: every tag is closed, every attribute quoted, no entity unknown. */
static void every_sample_is_well_formed(void **state) {
    (void)state;
    for (enum sample sample = 0; sample < SAMPLE_COUNT; sample++) {
        char *got = write_page(sample);
        int exit_code = -1;
        char *said = command_feed("xmllint --html --huge --noout - 2>&1 | grep 'parser error' | "
                                  "grep -c -v 'Tag [a-z]* invalid' || true",
                                  got, &exit_code);
        if (strcmp(said, "0\n") != 0) {
            fail_msg("%s: %s errors", sample_name(sample), said);
        }
        free(said);
        free(got);
    }
}

static size_t count(const char *page, const char *what) {
    size_t found = 0;
    for (const char *at = page; (at = strstr(at, what)); at++) {
        found++;
    }
    return found;
}

static void every_failure_is_there_with_its_anchor(void **state) {
    (void)state;
    static const size_t failures[SAMPLE_COUNT] = {
        [SAMPLE_MIXED] = 5, [SAMPLE_HOSTILE] = 2, [SAMPLE_MATRIX] = 1, [SAMPLE_MANY] = 256};
    for (enum sample sample = 0; sample < SAMPLE_COUNT; sample++) {
        char *got = write_page(sample);
        assert_int_equal(count(got, "<div class=\"body\" id=\"f-"), failures[sample]);
        /* Each link leads somewhere. */
        for (const char *at = got; (at = strstr(at, "href=\"#")); at++) {
            char id[64];
            size_t length = strcspn(at + 7, "\"");
            snprintf(id, sizeof id, "id=\"%.*s\"", (int)length, at + 7);
            assert_non_null(strstr(got, id));
        }
        free(got);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_golden_form),
        cmocka_unit_test(the_headline_says_what_came_of_it),
        cmocka_unit_test(every_sample_is_well_formed),
        cmocka_unit_test(every_failure_is_there_with_its_anchor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
