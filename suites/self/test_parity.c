/* Two fakes say something to the same case: what they may say differently, and where they may not. */
#include "harness/case/parity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_play.h"

/* The ids of three interrupts on the one and on the other. */
#define A1 "\"aaaaaaa1-0000-4000-8000-000000000000\""
#define A2 "\"aaaaaaa2-0000-4000-8000-000000000000\""
#define A3 "\"aaaaaaa3-0000-4000-8000-000000000000\""
#define B1 "\"bbbbbbb1-0000-4000-8000-000000000000\""
#define B2 "\"0bbbbbb2-0000-4000-8000-000000000000\""
#define B3 "\"bbbbbbb3-0000-4000-8000-000000000000\""

#define START "\"2025-12-11T09:30:00.000000Z\""
#define LATER "\"2025-12-11T09:30:01.000000Z\""
#define ROW_AT(id, created, members) "{\"id\":" id ",\"kind\":\"timeout\",\"created_at\":" created members "}"
#define ROW(id, members) ROW_AT(id, START, members)
#define ONE(id, members) "{\"interrupt\":" ROW(id, members) "}"
#define DATA(id, value) ONE(id, ",\"data\":{\"x\":" value "}")
#define RESPONSE(id, members) ONE(id, ",\"resolved_at\":" LATER ",\"response\":{" members "}")
#define PAGE(rows, cursor) "{\"interrupts\":[" rows "],\"total\":2,\"next_cursor\":" cursor "}"
#define IDS(list) "{\"ids\":[" list "]}"
#define EVENTS(list) "{\"events\":[" list "]}"
#define EVENT(event_id, type, id)                                                                            \
    "{\"event_id\":" event_id ",\"event_type\":\"" type "\",\"timestamp\":" START ",\"data\":" ROW(id, "") "}"

#define ALL                                                                                                  \
    "[\"reset\",\"clock\",\"create\",\"get\",\"list\",\"respond\",\"cancel\",\"expire_pending\","            \
    "\"pending_for_request\",\"events\",\"describe\",\"envelope\"]"
#define NO_CLOCK                                                                                             \
    "[\"reset\",\"create\",\"get\",\"list\",\"respond\",\"cancel\",\"expire_pending\","                      \
    "\"pending_for_request\",\"events\",\"describe\",\"envelope\"]"

/* The answers of both to one call, after each has made two interrupts at one instant. */
struct row {
    const char *method;
    const char *first, *other;
    const char *path; /* NULL: they say the same */
};

/* Plays a case on a fake and keeps the sides. */
static void play(struct play *played, const char *steps, const char *capabilities,
                 const struct fake_answer *script) {
    struct text text = {0};
    text_addf(&text, PLAY_CASE("a", "\"steps\":[%s]"), steps);
    play_init(played, text.bytes, capabilities, script);
    text_release(&text);
    played->plan.keep_parity = true;
    play_run(played);
}

/* Holds the first case of both against each other. */
static void compare(const struct play *first, const struct play *other, struct parity_target *target) {
    *target = (struct parity_target){.first = "one", .target = "two"};
    assert_int_equal(parity_compare(first->results, other->results, first->plan.case_count, target), HP_OK);
}

static void check(const struct row *row, const char *capabilities) {
    struct text steps = {0};
    text_addf(&steps, PLAY_CREATE "," PLAY_CREATE ",{\"op\":\"%s\",\"args\":{},\"requirement\":\"REQ-A-1\"}",
              row->method);
    const struct fake_answer one[] = {PLAY_ACCEPT("interrupt.create", ONE(A1, "")),
                                      PLAY_ACCEPT("interrupt.create", ONE(A2, "")),
                                      PLAY_ACCEPT(row->method, row->first), PLAY_END};
    const struct fake_answer two[] = {PLAY_ACCEPT("interrupt.create", ONE(B1, "")),
                                      PLAY_ACCEPT("interrupt.create", ONE(B2, "")),
                                      PLAY_ACCEPT(row->method, row->other), PLAY_END};
    struct play first, other;
    struct parity_target target;
    play(&first, steps.bytes, ALL, one);
    play(&other, steps.bytes, capabilities, two);
    assert_outcome(&first.results[0], VERDICT_PASSED, NULL);
    assert_outcome(&other.results[0], VERDICT_PASSED, NULL);
    compare(&first, &other, &target);
    assert_int_equal(target.compared, 1);
    assert_int_equal(target.loose, strcmp(capabilities, NO_CLOCK) == 0);
    const struct parity_case *pair = &target.cases[0];
    const char *path = pair->state == PARITY_DIFFERS ? pair->path : NULL;
    if ((path != NULL) != (row->path != NULL) || (path && strcmp(path, row->path) != 0)) {
        fail_msg("%s\n  %s\n  %s\n  differ at %s, not %s", row->method, row->first, row->other,
                 path ? path : "no place", row->path ? row->path : "no place");
    }
    if (path) {
        assert_string_equal(pair->step, "step 3");
        assert_string_equal(pair->method, row->method);
        assert_string_not_equal(pair->first, pair->other);
    }
    parity_target_release(&target);
    play_release(&first);
    play_release(&other);
    text_release(&steps);
}

