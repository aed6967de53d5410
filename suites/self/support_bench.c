#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void bench_init(struct bench *bench) {
    *bench = (struct bench){.clock = hp_clock_new(), .ids = hp_ids_seeded_new(7)};
    assert_non_null(bench->clock);
    assert_non_null(bench->ids);
    assert_int_equal(hp_clock_set(bench->clock, BENCH_NOW_US, NULL), HP_OK);
    bench->store = hp_store_memory_new(bench->clock, bench->ids);
    assert_non_null(bench->store);
    bench->service = hp_service_new(bench->store);
    assert_non_null(bench->service);
}

void bench_release(struct bench *bench) {
    hp_service_free(bench->service);
    hp_store_free(bench->store);
    hp_ids_free(bench->ids);
    hp_clock_free(bench->clock);
    *bench = (struct bench){0};
}

void bench_pass(struct bench *bench, int64_t us) {
    assert_int_equal(hp_clock_set(bench->clock, hp_clock_now(bench->clock) + us, NULL), HP_OK);
}

struct hp_create bench_request(enum hp_kind kind) {
    return (struct hp_create){.kind = kind, .request_id = "r1", .user_id = "ann", .session_id = "s1"};
}

struct hp_interrupt *bench_create(struct bench *bench, const struct hp_create *create) {
    struct hp_interrupt *created = NULL;
    hp_problem_clear(&bench->problem);
    assert_int_equal(hp_service_create(bench->service, create, &created, &bench->problem), HP_OK);
    assert_non_null(created);
    return created;
}

void bench_drain(struct bench *bench, struct hp_event_list *events) {
    *events = (struct hp_event_list){0};
    assert_int_equal(hp_service_take_events(bench->service, events, NULL), HP_OK);
    assert_int_equal(hp_service_settle_events(bench->service, events, HP_DELIVERED, NULL), HP_OK);
}

void bench_forget_events(struct bench *bench) {
    struct hp_event_list events;
    bench_drain(bench, &events);
    hp_event_list_release(&events);
}

struct hp_response bench_response(enum hp_kind kind) {
    struct hp_response response = {.received_at_us = HP_INSTANT_NONE};
    switch (hp_kind_rule(kind)->needs) {
    case HP_NEEDS_TEXT:
        response.text = "tomorrow";
        break;
    case HP_NEEDS_APPROVED:
        response.approved = HP_APPROVED;
        break;
    case HP_NEEDS_DECISION:
        response.decision = HP_DECISION_MODIFY;
        break;
    case HP_NEEDS_NOTHING:
        break;
    }
    return response;
}

struct hp_interrupt bench_full_interrupt(void) {
    return (struct hp_interrupt){
        .id = "0f8fad5b-d9cb-469f-a165-70867728950e",
        .kind = HP_CLARIFICATION,
        .status = HP_RESOLVED,
        .request_id = "r1",
        .user_id = "ann",
        .session_id = "s1",
        .envelope_id = "e1",
        .question = "When?\n\xF0\x9F\x98\x80",
        .message = "",
        .data = "{\"a\":[1,2.5,null,true,{}],\"\\u0001\":\"\\\"\"}",
        .trace_id = "t1",
        .span_id = "p1",
        .has_response = true,
        .response = {.text = "tomorrow",
                     .approved = HP_DENIED,
                     .decision = HP_DECISION_REJECT,
                     .data = "{\"why\":\"\xC3\xA9\"}",
                     .received_at_us = BENCH_NOW_US + 5},
        .created_at_us = BENCH_NOW_US,
        .expires_at_us = BENCH_NOW_US + HP_SECOND_US,
        .resolved_at_us = BENCH_NOW_US + 5,
    };
}

static void assert_same_text(const char *one, const char *other) {
    assert_int_equal(one == NULL, other == NULL);
    if (one && other) {
        assert_string_equal(one, other);
    }
}

static void assert_same_response(const struct hp_response *one, const struct hp_response *other) {
    assert_same_text(one->text, other->text);
    assert_same_text(one->data, other->data);
    assert_int_equal(one->approved, other->approved);
    assert_int_equal(one->decision, other->decision);
    assert_true(one->received_at_us == other->received_at_us);
}

void assert_same_interrupt(const struct hp_interrupt *one, const struct hp_interrupt *other) {
    assert_string_equal(one->id, other->id);
    assert_int_equal(one->kind, other->kind);
    assert_int_equal(one->status, other->status);
    assert_same_text(one->request_id, other->request_id);
    assert_same_text(one->user_id, other->user_id);
    assert_same_text(one->session_id, other->session_id);
    assert_same_text(one->envelope_id, other->envelope_id);
    assert_same_text(one->question, other->question);
    assert_same_text(one->message, other->message);
    assert_same_text(one->data, other->data);
    assert_same_text(one->trace_id, other->trace_id);
    assert_same_text(one->span_id, other->span_id);
    assert_int_equal(one->has_response, other->has_response);
    if (one->has_response) {
        assert_same_response(&one->response, &other->response);
    }
    assert_true(one->created_at_us == other->created_at_us);
    assert_true(one->expires_at_us == other->expires_at_us);
    assert_true(one->resolved_at_us == other->resolved_at_us);
}

void assert_refused(enum hp_status status, const struct hp_problem *problem, enum hp_status wanted,
                    const char *field) {
    assert_string_equal(hp_status_name(status), hp_status_name(wanted));
    assert_string_equal(hp_status_name(problem->status), hp_status_name(wanted));
    assert_string_equal(problem->field, field);
    assert_true(problem->detail[0] != '\0');
}
