/* What can be told when everybody is done, on performances made by hand: when each interrupt's end was reached, what was
 * lost, and how much happened at once. */
#include "harness/lab/crew_parts.h"
#include "suites/self/support_history.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEVER HISTORY_NEVER

/* One outcome: how it ended, when it was called and answered, and for a creation when its interrupt ends. */
struct moment {
    enum act_end end;
    int64_t invoke_ns, return_ns;
    const char *expires_at; /* JSON; NULL: no interrupt in it */
};

enum { MOMENTS_MAX = 6 };

static void set(struct outcome *outcome, const struct moment *moment) {
    char result[128];
    *outcome =
        (struct outcome){.end = moment->end, .invoke_ns = moment->invoke_ns, .return_ns = moment->return_ns};
    if (moment->end == ACT_REFUSED) {
        text_put(outcome->error_name, sizeof outcome->error_name, "invalid");
    }
    if (moment->end == ACT_LOST) {
        snprintf(outcome->detail, sizeof outcome->detail, "lost at %d", (int)moment->return_ns);
    }
    if (moment->expires_at) {
        snprintf(result, sizeof result, "{'interrupt': {'id': 'k', 'expires_at': %s}}", moment->expires_at);
        outcome->result = json_short(result);
    }
}

/* A performance of that script, whose outcomes are the moments, client by client. The slot 0 is known as "k". */
static void performance_of(struct performance *performance, const struct script *script, bool has_clock,
                           const struct moment *seeding, const struct moment *moments) {
    *performance = (struct performance){0};
    assert_int_equal(stage_init(&performance->stage, script, "r", NULL), HP_OK);
    struct stage *stage = &performance->stage;
    stage->has_clock = has_clock;
    stage->start_us = has_clock ? TRYOUT_START_US : INT64_MIN;
    text_put(stage->slots[0].id, STAGE_ID_SIZE, "k");
    stage->slots[0].known = true;
    performance->seeding = calloc(script->seed_count + 1, sizeof *performance->seeding);
    performance->closing = calloc(stage->slot_count + 1, sizeof *performance->closing);
    performance->windows = calloc(stage->slot_count + 1, sizeof *performance->windows);
    performance->outcomes = calloc(script->client_count + 1, sizeof *performance->outcomes);
    assert_true(performance->seeding && performance->closing && performance->windows &&
                performance->outcomes);
    if (seeding) {
        set(&performance->seeding[0], seeding);
    }
    for (size_t i = 0; i < script->client_count; i++) {
        performance->outcomes[i] = calloc(script->clients[i].act_count + 1, sizeof **performance->outcomes);
        assert_non_null(performance->outcomes[i]);
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            set(&performance->outcomes[i][j], moments++);
        }
    }
}

#define MINUTE "{'interrupts': [{'ttl_seconds': 60}], 'clients': ["
#define CLOCK(seconds) "{'acts': [{'do': 'clock', 'seconds': " seconds "}]}"
#define AT_60 "'2025-12-11T09:31:00.000000Z'"
#define SEEDED(expires_at)                                                                                   \
    { ACT_DONE, 10, 20, expires_at }

