#include "harness/lab/race.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum hp_status expand(const char *race, unsigned round, struct script *script,
                             struct hp_problem *problem) {
    json_t *read = json_loads(race, 0, NULL);
    assert_non_null(read);
    enum hp_status status = race_expand(read, 5, round, 3, script, problem);
    json_decref(read);
    return status;
}

/* The script of a round, as compact JSON. */
static char *expanded(const char *race, unsigned round) {
    struct script script;
    struct hp_problem problem = {0};
    assert_int_equal(expand(race, round, &script, &problem), HP_OK);
    json_t *value = script_encode(&script);
    char *text = json_dumps(value, JSON_COMPACT);
    json_decref(value);
    script_release(&script);
    return text;
}

static void lanes_become_clients(void **state) {
    (void)state;
    char *script = expanded(
        "{\"interrupts\":[{\"kind\":\"timeout\"}],\"lanes\":["
        "{\"clients\":3,\"endpoints\":[0,2],\"acts\":[{\"do\":\"respond\",\"on\":0},{\"do\":\"sweep\"}]},"
        "{\"clients\":1,\"endpoints\":\"all\",\"acts\":[{\"do\":\"create\",\"kind\":\"checkpoint\"}]}]}",
        0);
    assert_string_equal(script,
                        "{\"interrupts\":[{\"kind\":\"timeout\"}],\"clients\":["
                        "{\"acts\":[{\"do\":\"respond\",\"on\":0},{\"do\":\"sweep\"}]},"
                        "{\"endpoint\":2,\"acts\":[{\"do\":\"respond\",\"on\":0},{\"do\":\"sweep\"}]},"
                        "{\"acts\":[{\"do\":\"respond\",\"on\":0},{\"do\":\"sweep\"}]},"
                        "{\"acts\":[{\"do\":\"create\",\"on\":1,\"kind\":\"checkpoint\"}]}]}");
    free(script);
}

static void all_endpoints_are_taken_in_turn(void **state) {
    (void)state;
    struct script script;
    struct hp_problem problem = {0};
    assert_int_equal(
        expand("{\"lanes\":[{\"clients\":5,\"endpoints\":\"all\",\"acts\":[{\"do\":\"sweep\"}]}]}", 0,
               &script, &problem),
        HP_OK);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(script.clients[i].endpoint, i % 3);
    }
    script_release(&script);
}

#define DRAWN                                                                                                \
    "{\"interrupts\":[{\"kind\":\"timeout\"},{\"kind\":\"checkpoint\"},{\"kind\":\"timeout\"}],"             \
    "\"lanes\":[{\"clients\":4,\"pick\":6,\"acts\":[{\"do\":\"respond\"},{\"do\":\"get\"},{\"do\":"          \
    "\"create\"},"                                                                                           \
    "{\"do\":\"list\"},{\"do\":\"resume\"},{\"do\":\"check\"}]}],\"per_minute\":7}"

static void a_round_is_drawn_from_its_seed(void **state) {
    (void)state;
    char *one = expanded(DRAWN, 1), *again = expanded(DRAWN, 1), *other = expanded(DRAWN, 2);
    assert_string_equal(one, again);
    assert_string_not_equal(one, other);
    free(one);
    free(again);
    free(other);
}

/* Each of the acts and each of the slots comes in the end, and creates fill slots of their own. */
static void everything_comes_by_chance(void **state) {
    (void)state;
    size_t acts[ACT_KINDS] = {0}, slots[3] = {0};
    for (unsigned round = 0; round < 20; round++) {
        struct script script;
        struct hp_problem problem = {0};
        assert_int_equal(expand(DRAWN, round, &script, &problem), HP_OK);
        assert_int_equal(script_acts(&script), 24);
        assert_int_equal(script.per_minute, 7);
        for (size_t i = 0; i < script.client_count; i++) {
            for (size_t j = 0; j < script.clients[i].act_count; j++) {
                const struct act *act = &script.clients[i].acts[j];
                acts[act->kind]++;
                if (act_kind_works(act->kind)) {
                    assert_in_range(act->slot, 0, 2);
                    slots[act->slot]++;
                }
                assert_true(act->kind != ACT_CREATE || act->slot >= 3);
            }
        }
        script_release(&script);
    }
    static const enum act_kind expected[] = {ACT_RESPOND, ACT_GET,    ACT_CREATE,
                                             ACT_LIST,    ACT_RESUME, ACT_CHECK};
    for (size_t i = 0; i < 6; i++) {
        assert_in_range(acts[expected[i]], 50, 110);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_in_range(slots[i], 40, 120);
    }
}

static void what_is_no_race_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *race;
        const char *detail;
    } rows[] = {
        {"{}", "at /lanes: expected a list of at least one lane"},
        {"{\"lanes\":[]}", "at /lanes: expected a list of at least one lane"},
        {"{\"lanes\":[{\"acts\":[]}]}", "at /lanes/0/clients: expected 1 to 256 clients"},
        {"{\"lanes\":[{\"clients\":257,\"acts\":[]}]}", "at /lanes/0/clients: expected 1 to 256 clients"},
        {"{\"lanes\":[{\"clients\":1,\"pick\":0,\"acts\":[]}]}", "at /lanes/0/pick: expected 1 to 4096 acts"},
        {"{\"lanes\":[{\"clients\":1,\"endpoints\":\"some\",\"acts\":[]}]}",
         "at /lanes/0/endpoints: expected a list of numbers, or \"all\""},
        {"{\"lanes\":[{\"clients\":1,\"endpoints\":[\"0\"],\"acts\":[]}]}",
         "at /lanes/0/endpoints: expected a list of numbers, or \"all\""},
        {"{\"lanes\":[{\"clients\":1,\"acts\":[]},{\"clients\":1,\"act\":[]}]}",
         "at /lanes/1/act: no such member"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct script script;
        struct hp_problem problem = {0};
        assert_int_equal(expand(rows[i].race, 0, &script, &problem), HP_INVALID);
        assert_string_equal(problem.detail, rows[i].detail);
        script_release(&script);
    }
}

/* What the lanes say is well formed, and what comes out is no script. */
static void a_round_that_is_no_script_is_refused(void **state) {
    (void)state;
    struct script script;
    struct hp_problem problem = {0};
    assert_int_equal(
        expand("{\"lanes\":[{\"clients\":1,\"acts\":[{\"do\":\"respnd\"}]}]}", 0, &script, &problem),
        HP_INVALID);
    assert_non_null(strstr(problem.detail, "did you mean respond?"));
    script_release(&script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lanes_become_clients),
        cmocka_unit_test(all_endpoints_are_taken_in_turn),
        cmocka_unit_test(a_round_is_drawn_from_its_seed),
        cmocka_unit_test(everything_comes_by_chance),
        cmocka_unit_test(what_is_no_race_is_refused),
        cmocka_unit_test(a_round_that_is_no_script_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
