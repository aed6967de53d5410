#include "harness/base/value.h"
#include "harness/case/baseline.h"
#include "harness/case/baseline_entry.h"
#include "harness/case/baseline_schema.h"
#include "suites/self/support_baseline.h"
#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void an_entry_is_read_with_all_it_says(void **state) {
    (void)state;
    struct shelf shelf;
    shelf_init(
        &shelf,
        KNOWN("a", ",\"target\":\"t\",\"link\":\"https://x\",\"until\":\"2026-12-31\"") ",\n" KNOWN("b", ""));
    assert_int_equal(shelf.baseline->entry_count, 2);
    const struct known_failure *one = &shelf.baseline->entries[0], *other = &shelf.baseline->entries[1];
    assert_string_equal(one->case_id, "kinds.a");
    assert_string_equal(one->target, "t");
    assert_string_equal(one->fingerprint, MARK);
    assert_string_equal(one->reason, "r");
    assert_string_equal(one->link, "https://x");
    assert_string_equal(one->until, "2026-12-31");
    assert_null(other->target);
    assert_null(other->link);
    assert_null(other->until);
    assert_int_equal(baseline_line(shelf.baseline, one), 2);
    assert_int_equal(baseline_line(shelf.baseline, other), 3);
    shelf_release(&shelf);
}

