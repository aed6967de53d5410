#include "reference/core/json.h"
#include "reference/core/wire.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const keys[] = {
    "id",   "kind",     "request_id", "user_id",    "session_id", "envelope_id", "question", "message",
    "data", "response", "status",     "created_at", "expires_at", "resolved_at", "trace_id", "span_id"};

static const char *const response_keys[] = {"text", "approved", "decision", "data", "received_at"};

static void assert_keys(const json_t *object, const char *const *names, size_t count) {
    assert_int_equal(json_object_size(object), count);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(json_object_get(object, names[i]));
    }
}

static void test_full_interrupt(void **state) {
    (void)state;
    const struct hp_interrupt interrupt = bench_full_interrupt();
    json_t *value = interrupt_encode(&interrupt);
    assert_keys(value, keys, sizeof keys / sizeof keys[0]);
    assert_keys(json_object_get(value, "response"), response_keys,
                sizeof response_keys / sizeof response_keys[0]);
    char *text = json_to_text(value);
    assert_string_equal(
        text,
        "{\"id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"kind\":\"clarification\",\"request_id\":\"r1\","
        "\"user_id\":\"ann\",\"session_id\":\"s1\",\"envelope_id\":\"e1\",\"question\":\"When?"
        "\\n\xF0\x9F\x98\x80\","
        "\"message\":\"\",\"data\":{\"a\":[1,2.5,null,true,{}],\"\\u0001\":\"\\\"\"},\"response\":{\"text\":"
        "\"tomorrow\",\"approved\":false,\"decision\":\"reject\",\"data\":{\"why\":\"\xC3\xA9\"},\"received_"
        "at\":"
        "\"2025-12-11T09:30:00.000005Z\"},\"status\":\"resolved\",\"created_at\":\"2025-12-11T09:30:00."
        "000000Z\","
        "\"expires_at\":\"2025-12-11T09:30:01.000000Z\",\"resolved_at\":\"2025-12-11T09:30:00.000005Z\","
        "\"trace_id\":\"t1\",\"span_id\":\"p1\"}");
    free(text);
    json_decref(value);
}

/* Sixteen fields also when there is next to nothing to say. */
static void test_empty_interrupt(void **state) {
    (void)state;
    const struct hp_interrupt interrupt = {.id = "0f8fad5b-d9cb-469f-a165-70867728950e",
                                           .kind = HP_CHECKPOINT,
                                           .request_id = "r",
                                           .user_id = "u",
                                           .session_id = "s",
                                           .data = "{}",
                                           .created_at_us = 0,
                                           .expires_at_us = HP_INSTANT_NONE,
                                           .resolved_at_us = HP_INSTANT_NONE};
    json_t *value = interrupt_encode(&interrupt);
    assert_keys(value, keys, sizeof keys / sizeof keys[0]);
    static const char *const nulls[] = {"envelope_id", "question",    "message",  "response",
                                        "expires_at",  "resolved_at", "trace_id", "span_id"};
    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++) {
        assert_true(json_is_null(json_object_get(value, nulls[i])));
    }
    assert_int_equal(json_object_size(json_object_get(value, "data")), 0);
    json_decref(value);
}

static void assert_round_trip(const struct hp_interrupt *interrupt) {
    json_t *value = interrupt_encode(interrupt);
    char *text = json_to_text(value);
    json_t *read = NULL;
    struct hp_interrupt *again = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(json_read(text, strlen(text), &read, NULL), HP_OK);
    if (interrupt_decode(read, &again, &problem) != HP_OK) {
        fail_msg("%s: %s %s", text, problem.field, problem.detail);
    }
    assert_same_interrupt(again, interrupt);
    hp_interrupt_free(again);
    json_decref(read);
    json_decref(value);
    free(text);
}

/* The optional parts of an interrupt, absent or present by the bits of a mask. */
static struct hp_interrupt with_parts(unsigned mask) {
    struct hp_interrupt interrupt = bench_full_interrupt();
    interrupt.envelope_id = mask & 1 ? "" : NULL;
    interrupt.question = mask & 2 ? "q" : NULL;
    interrupt.message = mask & 4 ? "m" : NULL;
    interrupt.trace_id = mask & 8 ? "t" : NULL;
    interrupt.span_id = mask & 16 ? "p" : NULL;
    interrupt.data = mask & 32 ? interrupt.data : "{}";
    interrupt.expires_at_us = mask & 64 ? HP_INSTANT_MAX : HP_INSTANT_NONE;
    interrupt.response.text = mask & 128 ? "t" : NULL;
    interrupt.response.data = mask & 256 ? "{}" : NULL;
    return interrupt;
}

static void set_status(struct hp_interrupt *interrupt, enum hp_interrupt_status status) {
    interrupt->status = status;
    interrupt->has_response = status == HP_RESOLVED;
    interrupt->resolved_at_us = status == HP_RESOLVED ? BENCH_NOW_US : HP_INSTANT_NONE;
}

