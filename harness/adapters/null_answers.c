#include "harness/adapters/null_answers.h"

#include <stdio.h>
#include <string.h>

#define SOME_INSTANT "2025-12-11T09:30:00.000000Z"

enum { ID_SIZE = 37 };

static void write_id(char id[ID_SIZE], unsigned counter) {
    snprintf(id, ID_SIZE, "00000000-0000-4000-8000-%012x", counter);
}

/* Takes over the result; false when it is NULL because memory ran out. */
static bool answer_result_new(struct answer *answer, json_t *result) {
    answer->kind = ANSWER_RESULT;
    answer->result = result;
    return result != NULL;
}

bool null_answer_empty(const char *method, const json_t *params, unsigned counter, struct answer *answer) {
    (void)method;
    (void)params;
    (void)counter;
    return answer_result_new(answer, json_object());
}

/* The 16 fields, null where the params have nothing of that name. */
static json_t *interrupt_from(const json_t *params, unsigned counter, const char *status) {
    static const char *const copied[] = {"kind",        "request_id", "user_id", "session_id",
                                         "envelope_id", "question",   "message", "data",
                                         "response",    "trace_id",   "span_id"};
    char fresh[ID_SIZE];
    write_id(fresh, counter);
    const char *id = json_string_value(json_object_get(params, "id"));
    json_t *interrupt = json_pack("{s:s, s:s, s:s, s:n, s:n}", "id", id ? id : fresh, "status", status,
                                  "created_at", SOME_INSTANT, "expires_at", "resolved_at");
    bool whole = interrupt != NULL;
    for (size_t i = 0; whole && i < sizeof copied / sizeof copied[0]; i++) {
        json_t *value = json_object_get(params, copied[i]);
        whole = json_object_set_new(interrupt, copied[i], value ? json_deep_copy(value) : json_null()) == 0;
    }
    if (!whole) {
        json_decref(interrupt);
        return NULL;
    }
    return interrupt;
}

static json_t *accept_creation(const json_t *params, unsigned counter) {
    json_t *interrupt = interrupt_from(params, counter, "pending");
    return json_pack("{s:o}", "interrupt", interrupt);
}

static json_t *accept_answering(const json_t *params, unsigned counter) {
    json_t *interrupt = interrupt_from(params, counter, "resolved");
    return json_pack("{s:o, s:b}", "interrupt", interrupt, "request_can_resume", 1);
}

static json_t *accept_cancelling(const json_t *params, unsigned counter) {
    json_t *interrupt = interrupt_from(params, counter, "cancelled");
    return json_pack("{s:o}", "interrupt", interrupt);
}

static json_t *accept_listing(const json_t *params, unsigned counter) {
    (void)params;
    (void)counter;
    return json_pack("{s:[], s:i, s:n}", "interrupts", "total", 0, "next_cursor");
}

static json_t *accept_sweep(const json_t *params, unsigned counter) {
    (void)params;
    (void)counter;
    return json_pack("{s:[]}", "ids");
}

static json_t *accept_question(const json_t *params, unsigned counter) {
    (void)params;
    (void)counter;
    return json_pack("{s:n}", "interrupt");
}

static json_t *accept_drain(const json_t *params, unsigned counter) {
    (void)params;
    (void)counter;
    return json_pack("{s:[]}", "events");
}

static json_t *accept_subscription(const json_t *params, unsigned counter) {
    (void)params;
    char id[ID_SIZE];
    write_id(id, counter);
    return json_pack("{s:s}", "id", id);
}

static json_t *accept_dead(const json_t *params, unsigned counter) {
    (void)params;
    (void)counter;
    return json_pack("{s:[]}", "deliveries");
}

static json_t *accept_flush(const json_t *params, unsigned counter) {
    (void)params;
    (void)counter;
    return json_pack("{s:i, s:i, s:i}", "sent", 0, "delivered", 0, "failed", 0);
}

static json_t *accept_description(const json_t *params, unsigned counter) {
    (void)params;
    (void)counter;
    return json_pack("{s:[], s:[], s:[]}", "kinds", "statuses", "decisions");
}

static json_t *accept_clock(const json_t *params, unsigned counter) {
    (void)counter;
    json_t *now = json_object_get(params, "now");
    return json_pack("{s:O?}", "now", now);
}

/* A member as a value of its own, null where there is none. */
static json_t *copy_of(const json_t *params, const char *key) {
    const json_t *value = json_object_get(params, key);
    return value ? json_deep_copy(value) : json_null();
}

/* The envelope as it came: nothing is added to it, nothing happens to it. */
static json_t *accept_envelope(const json_t *params, unsigned counter) {
    (void)counter;
    return json_pack("{s:o}", "envelope", copy_of(params, "envelope"));
}

/* A flow that runs on, whatever is done to it. */
static json_t *accept_flow(const json_t *params, unsigned counter) {
    (void)counter;
    json_t *envelope = json_object_get(params, "envelope")
                           ? copy_of(params, "envelope")
                           : json_pack("{s:o, s:b, s:n}", "envelope_id", copy_of(params, "pid"),
                                       "interrupt_pending", 0, "interrupt");
    return json_pack("{s:s, s:o}", "state", "running", "envelope", envelope);
}

static json_t *accept_interruption(const json_t *params, unsigned counter) {
    return json_pack("{s:s, s:{s:o, s:b, s:o}}", "state", "waiting", "envelope", "envelope_id",
                     copy_of(params, "pid"), "interrupt_pending", 1, "interrupt",
                     interrupt_from(params, counter, "pending"));
}