static const struct {
    const char *script;
    struct moment seeding;
    struct moment moments[MOMENTS_MAX];
    int64_t from_ns, until_ns, error_ns;
} clocked[] = {
    /* Nobody moves the clock; or not beyond; or to the very end, at which it is still open. */
    {MINUTE "{'acts': []}]}", SEEDED(AT_60), {{0}}, NEVER, NEVER, 0},
    {MINUTE CLOCK("59") "]}", SEEDED(AT_60), {{ACT_DONE, 100, 200, NULL}}, NEVER, NEVER, 0},
    {MINUTE CLOCK("60") "]}", SEEDED(AT_60), {{ACT_DONE, 100, 200, NULL}}, NEVER, NEVER, 0},
    /* One call passes it, somewhere between its call and its answer. */
    {MINUTE CLOCK("60.000001") "]}", SEEDED(AT_60), {{ACT_DONE, 100, 200, NULL}}, 100, 200, 50},
    {MINUTE CLOCK("60.000001") "]}", SEEDED(AT_60), {{ACT_DONE, 100, 201, NULL}}, 100, 201, 51},
    {MINUTE CLOCK("3600") "]}",
     SEEDED("'2025-12-11T10:31:00+01:00'"),
     {{ACT_DONE, 100, 200, NULL}},
     100,
     200,
     50},
    /* Of several, whoever was called first may have been it, and whoever was answered first was no later. */
    {MINUTE CLOCK("61") "," CLOCK("62") "]}",
     SEEDED(AT_60),
     {{ACT_DONE, 100, 400, NULL}, {ACT_DONE, 200, 300, NULL}},
     100,
     300,
     100},
    {MINUTE
     "{'acts': [{'do': 'clock', 'seconds': 30}, {'do': 'clock', 'seconds': 61}, {'do': 'clock', 'seconds': "
     "90}]}]}",
     SEEDED(AT_60),
     {{ACT_DONE, 50, 60, NULL}, {ACT_DONE, 70, 80, NULL}, {ACT_DONE, 90, 95, NULL}},
     70,
     80,
     5},
    /* A call that was refused as going back found the clock beyond. */
    {MINUTE CLOCK("61") "," CLOCK("70") "]}",
     SEEDED(AT_60),
     {{ACT_REFUSED, 150, 250, NULL}, {ACT_DONE, 100, 400, NULL}},
     100,
     250,
     75},
    /* One whose answer was lost may have moved it at any time, or never. */
    {MINUTE CLOCK("61") "," CLOCK("70") "]}",
     SEEDED(AT_60),
     {{ACT_LOST, 100, 150, NULL}, {ACT_DONE, 300, 400, NULL}},
     100,
     400,
     150},
    {MINUTE CLOCK("61") "]}",
     SEEDED(AT_60),
     {{ACT_LOST, 100, 150, NULL}},
     100,
     NEVER,
     (NEVER / 4 - 100 + 1) / 2},
    {MINUTE CLOCK("61") "]}", SEEDED(AT_60), {{ACT_SKIPPED, 0, 0, NULL}}, NEVER, NEVER, 0},
    /* No end: none was given, none was answered, a kind that does not expire, a creation that was refused. */
    {"{'interrupts': [{'ttl_seconds': null}], 'clients': [" CLOCK("61") "]}",
     SEEDED("null"),
     {{ACT_DONE, 100, 200, NULL}},
     NEVER,
     NEVER,
     0},
    {MINUTE CLOCK("61") "]}", SEEDED("'soon'"), {{ACT_DONE, 100, 200, NULL}}, NEVER, NEVER, 0},
    {MINUTE CLOCK("61") "]}", SEEDED(NULL), {{ACT_DONE, 100, 200, NULL}}, NEVER, NEVER, 0},
    {"{'interrupts': [{'kind': 'checkpoint', 'ttl_seconds': 60}], 'clients': [" CLOCK("61") "]}",
     SEEDED(AT_60),
     {{ACT_DONE, 100, 200, NULL}},
     NEVER,
     NEVER,
     0},
    {MINUTE CLOCK("61") "]}", {ACT_REFUSED, 10, 20, NULL}, {{ACT_DONE, 100, 200, NULL}}, NEVER, NEVER, 0},
    /* What a client creates has an end as well. */
    {"{'clients': [{'acts': [{'do': 'create', 'ttl_seconds': 60}, {'do': 'clock', 'seconds': 61}]}]}",
     {0},
     {{ACT_DONE, 10, 20, AT_60}, {ACT_DONE, 100, 200, NULL}},
     100,
     200,
     50},
    {"{'clients': [{'acts': [{'do': 'create', 'ttl_seconds': 60}, {'do': 'clock', 'seconds': 61}]}]}",
     {0},
     {{ACT_LOST, 10, 20, NULL}, {ACT_DONE, 100, 200, NULL}},
     NEVER,
     NEVER,
     0},
};

static void the_window_of_an_end_is_that_of_the_clock(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof clocked / sizeof clocked[0]; i++) {
        struct script script;
        struct performance performance;
        script_short(&script, clocked[i].script);
        performance_of(&performance, &script, true, script.seed_count > 0 ? &clocked[i].seeding : NULL,
                       clocked[i].moments);
        history_short(&performance.history, "0 create/ann/- ok 10 20; 1 get pending 30 40");
        performance_complete(&performance);
        const struct window *window = &performance.windows[0];
        bool right = window->from_ns == clocked[i].from_ns && window->until_ns == clocked[i].until_ns &&
                     performance_clock_error_ns(&performance, 0) == clocked[i].error_ns;
        /* The middle stands in the history, and its error reaches both ends. */
        int64_t expires_ns = performance.history.operations[0].expires_ns;
        right =
            right && (clocked[i].from_ns == NEVER ? expires_ns == NEVER
                                                  : expires_ns == clocked[i].from_ns + clocked[i].error_ns);
        if (!right) {
            fail_msg("row %zu: from %jd until %jd error %jd, ends %jd", i, (intmax_t)window->from_ns,
                     (intmax_t)window->until_ns, (intmax_t)performance_clock_error_ns(&performance, 0),
                     (intmax_t)expires_ns);
        }
        performance_release(&performance);
        script_release(&script);
    }
}

