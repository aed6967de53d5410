#include "harness/report/changes.h"
#include "suites/self/support_past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum change_kind kind_of(const struct changes *changes, const char *id) {
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];
        if (strcmp((change->new ? change->new : change->old)->test_case->id, id) == 0) {
            return change->kind;
        }
    }
    return CHANGE_COUNT;
}

static void compare(const char *const *old_outcomes, const char *const *new_outcomes, struct past_run runs[2],
                    struct changes *changes) {
    struct hp_problem problem = {0};
    char *old = past_text(old_outcomes, NULL, NULL), *new = past_text(new_outcomes, NULL, NULL);
    past_read(old, &runs[0]);
    past_read(new, &runs[1]);
    free(old);
    free(new);
    runs[1].header.suite_digest = "d2";
    assert_int_equal(changes_find(&runs[0], &runs[1], changes, &problem), HP_OK);
}

static void release(struct past_run runs[2], struct changes *changes) {
    changes_release(changes);
    past_run_release(&runs[0]);
    past_run_release(&runs[1]);
}

/* One case before and after; NULL: it is not there. CHANGE_COUNT: nothing is to be said. */
static const struct {
    const char *old, *new;
    enum change_kind kind;
} rows[] = {
    {"passed", "passed", CHANGE_COUNT},
    {"passed", "failed", CHANGE_NEWLY_FAILING},
    {"passed", "errored", CHANGE_NEWLY_FAILING},
    {"passed", "untestable", CHANGE_NEWLY_FAILING},
    {"passed", "expected_failure", CHANGE_NEWLY_FAILING},
    {"passed", "unexpected_pass", CHANGE_COUNT},
    {"passed", "unsupported", CHANGE_NO_LONGER_PROVED},
    {"passed", "not_run", CHANGE_NO_LONGER_PROVED},
    {"unsupported", "failed", CHANGE_NEWLY_FAILING},
    {"unsupported", "passed", CHANGE_NEWLY_PASSING},
    {"unsupported", "not_run", CHANGE_COUNT},
    {"failed", "passed", CHANGE_NEWLY_PASSING},
    {"failed", "unexpected_pass", CHANGE_NEWLY_PASSING},
    {"failed because", "failed because", CHANGE_STILL_FAILING},
    {"failed because", "failed else", CHANGE_OTHERWISE_FAILING},
    {"failed because", "errored because", CHANGE_OTHERWISE_FAILING},
    {"failed", "unsupported", CHANGE_NO_LONGER_RUN},
    {"failed", "not_run", CHANGE_NO_LONGER_RUN},
    {NULL, "passed", CHANGE_NEW},
    {NULL, "unsupported", CHANGE_NEW},
    {NULL, "failed", CHANGE_NEW_FAILING},
    {"passed", NULL, CHANGE_REMOVED},
    {"failed", NULL, CHANGE_REMOVED},
};

static void each_change_has_its_kind_and_the_worse_ones_count(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char old[64], new[64];
        snprintf(old, sizeof old, "kinds.x %s", rows[i].old ? rows[i].old : "");
        snprintf(new, sizeof new, "kinds.x %s", rows[i].new ? rows[i].new : "");
        const char *const one[] = {"kinds.a passed", rows[i].old ? old : NULL, NULL};
        const char *const other[] = {"kinds.a passed", rows[i].new ? new : NULL, NULL};
        struct past_run runs[2];
        struct changes changes;
        compare(one, other, runs, &changes);
        if (kind_of(&changes, "kinds.x") != rows[i].kind) {
            fail_msg("row %zu", i);
        }
        assert_int_equal(changes.count, rows[i].kind != CHANGE_COUNT);
        assert_int_equal(changes_are_worse(&changes),
                         rows[i].kind != CHANGE_COUNT && change_is_worse(rows[i].kind));
        assert_int_equal(changes.compared, 1 + (rows[i].old && rows[i].new));
        release(runs, &changes);
    }
}

