#include "harness/base/value.h"
#include "harness/lab/model.h"
#include "suites/self/support_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2025-12-11T09:30:00Z */
#define START_US INT64_C(1765445400000000)

/* A stage on which nothing was played: the ids are made up, those of later slots are greater. */
struct rehearsal {
    struct script script;
    struct stage stage;
    struct model *model;
};

static void rehearsal_init(struct rehearsal *rehearsal, const char *script, bool has_clock) {
    *rehearsal = (struct rehearsal){0};
    script_short(&rehearsal->script, script);
    assert_int_equal(stage_init(&rehearsal->stage, &rehearsal->script, "run", NULL), HP_OK);
    rehearsal->stage.start_us = START_US;
    rehearsal->stage.has_clock = has_clock;
    for (unsigned i = 0; i < rehearsal->stage.slot_count; i++) {
        snprintf(rehearsal->stage.slots[i].id, STAGE_ID_SIZE, "id-%u", i);
        rehearsal->stage.slots[i].known = true;
    }
    rehearsal->model = model_new(&rehearsal->stage);
    assert_non_null(rehearsal->model);
}

static void rehearsal_release(struct rehearsal *rehearsal) {
    model_free(rehearsal->model);
    stage_release(&rehearsal->stage);
    script_release(&rehearsal->script);
}

/* Carries out the creations of the set-up, and then the acts of the first client; word says what each comes to. The
 * forecast of the last is the caller's. */
static void rehearse(struct rehearsal *rehearsal, struct text *words, struct forecast *last) {
    const struct script_client *client = &rehearsal->script.clients[0];
    *last = (struct forecast){0};
    for (unsigned i = 0; i < rehearsal->script.seed_count; i++) {
        const struct act act = {.kind = ACT_CREATE, .slot = i, .seed = rehearsal->script.seeds[i]};
        assert_int_equal(model_perform(rehearsal->model, &act, 0, last, NULL), HP_OK);
        assert_null(last->refused);
        forecast_release(last);
    }
    for (size_t i = 0; i < client->act_count; i++) {
        forecast_release(last);
        assert_int_equal(model_perform(rehearsal->model, &client->acts[i], 7, last, NULL), HP_OK);
        struct outcome outcome = {.end = last->skipped   ? ACT_SKIPPED
                                         : last->refused ? ACT_REFUSED
                                                         : ACT_DONE,
                                  .result = last->result};
        snprintf(outcome.error_name, sizeof outcome.error_name, "%s", last->refused ? last->refused : "");
        snprintf(outcome.interrupt_status, sizeof outcome.interrupt_status, "%s",
                 last->interrupt_status ? last->interrupt_status : "");
        text_add(words, i > 0 ? "; " : "");
        outcome_add_word(words, &rehearsal->stage, &client->acts[i], &outcome);
    }
}

#define CLIENT(seeds, acts) "{'interrupts':[" seeds "],'clients':[{'acts':[" acts "]}]}"
#define A_SECOND "{'ttl_seconds':1}"

