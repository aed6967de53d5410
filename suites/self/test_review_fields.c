/* What became of each field: every way to lose one, beside what is no loss. */
#include "harness/lab/review_parts.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Gets are: of the client before the answer, of the client behind it, and the closing one. */
#define ANSWERED                                                                                             \
    "{'interrupts': [{'ttl_seconds': 60}], 'clients': [{'acts': [{'do': 'get'}, {'do': 'list'},"             \
    " {'do': 'respond'}, {'do': 'get'}, {'do': 'list', 'status': 'resolved'}, {'do': 'pending'}]}]}"
#define CANCELLED(reason)                                                                                    \
    "{'interrupts': [{'kind': 'timeout'}], 'clients': [{'acts': [{'do': 'get'}, {'do': 'cancel', "           \
    "'reason': " reason "}, {'do': 'get'}]}]}"
#define TWO                                                                                                  \
    "{'interrupts': [{}, {'owner': 'bob'}], 'clients': [{'acts': [{'do': 'get', 'on': 0}, {'do': 'get', "    \
    "'on': "                                                                                                 \
    "1}]}]}"
#define KIND(kind)                                                                                           \
    "{'interrupts': [{'kind': '" kind "'}], 'clients': [{'acts': [{'do': 'respond'}, {'do': 'get'}]}]}"

#define SET(pointer, value) "[{'set': '" pointer "', 'to': " value "}]"

#define GET "interrupt.get"
#define LIST "interrupt.list"
#define CREATE "interrupt.create"
#define RESPOND "interrupt.respond"
#define CANCEL "interrupt.cancel"
#define DRAIN "events.drain"

