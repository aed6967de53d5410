#include "harness/lab/pursuit.h"
#include "suites/self/support_rival.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A pursuit on a target with a planted bug. */
struct hunt {
    struct target *target;
    struct hello hello;
    struct arena arena;
    struct pursuit pursuit;
};

static void hunt_init(struct hunt *hunt, struct target *target, enum finding_class class, enum way way,
                      const char *script) {
    *hunt = (struct hunt){.target = target};
    assert_int_equal(target_hello(target, &hunt->hello, NULL), HP_OK);
    hunt->arena = (struct arena){
        .target = target, .hello = &hunt->hello, .deadline_ms = 5000, .seed = 1, .start_us = TRYOUT_START_US};
    hunt->pursuit =
        (struct pursuit){.arena = &hunt->arena, .class = class, .way = way, .until_ns = INT64_MAX};
    script_short(&hunt->pursuit.script, script);
}

static void hunt_release(struct hunt *hunt) {
    pursuit_release(&hunt->pursuit);
    hello_release(&hunt->hello);
    target_free(hunt->target);
}

static void assert_script(const struct pursuit *pursuit, const char *wanted) {
    json_t *value = script_encode(&pursuit->script);
    assert_json(value, wanted);
    json_decref(value);
}

/* Everybody answers #1; much else goes on. */
#define BUSY                                                                                                 \
    "{'interrupts':[{'kind':'timeout'},{'kind':'critic_review','owner':'bob','ttl_seconds':2}],"             \
    "'clients':[{'acts':[{'do':'respond','on':1},{'do':'get','on':0,'as':'stranger'},{'do':'list'}]},"       \
    "{'acts':[{'do':'create','on':2,'kind':'confirmation'},{'do':'respond','on':1},{'do':'cancel','on':0,'"  \
    "reason':true}]},"                                                                                       \
    "{'acts':[{'do':'pending','owner':'bob'},{'do':'respond','on':1},{'do':'respond','on':2}]}]}"

static void a_bug_of_one_client_ends_as_one_act(void **state) {
    (void)state;
    for (enum way way = WAY_IN_TURN; way <= WAY_AT_ONCE; way++) {
        struct hunt hunt;
        hunt_init(&hunt, rival_new(RIVAL_LOST_DATA), FINDING_FIELD, way, BUSY);
        assert_int_equal(pursuit_shrink(&hunt.pursuit, NULL), HP_OK);
        assert_script(&hunt.pursuit, "{'interrupts':[{'kind':'clarification'}],"
                                     "'clients':[{'acts':[{'do':'cancel','on':0,'reason':true}]}]}");
        assert_false(hunt.pursuit.out_of_time);
        assert_true(hunt.pursuit.tries > 0);
        assert_int_equal(pursuit_measure(&hunt.pursuit, 5, 5, NULL), HP_OK);
        assert_int_equal(hunt.pursuit.recurrence.plays, 5);
        assert_int_equal(hunt.pursuit.recurrence.returns, 5);
        assert_non_null(review_find(&hunt.pursuit.last.review, FINDING_FIELD));
        hunt_release(&hunt);
    }
}

static void a_bug_between_two_ends_as_two_acts(void **state) {
    (void)state;
    struct hunt hunt;
    hunt_init(&hunt, rival_new(RIVAL_TWO_WINNERS), FINDING_ORDER, WAY_AT_ONCE, BUSY);
    assert_int_equal(pursuit_shrink(&hunt.pursuit, NULL), HP_OK);
    assert_script(&hunt.pursuit,
                  "{'interrupts':[{'kind':'clarification'}],"
                  "'clients':[{'acts':[{'do':'respond','on':0}]},{'acts':[{'do':'respond','on':0}]}]}");
    hunt_release(&hunt);
}

static void another_class_is_another_finding(void **state) {
    (void)state;
    struct hunt hunt;
    hunt_init(&hunt, rival_new(RIVAL_LOST_DATA), FINDING_EVENT, WAY_IN_TURN, BUSY);
    assert_int_equal(pursuit_measure(&hunt.pursuit, 7, 2, NULL), HP_OK);
    assert_int_equal(hunt.pursuit.recurrence.plays, 7);
    assert_int_equal(hunt.pursuit.recurrence.returns, 0);
    assert_null(hunt.pursuit.last.performance.stage.script);
    assert_int_equal(pursuit_shrink(&hunt.pursuit, NULL), HP_OK);
    assert_script(&hunt.pursuit, BUSY);
    hunt_release(&hunt);
}