/* decode(encode(x)) == x with each part absent and present, for every kind, status, approval and decision. */
static void test_round_trips(void **state) {
    (void)state;
    for (unsigned mask = 0; mask < 512; mask++) {
        struct hp_interrupt interrupt = with_parts(mask);
        assert_round_trip(&interrupt);
    }
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        for (int status = 0; status < HP_INTERRUPT_STATUS_COUNT; status++) {
            struct hp_interrupt interrupt = with_parts(511);
            interrupt.kind = (enum hp_kind)kind;
            set_status(&interrupt, (enum hp_interrupt_status)status);
            assert_round_trip(&interrupt);
        }
    }
    for (int approved = HP_APPROVAL_NONE; approved <= HP_DENIED; approved++) {
        for (int decision = HP_DECISION_NONE; decision < HP_DECISION_COUNT; decision++) {
            struct hp_interrupt interrupt = with_parts(0);
            interrupt.response.approved = (enum hp_approval)approved;
            interrupt.response.decision = (enum hp_decision)decision;
            assert_round_trip(&interrupt);
        }
    }
}

static void test_event(void **state) {
    (void)state;
    const struct hp_interrupt interrupt = bench_full_interrupt();
    struct hp_event *event = hp_event_new("11111111-2222-4333-8444-555555555555", BENCH_NOW_US, &interrupt);
    static const char *const event_keys[] = {"event_id", "event_type", "timestamp", "data", "request_id"};
    json_t *value = event_encode(event), *data = interrupt_encode(&interrupt);
    assert_keys(value, event_keys, sizeof event_keys / sizeof event_keys[0]);
    assert_string_equal(json_string_value(json_object_get(value, "event_id")), event->id);
    assert_string_equal(json_string_value(json_object_get(value, "event_type")), "interrupt.resolved");
    assert_string_equal(json_string_value(json_object_get(value, "timestamp")),
                        "2025-12-11T09:30:00.000000Z");
    assert_string_equal(json_string_value(json_object_get(value, "request_id")), "r1");
    assert_true(json_equal(json_object_get(value, "data"), data));
    json_decref(value);
    json_decref(data);
    hp_event_free(event);
}

/* Changes of a full interrupt's members, as JSON; a NULL value takes the member away. */
static const struct {
    const char *key;
    const char *value;
    const char *field; /* what is refused; NULL: it is taken */
} changes[] = {
    {"id", "null", "/id"},
    {"id", NULL, "/id"},
    {"id", "5", "/id"},
    {"id", "\"0F8FAD5B-D9CB-469F-A165-70867728950E\"", "/id"},
    {"id", "\"x\"", "/id"},
    {"kind", NULL, "/kind"},
    {"kind", "\"agent_review\"", "/kind"},
    {"kind", "1", "/kind"},
    {"status", "null", "/status"},
    {"status", "\"done\"", "/status"},
    {"status", "\"pending\"", "/response"},
    {"request_id", NULL, "/request_id"},
    {"user_id", "null", "/user_id"},
    {"user_id", "{}", "/user_id"},
    {"session_id", "[]", "/session_id"},
    {"session_id", NULL, "/session_id"},
    {"envelope_id", "1", "/envelope_id"},
    {"envelope_id", NULL, NULL},
    {"question", "true", "/question"},
    {"message", "{}", "/message"},
    {"trace_id", "1.5", "/trace_id"},
    {"span_id", "false", "/span_id"},
    {"created_at", NULL, "/created_at"},
    {"created_at", "null", "/created_at"},
    {"created_at", "\"2025-12-11T09:30:00\"", "/created_at"},
    {"created_at", "1765445400", "/created_at"},
    {"expires_at", "\"tomorrow\"", "/expires_at"},
    {"expires_at", NULL, NULL},
    {"resolved_at", "\"2016-12-31T23:59:60Z\"", "/resolved_at"},
    {"resolved_at", "null", "/resolved_at"},
    {"data", "[]", "/data"},
    {"data", "\"{}\"", "/data"},
    {"data", "null", NULL},
    {"data", NULL, NULL},
    {"response", "null", "/response"},
    {"response", "[]", "/response"},
    {"response", "{}", "/response/received_at"},
    {"response", "{\"received_at\":\"2025-12-11T09:30:00Z\"}", NULL},
    {"response", "{\"received_at\":null}", "/response/received_at"},
    {"response", "{\"received_at\":\"x\"}", "/response/received_at"},
    {"response", "{\"text\":1,\"received_at\":\"2025-12-11T09:30:00Z\"}", "/response/text"},
    {"response", "{\"approved\":\"yes\",\"received_at\":\"2025-12-11T09:30:00Z\"}", "/response/approved"},
    {"response", "{\"decision\":\"maybe\",\"received_at\":\"2025-12-11T09:30:00Z\"}", "/response/decision"},
    {"response", "{\"decision\":3,\"received_at\":\"2025-12-11T09:30:00Z\"}", "/response/decision"},
    {"response", "{\"data\":[],\"received_at\":\"2025-12-11T09:30:00Z\"}", "/response/data"},
    {"something", "{\"else\":1}", NULL},
};

