#include "harness/report/changes_report.h"
#include "suites/self/support_past.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Two runs between which everything happens, and some of it on hostile names. */
struct pair {
    struct past_run runs[2];
    struct changes changes;
};

/* suite: that of the new run; NULL: as of the old one. */
static void read_pair(struct pair *pair, char *old, char *new, const char *suite) {
    struct hp_problem problem = {0};
    past_read(old, &pair->runs[0]);
    past_read(new, &pair->runs[1]);
    pair->runs[0].path = "old.ndjson"; /* which differs from run to run */
    pair->runs[1].path = "new.ndjson";
    pair->runs[1].header.suite_digest = suite ? suite : pair->runs[1].header.suite_digest;
    assert_int_equal(changes_find(&pair->runs[0], &pair->runs[1], &pair->changes, &problem), HP_OK);
    free(old);
    free(new);
}

static void release(struct pair *pair) {
    changes_release(&pair->changes);
    past_run_release(&pair->runs[0]);
    past_run_release(&pair->runs[1]);
}

static void read_all_kinds(struct pair *pair) {
    static const char *const old[] = {
        "kinds.a passed", "kinds.b failed too late", "kinds.c failed wrong id", "kinds.d failed anyhow",
        "kinds.e passed", "kinds.f failed",          "kinds.g passed",          NULL};
    static const char *const new[] = {"kinds.a failed <b>|`@all`</b> \\u001b[31m",
                                      "kinds.b failed too late",
                                      "kinds.c failed wrong owner",
                                      "kinds.d passed",
                                      "kinds.e unsupported needs x",
                                      "kinds.f not_run",
                                      "users.n passed",
                                      "users.m errored no answer",
                                      NULL};
    read_pair(pair, past_text(old, NULL, NULL), past_text(new, NULL, NULL), "d2");
}

static void every_form_is_golden(void **state) {
    (void)state;
    struct pair pair;
    struct text terminal = {0}, markdown = {0}, json = {0};
    read_all_kinds(&pair);
    changes_add_terminal(&terminal, &pair.changes, paint_get(false));
    changes_add_markdown(&markdown, &pair.changes);
    changes_add_json(&json, &pair.changes);
    golden_compare("changes", "txt", terminal.bytes);
    golden_compare("changes", "md", markdown.bytes);
    golden_compare("changes", "json", json.bytes);
    text_release(&terminal);
    text_release(&markdown);
    text_release(&json);
    release(&pair);
}

static void the_json_counts_what_it_lists(void **state) {
    (void)state;
    struct pair pair;
    struct text json = {0};
    read_all_kinds(&pair);
    changes_add_json(&json, &pair.changes);
    json_t *root = json_loads(json.bytes, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    size_t sum = 0;
    const char *name;
    json_t *count;
    json_object_foreach(json_object_get(root, "counts"), name, count) {
        assert_int_equal(json_integer_value(count), 1);
        sum += (size_t)json_integer_value(count);
    }
    assert_int_equal(sum, CHANGE_COUNT);
    assert_int_equal(json_array_size(json_object_get(root, "changes")), CHANGE_COUNT);
    assert_true(json_is_true(json_object_get(root, "worse")));
    json_decref(root);
    text_release(&json);
    release(&pair);
}

static void two_runs_alike_are_two_lines(void **state) {
    (void)state;
    struct pair pair;
    struct text out = {0};
    read_pair(&pair, sample_write(SAMPLE_GREEN, reporter_ndjson_new),
              sample_write(SAMPLE_GREEN, reporter_ndjson_new), NULL);
    changes_add_terminal(&out, &pair.changes, paint_get(false));
    assert_string_equal(out.bytes, "8 cases compared\nNOTHING GOT WORSE\n");
    text_release(&out);
    release(&pair);
}

/* As when the new run is a part of what the old one was whole. */
static void what_was_left_out_is_not_removed(void **state) {
    (void)state;
    static const char *const old[] = {"kinds.a passed", "kinds.b passed", NULL};
    static const char *const new[] = {"kinds.a passed", NULL};
    struct pair pair;
    struct text out = {0};
    read_pair(&pair, past_text(old, NULL, NULL), past_text(new, NULL, NULL), NULL);
    changes_add_terminal(&out, &pair.changes, paint_get(false));
    assert_string_equal(out.bytes, "  passed, and is no longer run 1\n    kinds.b  passed -> not selected\n\n"
                                   "1 cases compared; 1 passed, and is no longer run\nWORSE\n");
    text_release(&out);
    release(&pair);
}

static void targets_are_named_where_there_are_several_and_suites_where_they_differ(void **state) {
    (void)state;
    struct pair pair;
    struct text out = {0};
    char *text = sample_write(SAMPLE_MATRIX, reporter_ndjson_new);
    char *other = past_change(text, "0123456789abcdef", "1123456789abcdef");
    read_pair(&pair, text, other, NULL);
    changes_add_terminal(&out, &pair.changes, paint_get(false));
    assert_non_null(
        strstr(out.bytes, "users.respond.stranger on stdio:build/holdpoint adapter memory  failed\n"));
    assert_non_null(strstr(out.bytes, "the runs are of different suites\n"));
    text_release(&out);
    release(&pair);
}

static void a_page_stays_below_what_forges_accept(void **state) {
    (void)state;
    struct pair pair;
    struct text out = {0};
    read_pair(&pair, sample_write(SAMPLE_MANY, reporter_ndjson_new),
              sample_write(SAMPLE_MANY, reporter_ndjson_new), NULL);
    changes_add_markdown(&out, &pair.changes);
    assert_in_range(out.length_bytes, 1000, 60 * 1024);
    assert_non_null(strstr(out.bytes, "### 256 still failing"));
    assert_non_null(strstr(out.bytes, " more did not fit here.\n"));
    text_release(&out);
    release(&pair);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_golden),
        cmocka_unit_test(the_json_counts_what_it_lists),
        cmocka_unit_test(two_runs_alike_are_two_lines),
        cmocka_unit_test(what_was_left_out_is_not_removed),
        cmocka_unit_test(targets_are_named_where_there_are_several_and_suites_where_they_differ),
        cmocka_unit_test(a_page_stays_below_what_forges_accept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
