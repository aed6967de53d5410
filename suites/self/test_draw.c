#include "harness/base/value.h"
#include "harness/lab/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DRAWS = 3000 };

static const struct draw everything = {
    .clients = 6, .endpoints = 3, .offers = {true, true, true, true, true, true, true, true}};

static char *draw_text(const struct draw *draw, uint64_t seed, uint64_t number) {
    struct script script;
    assert_int_equal(script_draw(draw, seed, number, &script, NULL), HP_OK);
    json_t *value = script_encode(&script);
    char *text = value_dump(value, 0);
    assert_non_null(text);
    json_decref(value);
    script_release(&script);
    return text;
}

static void a_seed_and_a_number_give_one_script(void **state) {
    (void)state;
    static const struct {
        uint64_t seed, number;
        bool same;
    } rows[] = {{1, 5, true}, {1, 6, false}, {2, 5, false}};
    char *first = draw_text(&everything, 1, 5);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *other = draw_text(&everything, rows[i].seed, rows[i].number);
        assert_int_equal(strcmp(first, other) == 0, rows[i].same);
        free(other);
    }
    free(first);
}

/* What scripts had in them. */
struct census {
    size_t clients[7], acts[ACT_KINDS], kinds[SEED_KINDS], endpoints[3];
    size_t strangers, trusted, bobs, lives, never, limits, reasons, empty_acts[ACT_KINDS];
};

static void count_seed(struct census *census, const struct seed *seed) {
    census->kinds[seed->kind]++;
    census->bobs += seed->owner == OWNER_BOB;
    census->lives += seed->ttl_us > 0;
    census->never += seed->ttl_us == SEED_TTL_NEVER;
}

static void count(struct census *census, const struct script *script) {
    bool there[ACT_KINDS] = {false};
    assert_in_range(script->client_count, 1, 6);
    census->clients[script->client_count]++;
    for (size_t i = 0; i < script->seed_count; i++) {
        count_seed(census, &script->seeds[i]);
    }
    for (size_t i = 0; i < script->client_count; i++) {
        assert_in_range(script->clients[i].endpoint, 0, 2);
        census->endpoints[script->clients[i].endpoint]++;
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            there[act->kind] = true;
            census->acts[act->kind]++;
            census->strangers += act->as == AS_STRANGER;
            census->trusted += act->as == AS_TRUSTED;
            census->limits += act->limit > 0;
            census->reasons += act->reason;
            if (act->kind == ACT_CREATE) {
                count_seed(census, &act->seed);
            }
        }
    }
    for (unsigned kind = 0; kind < ACT_KINDS; kind++) {
        census->empty_acts[kind] += !there[kind];
    }
}

/* Everything comes, and everything is left out at times; and each is a script. */
static void scripts_are_sound_and_of_all_sorts(void **state) {
    (void)state;
    struct census census = {0};
    for (uint64_t number = 0; number < DRAWS; number++) {
        struct script script, again;
        struct hp_problem problem = {0};
        assert_int_equal(script_draw(&everything, 9, number, &script, NULL), HP_OK);
        json_t *value = script_encode(&script);
        if (script_decode(value, &again, &problem) != HP_OK) {
            fail_msg("script %u: %s", (unsigned)number, problem.detail);
        }
        count(&census, &script);
        json_decref(value);
        script_release(&again);
        script_release(&script);
    }
    for (unsigned i = 1; i <= 6; i++) {
        assert_in_range(census.clients[i], DRAWS / 12, DRAWS / 3);
    }
    for (unsigned i = 0; i < ACT_KINDS; i++) {
        assert_in_range(census.acts[i], i < ACT_MODELLED ? 100 : 0, i < ACT_MODELLED ? SIZE_MAX : 0);
        assert_in_range(census.empty_acts[i], DRAWS / 4, DRAWS);
    }
    for (unsigned i = 0; i < SEED_KINDS; i++) {
        assert_in_range(census.kinds[i], 100, SIZE_MAX);
    }
    for (unsigned i = 0; i < 3; i++) {
        assert_in_range(census.endpoints[i], 100, SIZE_MAX);
    }
    const size_t oddities[] = {census.strangers, census.trusted, census.bobs,   census.lives,
                               census.never,     census.limits,  census.reasons};
    for (size_t i = 0; i < sizeof oddities / sizeof oddities[0]; i++) {
        assert_in_range(oddities[i], 100, SIZE_MAX);
    }
}

static void what_is_not_offered_is_not_drawn(void **state) {
    (void)state;
    const struct draw poor = {.clients = 1, .endpoints = 1};
    for (uint64_t number = 0; number < 300; number++) {
        struct script script;
        struct census census = {0};
        assert_int_equal(script_draw(&poor, 3, number, &script, NULL), HP_OK);
        count(&census, &script);
        assert_int_equal(census.clients[1], 1);
        assert_int_equal(census.endpoints[1] + census.endpoints[2], 0);
        assert_int_equal(census.lives, 0);
        for (unsigned kind = 0; kind < ACT_KINDS; kind++) {
            assert_true(kind == ACT_CREATE || kind == ACT_GET || census.acts[kind] == 0);
        }
        script_release(&script);
    }
}

static void the_slots_do_not_run_out(void **state) {
    (void)state;
    const struct draw many = {.clients = DRAW_CLIENTS_MAX, .endpoints = 1};
    for (uint64_t number = 0; number < 200; number++) {
        struct script script;
        assert_int_equal(script_draw(&many, 4, number, &script, NULL), HP_OK);
        assert_in_range(script_slots(&script), 1, SCRIPT_SLOTS_MAX);
        script_release(&script);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_and_a_number_give_one_script),
        cmocka_unit_test(scripts_are_sound_and_of_all_sorts),
        cmocka_unit_test(what_is_not_offered_is_not_drawn),
        cmocka_unit_test(the_slots_do_not_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