static void an_entry_is_found_for_its_targets(void **state) {
    (void)state;
    struct shelf shelf;
    shelf_init(&shelf,
               KNOWN("a", "") "," KNOWN("b", ",\"target\":\"t\"") "," KNOWN("b", ",\"target\":\"u\""));
    const struct known_failure *entries = shelf.baseline->entries;
    const struct {
        const char *id, *target;
        const struct known_failure *found;
    } rows[] = {
        {"kinds.a", "t", &entries[0]}, {"kinds.a", "u", &entries[0]}, {"kinds.b", "t", &entries[1]},
        {"kinds.b", "u", &entries[2]}, {"kinds.b", "v", NULL},        {"kinds.d", "t", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_ptr_equal(baseline_find(shelf.baseline, rows[i].id, rows[i].target), rows[i].found);
    }
    assert_null(baseline_find(NULL, "kinds.a", "t"));
    assert_true(known_failure_is_for(&entries[0], "anything"));
    assert_false(known_failure_is_for(&entries[1], "anything"));
    shelf_release(&shelf);
}

#define LIST(entries) "{\"known_failures\":[\n" entries "\n]}"
#define BARE(members) "{\"case\":\"kinds.a\"" members "}"

static void what_is_no_baseline_is_refused_at_its_place(void **state) {
    (void)state;
    static const struct {
        const char *text, *detail;
    } rows[] = {
        {"{", "baseline.json:1:"},
        {"[]", "baseline.json:1: at the top: expected object, got []"},
        {"{}", "known_failures"},
        {LIST(BARE("")), "baseline.json:2: at /known_failures/0"},
        {LIST(BARE(",\"fingerprint\":\"" MARK "\"")), "\"reason\""},
        {LIST(BARE(",\"fingerprint\":\"" MARK "\",\"reason\":\"\"")),
         "baseline.json:2: at /known_failures/0/reason: expected a reason of at least one word"},
        {LIST(BARE(",\"fingerprint\":\"" MARK "\",\"reason\":\" \\t\"")),
         "at /known_failures/0/reason: expected a reason of at least one word"},
        {LIST(BARE(",\"fingerprint\":\"" MARK "\",\"reason\":7")),
         "at /known_failures/0/reason: expected string"},
        {LIST(BARE(",\"fingerprint\":\"0123456789ABCDEF\",\"reason\":\"r\"")),
         "at /known_failures/0/fingerprint"},
        {LIST(BARE(",\"fingerprint\":\"0123\",\"reason\":\"r\"")), "at /known_failures/0/fingerprint"},
        {LIST(KNOWN("a", ",\"untill\":\"2026-12-31\"")), "did you mean \"until\"?"},
        {LIST(KNOWN("a", ",\"until\":\"soon\"")), "at /known_failures/0/until"},
        {LIST(KNOWN("a", "") ",\n" KNOWN("b", ",\"until\":\"2026-02-30\"")),
         "baseline.json:3: at /known_failures/1/until: expected a date of the calendar, 2026-12-31"},
        {LIST(KNOWN("a", "") ",\n" KNOWN("a", "")), "baseline.json:3: at /known_failures/1: a second entry "
                                                    "for kinds.a: the one on line 2 is for every target"},
        {LIST(KNOWN("a", "") ",\n" KNOWN("a", ",\"target\":\"t\"")),
         "baseline.json:3: at /known_failures/1: a second entry for kinds.a: the one on line 2 is for every "
         "target"},
        {LIST(KNOWN("a", ",\"target\":\"t\"") ",\n" KNOWN("a", "")),
         "baseline.json:3: at /known_failures/1: a second entry for kinds.a: the one on line 2 is for one of "
         "its "
         "targets"},
        {LIST(KNOWN("a", "") ",\n{\"case\":\"kinds.b\",\"fingerprint\":\"" MARK "\",\"reason\":\" \"}"),
         "baseline.json:3: at /known_failures/1/reason: expected a reason of at least one word"},
        {LIST(KNOWN("a", "") "," KNOWN("b", "") ",\n" KNOWN("b", "")),
         "baseline.json:3: at /known_failures/2: a second entry for kinds.b: the one on line 2 is for every "
         "target"},
        {LIST(KNOWN("a", ",\"target\":\"t\"") "," KNOWN("b", "") ",\n" KNOWN("a", ",\"target\":\"t\"")),
         "baseline.json:3: at /known_failures/2: a second entry for kinds.a: the one on line 2 is for the "
         "same "
         "target"},
    };
    struct shelf shelf;
    shelf_init(&shelf, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct baseline *baseline = (struct baseline *)&shelf; /* anything but NULL */
        struct hp_problem problem = {0};
        assert_true(fixtures_write("baseline.json", rows[i].text));
        enum hp_status status = baseline_load(shelf.path, &baseline, &problem);
        if (status != HP_INVALID || !strstr(problem.detail, rows[i].detail)) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
        assert_null(baseline);
    }
    shelf_release(&shelf);
}

static void entries_for_several_targets_are_no_fault(void **state) {
    (void)state;
    struct shelf shelf;
    shelf_init(&shelf,
               KNOWN("b", "") "," KNOWN("a", ",\"target\":\"t\"") "," KNOWN("a", ",\"target\":\"u\""));
    assert_int_equal(shelf.baseline->entry_count, 3);
    shelf_release(&shelf);
    shelf_init(&shelf, "");
    assert_int_equal(shelf.baseline->entry_count, 0);
    shelf_release(&shelf);
}

static void a_file_that_is_not_there_is_named(void **state) {
    (void)state;
    struct shelf shelf;
    struct hp_problem problem = {0};
    shelf_init(&shelf, NULL);
    assert_int_equal(baseline_load(shelf.path, &shelf.baseline, &problem), HP_UNAVAILABLE);
    assert_null(shelf.baseline);
    assert_non_null(strstr(problem.detail, shelf.path));
    shelf_release(&shelf);
}

static void the_built_in_schema_is_the_one_of_the_fixtures(void **state) {
    (void)state;
    json_t *built_in = json_loads(BASELINE_SCHEMA, 0, NULL);
    json_t *file = json_load_file("fixtures/schema/baseline.json", 0, NULL);
    assert_non_null(built_in);
    assert_true(value_equals(built_in, file));
    json_decref(built_in);
    json_decref(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_read_with_all_it_says),
        cmocka_unit_test(an_entry_is_found_for_its_targets),
        cmocka_unit_test(what_is_no_baseline_is_refused_at_its_place),
        cmocka_unit_test(entries_for_several_targets_are_no_fault),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(the_built_in_schema_is_the_one_of_the_fixtures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