static json_t *accept_call(const json_t *params, unsigned counter) {
    (void)params;
    (void)counter;
    return json_pack("{s:b, s:n, s:n, s:n, s:i, s:n}", "allowed", 1, "limit_type", "current_count", "limit",
                     "retry_after_seconds", 0, "remaining");
}

/* 200 for whatever is asked, with the interrupt that the request speaks of. */
static json_t *accept_request(const json_t *params, unsigned counter) {
    json_t *interrupt = interrupt_from(json_object_get(params, "json"), counter, "pending");
    return json_pack("{s:i, s:{s:s}, s:i, s:o}", "status", 200, "headers", "content-type", "application/json",
                     "bytes", 2, "body", interrupt);
}

bool null_answer_accept(const char *method, const json_t *params, unsigned counter, struct answer *answer) {
    static const struct {
        const char *method;
        json_t *(*accept)(const json_t *params, unsigned counter);
    } acceptances[] = {{"interrupt.create", accept_creation},
                       {"interrupt.get", accept_creation},
                       {"interrupt.list", accept_listing},
                       {"interrupt.respond", accept_answering},
                       {"interrupt.cancel", accept_cancelling},
                       {"interrupt.expire_pending", accept_sweep},
                       {"interrupt.pending_for_request", accept_question},
                       {"events.drain", accept_drain},
                       {"describe", accept_description},
                       {"webhook.subscribe", accept_subscription},
                       {"webhook.dead", accept_dead},
                       {"webhook.flush", accept_flush},
                       {"clock.set", accept_clock},
                       {"envelope.roundtrip", accept_envelope},
                       {"flow.resume", accept_envelope},
                       {"kernel.submit", accept_flow},
                       {"kernel.interrupt", accept_interruption},
                       {"kernel.record", accept_flow},
                       {"kernel.resume", accept_flow},
                       {"kernel.get", accept_flow},
                       {"kernel.cancel", accept_flow},
                       {"ratelimit.check", accept_call},
                       {"http.request", accept_request}};
    for (size_t i = 0; i < sizeof acceptances / sizeof acceptances[0]; i++) {
        if (strcmp(acceptances[i].method, method) == 0) {
            return answer_result_new(answer, acceptances[i].accept(params, counter));
        }
    }
    return answer_result_new(answer, json_object());
}

static json_t *reject_request(void) {
    return json_pack("{s:i, s:{s:s}, s:i, s:{s:s, s:s, s:i, s:s, s:s}}", "status", 400, "headers",
                     "content-type", "application/problem+json", "bytes", 2, "body", "type",
                     "urn:holdpoint:problem:invalid", "title", "refused", "status", 400, "detail",
                     "this target refuses everything", "name", "invalid");
}

bool null_answer_reject(const char *method, const json_t *params, unsigned counter, struct answer *answer) {
    if (strcmp(method, "clock.set") == 0 || strcmp(method, "reset") == 0) {
        return null_answer_accept(method, params, counter, answer);
    }
    if (strcmp(method, "http.request") == 0) {
        return answer_result_new(answer, reject_request());
    }
    answer->kind = ANSWER_REFUSED;
    text_put(answer->error_name, sizeof answer->error_name, "invalid");
    text_put(answer->detail, sizeof answer->detail, "this target refuses everything");
    return true;
}

bool null_answer_echo(const char *method, const json_t *params, unsigned counter, struct answer *answer) {
    (void)method;
    (void)counter;
    return answer_result_new(answer, params ? json_deep_copy(params) : json_null());
}

bool null_answer_constant(const char *method, const json_t *params, unsigned counter, struct answer *answer) {
    (void)method;
    (void)params;
    (void)counter;
    char id[ID_SIZE], event_id[ID_SIZE];
    write_id(id, 1);
    write_id(event_id, 2);
    json_t *interrupt =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:n, s:s, s:n, s:{}, s:n, s:s, s:s, s:s, s:n, s:n, s:n}", "id",
                  id, "kind", "clarification", "request_id", "req-constant", "user_id", "ann-constant",
                  "session_id", "ses-constant", "envelope_id", "question", "Which?", "message", "data",
                  "response", "status", "pending", "created_at", SOME_INSTANT, "expires_at",
                  "2025-12-12T09:30:00.000000Z", "resolved_at", "trace_id", "span_id");
    json_t *result = json_pack("{s:O, s:[O], s:i, s:n, s:[s], s:b, s:s, s:[{s:s, s:s, s:s, s:O, s:s}], s:s, "
                               "s:[], s:s, s:{s:s, s:b, s:O}, s:b}",
                               "interrupt", interrupt, "interrupts", interrupt, "total", 1, "next_cursor",
                               "ids", id, "request_can_resume", 1, "now", SOME_INSTANT, "events", "event_id",
                               event_id, "event_type", "interrupt.clarification_needed", "timestamp",
                               SOME_INSTANT, "data", interrupt, "request_id", "req-constant", "id", id,
                               "deliveries", "state", "waiting", "envelope", "envelope_id", "env-constant",
                               "interrupt_pending", 1, "interrupt", interrupt, "allowed", 0);
    json_decref(interrupt);
    return answer_result_new(answer, result);
}

bool null_answer_drop(const char *method, const json_t *params, unsigned counter, struct answer *answer) {
    (void)params;
    (void)counter;
    answer->kind = ANSWER_BROKEN;
    snprintf(answer->detail, sizeof answer->detail, "the connection was dropped at %.64s", method);
    return true;
}