static void says_what_must_come_back(void **state) {
    (void)state;
    static const struct {
        const char *script;
        const char *words;
    } rows[] = {
        {CLIENT("{}", "{'do':'get','on':0},{'do':'respond','on':0},{'do':'get','on':0}"),
         "#0 pending; ok; #0 resolved by 7"},
        {CLIENT("{}", "{'do':'respond','on':0},{'do':'respond','on':0},{'do':'cancel','on':0}"),
         "ok; conflict:resolved; conflict:resolved"},
        {CLIENT("{}", "{'do':'cancel','on':0},{'do':'respond','on':0},{'do':'get','on':0}"),
         "ok; conflict:cancelled; #0 cancelled"},
        {CLIENT("{}", "{'do':'respond','on':0,'as':'stranger'},{'do':'cancel','on':0,'as':'stranger'},"
                      "{'do':'get','on':0,'as':'stranger'},{'do':'get','on':0,'as':'trusted'}"),
         "forbidden; forbidden; forbidden; #0 pending"},
        /* The owner is asked for before it is looked whether it is open. */
        {CLIENT("{}", "{'do':'respond','on':0},{'do':'respond','on':0,'as':'stranger'}"), "ok; forbidden"},
        /* At its very end it is open; a microsecond later it has expired, swept or not. */
        {CLIENT(A_SECOND,
                "{'do':'clock','seconds':1},{'do':'get','on':0},{'do':'sweep'},{'do':'respond','on':0}"),
         "ok; #0 pending; []; ok"},
        {CLIENT(A_SECOND, "{'do':'clock','seconds':1.000001},{'do':'get','on':0},{'do':'respond','on':0},"
                          "{'do':'cancel','on':0}"),
         "ok; #0 expired; conflict:expired; conflict:expired"},
        {CLIENT(A_SECOND,
                "{'do':'clock','seconds':2},{'do':'list'},{'do':'list','status':'expired'},{'do':'pending'}"),
         "ok; []; [#0 expired]; none"},
        {CLIENT(A_SECOND ",{},{'ttl_seconds':1,'owner':'bob'}",
                "{'do':'clock','seconds':2},{'do':'sweep'},{'do':'sweep'},{'do':'get','on':0}"),
         "ok; [#0, #2]; []; #0 expired"},
        {CLIENT(A_SECOND,
                "{'do':'respond','on':0},{'do':'clock','seconds':2},{'do':'sweep'},{'do':'get','on':0}"),
         "ok; ok; []; #0 resolved by 7"},
        {CLIENT("{'kind':'checkpoint','ttl_seconds':1},{'ttl_seconds':null}",
                "{'do':'clock','seconds':90000},{'do':'sweep'},{'do':'list'}"),
         "ok; []; [#1 pending, #0 pending]"},
        {CLIENT("{'kind':'timeout'}",
                "{'do':'clock','seconds':300},{'do':'get','on':0},{'do':'clock','seconds':300.5},"
                "{'do':'get','on':0}"),
         "ok; #0 pending; ok; #0 expired"},
        /* Newest first; of one instant the greater id. */
        {CLIENT("{},{}", "{'do':'clock','seconds':1},{'do':'create','on':2},{'do':'list'},{'do':'pending'},"
                         "{'do':'respond','on':2},{'do':'pending'},{'do':'list','status':'all','limit':1}"),
         "ok; ok; [#2 pending, #1 pending, #0 pending]; #2 pending; ok; #1 pending; "
         "[#2 resolved by 7, #1 pending, #0 pending]"},
        {CLIENT("{},{'owner':'bob'}",
                "{'do':'list'},{'do':'list','owner':'bob'},{'do':'pending','owner':'bob'}"),
         "[#0 pending]; [#1 pending]; #1 pending"},
        {CLIENT("{},{},{}",
                "{'do':'respond','on':0},{'do':'cancel','on':1},{'do':'list','status':'resolved'},"
                "{'do':'list','status':'cancelled'},{'do':'list','status':'pending'}"),
         "ok; ok; [#0 resolved by 7]; [#1 cancelled]; [#2 pending]"},
        {CLIENT("", "{'do':'get','on':0},{'do':'create','on':0,'kind':'critic_review'},{'do':'get','on':0}"),
         "not tried; ok; #0 pending"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rehearsal rehearsal;
        struct text words = {0};
        struct forecast last;
        rehearsal_init(&rehearsal, rows[i].script, true);
        rehearse(&rehearsal, &words, &last);
        assert_string_equal(words.bytes, rows[i].words);
        forecast_release(&last);
        text_release(&words);
        rehearsal_release(&rehearsal);
    }
}

static void a_clock_does_not_go_back(void **state) {
    (void)state;
    struct rehearsal rehearsal;
    struct forecast forecast;
    static const struct {
        int64_t clock_us;
        const char *refused;
    } rows[] = {{5, NULL}, {5, NULL}, {4, "invalid"}, {6, NULL}};
    rehearsal_init(&rehearsal, CLIENT("", ""), true);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct act act = {.kind = ACT_CLOCK, .clock_us = rows[i].clock_us};
        assert_int_equal(model_perform(rehearsal.model, &act, 0, &forecast, NULL), HP_OK);
        assert_true(rows[i].refused ? forecast.refused && strcmp(forecast.refused, "invalid") == 0
                                    : !forecast.refused);
        forecast_release(&forecast);
    }
    rehearsal_release(&rehearsal);
}

/* One member of a forecast, as JSON. */
static void assert_member(const struct forecast *forecast, const char *pointer, const char *wanted) {
    assert_json(value_at(forecast->result, pointer), wanted);
}

static void every_field_is_foretold(void **state) {
    (void)state;
    struct rehearsal rehearsal;
    struct text words = {0};
    struct forecast last;
    rehearsal_init(&rehearsal,
                   CLIENT("{'kind':'confirmation','owner':'bob','ttl_seconds':2.5}",
                          "{'do':'clock','seconds':1.25},{'do':'respond','on':0},{'do':'get','on':0}"),
                   true);
    rehearse(&rehearsal, &words, &last);
    assert_json(json_object_get(last.result, "interrupt"),
                "{'id':'id-0','kind':'confirmation','request_id':'req-run','user_id':'bob-run','session_id':'"
                "ses-run',"
                "'envelope_id':'env-run','question':'Question 0?','message':'Message 0.',"
                "'data':{'slot':0,'kept':[1,{'two':null}]},'trace_id':'trace-0','span_id':'span-0',"
                "'status':'resolved','created_at':'2025-12-11T09:30:00.000000Z',"
                "'expires_at':'2025-12-11T09:30:02.500000Z','resolved_at':'2025-12-11T09:30:01.250000Z',"
                "'response':{'text':null,'approved':true,'decision':null,'data':{'by':7},"
                "'received_at':'2025-12-11T09:30:01.250000Z'}}");
    forecast_release(&last);
    text_release(&words);
    rehearsal_release(&rehearsal);
}

