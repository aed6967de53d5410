#include "harness/adapters/without.h"
#include "harness/lab/explore.h"
#include "suites/self/support_rival.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An expedition: a target and what explores it. */
struct expedition {
    struct target *target;
    struct hello hello;
    struct arena arena;
    struct explore explore;
};

static void expedition_init(struct expedition *expedition, struct target *target, unsigned clients) {
    *expedition = (struct expedition){.target = target};
    assert_int_equal(target_hello(target, &expedition->hello, NULL), HP_OK);
    expedition->arena = (struct arena){.target = target,
                                       .hello = &expedition->hello,
                                       .deadline_ms = 5000,
                                       .seed = 3,
                                       .start_us = TRYOUT_START_US};
    explore_init(&expedition->explore, &expedition->arena, clients);
}

static void expedition_release(struct expedition *expedition) {
    hello_release(&expedition->hello);
    target_free(expedition->target);
}

static struct target *memory(void) {
    struct target *target;
    assert_int_equal(target_from_name("memory", 5000, &target, NULL), HP_OK);
    return target;
}

static void next(struct expedition *expedition, struct explored *run) {
    struct hp_problem problem = {0};
    if (explore_next(&expedition->explore, run, &problem) != HP_OK) {
        fail_msg("run %u: %s", (unsigned)run->number, problem.detail);
    }
}

/* What was drawn, how it is played, and where that is exact, what came of it. */
static char *tell(const struct explored *run) {
    struct text text = {0};
    json_t *script = script_encode(&run->script);
    char *dumped = json_dumps(script, 0);
    text_addf(&text, "%u %s %d\n%s\n", (unsigned)run->number, way_name(run->way), run->repeated, dumped);
    if (run->way != WAY_AT_ONCE) {
        attempt_add_words(&text, &run->attempt);
    }
    json_decref(script);
    free(dumped);
    return text_take(&text);
}

static void the_reference_is_found_faultless_and_counted(void **state) {
    (void)state;
    enum { RUNS = 300 };
    struct expedition expedition;
    struct explore_tally tally = {0};
    size_t acts = 0, by_clients = 0, by_way = 0;
    expedition_init(&expedition, memory(), 4);
    for (unsigned i = 0; i < RUNS; i++) {
        struct explored run;
        next(&expedition, &run);
        assert_int_equal(run.number, i);
        if (run.attempt.review.count > 0) {
            fail_msg("run %u: %s", i, run.attempt.review.findings[0].sentence);
        }
        assert_string_equal(run.disagreement, "");
        explore_count(&tally, &run);
        acts += script_acts(&run.script);
        explored_release(&run);
    }
    for (unsigned i = 0; i <= DRAW_CLIENTS_MAX; i++) {
        by_clients += tally.by_clients[i];
        assert_true(i > 0 && i < 5 ? tally.by_clients[i] > 0 : tally.by_clients[i] == 0);
    }
    for (unsigned i = 0; i < WAY_COUNT; i++) {
        by_way += tally.by_way[i];
        assert_true(tally.by_way[i] > 0);
    }
    assert_int_equal(tally.runs, RUNS);
    assert_int_equal(by_clients, RUNS);
    assert_int_equal(by_way, RUNS);
    assert_in_range(tally.repeated, 1, RUNS / 8);
    assert_in_range(tally.operations, acts / 2, acts);
    expedition_release(&expedition);
}

/* Whatever was played before it. */
static void a_run_can_be_made_again(void **state) {
    (void)state;
    struct expedition first, second;
    expedition_init(&first, memory(), 4);
    expedition_init(&second, memory(), 4);
    for (unsigned number = 0; number < 60; number++) {
        struct explored one, other;
        next(&first, &one);
        if (number % 3 == 0) {
            second.explore.next = number;
            next(&second, &other);
            char *wanted = tell(&one), *told = tell(&other);
            assert_string_equal(told, wanted);
            free(wanted);
            free(told);
            explored_release(&other);
        }
        explored_release(&one);
    }
    expedition_release(&first);
    expedition_release(&second);
}

