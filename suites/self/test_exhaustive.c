#include "harness/lab/exhaustive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_scene.h"

enum { ORDERS_MAX = 2000 };

struct orders {
    char played[ORDERS_MAX][PAPER_MOVES_MAX + 1];
    size_t count;
};

static int compare(const void *left, const void *right) {
    return strcmp(left, right);
}

/* All orders within the bound, sorted. */
static void play_all(struct paper_actors actors, unsigned bound, struct orders *orders) {
    struct exhaustive exhaustive;
    exhaustive_init(&exhaustive, bound);
    orders->count = 0;
    do {
        assert_true(orders->count < ORDERS_MAX);
        assert_true(paper_play(&actors, &exhaustive.director, NULL));
        assert_int_equal(exhaustive.at, exhaustive.count);
        assert_true(actors.preemptions <= bound);
        strcpy(orders->played[orders->count++], actors.played);
    } while (exhaustive_next(&exhaustive));
    exhaustive_release(&exhaustive);
    qsort(orders->played, orders->count, sizeof orders->played[0], compare);
}

static void expect_orders(struct paper_actors actors, unsigned bound, const char *expected) {
    static struct orders orders;
    char joined[512] = "";
    play_all(actors, bound, &orders);
    for (size_t i = 0; i < orders.count; i++) {
        strcat(strcat(joined, i > 0 ? " " : ""), orders.played[i]);
    }
    assert_string_equal(joined, expected);
}

static void the_bound_says_how_often_one_may_be_interrupted(void **state) {
    (void)state;
    const struct paper_actors two = {.count = 2, .moves = {2, 2}};
    expect_orders(two, 0, "aabb bbaa");
    expect_orders(two, 1, "aabb abba baab bbaa");
    expect_orders(two, 2, "aabb abab abba baab baba bbaa");
    expect_orders(two, 8, "aabb abab abba baab baba bbaa");
}

/* The number of orders of 3, 3 and 3 moves is 9! / (3! 3! 3!); none comes twice. */
static void without_a_bound_all_come_and_each_once(void **state) {
    (void)state;
    static struct orders orders;
    play_all((struct paper_actors){.count = 3, .moves = {3, 3, 3}}, 100, &orders);
    assert_int_equal(orders.count, 1680);
    for (size_t i = 1; i < orders.count; i++) {
        assert_true(strcmp(orders.played[i - 1], orders.played[i]) < 0);
    }
}

static void another_course_by_the_same_turns_is_refused(void **state) {
    (void)state;
    struct exhaustive exhaustive;
    struct hp_problem problem = {0};
    struct paper_actors actors = {.count = 2, .moves = {2, 2}}, others = {.count = 2, .moves = {1, 2}};
    exhaustive_init(&exhaustive, 2);
    assert_true(paper_play(&actors, &exhaustive.director, NULL));
    assert_true(exhaustive_next(&exhaustive));
    assert_false(paper_play(&others, &exhaustive.director, &problem));
    assert_int_equal(problem.status, HP_CONFLICT);
    assert_string_equal(problem.detail,
                        "the same turns took another course this time, at turn 2: the target is "
                        "not played exactly");
    exhaustive_release(&exhaustive);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bound_says_how_often_one_may_be_interrupted),
        cmocka_unit_test(without_a_bound_all_come_and_each_once),
        cmocka_unit_test(another_course_by_the_same_turns_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