static void change_member(json_t *object, const char *key, const char *text) {
    if (!text) {
        json_object_del(object, key);
        return;
    }
    json_t *value = NULL;
    assert_int_equal(json_read(text, strlen(text), &value, NULL), HP_OK);
    json_object_set_new(object, key, value);
}

static void test_decode_refusals(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const struct hp_interrupt interrupt = bench_full_interrupt();
        json_t *value = interrupt_encode(&interrupt);
        struct hp_interrupt *read = &(struct hp_interrupt){0};
        struct hp_problem problem = {0};
        change_member(value, changes[i].key, changes[i].value);
        enum hp_status status = interrupt_decode(value, &read, &problem);
        if (changes[i].field) {
            assert_refused(status, &problem, HP_INVALID, changes[i].field);
            assert_null(read);
        } else {
            assert_int_equal(status, HP_OK);
        }
        hp_interrupt_free(read);
        json_decref(value);
    }
}

/* An unknown status is no pending one, also where nothing else is wrong. */
static void test_decode_of_an_unknown_status(void **state) {
    (void)state;
    struct hp_interrupt interrupt = bench_full_interrupt(), *read = NULL;
    set_status(&interrupt, HP_PENDING);
    json_t *value = interrupt_encode(&interrupt);
    change_member(value, "status", "\"done\"");
    assert_int_equal(interrupt_decode(value, &read, NULL), HP_INVALID);
    json_decref(value);
}

static void test_decode_says_what_may_be_null(void **state) {
    (void)state;
    static const char *const details[][2] = {{"user_id", "user_id must be text"},
                                             {"envelope_id", "envelope_id must be text or null"}};
    for (size_t i = 0; i < sizeof details / sizeof details[0]; i++) {
        const struct hp_interrupt interrupt = bench_full_interrupt();
        struct hp_interrupt *read = NULL;
        struct hp_problem problem = {0};
        json_t *value = interrupt_encode(&interrupt);
        change_member(value, details[i][0], "1");
        assert_int_equal(interrupt_decode(value, &read, &problem), HP_INVALID);
        assert_string_equal(problem.detail, details[i][1]);
        json_decref(value);
    }
}

static void test_decode_of_other_values(void **state) {
    (void)state;
    static const char *const texts[] = {"null", "[]", "\"x\"", "1", "{}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *value = NULL;
        struct hp_interrupt *read = NULL;
        assert_int_equal(json_read(texts[i], strlen(texts[i]), &value, NULL), HP_OK);
        struct hp_problem older = {.status = HP_CONFLICT};
        assert_int_equal(interrupt_decode(value, &read, NULL), HP_INVALID);
        assert_int_equal(interrupt_decode(value, &read, &older), HP_INVALID);
        assert_int_equal(older.status, HP_CONFLICT);
        assert_null(read);
        json_decref(value);
    }
}

/* A resolved_at belongs to resolved ones alone. */
static void test_decode_pending_with_resolved_at(void **state) {
    (void)state;
    struct hp_interrupt interrupt = bench_full_interrupt();
    set_status(&interrupt, HP_CANCELLED);
    json_t *value = interrupt_encode(&interrupt);
    json_object_set_new(value, "resolved_at", json_string("2025-12-11T09:30:00Z"));
    struct hp_interrupt *read = NULL;
    struct hp_problem problem = {0};
    assert_refused(interrupt_decode(value, &read, &problem), &problem, HP_INVALID, "/resolved_at");
    json_decref(value);
}

/* Any offset and any fraction lead to the same instant. */
static void test_decode_offsets(void **state) {
    (void)state;
    static const char *const times[] = {"2025-12-11T09:30:01Z", "2025-12-11T15:15:01+05:45",
                                        "2025-12-10T22:30:01.000000999-11:00", "2025-12-11t09:30:01.0z"};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        const struct hp_interrupt interrupt = bench_full_interrupt();
        json_t *value = interrupt_encode(&interrupt);
        struct hp_interrupt *read = NULL;
        json_object_set_new(value, "expires_at", json_string(times[i]));
        assert_int_equal(interrupt_decode(value, &read, NULL), HP_OK);
        assert_same_interrupt(read, &interrupt);
        hp_interrupt_free(read);
        json_decref(value);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full_interrupt),
        cmocka_unit_test(test_empty_interrupt),
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_event),
        cmocka_unit_test(test_decode_refusals),
        cmocka_unit_test(test_decode_of_an_unknown_status),
        cmocka_unit_test(test_decode_says_what_may_be_null),
        cmocka_unit_test(test_decode_of_other_values),
        cmocka_unit_test(test_decode_pending_with_resolved_at),
        cmocka_unit_test(test_decode_offsets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