/* A clock that was refused for another reason is no witness. */
static void only_a_refusal_as_invalid_found_the_clock_beyond(void **state) {
    (void)state;
    static const struct moment seeding = SEEDED(AT_60);
    static const struct moment moments[] = {{ACT_REFUSED, 150, 250, NULL}, {ACT_DONE, 100, 400, NULL}};
    struct script script;
    struct performance performance;
    script_short(&script, MINUTE CLOCK("61") "," CLOCK("70") "]}");
    performance_of(&performance, &script, true, &seeding, moments);
    text_put(performance.outcomes[0][0].error_name, ADAPTER_NAME_SIZE, "unavailable");
    history_short(&performance.history, "0 create/ann/- ok 10 20");
    performance_complete(&performance);
    assert_int_equal(performance.windows[0].from_ns, 100);
    assert_int_equal(performance.windows[0].until_ns, 400);
    performance_release(&performance);
    script_release(&script);
}

/* On the clock of the world it ends so long after the creation, which was called and answered. */
static void without_a_clock_the_window_is_that_of_the_creation(void **state) {
    (void)state;
    static const struct {
        const char *seed;
        struct moment seeding;
        int64_t from_ns, until_ns, error_ns;
        int64_t off_ns; /* how far the target's clock may be off */
    } rows[] = {
        {"'ttl_seconds': 0.000001", {ACT_DONE, 10, 20, AT_60}, 1010, 1020, 5, 0},
        {"'ttl_seconds': 0.000001", {ACT_DONE, 10, 20, AT_60}, 910, 1120, 105, 100},
        {"'kind': 'timeout'", {ACT_DONE, 10, 21, NULL}, INT64_C(300000000010), INT64_C(300000000021), 6, 0},
        {"'ttl_seconds': null", {ACT_DONE, 10, 20, NULL}, NEVER, NEVER, 0, 50},
        {"'kind': 'checkpoint', 'ttl_seconds': 1", {ACT_DONE, 10, 20, AT_60}, NEVER, NEVER, 0, 0},
        {"", {ACT_LOST, 10, 20, NULL}, NEVER, NEVER, 0, 0},
        {"", {ACT_REFUSED, 10, 20, NULL}, NEVER, NEVER, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[128];
        struct script script;
        struct performance performance;
        static const struct moment waited[] = {{ACT_DONE, 100, 200, NULL}};
        snprintf(text, sizeof text, "{'interrupts': [{%s}], 'clients': [" CLOCK("3600") "]}", rows[i].seed);
        script_short(&script, text);
        performance_of(&performance, &script, false, &rows[i].seeding, waited);
        performance.stage.clock_error_ns = rows[i].off_ns;
        history_short(&performance.history, "0 create/ann/- ok 10 20");
        performance_complete(&performance);
        assert_int_equal(performance.windows[0].from_ns, rows[i].from_ns);
        assert_int_equal(performance.windows[0].until_ns, rows[i].until_ns);
        assert_int_equal(performance_clock_error_ns(&performance, 0), rows[i].error_ns);
        performance_release(&performance);
        script_release(&script);
    }
}

static void lost_answers_are_counted_and_the_first_is_told(void **state) {
    (void)state;
    struct script script;
    struct performance performance;
    static const struct moment seeding = SEEDED(AT_60);
    static const struct moment moments[] = {{ACT_DONE, 1, 2, NULL},
                                            {ACT_LOST, 3, 4, NULL},
                                            {ACT_REFUSED, 5, 6, NULL},
                                            {ACT_LOST, 7, 8, NULL},
                                            {ACT_SKIPPED, 0, 0, NULL}};
    script_short(&script,
                 MINUTE "{'acts': [{'do': 'get'}, {'do': 'get'}]}, {'acts': [{'do': 'get'}, {'do': 'get'},"
                        " {'do': 'get'}]}]}");
    performance_of(&performance, &script, true, &seeding, moments);
    performance_complete(&performance);
    assert_int_equal(performance.lost, 2);
    assert_string_equal(performance.lost_why, "lost at 4");
    performance_release(&performance);
    script_release(&script);
}

/* Intervals are closed: what shares a nanosecond was at once. */
static const struct {
    const char *history;
    size_t overlaps;
} histories[] = {
    {"", 0},
    {"0 create/ann/- ok 1 9", 0},
    {"0 create/ann/- ok 1 2; 1 get pending 3 4; 2 get pending 5 6", 0},
    {"0 create/ann/- ok 1 2; 1 get pending 3 5; 2 get pending 5 6", 1},
    {"0 create/ann/- ok 1 2; 1 get pending 3 9; 2 get pending 4 5; 3 get pending 6 7", 2},
    {"0 create/ann/- ok 1 2; 1 get pending 3 9; 2 get pending 3 9; 3 get pending 3 9", 3},
    {"0 create/ann/- ok 1 2; 1 get pending 3 9; 1 get pending 4 5",
     0}, /* one client, as in the rows of a list */
    {"0 create/ann/- ok 1 9; 1 get pending 3 4", 1},
    /* The short one between two long ones does not hide them from each other. */
    {"0 create/ann/- ok 1 2; 1 get pending 3 9; 2 get pending 4 5; 3 get pending 7 9", 2},
    /* How long one whose answer was lost was under way nobody knows; that it was called beside another is seen. */
    {"0 create/ann/- ok 1 2; 1 respond/ann unknown 3 -; 2 get pending 5 6", 0},
    {"0 create/ann/- ok 1 2; 1 get pending 3 6; 2 respond/ann unknown 5 -", 1},
};

static void overlaps_are_pairs_of_clients(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof histories / sizeof histories[0]; i++) {
        struct script script;
        struct performance performance;
        static const struct moment seeding = SEEDED(AT_60);
        script_short(&script, MINUTE "{'acts': []}]}");
        performance_of(&performance, &script, true, &seeding, NULL);
        if (histories[i].history[0]) {
            history_short(&performance.history, histories[i].history);
        }
        performance_complete(&performance);
        if (performance.overlaps != histories[i].overlaps) {
            fail_msg("%s: %zu overlaps", histories[i].history, performance.overlaps);
        }
        performance_release(&performance);
        script_release(&script);
    }
}