static void it_ends_when_the_time_is_over(void **state) {
    (void)state;
    struct hunt hunt;
    hunt_init(&hunt, rival_new(RIVAL_LOST_DATA), FINDING_FIELD, WAY_IN_TURN, BUSY);
    hunt.pursuit.until_ns = 0;
    assert_int_equal(pursuit_shrink(&hunt.pursuit, NULL), HP_OK);
    assert_true(hunt.pursuit.out_of_time);
    assert_int_equal(hunt.arena.plays, 0);
    /* One play is always made, or nothing could be shown. */
    assert_int_equal(pursuit_measure(&hunt.pursuit, 9, 9, NULL), HP_OK);
    assert_int_equal(hunt.pursuit.recurrence.plays, 1);
    assert_int_equal(hunt.pursuit.recurrence.returns, 1);
    hunt_release(&hunt);
}

static void a_target_that_breaks_meanwhile_ends_it(void **state) {
    (void)state;
    struct hunt hunt;
    struct hp_problem problem = {0};
    hunt_init(&hunt, rival_new(RIVAL_UNSOUND), FINDING_FIELD, WAY_IN_TURN, BUSY);
    assert_int_equal(pursuit_measure(&hunt.pursuit, 9, 1, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "it has gone away"));
    assert_int_equal(hunt.pursuit.recurrence.plays, 3);
    assert_int_equal(pursuit_shrink(&hunt.pursuit, NULL), HP_OK);
    assert_script(&hunt.pursuit, BUSY);
    hunt_release(&hunt);
}

static void turns_are_kept(void **state) {
    (void)state;
    struct hunt hunt;
    hunt_init(&hunt, rival_new(RIVAL_TWO_WINNERS), FINDING_ORDER, WAY_BY_TURNS, BUSY);
    assert_int_equal(pursuit_shrink(&hunt.pursuit, NULL), HP_OK);
    assert_int_equal(script_acts(&hunt.pursuit.script), 2);
    assert_int_equal(hunt.pursuit.choices.count, 0);
    assert_int_equal(pursuit_fix_turns(&hunt.pursuit, NULL), HP_OK);
    assert_true(hunt.pursuit.choices.count > 0);
    assert_int_equal(pursuit_measure(&hunt.pursuit, 10, 10, NULL), HP_OK);
    assert_int_equal(hunt.pursuit.recurrence.returns, 10);
    assert_int_equal(hunt.pursuit.last.choices.count, hunt.pursuit.choices.count);
    hunt_release(&hunt);
}

static void there_are_turns_only_by_turns_and_when_it_comes_back(void **state) {
    (void)state;
    static const struct {
        enum way way;
        enum finding_class class;
        unsigned plays;
    } rows[] = {{WAY_AT_ONCE, FINDING_ORDER, 0}, {WAY_BY_TURNS, FINDING_ID, PURSUIT_PLAYS}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hunt hunt;
        hunt_init(&hunt, rival_new(RIVAL_TWO_WINNERS), rows[i].class, rows[i].way, BUSY);
        assert_int_equal(pursuit_fix_turns(&hunt.pursuit, NULL), HP_OK);
        assert_int_equal(hunt.arena.plays, rows[i].plays);
        assert_int_equal(hunt.pursuit.choices.count, 0);
        hunt_release(&hunt);
    }
}

static void rounds_make_sure(void **state) {
    (void)state;
    static const struct {
        struct recurrence recurrence;
        enum way way;
        unsigned rounds;
    } rows[] = {
        {{10, 10}, WAY_IN_TURN, 1},    {{10, 9}, WAY_IN_TURN, 32},         {{400, 400}, WAY_AT_ONCE, 28},
        {{400, 40}, WAY_AT_ONCE, 280}, {{400, 1}, WAY_AT_ONCE, 11200},     {{400, 0}, WAY_AT_ONCE, 11200},
        {{10, 10}, WAY_BY_TURNS, 28},  {{100000, 1}, WAY_AT_ONCE, 100000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(recurrence_rounds(&rows[i].recurrence, rows[i].way), rows[i].rounds);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bug_of_one_client_ends_as_one_act),
        cmocka_unit_test(a_bug_between_two_ends_as_two_acts),
        cmocka_unit_test(another_class_is_another_finding),
        cmocka_unit_test(it_ends_when_the_time_is_over),
        cmocka_unit_test(a_target_that_breaks_meanwhile_ends_it),
        cmocka_unit_test(turns_are_kept),
        cmocka_unit_test(there_are_turns_only_by_turns_and_when_it_comes_back),
        cmocka_unit_test(rounds_make_sure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
