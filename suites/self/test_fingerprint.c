#include "harness/case/fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RUN "abcd1234"
#define UUID "0f8fad5b-d9cb-469f-a165-70867728950e"
#define OTHER_UUID "7c9e6679-7425-40de-944b-e07fc1f90ae7"

/* A failure in the texts that count. */
struct failure {
    const char *requirements[2];
    const char *reason, *path, *expected, *got;
};

static void mark(const struct failure *failure, const char *run, char fingerprint[FINGERPRINT_SIZE]) {
    struct case_result result = {.requirements = {failure->requirements[0], failure->requirements[1]},
                                 .reason = (char *)failure->reason,
                                 .path = (char *)failure->path,
                                 .expected = (char *)failure->expected,
                                 .got = (char *)failure->got};
    fingerprint_make(&result, run);
    memcpy(fingerprint, result.fingerprint, FINGERPRINT_SIZE);
    assert_int_equal(strlen(fingerprint), FINGERPRINT_SIZE - 1);
    assert_int_equal(strspn(fingerprint, "0123456789abcdef"), FINGERPRINT_SIZE - 1);
}

static const struct {
    struct failure one, other;
    bool same;
} rows[] = {
    /* what counts */
    {{{"R1"}, "a", "/a", "1", "2"}, {{"R1"}, "a", "/a", "1", "2"}, true},
    {{{"R1"}, "a", "/a", "1", "2"}, {{"R2"}, "a", "/a", "1", "2"}, false},
    {{{"R1"}, "a", "/a", "1", "2"}, {{"R1", "R2"}, "a", "/a", "1", "2"}, false},
    {{{"R1"}, "a", "/a", "1", "2"}, {{"R1"}, "b", "/a", "1", "2"}, false},
    {{{"R1"}, "a", "/a", "1", "2"}, {{"R1"}, "a", "/b", "1", "2"}, false},
    {{{"R1"}, "a", "/a", "1", "2"}, {{"R1"}, "a", "/a", "3", "2"}, false},
    {{{"R1"}, "a", "/a", "1", "2"}, {{"R1"}, "a", "/a", "1", "3"}, false},
    {{{NULL}, "a", NULL, NULL, NULL}, {{NULL}, "b", NULL, NULL, NULL}, false},
    /* texts do not run into each other */
    {{{NULL}, "ab", "", "", ""}, {{NULL}, "a", "b", "", ""}, false},
    {{{NULL}, "", "", "ab", "c"}, {{NULL}, "", "", "a", "bc"}, false},
    /* what changes from run to run */
    {{{NULL}, "", "", "", "\"" UUID "\""}, {{NULL}, "", "", "", "\"" OTHER_UUID "\""}, true},
    {{{NULL}, "no " UUID " there", "", "", ""}, {{NULL}, "no " OTHER_UUID " there", "", "", ""}, true},
    {{{NULL}, "", "", "", "\"" UUID "\""}, {{NULL}, "", "", "", "null"}, false},
    {{{NULL}, "", "", "2025-12-11T09:30:00.000001Z", ""}, {{NULL}, "", "", "2026-01-01T00:00:00Z", ""}, true},
    {{{NULL}, "", "", "2025-12-11T09:30:00+05:45", ""}, {{NULL}, "", "", "2026-01-01T00:00:00.5Z", ""}, true},
    {{{NULL}, "", "", "2025-12-11T09:30:00Z", ""}, {{NULL}, "", "", "2025-12-11", ""}, false},
    {{{NULL}, "", "", "2025-12-11T09:30:00Z!", ""}, {{NULL}, "", "", "2025-12-11T09:30:00Z?", ""}, false},
    {{{NULL}, "", "", "0f8fad5b-d9cb", ""}, {{NULL}, "", "", "0f8fad5b-d9cc", ""}, false},
    {{{NULL}, "", "", "zf8fad5b-d9cb-469f-a165-70867728950e", ""},
     {{NULL}, "", "", "yf8fad5b-d9cb-469f-a165-70867728950e", ""},
     false},
    {{{NULL}, "", "", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", ""},
     {{NULL}, "", "", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzy", ""},
     false},
    {{{NULL}, "", "", "yyyy-mm-ddThh:mm:ssZ", ""}, {{NULL}, "", "", "YYYY-mm-ddThh:mm:ssZ", ""}, false},
    /* indexes, but no other number in a path */
    {{{NULL}, "", "/rows/0/id", "", ""}, {{NULL}, "", "/rows/17/id", "", ""}, true},
    {{{NULL}, "", "/rows/3", "", ""}, {{NULL}, "", "/rows/4", "", ""}, true},
    {{{NULL}, "", "/rows/3", "", ""}, {{NULL}, "", "/rows", "", ""}, false},
    {{{NULL}, "", "/k1", "", ""}, {{NULL}, "", "/k2", "", ""}, false},
    {{{NULL}, "", "/1k", "", ""}, {{NULL}, "", "/2k", "", ""}, false},
    /* of objects and arrays only that they are there */
    {{{NULL}, "", "", "", "accepted: {\"a\":1}"}, {{NULL}, "", "", "", "accepted: {\"b\":[2]}"}, true},
    {{{NULL}, "", "", "", "[1,2]"}, {{NULL}, "", "", "", "[3]"}, true},
    {{{NULL}, "", "", "", "[1,2]"}, {{NULL}, "", "", "", "{\"a\":1}"}, false},
    {{{NULL}, "", "", "", "accepted: {\"a\":1}"}, {{NULL}, "", "", "", "refused: {\"a\":1}"}, false},
    {{{NULL}, "", "", "{\"a\":1}", ""}, {{NULL}, "", "", "{\"a\":2}", ""}, false},
};

static void only_what_failed_and_how_counts(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char one[FINGERPRINT_SIZE], other[FINGERPRINT_SIZE];
        mark(&rows[i].one, RUN, one);
        mark(&rows[i].other, RUN, other);
        if ((strcmp(one, other) == 0) != rows[i].same) {
            fail_msg("row %zu: %s and %s", i, one, other);
        }
    }
}

static void the_suffix_of_the_run_counts_for_nothing(void **state) {
    (void)state;
    const struct failure one = {{"R"}, "r-" RUN " is odd", "/a", "u-" RUN, "\"s-" RUN "\""};
    const struct failure other = {{"R"}, "r-zz99zz99 is odd", "/a", "u-zz99zz99", "\"s-zz99zz99\""};
    char first[FINGERPRINT_SIZE], second[FINGERPRINT_SIZE];
    mark(&one, RUN, first);
    mark(&other, "zz99zz99", second);
    assert_string_equal(first, second);
    mark(&other, RUN, second);
    assert_string_not_equal(first, second);
    mark(&one, "", second);
    assert_string_not_equal(first, second);
}

/* Of a long scalar the beginning counts, wherever an object opens behind it. */
static void a_long_text_is_no_trouble(void **state) {
    (void)state;
    char text[400], fingerprint[FINGERPRINT_SIZE], other[FINGERPRINT_SIZE];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    const struct failure failure = {{NULL}, "", "", "", text};
    mark(&failure, RUN, fingerprint);
    for (size_t length = 126; length < 130; length++) {
        text[length] = '{';
        mark(&failure, RUN, other);
        assert_string_not_equal(fingerprint, other);
        text[length] = 'a';
    }
    text[0] = 'b';
    mark(&failure, RUN, other);
    assert_string_not_equal(fingerprint, other);
}

/* Baselines on the disks of users hold such marks: they must not change. */
static void a_mark_stays_what_it_was(void **state) {
    (void)state;
    char fingerprint[FINGERPRINT_SIZE];
    mark(
        &(struct failure){
            {"REQ-RESPOND-2"}, "accepted what must be refused", "", "refused: forbidden", "accepted: {}"},
        RUN, fingerprint);
    assert_string_equal(fingerprint, "98f2944ad3392e96");
    mark(&(struct failure){{"REQ-LIST-1", "REQ-LIST-2"},
                           "the answer differs for u-" RUN,
                           "/interrupts/2/expires_at",
                           "2025-12-11T09:30:00.000001Z",
                           UUID},
         RUN, fingerprint);
    assert_string_equal(fingerprint, "cc6ec9e47261fc9a");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_failed_and_how_counts),
        cmocka_unit_test(the_suffix_of_the_run_counts_for_nothing),
        cmocka_unit_test(a_long_text_is_no_trouble),
        cmocka_unit_test(a_mark_stays_what_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