static void what_is_not_declared_is_not_done(void **state) {
    (void)state;
    struct target *target;
    struct expedition expedition;
    assert_int_equal(without_new(memory(), "concurrent,clock,list", &target, NULL), HP_OK);
    expedition_init(&expedition, target, 8);
    assert_int_equal(expedition.explore.draw.clients, 1);
    assert_false(expedition.explore.draw.offers[ACT_CLOCK]);
    assert_false(expedition.explore.draw.offers[ACT_LIST]);
    assert_true(expedition.explore.draw.offers[ACT_RESPOND]);
    for (unsigned i = 0; i < 20; i++) {
        struct explored run;
        next(&expedition, &run);
        assert_int_equal(run.way, WAY_IN_TURN);
        assert_int_equal(run.attempt.review.count, 0);
        explored_release(&run);
    }
    expedition_release(&expedition);
}

/* Nothing is reset, so each attempt begins later than the last ended. */
static void without_a_reset_time_goes_on(void **state) {
    (void)state;
    struct target *target;
    struct expedition expedition;
    assert_int_equal(without_new(memory(), "reset", &target, NULL), HP_OK);
    expedition_init(&expedition, target, 3);
    for (unsigned i = 0; i < 60; i++) {
        struct explored run;
        next(&expedition, &run);
        if (run.attempt.review.count > 0) {
            fail_msg("run %u: %s", i, run.attempt.review.findings[0].sentence);
        }
        explored_release(&run);
    }
    expedition_release(&expedition);
}

static void a_target_that_changes_its_mind_is_caught(void **state) {
    (void)state;
    struct expedition expedition;
    unsigned caught = 0;
    expedition_init(&expedition, memory(), 1);
    for (unsigned number = 0; number < 400 && caught == 0; number++) {
        struct explored run;
        expedition.explore.next = number;
        next(&expedition, &run);
        if (run.repeated) {
            /* The first play of a moody target is sound, the second is not. */
            struct expedition other;
            struct explored again;
            expedition_init(&other, rival_new(RIVAL_MOODY), 1);
            other.explore.next = number;
            next(&other, &again);
            if (again.disagreement[0]) {
                caught++;
                assert_int_equal(again.attempt.review.count, 0);
                assert_non_null(
                    strstr(again.disagreement, "played twice alike, was answered otherwise: client 1: list"));
            }
            explored_release(&again);
            expedition_release(&other);
        }
        explored_release(&run);
    }
    assert_int_equal(caught, 1);
    expedition_release(&expedition);
}

static void planted_bugs_are_found(void **state) {
    (void)state;
    static const struct {
        enum rival rival;
        enum finding_class class;
    } rows[] = {{RIVAL_TWO_WINNERS, FINDING_ORDER}, {RIVAL_LOST_DATA, FINDING_FIELD}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct expedition expedition;
        bool found = false;
        expedition_init(&expedition, rival_new(rows[i].rival), 4);
        for (unsigned number = 0; number < 500 && !found; number++) {
            struct explored run;
            next(&expedition, &run);
            found = review_find(&run.attempt.review, rows[i].class) != NULL;
            explored_release(&run);
        }
        assert_true(found);
        expedition_release(&expedition);
    }
}

static void a_broken_target_is_told(void **state) {
    (void)state;
    struct expedition expedition;
    struct explored run;
    struct hp_problem problem = {0};
    enum hp_status status = HP_OK;
    expedition_init(&expedition, rival_new(RIVAL_UNSOUND), 2);
    for (unsigned i = 0; i < 4 && status == HP_OK; i++) {
        status = explore_next(&expedition.explore, &run, &problem);
        explored_release(&run);
    }
    assert_int_equal(status, HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "it has gone away"));
    expedition_release(&expedition);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_is_found_faultless_and_counted),
        cmocka_unit_test(a_run_can_be_made_again),
        cmocka_unit_test(what_is_not_declared_is_not_done),
        cmocka_unit_test(without_a_reset_time_goes_on),
        cmocka_unit_test(a_target_that_changes_its_mind_is_caught),
        cmocka_unit_test(planted_bugs_are_found),
        cmocka_unit_test(a_broken_target_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
