/* Every allocation of what works on JSON values and parses none fails once, those of jansson too. */
#include "harness/case/match.h"
#include "suites/self/support_baseline.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What the file holds, without an allocation that could fail. */
static void read_file(const char *path, char text[4096]) {
    FILE *file = fopen(path, "r");
    size_t count = file ? fread(text, 1, 4095, file) : 0;
    text[count] = '\0';
    if (file) {
        fclose(file);
    }
}

static enum hp_status update_once(const struct shelf *shelf, size_t *added) {
    struct case_result results[] = {shelf_result(shelf, 'a', VERDICT_FAILED, OTHER_MARK),
                                    shelf_result(shelf, 'b', VERDICT_PASSED, ""),
                                    shelf_result(shelf, 'e', VERDICT_FAILED, MARK)};
    const struct baseline_outcome outcome = {"t", results, 3};
    return baseline_update(shelf->path, shelf->baseline, shelf->suite, &outcome, 1, added, NULL);
}

static char wanted[4096]; /* what an undisturbed update writes */

/* The old file is there until the new one is, and that is whole, also where jansson does without memory. */
static enum hp_status update(void *context) {
    const struct shelf *shelf = context;
    char before[4096], after[4096];
    size_t added = 0;
    read_file(shelf->path, before);
    enum hp_status status = update_once(shelf, &added);
    read_file(shelf->path, after);
    assert_string_equal(after, status == HP_OK ? wanted : before);
    assert_int_equal(added, status == HP_OK);
    return status;
}

static enum hp_status apply(void *context) {
    struct shelf *shelf = context;
    struct baseline_problems problems = {0};
    struct case_result results[] = {
        shelf_result(shelf, 'a', VERDICT_FAILED, OTHER_MARK), shelf_result(shelf, 'b', VERDICT_PASSED, ""),
        shelf_result(shelf, 'c', VERDICT_UNTESTABLE, MARK), shelf_result(shelf, 'd', VERDICT_FAILED, MARK)};
    enum hp_status status =
        baseline_apply(shelf->baseline, shelf->suite, "t", "2026-06-15", results, 4, &problems);
    baseline_problems_release(&problems);
    for (size_t i = 0; i < 4; i++) {
        case_result_release(&results[i]);
    }
    return status;
}

static void baselines_survive_every_failure(void **state) {
    (void)state;
    struct shelf shelf;
    shelf_init(&shelf, KNOWN("a", "") "," KNOWN("b", "") "," KNOWN("c", "") "," KNOWN(
                           "d", ",\"until\":\"2026-01-01\"") "," KNOWN("zz", ""));
    assert_true(fail_alloc_sweep(apply, &shelf, false) > 10);
    char *before = shelf_read(&shelf);
    assert_int_equal(update_once(&shelf, NULL), HP_OK);
    read_file(shelf.path, wanted);
    assert_string_not_equal(wanted, before);
    assert_true(fixtures_write("baseline.json", before));
    free(before);
    assert_true(fail_alloc_sweep(update, &shelf, true) > 30);
    shelf_release(&shelf);
}

/* Two targets that fail in two ways share no entry: each gets its own, or the update fails. */
static enum hp_status split(void *context) {
    const struct shelf *shelf = context;
    struct case_result on_t = shelf_result(shelf, 'a', VERDICT_FAILED, MARK);
    struct case_result on_u = shelf_result(shelf, 'a', VERDICT_FAILED, OTHER_MARK);
    const struct baseline_outcome outcomes[] = {{"t", &on_t, 1}, {"u", &on_u, 1}};
    char after[4096];
    enum hp_status status =
        baseline_update(shelf->path, shelf->baseline, shelf->suite, outcomes, 2, NULL, NULL);
    read_file(shelf->path, after);
    if (status == HP_OK) {
        assert_non_null(strstr(after, "\"t\""));
        assert_non_null(strstr(after, "\"u\""));
    }
    return status;
}

static enum hp_status find_strangers(void *context) {
    const struct shelf *shelf = context;
    static const char *const targets[] = {"memory"};
    struct baseline_strangers strangers = {0};
    enum hp_status status = baseline_find_strangers(shelf->baseline, targets, 1, &strangers);
    if (status == HP_OK) {
        assert_int_equal(strangers.misnamed.count, 2);
        assert_int_equal(strangers.notes.count, 1);
    }
    baseline_strangers_release(&strangers);
    return status;
}

static void splits_and_strangers_survive_every_failure(void **state) {
    (void)state;
    struct shelf shelf;
    shelf_init(&shelf, KNOWN("a", ""));
    assert_true(fail_alloc_sweep(split, &shelf, true) > 30);
    shelf_release(&shelf);
    shelf_init(&shelf, KNOWN("a", ",\"target\":\"memroy\"") "," KNOWN(
                           "b", ",\"target\":\"no target\"") "," KNOWN("c", ",\"target\":\"stdio:./x\""));
    assert_true(fail_alloc_sweep(find_strangers, &shelf, true) > 5);
    shelf_release(&shelf);
}

/* An expectation, a value, and whether they match. */
struct pair {
    struct matcher *matcher;
    json_t *value;
    struct scope scope;
    enum hp_status wanted;
};

static enum hp_status match(void *context) {
    struct pair *pair = context;
    struct difference difference = {0};
    enum hp_status status = expectation_match(pair->matcher, pair->value, &pair->scope, &difference);
    assert_int_equal(difference.path != NULL, status == HP_INVALID);
    if (status != HP_INTERNAL) {
        assert_int_equal(status, pair->wanted);
        status = HP_OK;
    }
    difference_release(&difference);
    return status;
}

static void matching_survives_every_failure(void **state) {
    (void)state;
    static const struct {
        const char *expectation, *value;
        enum hp_status wanted;
    } rows[] = {
        {"{\"$own\":[\"a\",\"a\"]}", "[\"a\",\"b\",\"a\"]", HP_OK},
        {"{\"$own\":[\"a\"]}", "[\"a\",\"b\",\"a\"]", HP_INVALID},
        {"{\"$not\":{\"$own\":[\"a\"]}}", "[\"a\",\"b\",\"a\"]", HP_OK},
        {"{\"$own\":{\"$any_order\":[1,\"a\"]}}", "[\"a\",\"a\"]", HP_INVALID},
        {"{\"$exactly\":{\"a\":1}}", "{\"a\":1,\"b\":2}", HP_INVALID},
        {"{\"a\":\"a{run}\"}", "{\"a\":\"a\"}", HP_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct surroundings surroundings = {0};
        struct place place = {0};
        json_t *source = json_loads(rows[i].expectation, 0, NULL);
        json_t *own = json_string("a");
        struct pair pair = {.value = json_loads(rows[i].value, 0, NULL), .wanted = rows[i].wanted};
        assert_true(scope_add_own(&pair.scope, own));
        assert_int_equal(expectation_compile(source, &surroundings, &place, &pair.matcher, NULL), HP_OK);
        if (fail_alloc_sweep(match, &pair, false) < 3) {
            fail_msg("row %zu", i);
        }
        expectation_free(pair.matcher);
        scope_release(&pair.scope);
        json_decref(pair.value);
        json_decref(source);
        json_decref(own);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(baselines_survive_every_failure),
        cmocka_unit_test(splits_and_strangers_survive_every_failure),
        cmocka_unit_test(matching_survives_every_failure),
    };
    fail_alloc_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
