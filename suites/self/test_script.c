#include "harness/lab/script.h"
#include "suites/self/support_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void the_words_are_those_of_the_contract(void **state) {
    (void)state;
    static const char *const kinds[] = {"clarification",      "confirmation", "critic_review", "checkpoint",
                                        "resource_exhausted", "timeout",      "system_error"};
    static const char *const acts[] = {"create",  "respond", "cancel", "get",    "list",
                                       "pending", "sweep",   "clock",  "resume", "check"};
    static const char *const lists[] = {"pending", "resolved", "cancelled", "expired", "all"};
    assert_int_equal(SEED_KINDS, 7);
    assert_int_equal(ACT_KINDS, 10);
    assert_int_equal(LIST_STATUS_COUNT, 5);
    for (unsigned i = 0; i < SEED_KINDS; i++) {
        assert_string_equal(seed_kind_name((enum seed_kind)i), kinds[i]);
    }
    for (unsigned i = 0; i < ACT_KINDS; i++) {
        assert_string_equal(act_kind_name((enum act_kind)i), acts[i]);
    }
    for (unsigned i = 0; i < LIST_STATUS_COUNT; i++) {
        assert_string_equal(list_status_name((enum list_status)i), lists[i]);
    }
    assert_string_equal(owner_name(OWNER_ANN), "ann");
    assert_string_equal(owner_name(OWNER_BOB), "bob");
}

static void the_kinds_stand_as_in_the_vocabulary(void **state) {
    (void)state;
    json_t *vocabulary = json_load_file("fixtures/vocabulary.json", 0, NULL);
    const json_t *kinds = json_object_get(vocabulary, "kinds");
    assert_int_equal(json_array_size(kinds), SEED_KINDS);
    for (unsigned i = 0; i < SEED_KINDS; i++) {
        const struct seed seed = {.kind = (enum seed_kind)i, .ttl_us = SEED_TTL_DEFAULT};
        const json_t *kind = json_array_get(kinds, i);
        assert_string_equal(json_string_value(json_object_get(kind, "name")), seed_kind_name(seed.kind));
        assert_int_equal(seed_ttl_us(&seed),
                         json_integer_value(json_object_get(kind, "default_ttl_seconds")) * 1000000);
        assert_int_equal(seed_expires(&seed), json_is_true(json_object_get(kind, "auto_expires")));
    }
    json_decref(vocabulary);
}