static void fingerprints_decide_what_is_another_reason(void **state) {
    (void)state;
    static const char *const outcomes[] = {"kinds.x failed because", NULL};
    static const struct {
        const char *old, *new;
        enum change_kind kind;
    } prints[] = {{"00aa", "00aa", CHANGE_STILL_FAILING},
                  {"00aa", "00bb", CHANGE_OTHERWISE_FAILING},
                  {"", "00bb", CHANGE_OTHERWISE_FAILING}};
    for (size_t i = 0; i < sizeof prints / sizeof prints[0]; i++) {
        struct past_run runs[2];
        struct changes changes = {0};
        struct hp_problem problem = {0};
        compare(outcomes, outcomes, runs, &changes);
        changes_release(&changes);
        text_put(runs[0].targets[0].results[0].fingerprint, FINGERPRINT_SIZE, prints[i].old);
        text_put(runs[1].targets[0].results[0].fingerprint, FINGERPRINT_SIZE, prints[i].new);
        assert_int_equal(changes_find(&runs[0], &runs[1], &changes, &problem), HP_OK);
        assert_int_equal(changes.items[0].kind, prints[i].kind);
        release(runs, &changes);
    }
}

static void what_got_worse_comes_first_then_the_order_of_the_run(void **state) {
    (void)state;
    static const char *const old[] = {"kinds.a failed x", "kinds.b passed", "kinds.c passed",
                                      "kinds.d passed", NULL};
    static const char *const new[] = {"kinds.a failed x", "kinds.c failed", "kinds.b failed", NULL};
    static const char *const order[] = {"kinds.c", "kinds.b", "kinds.a", "kinds.d"};
    struct past_run runs[2];
    struct changes changes;
    compare(old, new, runs, &changes);
    assert_int_equal(changes.count, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct change *change = &changes.items[i];
        assert_string_equal((change->new ? change->new : change->old)->test_case->id, order[i]);
    }
    assert_int_equal(changes.kinds[CHANGE_NEWLY_FAILING], 2);
    release(runs, &changes);
}

/* A case that the suite still has was left out; those of a run and of the other stand in the same order each time. */
static void of_one_suite_what_is_gone_was_left_out(void **state) {
    (void)state;
    static const char *const old[] = {"kinds.a passed", "kinds.b failed", "kinds.c passed",
                                      "kinds.d unsupported", NULL};
    static const char *const new[] = {"kinds.c not_run", NULL};
    static const char *const order[] = {"kinds.c", "kinds.a", "kinds.b"};
    struct past_run runs[2];
    struct changes changes;
    struct hp_problem problem = {0};
    compare(old, new, runs, &changes);
    assert_int_equal(changes.kinds[CHANGE_REMOVED], 3);
    changes_release(&changes);
    runs[1].header.suite_digest = runs[0].header.suite_digest;
    assert_int_equal(changes_find(&runs[0], &runs[1], &changes, &problem), HP_OK);
    assert_int_equal(changes.kinds[CHANGE_NO_LONGER_PROVED], 2);
    assert_int_equal(changes.kinds[CHANGE_NO_LONGER_RUN], 1);
    assert_int_equal(changes.count, 3);
    for (size_t i = 0; i < changes.count; i++) {
        const struct change *change = &changes.items[i];
        assert_string_equal((change->new ? change->new : change->old)->test_case->id, order[i]);
    }
    assert_true(changes_are_worse(&changes));
    release(runs, &changes);
}

/* Targets are matched by name where there are several: the third of the matrix is gone, and is another's now. */
static void targets_are_matched_by_name(void **state) {
    (void)state;
    struct past_run runs[2];
    struct changes changes;
    struct hp_problem problem = {0};
    char *text = sample_write(SAMPLE_MATRIX, reporter_ndjson_new);
    past_read(text, &runs[0]);
    past_read(text, &runs[1]);
    free(text);
    assert_int_equal(changes_find(&runs[0], &runs[1], &changes, &problem), HP_OK);
    assert_int_equal(changes.compared, 24);
    assert_int_equal(changes.count, changes.kinds[CHANGE_STILL_FAILING]);
    changes_release(&changes);
    runs[1].targets[2].summary.target = "null:reject-all";
    assert_int_equal(changes_find(&runs[0], &runs[1], &changes, &problem), HP_OK);
    assert_int_equal(changes.compared, 16);
    assert_int_equal(changes.kinds[CHANGE_REMOVED], 8);
    assert_int_equal(changes.kinds[CHANGE_NEW] + changes.kinds[CHANGE_NEW_FAILING], 8);
    release(runs, &changes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_has_its_kind_and_the_worse_ones_count),
        cmocka_unit_test(fingerprints_decide_what_is_another_reason),
        cmocka_unit_test(what_got_worse_comes_first_then_the_order_of_the_run),
        cmocka_unit_test(of_one_suite_what_is_gone_was_left_out),
        cmocka_unit_test(targets_are_matched_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
