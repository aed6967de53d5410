#include "harness/lab/shrink.h"
#include "suites/self/support_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What a script must have to show it, and how often it was asked. */
struct judge {
    bool (*has)(const struct script *script);
    unsigned asked, patience; /* after so many it is over; 0: never */
};

/* Every candidate must be a script that could stand in a file. */
static void assert_decodes(const struct script *script) {
    struct script again;
    struct hp_problem problem = {0};
    json_t *value = script_encode(script);
    if (script_decode(value, &again, &problem) != HP_OK) {
        char *text = json_dumps(value, 0);
        fail_msg("%s: %s", text, problem.detail);
    }
    json_decref(value);
    script_release(&again);
}

static bool shows(void *context, const struct script *script, bool *over) {
    struct judge *judge = context;
    assert_decodes(script);
    assert_false(*over);
    judge->asked++;
    if (judge->patience > 0 && judge->asked > judge->patience) {
        *over = true;
        return false;
    }
    return judge->has(script);
}

static bool has_act(const struct script *script, enum act_kind kind, unsigned times) {
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            times -= times > 0 && script->clients[i].acts[j].kind == kind;
        }
    }
    return times == 0;
}

static bool has_two_answers(const struct script *script) {
    return has_act(script, ACT_RESPOND, 2);
}

static bool always(const struct script *script) {
    (void)script;
    return true;
}

/* Two clients answer one interrupt. */
static bool has_rivals(const struct script *script) {
    unsigned answered[SCRIPT_SLOTS_MAX] = {0};
    for (size_t i = 0; i < script->client_count; i++) {
        bool mine[SCRIPT_SLOTS_MAX] = {false};
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            if (act->kind == ACT_RESPOND && !mine[act->slot]) {
                mine[act->slot] = true;
                answered[act->slot]++;
            }
        }
    }
    for (unsigned i = 0; i < SCRIPT_SLOTS_MAX; i++) {
        if (answered[i] >= 2) {
            return true;
        }
    }
    return false;
}

/* One that lives for some time is answered after its end, in that order. */
static bool has_late_answer(const struct script *script) {
    for (size_t i = 0; i < script->client_count; i++) {
        int64_t clock_us = 0;
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            clock_us = act->kind == ACT_CLOCK ? act->clock_us : clock_us;
            const struct seed *seed = act->kind == ACT_RESPOND ? script_seed(script, act->slot) : NULL;
            if (seed && seed->ttl_us > 0 && clock_us > seed->ttl_us) {
                return true;
            }
        }
    }
    return false;
}

/* A create by a client, of a confirmation that is bob's. */
static bool has_creation(const struct script *script) {
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            if (act->kind == ACT_CREATE && act->seed.kind == SEED_CONFIRMATION &&
                act->seed.owner == OWNER_BOB) {
                return true;
            }
        }
    }
    return false;
}

static bool has_reason_on_second_endpoint(const struct script *script) {
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            if (script->clients[i].endpoint == 1 && script->clients[i].acts[j].reason) {
                return true;
            }
        }
    }
    return false;
}

#define LONG                                                                                                 \
    "{'interrupts':[{'kind':'timeout','ttl_seconds':2},{'kind':'critic_review','owner':'bob'},"              \
    "{'kind':'checkpoint','ttl_seconds':null},{}],"                                                          \
    "'clients':[{'endpoint':1,'acts':[{'do':'get','on':2,'as':'stranger'},{'do':'create','on':4,'kind':'"    \
    "confirmation',"                                                                                         \
    "'owner':'bob','ttl_seconds':2.5},{'do':'respond','on':4},{'do':'list','status':'all','limit':2},"       \
    "{'do':'cancel','on':3,'reason':true}]},"                                                                \
    "{'acts':[{'do':'clock','seconds':5},{'do':'respond','on':4},{'do':'respond','on':0},{'do':'sweep'},"    \
    "{'do':'pending','owner':'bob'}]},"                                                                      \
    "{'endpoint':2,'acts':[{'do':'clock','seconds':1},{'do':'cancel','on':1,'as':'stranger'},"               \
    "{'do':'respond','on':1},{'do':'create','on':5}]}]}"

static void it_ends_with_the_smallest(void **state) {
    (void)state;
    static const struct {
        bool (*has)(const struct script *script);
        const char *smallest;
    } rows[] = {
        {always, "{'interrupts':[],'clients':[{'acts':[]}]}"},
        {has_two_answers, "{'interrupts':[{'kind':'clarification'}],'clients':[{'acts':[{'do':'respond','on':"
                          "0},{'do':'respond','on':0}]}]}"},
        {has_rivals, "{'interrupts':[{'kind':'clarification'}],"
                     "'clients':[{'acts':[{'do':'respond','on':0}]},{'acts':[{'do':'respond','on':0}]}]}"},
        {has_late_answer,
         "{'interrupts':[{'kind':'clarification','ttl_seconds':1}],"
         "'clients':[{'acts':[{'do':'clock','seconds':1.000001},{'do':'respond','on':0}]}]}"},
        {has_creation, "{'interrupts':[],'clients':[{'acts':[{'do':'create','on':0,'kind':'confirmation','"
                       "owner':'bob'}]}]}"},
        {has_reason_on_second_endpoint, "{'interrupts':[{'kind':'clarification'}],'clients':[{'endpoint':1,'"
                                        "acts':[{'do':'cancel','on':0,'reason':true}]}]}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct script script;
        struct judge judge = {.has = rows[i].has};
        const struct shrinking shrinking = {shows, &judge};
        script_short(&script, LONG);
        /* A second answer to one interrupt, which no step makes out of answers to several. */
        const struct act second = {.kind = ACT_RESPOND, .slot = 4, .seed = {.ttl_us = SEED_TTL_DEFAULT}};
        assert_true(script_add_act(&script, &second));
        assert_true(rows[i].has(&script));
        assert_int_equal(script_shrink(&shrinking, &script, NULL), HP_OK);
        assert_true(rows[i].has(&script));
        json_t *value = script_encode(&script);
        assert_json(value, rows[i].smallest);
        json_decref(value);
        script_release(&script);
    }
}

static void what_cannot_be_smaller_stays(void **state) {
    (void)state;
    static const char smallest[] =
        "{'interrupts':[{'kind':'clarification'}],"
        "'clients':[{'acts':[{'do':'respond','on':0}]},{'acts':[{'do':'respond','on':0}]}]}";
    struct script script;
    struct judge judge = {.has = has_rivals};
    const struct shrinking shrinking = {shows, &judge};
    script_short(&script, smallest);
    assert_int_equal(script_shrink(&shrinking, &script, NULL), HP_OK);
    json_t *value = script_encode(&script);
    assert_json(value, smallest);
    json_decref(value);
    script_release(&script);
    assert_in_range(judge.asked, 4, 12);
}

static void when_it_is_over_nothing_more_is_tried(void **state) {
    (void)state;
    for (unsigned patience = 1; patience < 8; patience++) {
        struct script script;
        struct judge judge = {.has = has_late_answer, .patience = patience};
        const struct shrinking shrinking = {shows, &judge};
        script_short(&script, LONG);
        assert_int_equal(script_shrink(&shrinking, &script, NULL), HP_OK);
        assert_int_equal(judge.asked, patience + 1);
        assert_true(has_late_answer(&script));
        script_release(&script);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_with_the_smallest),
        cmocka_unit_test(what_cannot_be_smaller_stays),
        cmocka_unit_test(when_it_is_over_nothing_more_is_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