static void a_cancel_keeps_data_and_adds_its_reason(void **state) {
    (void)state;
    static const struct {
        const char *act;
        const char *data;
    } rows[] = {
        {"{'do':'cancel','on':0,'reason':true}", "{'slot':0,'kept':[1,{'two':null}],'cancel_reason':'by 7'}"},
        {"{'do':'cancel','on':0}", "{'slot':0,'kept':[1,{'two':null}]}"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char script[256];
        struct rehearsal rehearsal;
        struct text words = {0};
        struct forecast last;
        snprintf(script, sizeof script, CLIENT("{}", "%s"), rows[i].act);
        rehearsal_init(&rehearsal, script, true);
        rehearse(&rehearsal, &words, &last);
        assert_member(&last, "/interrupt/data", rows[i].data);
        assert_member(&last, "/interrupt/resolved_at", "null");
        assert_member(&last, "/interrupt/response", "null");
        forecast_release(&last);
        text_release(&words);
        rehearsal_release(&rehearsal);
    }
}

static void answers_say_what_belongs_to_them(void **state) {
    (void)state;
    struct rehearsal rehearsal;
    struct text words = {0};
    struct forecast last;
    rehearsal_init(&rehearsal, CLIENT("{'kind':'checkpoint'},{}", "{'do':'respond','on':0}"), true);
    rehearse(&rehearsal, &words, &last);
    assert_member(&last, "/request_can_resume", "true");
    assert_member(&last, "/interrupt/expires_at", "null");
    forecast_release(&last);
    const struct act list = {.kind = ACT_LIST, .status = LIST_ALL, .limit = 1};
    assert_int_equal(model_perform(rehearsal.model, &list, 0, &last, NULL), HP_OK);
    assert_member(&last, "/total", "2");
    assert_member(&last, "/interrupts/1/status", "'resolved'");
    forecast_release(&last);
    text_release(&words);
    rehearsal_release(&rehearsal);
}

static void each_change_tells_once(void **state) {
    (void)state;
    struct rehearsal rehearsal;
    struct text words = {0};
    struct forecast last;
    rehearsal_init(
        &rehearsal,
        CLIENT("{'kind':'critic_review','ttl_seconds':1},{'kind':'confirmation'},{'kind':'checkpoint'}",
               "{'do':'respond','on':1},{'do':'respond','on':1},{'do':'cancel','on':2},"
               "{'do':'clock','seconds':3},{'do':'get','on':0},{'do':'sweep'},{'do':'sweep'}"),
        true);
    rehearse(&rehearsal, &words, &last);
    static const char *const types[][2] = {{"interrupt.critic_review", "interrupt.expired"},
                                           {"interrupt.confirmation_needed", "interrupt.resolved"},
                                           {"interrupt.checkpoint", "interrupt.cancelled"}};
    static const char *const times[] = {"2025-12-11T09:30:03.000000Z", "2025-12-11T09:30:00.000000Z",
                                        "2025-12-11T09:30:00.000000Z"};
    for (unsigned slot = 0; slot < 3; slot++) {
        const json_t *events = model_events(rehearsal.model, slot);
        assert_int_equal(json_array_size(events), 2);
        for (size_t i = 0; i < 2; i++) {
            const json_t *event = json_array_get(events, i);
            assert_string_equal(json_string_value(json_object_get(event, "event_type")), types[slot][i]);
            assert_string_equal(json_string_value(json_object_get(event, "request_id")), "req-run");
        }
        assert_json(value_at(events, "/0/data/status"), "'pending'");
        assert_string_equal(json_string_value(value_at(events, "/1/timestamp")), times[slot]);
    }
    assert_json(value_at(model_events(rehearsal.model, 0), "/1/data/status"), "'expired'");
    forecast_release(&last);
    text_release(&words);
    rehearsal_release(&rehearsal);
}

static void without_a_clock_the_time_is_told(void **state) {
    (void)state;
    struct rehearsal rehearsal;
    struct forecast forecast;
    rehearsal_init(&rehearsal, CLIENT("", "{'do':'create','on':0}"), false);
    const struct act wait = {.kind = ACT_CLOCK, .clock_us = 1};
    assert_int_equal(model_perform(rehearsal.model, &wait, 0, &forecast, NULL), HP_OK);
    assert_null(forecast.refused);
    model_set_now(rehearsal.model, START_US + 5000000);
    const struct act *create = &rehearsal.script.clients[0].acts[0];
    assert_int_equal(model_perform(rehearsal.model, create, 0, &forecast, NULL), HP_OK);
    assert_member(&forecast, "/interrupt/created_at", "'2025-12-11T09:30:05.000000Z'");
    assert_member(&forecast, "/interrupt/expires_at", "'2025-12-12T09:30:05.000000Z'");
    forecast_release(&forecast);
    rehearsal_release(&rehearsal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_must_come_back),
        cmocka_unit_test(a_clock_does_not_go_back),
        cmocka_unit_test(every_field_is_foretold),
        cmocka_unit_test(a_cancel_keeps_data_and_adds_its_reason),
        cmocka_unit_test(answers_say_what_belongs_to_them),
        cmocka_unit_test(each_change_tells_once),
        cmocka_unit_test(without_a_clock_the_time_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
