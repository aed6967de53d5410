#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void has_the_golden_form(void **state) {
    (void)state;
    static const enum sample samples[] = {SAMPLE_GREEN,  SAMPLE_MIXED, SAMPLE_HOSTILE,
                                          SAMPLE_MATRIX, SAMPLE_DOWN,  SAMPLE_PARITY};
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char *got = sample_write(samples[i], reporter_markdown_new);
        golden_compare(sample_name(samples[i]), "md", got);
        free(got);
    }
}

static size_t count(const char *text, const char *part) {
    size_t found = 0;
    for (const char *at = text; (at = strstr(at, part)); at++) {
        found++;
    }
    return found;
}

static void hostile_text_adds_no_element(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_HOSTILE, reporter_markdown_new);
    assert_int_equal(count(got, "<details>"), 1);
    assert_int_equal(count(got, "</details>"), 1);
    assert_int_equal(count(got, "</pre>"), 1);
    assert_int_equal(count(got, "<b"), 0);
    assert_int_equal(count(got, "<!--"), 0);
    assert_int_equal(count(got, "\x1b"), 0);
    assert_true(text_is_utf8(got, strlen(got)));
    free(got);
}

static void stays_small_and_counts_what_it_leaves_out(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_MANY, reporter_markdown_new);
    assert_true(strlen(got) < 60000);
    size_t shown = count(got, "<details>");
    assert_true(shown > 1);
    char note[64];
    snprintf(note, sizeof note, "\n%zu more did not fit here", 256 - shown);
    assert_non_null(strstr(got, note));
    assert_int_equal(count(got, "</details>"), shown);
    free(got);
}

static void a_full_disk_is_noticed(void **state) {
    (void)state;
    FILE *out = fopen("/dev/full", "w");
    assert_false(sample_play(SAMPLE_GREEN, reporter_markdown_new(out)));
    fclose(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_golden_form),
        cmocka_unit_test(hostile_text_adds_no_element),
        cmocka_unit_test(stays_small_and_counts_what_it_leaves_out),
        cmocka_unit_test(a_full_disk_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