/* Interrupts do not overlap with each other. */
static void overlaps_are_on_one_interrupt(void **state) {
    (void)state;
    static const char *const lines[] = {
        "{\"client\":0,\"key\":\"k\",\"op\":\"get\",\"args\":{},\"result\":\"pending\",\"invoke_ns\":1,"
        "\"return_ns\":9}",
        "{\"client\":1,\"key\":\"l\",\"op\":\"get\",\"args\":{},\"result\":\"pending\",\"invoke_ns\":1,"
        "\"return_ns\":9}",
        "{\"client\":2,\"key\":\"l\",\"op\":\"get\",\"args\":{},\"result\":\"pending\",\"invoke_ns\":2,"
        "\"return_ns\":3}",
    };
    struct script script;
    struct performance performance;
    static const struct moment seeding = SEEDED(AT_60);
    script_short(&script, MINUTE "{'acts': []}]}");
    performance_of(&performance, &script, true, &seeding, NULL);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_int_equal(
            history_read_line(&performance.history, "h", i + 1, lines[i], strlen(lines[i]), NULL), HP_OK);
    }
    assert_int_equal(history_group(&performance.history, NULL), HP_OK);
    performance_complete(&performance);
    assert_int_equal(performance.overlaps, 1);
    performance_release(&performance);
    script_release(&script);
}

/* Checks are on no interrupt; those of one owner meet, by clients of their own. */
static void checks_overlap_on_one_limit(void **state) {
    (void)state;
    static const struct moment checks[] = {{ACT_DONE, 1, 5, NULL},     {ACT_REFUSED, 5, 9, NULL},
                                           {ACT_DONE, 6, 7, NULL},     {ACT_DONE, 10, 12, NULL},
                                           {ACT_SKIPPED, 1, 12, NULL}, {ACT_DONE, 1, 12, NULL}};
    enum { COUNT = sizeof checks / sizeof checks[0] };
    static const size_t overlaps[COUNT] = {0, 1, 2, 2, 2, 2}; /* with those that stand before */
    struct script script;
    script_short(&script,
                 "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'check'}]}, {'acts': [{'do': 'check'}]},"
                 " {'acts': [{'do': 'check'}, {'do': 'check'}, {'do': 'check'}]},"
                 " {'acts': [{'do': 'check', 'owner': 'bob'}]}]}");
    for (size_t count = 1; count <= COUNT; count++) {
        struct moment moments[COUNT] = {{0}};
        struct performance performance;
        static const struct moment seeding = SEEDED(AT_60);
        memcpy(moments, checks, count * sizeof checks[0]);
        performance_of(&performance, &script, true, &seeding, moments);
        performance_complete(&performance);
        assert_int_equal(performance.overlaps, overlaps[count - 1]);
        performance_release(&performance);
    }
    script_release(&script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_of_an_end_is_that_of_the_clock),
        cmocka_unit_test(only_a_refusal_as_invalid_found_the_clock_beyond),
        cmocka_unit_test(without_a_clock_the_window_is_that_of_the_creation),
        cmocka_unit_test(lost_answers_are_counted_and_the_first_is_told),
        cmocka_unit_test(overlaps_are_pairs_of_clients),
        cmocka_unit_test(overlaps_are_on_one_interrupt),
        cmocka_unit_test(checks_overlap_on_one_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