static void how_long_an_interrupt_lives(void **state) {
    (void)state;
    static const struct {
        struct seed seed;
        int64_t ttl_us;
        bool expires;
    } rows[] = {
        {{.kind = SEED_CLARIFICATION, .ttl_us = SEED_TTL_DEFAULT}, INT64_C(86400000000), true},
        {{.kind = SEED_CHECKPOINT, .ttl_us = SEED_TTL_DEFAULT}, SEED_TTL_NEVER, false},
        {{.kind = SEED_TIMEOUT, .ttl_us = SEED_TTL_NEVER}, SEED_TTL_NEVER, false},
        {{.kind = SEED_TIMEOUT, .ttl_us = 1}, 1, true},
        {{.kind = SEED_CHECKPOINT, .ttl_us = 1500000}, 1500000, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(seed_ttl_us(&rows[i].seed), rows[i].ttl_us);
        assert_int_equal(seed_expires(&rows[i].seed), rows[i].expires);
    }
}

static void an_empty_script_has_nothing(void **state) {
    (void)state;
    struct script script = {0}, copy;
    assert_int_equal(script_slots(&script), 0);
    assert_int_equal(script_acts(&script), 0);
    assert_int_equal(script_endpoints(&script), 1);
    assert_null(script_seed(&script, 0));
    assert_int_equal(script_copy(&script, &copy, NULL), HP_OK);
    assert_int_equal(copy.client_count, 0);
    script_release(&copy);
    script_release(&script);
}

static void slots_acts_and_endpoints_are_counted(void **state) {
    (void)state;
    struct script script;
    script_short(
        &script,
        "{'interrupts': [{'kind': 'timeout'}, {'kind': 'confirmation', 'owner': 'bob'}],"
        " 'clients': [{'endpoint': 3, 'acts': [{'do': 'get', 'on': 1}]}, {'acts': []},"
        "  {'endpoint': 1, 'acts': [{'do': 'create', 'on': 7, 'kind': 'checkpoint'}, {'do': 'sweep'}]}]}");
    assert_int_equal(script_slots(&script), 8);
    assert_int_equal(script_acts(&script), 3);
    assert_int_equal(script_endpoints(&script), 4);
    assert_int_equal(script_seed(&script, 0)->kind, SEED_TIMEOUT);
    assert_int_equal(script_seed(&script, 1)->kind, SEED_CONFIRMATION);
    assert_int_equal(script_seed(&script, 1)->owner, OWNER_BOB);
    assert_int_equal(script_seed(&script, 7)->kind, SEED_CHECKPOINT);
    assert_null(script_seed(&script, 2)); /* between those that are filled */
    assert_null(script_seed(&script, 8));
    script_release(&script);
    assert_null(script.seeds);
    script_release(&script); /* what is released may be released again */
}

static void a_copy_shares_nothing(void **state) {
    (void)state;
    struct script script, copy;
    script_short(&script, "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'cancel', 'reason': true}]}]}");
    assert_int_equal(script_copy(&script, &copy, NULL), HP_OK);
    assert_ptr_not_equal(script.seeds, copy.seeds);
    assert_ptr_not_equal(script.clients, copy.clients);
    assert_ptr_not_equal(script.clients[0].acts, copy.clients[0].acts);
    copy.seeds[0].owner = OWNER_BOB;
    copy.clients[0].acts[0].reason = false;
    assert_int_equal(script.seeds[0].owner, OWNER_ANN);
    assert_true(script.clients[0].acts[0].reason);
    script_release(&script);
    assert_int_equal(copy.clients[0].acts[0].kind, ACT_CANCEL);
    script_release(&copy);
}

/* Each adder takes as many as there may be, and one more is refused without a change. */
static void a_full_script_takes_no_more(void **state) {
    (void)state;
    const struct seed seed = {.kind = SEED_SYSTEM_ERROR, .ttl_us = 5};
    struct script script = {0};
    for (unsigned i = 0; i < SCRIPT_SLOTS_MAX; i++) {
        assert_true(script_add_seed(&script, &seed));
    }
    assert_false(script_add_seed(&script, &seed));
    assert_int_equal(script.seed_count, SCRIPT_SLOTS_MAX);
    for (unsigned i = 0; i < SCRIPT_CLIENTS_MAX; i++) {
        assert_true(script_add_client(&script, i));
    }
    assert_false(script_add_client(&script, 0));
    assert_int_equal(script.client_count, SCRIPT_CLIENTS_MAX);
    for (unsigned i = 0; i < SCRIPT_ACTS_MAX; i++) {
        const struct act act = {.kind = ACT_CLOCK, .clock_us = i};
        assert_true(script_add_act(&script, &act));
    }
    const struct act more = {.kind = ACT_SWEEP};
    assert_false(script_add_act(&script, &more));
    assert_int_equal(script_acts(&script), SCRIPT_ACTS_MAX);
    const struct script_client *last = &script.clients[SCRIPT_CLIENTS_MAX - 1];
    for (unsigned i = 0; i < SCRIPT_ACTS_MAX; i++) {
        assert_int_equal(last->acts[i].clock_us, i);
    }
    assert_int_equal(script_endpoints(&script), SCRIPT_CLIENTS_MAX);
    script_release(&script);
}

/* Acts go to the client that was added last. */
static void acts_belong_to_the_last_client(void **state) {
    (void)state;
    struct script script = {0};
    const struct act sweep = {.kind = ACT_SWEEP};
    assert_true(script_add_client(&script, 0));
    assert_true(script_add_act(&script, &sweep));
    assert_true(script_add_client(&script, 2));
    assert_true(script_add_act(&script, &sweep));
    assert_true(script_add_act(&script, &sweep));
    assert_int_equal(script.clients[0].act_count, 1);
    assert_int_equal(script.clients[1].act_count, 2);
    assert_int_equal(script.clients[1].endpoint, 2);
    script_release(&script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_words_are_those_of_the_contract),
        cmocka_unit_test(the_kinds_stand_as_in_the_vocabulary),
        cmocka_unit_test(how_long_an_interrupt_lives),
        cmocka_unit_test(an_empty_script_has_nothing),
        cmocka_unit_test(slots_acts_and_endpoints_are_counted),
        cmocka_unit_test(a_copy_shares_nothing),
        cmocka_unit_test(a_full_script_takes_no_more),
        cmocka_unit_test(acts_belong_to_the_last_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
