#include "harness/lab/permutation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_scene.h"

static const char *const actors[] = {"a", "ab", "h"};
static const char *const steps_a[] = {"one", "two"};
static const char *const steps_ab[] = {"one"};
static const char *const steps_h[] = {"hold", "let-go"};
static const char *const *const acts[] = {steps_a, steps_ab, steps_h};
static const struct labels labels = {actors, acts};
static const size_t counts[] = {2, 1, 2};

static enum hp_status parse(const char *order, struct permutation *permutation, struct hp_problem *problem) {
    return permutation_parse(order, &labels, counts, 3, permutation, problem);
}

static void words_become_steps(void **state) {
    (void)state;
    struct permutation permutation;
    assert_int_equal(parse("h.hold a.one:get.done ab.one a.one a.two h.let-go", &permutation, NULL), HP_OK);
    assert_int_equal(permutation.count, 6);
    assert_int_equal(permutation.steps[0].actor, 2);
    assert_int_equal(permutation.steps[1].actor, 0);
    assert_int_equal(permutation.steps[1].act, 0);
    assert_string_equal(permutation.steps[1].point, "get.done");
    assert_int_equal(permutation.steps[2].actor, 1);
    assert_null(permutation.steps[2].point);
    assert_int_equal(permutation.steps[4].act, 1);
    assert_true(permutation_has_points(&permutation));
    permutation_release(&permutation);
    assert_int_equal(parse("a.one", &permutation, NULL), HP_OK);
    assert_false(permutation_has_points(&permutation));
    permutation_release(&permutation);
}

static void other_words_are_refused_and_the_known_named(void **state) {
    (void)state;
    static const struct {
        const char *order, *detail;
    } rows[] = {
        {"a.three", "\"a.three\" names no step; there are a.one a.two ab.one h.hold h.let-go"},
        {"a.one b.one", "\"b.one\" names no step; there are a.one a.two ab.one h.hold h.let-go"},
        {"a", "\"a\" names no step; there are a.one a.two ab.one h.hold h.let-go"},
        {"a.two", "\"a.two\" is out of turn: a session does its steps in their order"},
        {"a.one a.one", "\"a.one\" is out of turn: a session does its steps in their order"},
        {"a.one:p a.two", "\"a.two\" is out of turn: a session does its steps in their order"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct permutation permutation;
        struct hp_problem problem = {0};
        assert_int_equal(parse(rows[i].order, &permutation, &problem), HP_INVALID);
        assert_string_equal(problem.detail, rows[i].detail);
        permutation_release(&permutation);
    }
}

/* What is left goes on in the order of the actors. */
static void each_word_goes_as_far_as_it_says(void **state) {
    (void)state;
    static const struct {
        const char *order, *played;
    } rows[] = {
        {"ab.one a.one", "bbbaaahh"},
        {"a.one:p ab.one:p a.one", "abaabbhh"},
        {"a.one:p a.one:p ab.one", "aabbbahh"}, /* the second time that it comes there */
        {"h.hold", "hhaaabbb"},
        {"a.one:nowhere ab.one", "aaabbbhh"}, /* a point that the act does not have is its end */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct permutation permutation;
        struct permutation_director director;
        struct paper_actors paper = {.count = 3, .moves = {3, 3, 2}};
        assert_int_equal(parse(rows[i].order, &permutation, NULL), HP_OK);
        permutation_director_init(&director, &permutation, &labels);
        assert_true(paper_play(&paper, &director.director, NULL));
        for (char *at = paper.played; *at; at++) {
            *at = *at == 'c' ? 'h' : *at;
        }
        assert_string_equal(paper.played, rows[i].played);
        permutation_release(&permutation);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_become_steps),
        cmocka_unit_test(other_words_are_refused_and_the_known_named),
        cmocka_unit_test(each_word_goes_as_far_as_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