static void what_the_contract_leaves_free(void **state) {
    (void)state;
    static const struct row rows[] = {
        /* Who is who, by the order of appearance. */
        {"interrupt.get", ONE(A1, ""), ONE(B1, ""), NULL},
        {"interrupt.get", ONE(A1, ""), ONE(B2, ""), "/result/interrupt/id"},
        {"interrupt.get", ONE(A2, ""), ONE(B3, ""), "/result/interrupt/id"},
        {"interrupt.get", ONE(A3, ""), ONE(B3, ""), NULL},
        {"interrupt.get", ONE("\"a1\"", ""), ONE("\"b1\"", ""), "/result/interrupt/id"},
        {"interrupt.get", DATA(A1, A2), DATA(B1, B2), NULL},
        {"interrupt.get", DATA(A1, A2), DATA(B1, B1), "/result/interrupt/data/x"},
        {"interrupt.get", DATA(A1, "\"see aaaaaaa2-0000-4000-8000-000000000000!\""),
         DATA(B1, "\"see 0bbbbbb2-0000-4000-8000-000000000000!\""), NULL},
        {"interrupt.get", DATA(A1, "{\"p\":" A3 ",\"q\":" A2 "}"), DATA(B1, "{\"q\":" B2 ",\"p\":" B3 "}"),
         NULL},
        /* Members. */
        {"interrupt.get", ONE(A1, ",\"question\":null"), ONE(B1, ""), NULL},
        {"interrupt.get", ONE(A1, ",\"question\":\"\""), ONE(B1, ""), "/result/interrupt/question"},
        {"interrupt.get", ONE(A1, ",\"question\":\"?\""), ONE(B1, ",\"question\":\"!\""),
         "/result/interrupt/question"},
        {"interrupt.get", ONE(A1, ",\"updated_at\":" START ",\"more\":1"), ONE(B1, ""), NULL},
        {"interrupt.get", "{\"interrupt\":" ROW(A1, "") ",\"more\":1}", ONE(B1, ""), NULL},
        {"interrupt.get", "{\"interrupt\":null}", "{}", NULL},
        {"interrupt.get", "{\"interrupt\":null}", ONE(B1, ""), "/result/interrupt"},
        {"interrupt.get", "{\"interrupt\":7}", "{\"interrupt\":7}", NULL},
        {"interrupt.get", "{\"interrupt\":7}", "{\"interrupt\":\"7\"}", "/result/interrupt"},
        {"interrupt.get", "[]", "{}", "/result"},
        {"interrupt.get", ONE(A1, ",\"status\":\"pending\""), ONE(B1, ",\"status\":\"expired\""),
         "/result/interrupt/status"},
        /* Instants. */
        {"interrupt.get", "{\"interrupt\":" ROW_AT(A1, "\"2025-12-11T10:30:00+01:00\"", "") "}", ONE(B1, ""),
         NULL},
        {"interrupt.get", "{\"interrupt\":" ROW_AT(A1, "\"2025-12-11T09:30:00.000001Z\"", "") "}",
         ONE(B1, ""), "/result/interrupt/created_at"},
        {"interrupt.get", "{\"interrupt\":" ROW_AT(A1, "\"2025-12-11T09:30:00\"", "") "}", ONE(B1, ""),
         "/result/interrupt/created_at"},
        {"interrupt.get", ONE(A1, ",\"expires_at\":" LATER), ONE(B1, ",\"expires_at\":" START),
         "/result/interrupt/expires_at"},
        {"interrupt.get", DATA(A1, "\"2025-12-11T09:30:00Z\""), DATA(B1, "\"2025-12-11T09:30:00Z\""), NULL},
        {"interrupt.get", DATA(A1, "\"2025-12-11T09:30:00Z\""), DATA(B1, START), "/result/interrupt/data/x"},
        {"interrupt.get", DATA(A1, "\"2025-12-11T09:30:00Z\""), DATA(B1, "\"then\""),
         "/result/interrupt/data/x"},
        /* What callers store. */
        {"interrupt.get", DATA(A1, "1"), DATA(B1, "1.0"), NULL},
        {"interrupt.get", DATA(A1, "1"), DATA(B1, "1.5"), "/result/interrupt/data/x"},
        {"interrupt.get", DATA(A1, "1.5"), DATA(B1, "15e-1"), NULL},
        {"interrupt.get", DATA(A1, "1e22"), DATA(B1, "1.0e+22"), NULL},
        {"interrupt.get", DATA(A1, "0.1"), DATA(B1, "0.10000000000000001"), NULL},
        {"interrupt.get", DATA(A1, "0.1"), DATA(B1, "0.10000000000000003"), "/result/interrupt/data/x"},
        {"interrupt.get", DATA(A1, "-0.0"), DATA(B1, "0"), NULL},
        {"interrupt.get", DATA(A1, "-0.0"), DATA(B1, "0.0"), NULL},
        {"interrupt.get", DATA(A1, "9007199254740993"), DATA(B1, "9007199254740992"),
         "/result/interrupt/data/x"},
        {"interrupt.get", DATA(A1, "{\"a\":1,\"b\":true}"), DATA(B1, "{\"b\":true,\"a\":1}"), NULL},
        {"interrupt.get", DATA(A1, "{\"a\":null}"), DATA(B1, "{}"), "/result/interrupt/data/x/a"},
        {"interrupt.get", DATA(A1, "{}"), DATA(B1, "{\"a\":null}"), "/result/interrupt/data/x/a"},
        {"interrupt.get", DATA(A1, "[1,2]"), DATA(B1, "[2,1]"), "/result/interrupt/data/x/0"},
        {"interrupt.get", DATA(A1, "[1]"), DATA(B1, "[1,2]"), "/result/interrupt/data/x/1"},
        {"interrupt.get", DATA(A1, "\"a\\u0000b\""), DATA(B1, "\"a\\u0000c\""), "/result/interrupt/data/x"},
        {"interrupt.get", DATA(A1, "true"), DATA(B1, "false"), "/result/interrupt/data/x"},
        /* Responses. */
        {"interrupt.respond", RESPONSE(A1, "\"text\":\"t\",\"approved\":null,\"received_at\":" LATER),
         RESPONSE(B1, "\"text\":\"t\",\"received_at\":\"2025-12-11T09:30:01Z\",\"by\":1"), NULL},
        {"interrupt.respond", RESPONSE(A1, "\"text\":\"t\""), RESPONSE(B1, "\"text\":\"u\""),
         "/result/interrupt/response/text"},
        {"interrupt.respond", RESPONSE(A1, "\"received_at\":" LATER), RESPONSE(B1, "\"received_at\":" START),
         "/result/interrupt/response/received_at"},
        {"interrupt.respond", RESPONSE(A1, "\"data\":{\"a\":null}"), RESPONSE(B1, "\"data\":{}"),
         "/result/interrupt/response/data/a"},
        {"interrupt.respond", "{\"request_can_resume\":true}", "{\"request_can_resume\":false}",
         "/result/request_can_resume"},
        {"interrupt.respond", "{\"request_can_resume\":true}", "{}", "/result/request_can_resume"},
        {"interrupt.cancel", ONE(A1, ""), ONE(B2, ""), "/result/interrupt/id"},
        /* Pages: rows of one instant in any order, and on any page when there are several. */
        {"interrupt.list", PAGE(ROW(A1, "") "," ROW(A2, ""), "null"),
         PAGE(ROW(B2, "") "," ROW(B1, ""), "null"), NULL},
        {"interrupt.list", PAGE(ROW(A1, "") "," ROW(A2, ""), "null"),
         PAGE(ROW(B1, "") "," ROW(B1, ""), "null"), "/result/interrupts/1/id"},
        {"interrupt.list", PAGE(ROW_AT(A1, LATER, "") "," ROW(A2, ""), "null"),
         PAGE(ROW(B2, "") "," ROW_AT(B1, LATER, ""), "null"), "/result/interrupts/0/created_at"},
        {"interrupt.list", PAGE(ROW_AT(A3, LATER, "") "," ROW(A1, "") "," ROW(A2, ""), "null"),
         PAGE(ROW_AT(B3, LATER, "") "," ROW(B2, "") "," ROW(B1, ""), "null"), NULL},
        {"interrupt.list", PAGE(ROW(A1, ""), "null"), PAGE(ROW(B1, "") "," ROW(B2, ""), "null"),
         "/result/interrupts/1"},
        {"interrupt.list", PAGE(ROW(A1, ""), "\"ca\""), PAGE(ROW(B2, ""), "\"cb\""), NULL},
        {"interrupt.list", PAGE(ROW(A1, ""), "\"ca\""), PAGE(ROW(B1, "") "," ROW(B2, ""), "\"cb\""),
         "/result/interrupts/1"},
        {"interrupt.list", PAGE(ROW(A1, ""), "\"ca\""), PAGE(ROW_AT(B1, LATER, ""), "\"cb\""),
         "/result/interrupts/0/tied"},
        {"interrupt.list", PAGE(ROW_AT(A3, LATER, ""), "\"ca\""), PAGE(ROW_AT(B3, LATER, ""), "\"cb\""),
         NULL},
        {"interrupt.list", PAGE(ROW_AT(A3, LATER, ",\"kind\":\"x\""), "\"ca\""),
         PAGE(ROW_AT(B3, LATER, ""), "\"cb\""), "/result/interrupts/0/kind"},
        {"interrupt.list", PAGE("", "\"ca\""), PAGE("", "null"), "/result/next_cursor"},
        {"interrupt.list", PAGE("", "7"), PAGE("", "\"c\""), "/result/next_cursor"},
        {"interrupt.list", "{\"total\":1}", "{\"total\":2}", "/result/total"},
        {"interrupt.list", "{\"interrupts\":{}}", "{\"interrupts\":[]}", "/result/interrupts"},
        {"interrupt.pending_for_request", ONE(A1, ""), ONE(B2, ""), NULL},
        {"interrupt.pending_for_request", ONE(A1, ""), "{}", "/result/interrupt"},
        {"interrupt.pending_for_request", "{\"interrupt\":" ROW_AT(A3, LATER, "") "}", ONE(B1, ""),
         "/result/interrupt/created_at"},
        /* Sweeps, in any order, of the case's own. */
        {"interrupt.expire_pending", IDS(A1 "," A2), IDS(B2 "," B1), NULL},
        {"interrupt.expire_pending", IDS(A1), IDS(B2), "/result/ids/0"},
        {"interrupt.expire_pending", IDS(A1), IDS(B1 "," B1), "/result/ids/1"},
        {"interrupt.expire_pending", IDS(A1 "," A3), IDS(B1), NULL},
        {"interrupt.expire_pending", IDS("7"), IDS(""), "/result/ids/0"},
        {"interrupt.expire_pending", "{\"ids\":{}}", "{\"ids\":[]}", "/result/ids"},
        /* Any other result in full. */
        {"envelope.roundtrip", "{\"envelope\":{\"metadata\":{\"a\":1,\"b\":null}}}",
         "{\"envelope\":{\"metadata\":{\"a\":1}}}", "/result/envelope/metadata/b"},
        {"envelope.roundtrip", "{\"envelope\":{\"metadata\":{\"at\":" START ",\"id\":" A3 "}}}",
         "{\"envelope\":{\"metadata\":{\"id\":" B3 ",\"at\":" START "},\"errors\":null},\"took\":1}", NULL},
        {"describe", "{\"kinds\":[\"a\",\"b\"],\"more\":1}", "{\"kinds\":[\"b\",\"a\"]}", NULL},
        {"describe", "{\"kinds\":[\"a\",\"b\"]}", "{\"kinds\":[\"a\",\"c\"]}", "/result/kinds/1"},
        {"describe", "{\"kinds\":[\"a\",7]}", "{\"kinds\":[7,\"a\"]}", "/result/kinds/0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(&rows[i], ALL);
    }
}

/* The request of events tells whose they are; a fake does not know the suffix of the run, so theirs have none. */
static void events_stand_in_the_order_of_their_interrupts(void **state) {
    (void)state;
#define E1 "\"eeeeeee1-0000-4000-8000-000000000000\""
#define E2 "\"eeeeeee2-0000-4000-8000-000000000000\""
#define F1 "\"fffffff1-0000-4000-8000-000000000000\""
#define F2 "\"fffffff2-0000-4000-8000-000000000000\""
    static const struct row rows[] = {
        {"events.drain", EVENTS(EVENT(E1, "m", A1) "," EVENT(E2, "r", A1)),
         EVENTS(EVENT(F1, "m", B1) "," EVENT(F2, "r", B1)), NULL},
        {"events.drain", EVENTS(EVENT(E1, "m", A1) "," EVENT(E2, "r", A1)),
         EVENTS(EVENT(F1, "r", B1) "," EVENT(F2, "m", B1)), "/result/events/0/event_type"},
        {"events.drain", EVENTS(EVENT(E1, "m", A1) "," EVENT(E2, "r", A2)),
         EVENTS(EVENT(F1, "r", B2) "," EVENT(F2, "m", B1)), NULL},
        {"events.drain", EVENTS(EVENT(E1, "m", A1) "," EVENT(E2, "r", A2)),
         EVENTS(EVENT(F1, "m", B1) "," EVENT(F1, "r", B2)), "/result/events/1/event_id"},
        {"events.drain", EVENTS(EVENT(E1, "m", A1)), EVENTS(""), "/result/events/0"},
        {"events.drain", EVENTS("{\"request_id\":\"of a stranger\"}"), EVENTS(""), NULL},
        {"events.drain", EVENTS(EVENT(E1, "m", A1)),
         EVENTS("{\"event_id\":" F1 ",\"event_type\":\"m\",\"timestamp\":" LATER
                ",\"data\":" ROW(B1, "") "}"),
         "/result/events/0/timestamp"},
        {"events.drain", "{\"events\":7}", "{\"events\":7}", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(&rows[i], ALL);
    }
}

/* Of instants only stays how they lie to each other, and a page that is not whole is a number of rows. */
static void without_a_clock_times_are_loose(void **state) {
    (void)state;
#define LATE_ONE(members) "{\"interrupt\":" ROW_AT(B1, LATER, members) "}"
    static const struct row rows[] = {
        {"interrupt.get", ONE(A1, ""), LATE_ONE(""), NULL},
        {"interrupt.get", ONE(A1, ""), "{\"interrupt\":" ROW_AT(B1, "\"then\"", "") "}",
         "/result/interrupt/created_at"},
        {"interrupt.get", ONE(A1, ",\"expires_at\":" LATER),
         LATE_ONE(",\"expires_at\":\"2025-12-11T09:30:02Z\""), NULL},
        {"interrupt.get", ONE(A1, ",\"expires_at\":" LATER),
         LATE_ONE(",\"expires_at\":\"2025-12-11T09:30:02.000001Z\""), "/result/interrupt/expires_at"},
        {"interrupt.get", ONE(A1, ",\"expires_at\":" LATER), LATE_ONE(""), "/result/interrupt/expires_at"},
        {"interrupt.get", ONE(A1, ",\"resolved_at\":" START),
         LATE_ONE(",\"resolved_at\":\"2025-12-11T09:30:05Z\""), NULL},
        {"interrupt.get", ONE(A1, ",\"resolved_at\":" START), LATE_ONE(",\"resolved_at\":" START),
         "/result/interrupt/resolved_at"},
        {"interrupt.respond", RESPONSE(A1, "\"received_at\":" LATER), RESPONSE(B1, "\"received_at\":" LATER),
         NULL},
        {"interrupt.respond", RESPONSE(A1, "\"received_at\":" LATER),
         RESPONSE(B1, "\"received_at\":\"2025-12-11T09:30:01.000001Z\""),
         "/result/interrupt/response/received_at"},
        {"interrupt.get", DATA(A1, START), DATA(B1, "\"2025-12-11T09:30:00Z\""), "/result/interrupt/data/x"},
        {"interrupt.list", PAGE(ROW(A1, "") "," ROW(A2, ""), "null"),
         PAGE(ROW_AT(B2, LATER, "") "," ROW(B1, ""), "null"), NULL},
        {"interrupt.list", PAGE(ROW(A1, ""), "\"c\""), PAGE(ROW_AT(B2, LATER, ""), "\"d\""), NULL},
        {"interrupt.list", PAGE(ROW(A1, ""), "\"c\""), PAGE("", "\"d\""), "/result/interrupts/0"},
        {"interrupt.pending_for_request", ONE(A1, ""), ONE(B2, ""), NULL},
        {"events.drain", EVENTS(EVENT(E1, "m", A1)),
         EVENTS("{\"event_id\":" F1 ",\"event_type\":\"m\",\"timestamp\":" LATER
                ",\"data\":" ROW(B1, "") "}"),
         NULL},
        {"events.drain", EVENTS(EVENT(E1, "m", A1)),
         EVENTS("{\"event_id\":" F1
                ",\"event_type\":\"m\",\"timestamp\":\"2025-12-11T09:29:00Z\",\"data\":" ROW(B1, "") "}"),
         "/result/events/0/timestamp"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(&rows[i], NO_CLOCK);
    }
}

#define REFUSED                                                                                              \
    PLAY_CREATE                                                                                              \
    ",{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":\"not_found\","          \
    "\"requirement\":\"REQ-A-1\"},{\"twin_of\":\"no\",\"set\":{\"/id\":\"$id\"}}"

/* Errors are compared by name, field and interrupt_status, not by their words. */
static void refusals_are_compared(void **state) {
    (void)state;
    static const struct {
        const char *first_field, *status, *field, *path;
    } rows[] = {{NULL, NULL, NULL, NULL},
                {NULL, "pending", NULL, "/refused/interrupt_status"},
                {NULL, NULL, "/id", "/refused/field"},
                {"/user_id", NULL, "/id", "/refused/field"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fake_answer one[] = {PLAY_ACCEPT("interrupt.create", ONE(A1, "")),
                                          {"interrupt.get", NULL, "not_found", NULL, rows[i].first_field},
                                          PLAY_ACCEPT("interrupt.get", ONE(A1, "")),
                                          PLAY_END};
        const struct fake_answer two[] = {PLAY_ACCEPT("interrupt.create", ONE(B1, "")),
                                          {"interrupt.get", NULL, "not_found", rows[i].status, rows[i].field},
                                          PLAY_ACCEPT("interrupt.get", ONE(B1, "")),
                                          PLAY_END};
        struct play first, other;
        struct parity_target target;
        play(&first, REFUSED, ALL, one);
        play(&other, REFUSED, ALL, two);
        assert_outcome(&other.results[0], VERDICT_PASSED, NULL);
        compare(&first, &other, &target);
        assert_text(target.cases[0].path, rows[i].path);
        assert_text(target.cases[0].step, rows[i].path ? "step 2 (no)" : NULL);
        parity_target_release(&target);
        play_release(&first);
        play_release(&other);
    }
}

/* What a twin is told counts as well. */
static void twins_are_compared(void **state) {
    (void)state;
    const struct fake_answer one[] = {PLAY_ACCEPT("interrupt.create", ONE(A1, "")),
                                      PLAY_REFUSE("interrupt.get", "not_found"),
                                      PLAY_ACCEPT("interrupt.get", ONE(A1, "")), PLAY_END};
    const struct fake_answer two[] = {PLAY_ACCEPT("interrupt.create", ONE(B1, "")),
                                      PLAY_REFUSE("interrupt.get", "not_found"),
                                      PLAY_ACCEPT("interrupt.get", ONE(B1, ",\"question\":\"?\"")), PLAY_END};
    struct play first, other;
    struct parity_target target;
    play(&first, REFUSED, ALL, one);
    play(&other, REFUSED, ALL, two);
    assert_outcome(&other.results[0], VERDICT_PASSED, NULL);
    compare(&first, &other, &target);
    assert_text(target.cases[0].path, "/result/interrupt/question");
    parity_target_release(&target);
    play_release(&first);
    play_release(&other);
}

/* Both fail, each in another way. */
static void failures_are_compared_too(void **state) {
    (void)state;
    static const char steps[] =
        "{\"op\":\"describe\",\"args\":{},\"expect\":{\"kinds\":7},\"requirement\":\"REQ-A-1\"}";
    const struct fake_answer one[] = {PLAY_ACCEPT("describe", "{}"), PLAY_END};
    const struct fake_answer two[] = {PLAY_REFUSE("describe", "internal"), PLAY_END};
    struct play first, other;
    struct parity_target target;
    play(&first, steps, ALL, one);
    play(&other, steps, ALL, two);
    compare(&first, &other, &target);
    assert_int_equal(target.cases[0].verdict, VERDICT_FAILED);
    assert_string_equal(target.cases[0].path, "/result");
    assert_string_equal(target.cases[0].first, "{}");
    assert_string_equal(target.cases[0].other, "nothing");
    parity_target_release(&target);
    play_release(&first);
    play_release(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_the_contract_leaves_free),
                                       cmocka_unit_test(events_stand_in_the_order_of_their_interrupts),
                                       cmocka_unit_test(without_a_clock_times_are_loose),
                                       cmocka_unit_test(refusals_are_compared),
                                       cmocka_unit_test(twins_are_compared),
                                       cmocka_unit_test(failures_are_compared_too)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
