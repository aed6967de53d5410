#include "harness/commands/matrix_jury.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void races_are_for_faults_of_the_store(void **state) {
    (void)state;
    static char race_id[] = "concurrency.one", other_id[] = "kinds.one", crash_id[] = "durability.one";
    const struct test_case race = {.id = race_id, .chapter = "concurrency"};
    const struct test_case other = {.id = other_id, .chapter = "kinds"};
    const struct test_case crash = {.id = crash_id, .chapter = "durability"};
    const struct mutant adapter = {.where = MUTANT_ADAPTER}, store = {.where = MUTANT_STORE};
    const struct mutant over_http = {.where = MUTANT_HTTP};
    assert_false(matrix_judges(&race, &adapter));
    assert_true(matrix_judges(&other, &adapter));
    assert_true(matrix_judges(&race, &store));
    assert_false(matrix_judges(&crash, &store));
    assert_true(matrix_judges(&race, NULL));
    assert_false(matrix_judges(&race, &over_http));
    assert_true(matrix_judges(&other, &over_http));
}

static void chapters_are_named_alone_or_in_a_list(void **state) {
    (void)state;
    static const struct {
        const char *chapter, *id;
        bool judges;
    } rows[] = {
        {"'users'", "users.one", true},
        {"'users'", "usersof.one", false},
        {"'users.one'", "users.one", true},
        {"'users.one'", "users.one.row", true},
        {"'users.one'", "users.ones", false},
        {"['kinds', 'users.one']", "users.one", true},
        {"['kinds', 'users.one']", "kinds.any", true},
        {"['kinds', 'users.one']", "users.two", false},
        {"['durability']", "durability.one", true},
        {"'http.body'", "http.body", true},
        {"'http.body'", "http.body.a.b", true},
        {"'http.body'", "http.bodies.a", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char id[32];
        snprintf(id, sizeof id, "%s", rows[i].id);
        json_t *chapter = json_short(rows[i].chapter);
        const struct test_case test_case = {.id = id, .chapter = ""};
        const struct mutant mutant = {.where = MUTANT_ADAPTER, .chapter = chapter};
        if (matrix_judges(&test_case, &mutant) != rows[i].judges) {
            fail_msg("%s and %s", rows[i].chapter, rows[i].id);
        }
        json_decref(chapter);
    }
}

/* The second of the bases has a mutant that is judged by users, and one of another base is judged by kinds. */
static void a_base_beside_the_first_plays_what_its_mutants_need(void **state) {
    (void)state;
    static char users_id[] = "users.one", kinds_id[] = "kinds.one";
    static const char first[] = "first", second[] = "second";
    const struct test_case users = {.id = users_id, .chapter = "users"};
    const struct test_case kinds = {.id = kinds_id, .chapter = "kinds"};
    json_t *of_users = json_string("users"), *of_kinds = json_string("kinds");
    const struct mutant judged_by_users = {.where = MUTANT_STORE, .chapter = of_users};
    const struct mutant judged_by_kinds = {.where = MUTANT_STORE, .chapter = of_kinds};
    struct matrix_row bases[] = {{.base = first}, {.base = second}};
    struct matrix_row rows[] = {{.base = first, .mutant = &judged_by_kinds},
                                {.base = second, .mutant = &judged_by_users}};
    const struct matrix matrix = {.bases = bases, .base_count = 2, .rows = rows, .row_count = 2};
    assert_true(matrix_plays(&matrix, &bases[0], &users, true));
    assert_true(matrix_plays(&matrix, &bases[0], &kinds, true));
    assert_true(matrix_plays(&matrix, &bases[1], &users, true));
    assert_false(matrix_plays(&matrix, &bases[1], &kinds, true));
    assert_false(matrix_plays(&matrix, &rows[0], &users, true));
    assert_true(matrix_plays(&matrix, &rows[0], &kinds, true));
    json_decref(of_users);
    json_decref(of_kinds);
}

/* What another case left, this one may meet. */
static void all_is_played_where_nothing_is_emptied(void **state) {
    (void)state;
    static char id[] = "kinds.one";
    struct step step = {.kind = STEP_CALL, .method = "interrupt.get"};
    const struct test_case test_case = {.id = id, .chapter = "kinds", .steps = &step, .step_count = 1};
    json_t *rules = json_short("[{'on': 'interrupt.respond'}]");
    const struct mutant mutant = {.where = MUTANT_ADAPTER, .fault = rules};
    const struct matrix_row row = {.mutant = &mutant};
    const struct matrix matrix = {0};
    assert_false(matrix_plays(&matrix, &row, &test_case, true));
    assert_true(matrix_plays(&matrix, &row, &test_case, false));
    json_decref(rules);
}

/* The steps are a clock, interrupt.get, a play of webhooks that creates meanwhile, and perhaps one more. */
static bool touches(enum mutant_where where, const char *fault, const struct step *more) {
    json_t *rules = json_short(fault);
    json_t *args = json_short("{'held': 0, 'calls': [{'op': 'interrupt.create', 'args': {}}, {}]}");
    struct step steps[] = {{.kind = STEP_CLOCK},
                           {.kind = STEP_CALL, .method = "interrupt.get"},
                           {.kind = STEP_PLAY, .method = "webhook.meanwhile", .args = args},
                           {.kind = STEP_CLOCK}};
    steps[3] = more ? *more : steps[3];
    const struct test_case test_case = {.steps = steps, .step_count = 4};
    const struct mutant mutant = {.where = where, .fault = rules};
    bool touched = matrix_touches(&test_case, &mutant);
    json_decref(args);
    json_decref(rules);
    return touched;
}

static void a_case_notices_what_it_calls(void **state) {
    (void)state;
    static const struct {
        const char *fault;
        bool touched;
    } rows[] = {
        {"[{'on': 'interrupt.get'}]", true},
        {"[{'on': 'interrupt.respond'}]", false},
        {"[{'on': ['interrupt.respond', 'interrupt.get']}]", true},
        {"[{'on': ['interrupt.respond', 'interrupt.cancel']}]", false},
        {"[{'on': 'interrupt.respond'}, {'on': 'interrupt.get'}]", true},
        {"[{'on': 'interrupt.respond'}, {'on': 'kernel.get'}, {'on': 'flow.resume'}]", false},
        {"[{'on': 'envelope.roundtrip'}, {'on': 'ratelimit.check'}]", false},
        {"[{'on': 'interrupt.create'}]", true}, /* the play's call */
        {"[{}]", true},                         /* every call */
        {"[{'on': 'clock.set'}]", true},        /* the harness's own */
        {"[{'on': 'events.drain'}]", true},
        {"[{'on': ['interrupt.respond', 'webhook.send']}]", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (touches(MUTANT_ADAPTER, rows[i].fault, NULL) != rows[i].touched) {
            fail_msg("%s", rows[i].fault);
        }
    }
}

static void what_may_call_anything_is_touched_by_everything(void **state) {
    (void)state;
    static const char other[] = "[{'on': 'interrupt.respond'}]";
    const struct step race = {.kind = STEP_PLAY, .method = "concurrency.race"};
    const struct step receive = {.kind = STEP_PLAY, .method = "webhook.receive"};
    const struct step twin = {.kind = STEP_TWIN, .method = "interrupt.respond"};
    assert_true(touches(MUTANT_ADAPTER, other, &race));
    assert_true(touches(MUTANT_ADAPTER, other, &twin));
    assert_false(touches(MUTANT_ADAPTER, other, &receive));
    assert_true(touches(MUTANT_HTTP, other, NULL));
    assert_true(touches(MUTANT_WEBHOOK, other, NULL));
    assert_true(touches(MUTANT_STORE, "null", NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(races_are_for_faults_of_the_store),
        cmocka_unit_test(chapters_are_named_alone_or_in_a_list),
        cmocka_unit_test(a_base_beside_the_first_plays_what_its_mutants_need),
        cmocka_unit_test(all_is_played_where_nothing_is_emptied),
        cmocka_unit_test(a_case_notices_what_it_calls),
        cmocka_unit_test(what_may_call_anything_is_touched_by_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