static const struct review_row kept[] = {
    {ANSWERED, {{0}}, FINDING_NONE, 0, NULL, 0},
    {CANCELLED("true"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {CANCELLED("false"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {TWO, {{0}}, FINDING_NONE, 0, NULL, 0},
    {KIND("clarification"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {KIND("confirmation"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {KIND("critic_review"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {KIND("checkpoint"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {KIND("resource_exhausted"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {KIND("timeout"), {{0}}, FINDING_NONE, 0, NULL, 0},
    {KIND("system_error"), {{0}}, FINDING_NONE, 0, NULL, 0},
    /* Members that the contract does not know. */
    {ANSWERED, {{.method = GET, .changes = SET("/interrupt/version", "7")}}, FINDING_NONE, 0, NULL, 0},
    {ANSWERED,
     {{.method = GET, .nth = 2, .changes = SET("/interrupt/response/by", "7")}},
     FINDING_NONE,
     0,
     NULL,
     0},
    /* Null and missing are one. */
    {ANSWERED,
     {{.method = GET, .nth = 1, .changes = "[{'drop': '/interrupt/response'}]"}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {ANSWERED,
     {{.method = GET, .nth = 2, .changes = "[{'drop': '/interrupt/response/decision'}]"}},
     FINDING_NONE,
     0,
     NULL,
     0},
    /* Numbers are compared as numbers. */
    {ANSWERED,
     {{.method = GET, .nth = 1, .changes = SET("/interrupt/data/slot", "0.0")}},
     FINDING_NONE,
     0,
     NULL,
     0},
    /* Other spellings of the same instants, in every other answer. */
    {ANSWERED,
     {{.method = GET, .nth = 1, .changes = "[{'respell': '/interrupt'}]"},
      {.method = GET, .nth = 2, .changes = "[{'respell': '/interrupt'}]"},
      {.method = LIST, .changes = "[{'respell': '/interrupts'}]"}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {ANSWERED,
     {{.method = RESPOND, .changes = "[{'respell': '/interrupt'}]"},
      {.method = CREATE, .changes = "[{'respell': '/interrupt'}]"}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {CANCELLED("true"),
     {{.method = CANCEL, .changes = "[{'respell': '/interrupt'}]"}},
     FINDING_NONE,
     0,
     NULL,
     0},
};

static void what_is_kept_is_no_finding(void **state) {
    (void)state;
    assert_reviews(kept, sizeof kept / sizeof kept[0]);
}

/* One field of one answer. */
#define LOST(method_, nth_, pointer, value, said)                                                            \
    {                                                                                                        \
        ANSWERED, {{.method = method_, .nth = nth_, .changes = SET(pointer, value)}}, FINDING_FIELD, 0,      \
            said, 0                                                                                          \
    }

static const struct review_row lost[] = {
    LOST(GET, 1, "/interrupt/kind", "'timeout'",
         "get #0 shows kind of #0 as \"timeout\"; it is \"clarification\""),
    LOST(GET, 1, "/interrupt/request_id", "'req'", "request_id"),
    LOST(GET, 2, "/interrupt/user_id", "'eve'", "user_id"),
    LOST(GET, 3, "/interrupt/session_id", "null", "session_id"),
    LOST(GET, 1, "/interrupt/envelope_id", "null", "envelope_id of #0 as null"),
    LOST(GET, 2, "/interrupt/question", "null", "question"),
    LOST(GET, 1, "/interrupt/question", "''", "question"),
    LOST(GET, 3, "/interrupt/message", "'Message 1.'", "message"),
    LOST(GET, 1, "/interrupt/trace_id", "'span-0'", "trace_id"),
    LOST(GET, 1, "/interrupt/span_id", "null", "span_id"),
    LOST(GET, 1, "/interrupt/created_at", "'2025-12-11T09:30:00.000001Z'", "created_at"),
    LOST(GET, 1, "/interrupt/created_at", "'2025-12-11T09:30:00.000000+01:00'", "created_at"),
    LOST(GET, 2, "/interrupt/expires_at", "null", "expires_at"),
    LOST(GET, 1, "/interrupt/id", "'00000000-0000-4000-8000-000000000000'", "shows id of #0"),
    LOST(GET, 1, "/interrupt/data", "{}", "data of #0 as {}"),
    LOST(GET, 1, "/interrupt/data/kept/1/two", "2", "data"),
    LOST(GET, 1, "/interrupt/data/more", "1", "data"),
    LOST(GET, 2, "/interrupt/data/kept", "[1]", "data"),
    LOST(GET, 1, "/interrupt/data/cancel_reason", "'by 1'", "data"),
    LOST(GET, 2, "/interrupt/data/cancel_reason", "'by 1'", "data"),
    LOST(LIST, 1, "/interrupts/0/question", "null", "list pending shows question of #0 as null"),
    LOST(LIST, 1, "/interrupts/0/data", "{}", "data"),
    LOST(LIST, 2, "/interrupts/0/trace_id", "null", "list resolved shows trace_id"),
    LOST(RESPOND, 1, "/interrupt/message", "null", "respond #0 shows message"),
    LOST(RESPOND, 1, "/interrupt/data", "null", "respond #0 shows data"),
    /* The response. */
    LOST(GET, 1, "/interrupt/response", "{'text': 'x'}", "#0 is shown pending, with a response"),
    LOST(GET, 2, "/interrupt/response", "null", "#0 is shown resolved, without a response"),
    LOST(GET, 3, "/interrupt/response", "'It is so.'", "#0 is shown resolved, without a response"),
    LOST(LIST, 2, "/interrupts/0/response", "null", "#0 is shown resolved, without a response"),
    LOST(RESPOND, 1, "/interrupt/response", "null", "#0 is shown resolved, without a response"),
    LOST(GET, 2, "/interrupt/response/text", "'It is'", "get #0 shows the response"),
    LOST(GET, 2, "/interrupt/response/approved", "true", "get #0 shows the response"),
    LOST(GET, 3, "/interrupt/response/data", "{}", "get #0 shows the response"),
    LOST(GET, 2, "/interrupt/response/data/more", "1", "get #0 shows the response"),
    LOST(LIST, 2, "/interrupts/0/response/text", "null", "list resolved shows the response"),
    LOST(GET, 2, "/interrupt/response/received_at", "'2025-12-11T09:30:00.000001Z'", "get #0 shows response"),
    LOST(RESPOND, 1, "/interrupt/response/received_at", "null", "respond #0 shows response"),
    /* The end. */
    LOST(GET, 1, "/interrupt/resolved_at", "'2025-12-11T09:30:00Z'", "get #0 shows resolved_at"),
    LOST(GET, 2, "/interrupt/resolved_at", "'2025-12-11T09:30:01Z'", "get #0 shows resolved_at"),
    LOST(GET, 2, "/interrupt/resolved_at", "null", "get #0 shows resolved_at of #0 as null"),
    LOST(LIST, 2, "/interrupts/0/resolved_at", "null", "list resolved shows resolved_at"),
    LOST(RESPOND, 1, "/interrupt/resolved_at", "null", "respond #0 shows resolved_at"),
    LOST(RESPOND, 1, "/interrupt/status", "'cancelled'",
         "respond of #0 was accepted, and its answer shows it cancelled"),
    /* The creation itself. */
    LOST(CREATE, 1, "/interrupt/question", "null",
         "#0 was created with another question than its answer shows: null"),
    LOST(CREATE, 1, "/interrupt/status", "'resolved'", "#0 was created, and the answer shows it resolved"),
    LOST(CREATE, 1, "/interrupt/status", "'expired'", "#0 was created, and the answer shows it expired"),
    /* Its life of a minute. */
    {"{'interrupts': [{'ttl_seconds': 60}], 'clients': [{'acts': [{'do': 'get'}]}]}",
     {{.method = CREATE, .changes = SET("/interrupt/expires_at", "'2025-12-11T09:31:00.000001Z'")},
      {.method = GET, .changes = SET("/interrupt/expires_at", "'2025-12-11T09:31:00.000001Z'")},
      {.method = DRAIN,
       .nth = 2,
       .changes = SET("/events/0/data/expires_at", "'2025-12-11T09:31:00.000001Z'")}},
     FINDING_FIELD,
     0,
     "#0 was to live for 60000000 microseconds",
     0},
    {"{'interrupts': [{'kind': 'checkpoint'}], 'clients': [{'acts': [{'do': 'get'}]}]}",
     {{.method = CREATE, .changes = SET("/interrupt/expires_at", "'2025-12-11T09:31:00Z'")},
      {.method = GET, .changes = SET("/interrupt/expires_at", "'2025-12-11T09:31:00Z'")},
      {.method = DRAIN, .nth = 2, .changes = SET("/events/0/data/expires_at", "'2025-12-11T09:31:00Z'")}},
     FINDING_FIELD,
     0,
     "#0 was to live for 0 microseconds",
     0},
    /* Lost by all, so that nobody contradicts anybody. */
    {KIND("clarification"),
     {{.method = CREATE, .changes = SET("/interrupt/span_id", "null")},
      {.method = RESPOND, .changes = SET("/interrupt/span_id", "null")},
      {.method = GET, .changes = SET("/interrupt/span_id", "null")},
      {.method = DRAIN, .nth = 2, .changes = SET("/events/1/data/span_id", "null")}},
     FINDING_FIELD,
     0,
     "span_id",
     0},
    {KIND("clarification"),
     {{.method = RESPOND, .changes = SET("/interrupt/response/data", "{}")},
      {.method = GET, .changes = SET("/interrupt/response/data", "{}")},
      {.method = DRAIN, .nth = 2, .changes = SET("/events/1/data/response/data", "{}")}},
     FINDING_FIELD,
     0,
     "the response",
     0},
    {KIND("confirmation"),
     {{.method = RESPOND, .changes = SET("/interrupt/response/approved", "null")},
      {.method = GET, .changes = SET("/interrupt/response/approved", "null")},
      {.method = DRAIN, .nth = 2, .changes = SET("/events/1/data/response/approved", "null")}},
     FINDING_FIELD,
     0,
     "the response",
     0},
    /* Cancels. */
    {CANCELLED("true"),
     {{.method = GET, .nth = 2, .changes = SET("/interrupt/data", "{'cancel_reason': 'by 1'}")}},
     FINDING_FIELD,
     0,
     "get #0 shows data",
     0},
    {CANCELLED("true"),
     {{.method = CANCEL, .changes = SET("/interrupt/data", "{'cancel_reason': 'by 1'}")}},
     FINDING_FIELD,
     0,
     "cancel #0 shows data",
     0},
    {CANCELLED("true"),
     {{.method = GET, .nth = 2, .changes = SET("/interrupt/data/cancel_reason", "'by 2'")}},
     FINDING_FIELD,
     0,
     "get #0 shows data",
     0},
    {CANCELLED("true"),
     {{.method = CANCEL, .changes = SET("/interrupt/data/cancel_reason", "'by 2'")}},
     FINDING_FIELD,
     0,
     "the cancel of #0 gave by 1 as its reason, and its answer has by 2",
     0},
    {CANCELLED("true"),
     {{.method = CANCEL, .changes = "[{'drop': '/interrupt/data/cancel_reason'}]"}},
     FINDING_FIELD,
     0,
     "the cancel of #0 gave by 1 as its reason, and its answer has none",
     0},
    {CANCELLED("false"),
     {{.method = CANCEL, .changes = SET("/interrupt/data/cancel_reason", "'by 1'")}},
     FINDING_FIELD,
     0,
     "the cancel of #0 gave nothing as its reason, and its answer has by 1",
     0},
    {CANCELLED("false"),
     {{.method = CANCEL, .changes = SET("/interrupt/data", "{}")}},
     FINDING_FIELD,
     0,
     "data",
     0},
    {CANCELLED("false"),
     {{.method = CANCEL, .changes = SET("/interrupt/resolved_at", "'2025-12-11T09:30:00Z'")}},
     FINDING_FIELD,
     0,
     "cancel #0 shows resolved_at",
     0},
    {CANCELLED("true"),
     {{.method = CANCEL, .changes = SET("/interrupt/status", "'pending'")}},
     FINDING_FIELD,
     0,
     "cancel of #0 was accepted, and its answer shows it pending",
     0},
    /* The whole answer of another's call. */
    {TWO, {{.method = GET, .nth = 2, .again = true}}, FINDING_FIELD, 1, "get #1 shows id of #1", 0},
    /* pending_for_request */
    {"{'interrupts': [{}], 'clients': [{'acts': [{'do': 'pending'}]}]}",
     {{.method = "interrupt.pending_for_request", .changes = SET("/interrupt/question", "null")}},
     FINDING_FIELD,
     0,
     "pending shows question",
     0},
};

static void what_is_lost_is_found(void **state) {
    (void)state;
    assert_reviews(lost, sizeof lost / sizeof lost[0]);
}

/* Text that looks like a time is text, outside of the fields that are times. */
static void only_times_are_times(void **state) {
    (void)state;
    static const struct {
        const char *one, *other;
        const char *field; /* NULL: none */
    } rows[] = {
        {"{}", "{}", NULL},
        {"{'question': null}", "{}", NULL},
        {"{'question': 'a'}", "{'question': null}", "question"},
        {"{'created_at': '2025-01-01T00:00:00Z'}", "{'created_at': '2025-01-01T01:00:00.0+01:00'}", NULL},
        {"{'created_at': '2025-01-01T00:00:00Z'}", "{'created_at': '2025-01-01T00:00:00.000001Z'}",
         "created_at"},
        {"{'created_at': 'soon'}", "{'created_at': 'soon'}", NULL},
        {"{'created_at': 'soon'}", "{'created_at': 'later'}", "created_at"},
        {"{'created_at': 5}", "{'created_at': '2025-01-01T00:00:00Z'}", "created_at"},
        {"{'question': '2025-01-01T00:00:00Z'}", "{'question': '2025-01-01T00:00:00.0Z'}", "question"},
        {"{'data': {'x_at': '2025-01-01T00:00:00Z'}}", "{'data': {'x_at': '2025-01-01T00:00:00.0Z'}}",
         "data"},
        {"{'data': {'a': 1, 'b': 2}}", "{'data': {'b': 2.0, 'a': 1}}", NULL},
        {"{'data': {}}", "{'data': {'a': null}}", "data"},
        {"{'response': {'text': 'a', 'received_at': '2025-01-01T00:00:00Z'}}",
         "{'response': {'text': 'a', 'approved': null, 'received_at': '2025-01-01T00:00:00.0z'}}", NULL},
        {"{'response': {'text': 'a', 'more': 1}}", "{'response': {'text': 'a'}}", NULL},
        {"{'response': {'text': 'a'}}", "{'response': {'text': 'b'}}", "response"},
        {"{'response': {'text': 'a'}}", "{'response': null}", "response"},
        {"{'response': 'a'}", "{'response': 'a'}", NULL},
        {"{'more': 1}", "{'more': 2}", NULL},
        {"null", "{'status': 'pending'}", "status"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *one = json_short(rows[i].one), *other = json_short(rows[i].other);
        const char *difference = review_difference(one, other);
        const char *back = review_difference(other, one);
        if (strcmp(difference ? difference : "", rows[i].field ? rows[i].field : "") != 0 ||
            difference != back) {
            fail_msg("%s and %s differ in %s", rows[i].one, rows[i].other,
                     difference ? difference : "nothing");
        }
        json_decref(one);
        json_decref(other);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_no_finding),
        cmocka_unit_test(what_is_lost_is_found),
        cmocka_unit_test(only_times_are_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
