#include "harness/case/shard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CASES = 103, PARTS_MAX = 11 };

static struct test_case cases[CASES];
static char ids[CASES][32];

/* Three chapters of unequal size, in the suite's order. */
static int set_up(void **state) {
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        cases[i].chapter = i < 70 ? "kinds" : i < 73 ? "users" : "listing";
        snprintf(ids[i], sizeof ids[i], "%s.case.n%zu", cases[i].chapter, i);
        cases[i].id = ids[i];
    }
    return 0;
}

static size_t take_part(unsigned index, unsigned count, const struct test_case *part[CASES]) {
    const struct shard shard = {index, count};
    struct hp_problem problem = {0};
    size_t left = CASES;
    for (size_t i = 0; i < CASES; i++) {
        part[i] = &cases[i];
    }
    assert_int_equal(shard_take(&shard, part, &left, &problem), HP_OK);
    return left;
}

static size_t count_chapter(const struct test_case *const *part, size_t count, const char *chapter) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += strcmp(part[i]->chapter, chapter) == 0;
    }
    return found;
}

static void every_case_is_in_exactly_one_part_in_order(void **state) {
    (void)state;
    for (unsigned parts = 1; parts <= PARTS_MAX; parts++) {
        bool seen[CASES] = {false};
        for (unsigned index = 1; index <= parts; index++) {
            const struct test_case *part[CASES];
            size_t count = take_part(index, parts, part);
            for (size_t i = 0; i < count; i++) {
                assert_true(i == 0 || part[i - 1] < part[i]);
                assert_false(seen[part[i] - cases]);
                seen[part[i] - cases] = true;
            }
        }
        for (size_t i = 0; i < CASES; i++) {
            assert_true(seen[i]);
        }
    }
}

static void parts_are_alike_in_all_and_in_each_chapter(void **state) {
    (void)state;
    static const char *const chapters[] = {"kinds", "users", "listing"};
    for (unsigned parts = 1; parts <= PARTS_MAX; parts++) {
        for (unsigned index = 1; index <= parts; index++) {
            const struct test_case *part[CASES];
            size_t count = take_part(index, parts, part), whole[] = {70, 3, 30};
            assert_in_range(count, CASES / parts, CASES / parts + 1);
            for (size_t i = 0; i < 3; i++) {
                assert_in_range(count_chapter(part, count, chapters[i]), whole[i] / parts,
                                whole[i] / parts + 1);
            }
        }
    }
}

/* Written down, so that a change of the deal is seen: machines of two versions must not share a run. */
static void the_deal_depends_on_ids_alone(void **state) {
    (void)state;
    const struct test_case *part[CASES];
    size_t count = take_part(2, 11, part);
    static const char *const wanted[] = {
        "kinds.case.n3",  "kinds.case.n21", "kinds.case.n40",   "kinds.case.n48",   "kinds.case.n50",
        "kinds.case.n57", "kinds.case.n63", "listing.case.n79", "listing.case.n87", "listing.case.n90"};
    assert_int_equal(count, sizeof wanted / sizeof wanted[0]);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(part[i]->id, wanted[i]);
    }
}

static void more_parts_than_cases_are_refused(void **state) {
    (void)state;
    const struct shard shard = {1, 3}, whole = {0};
    const struct test_case *two[] = {&cases[0], &cases[1]};
    struct hp_problem problem = {0};
    size_t count = 2;
    assert_int_equal(shard_take(&whole, two, &count, &problem), HP_OK);
    assert_int_equal(count, 2);
    assert_int_equal(shard_take(&shard, two, &count, &problem), HP_INVALID);
    assert_string_equal(problem.detail,
                        "2 selected cases cannot be dealt out to 3 parts; use at most --shard N/2");
}

static void a_part_is_read(void **state) {
    (void)state;
    struct shard shard = {7, 7};
    struct hp_problem problem = {0};
    assert_int_equal(shard_read("2/4", &shard, &problem), HP_OK);
    assert_int_equal(shard.index, 2);
    assert_int_equal(shard.count, 4);
    assert_int_equal(shard_read("1000/1000", &shard, &problem), HP_OK);
    static const char *const wrong[] = {
        "",    "2",    "2/",    "/4",   "0/4",    "5/4",  "-1/4",
        "1/0", "1/2x", "1.0/2", " 1/2", "1/1001", "1//2", "99999999999999999999/2"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        problem = (struct hp_problem){0};
        assert_int_equal(shard_read(wrong[i], &shard, &problem), HP_INVALID);
        assert_int_equal(shard.count, 1000);
        assert_non_null(strstr(problem.detail, "--shard takes I/N"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_is_in_exactly_one_part_in_order),
        cmocka_unit_test(parts_are_alike_in_all_and_in_each_chapter),
        cmocka_unit_test(the_deal_depends_on_ids_alone),
        cmocka_unit_test(more_parts_than_cases_are_refused),
        cmocka_unit_test(a_part_is_read),
    };
    return cmocka_run_group_tests(tests, set_up, NULL) != 0;
}
