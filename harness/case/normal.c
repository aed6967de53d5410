#include "harness/case/normal.h"

#include "harness/case/match.h"
#include "harness/case/normal_flow.h"
#include "harness/case/normal_order.h"
#include "harness/case/normal_shape.h"
#include "harness/case/normal_value.h"

#include <string.h>

bool normal_init(struct normal *normal, const struct scope *scope, bool loose) {
    *normal = (struct normal){.scope = scope,
                              .loose = loose,
                              .numbers = json_object(),
                              .created = json_object(),
                              .ties = json_object(),
                              .cursors = json_object()};
    return normal->numbers && normal->created && normal->ties && normal->cursors;
}

void normal_release(struct normal *normal) {
    json_decref(normal->numbers);
    json_decref(normal->created);
    json_decref(normal->ties);
    json_decref(normal->cursors);
    *normal = (struct normal){0};
}

/* True when an interrupt that ties with another has been created since. */
static bool has_chance_come(const struct normal *normal, size_t since) {
    const char *id;
    json_t *created;
    size_t at = 0;
    json_object_foreach(normal->created, id, created) {
        const json_t *ties = json_object_get(normal->ties, json_string_value(created));
        if (at++ >= since && (normal->loose || json_integer_value(ties) > 1)) {
            return true;
        }
    }
    return false;
}

/* A cursor sent back: what the target gave, with what the case added to it, becomes {cursor}. An id in its place may
 * be that of any row. */
static json_t *normal_sent_cursor(struct normal *normal, const json_t *value) {
    const char *given;
    json_t *since;
    json_object_foreach(normal->cursors, given, since) {
        const char *found = strstr(json_string_value(value), given);
        if (found) {
            normal->since = (size_t)json_integer_value(since);
            normal->chance = has_chance_come(normal, normal->since);
            return json_sprintf("%.*s{cursor}%s", (int)(found - json_string_value(value)),
                                json_string_value(value), found + strlen(given));
        }
    }
    return value_is_uuid(value) ? json_string("{uuid}") : normal_value(normal, value);
}

/* In a request that a case writes itself a cursor is only there or not. */
static bool hide_cursor(json_t *params) {
    json_t *query = json_object_get(params, "query");
    return !json_is_string(json_object_get(query, "cursor")) ||
           put_member(query, "cursor", json_string("{cursor}"));
}

json_t *normal_params(struct normal *normal, const char *params, size_t length_bytes) {
    json_t *read = json_loadb(params, length_bytes, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    normal->since = json_object_size(normal->created);
    normal->chance = false;
    if (!read) {
        return json_null();
    }
    if (!hide_cursor(read)) {
        json_decref(read);
        return NULL;
    }
    json_t *cursor = json_incref(json_object_get(read, "cursor"));
    if (json_is_string(cursor)) {
        json_object_del(read, "cursor");
    }
    json_t *out = normal_value(normal, read);
    if (out && json_is_string(cursor) && !put_member(out, "cursor", normal_sent_cursor(normal, cursor))) {
        json_decref(out);
        out = NULL;
    }
    json_decref(cursor);
    json_decref(read);
    return out;
}

/* What is given as a cursor is only there or not. */
static json_t *normal_given_cursor(struct normal *normal, const json_t *value) {
    if (!json_is_string(value)) {
        return normal_value(normal, value);
    }
    json_t *since = json_integer((json_int_t)normal->since);
    return put_member(normal->cursors, json_string_value(value), since) ? json_string("{cursor}") : NULL;
}

/* When a member stays. */
enum stay {
    ALWAYS,
    UNLESS_CHANCE,  /* left out of a page that depends on chance */
    UNLESS_ALLOWED, /* the contract names it of refusals only, which are results with allowed false */
};

/* The members that the contract names, of the results that it describes. */
static const struct {
    const char *method, *name;
    json_t *(*normalise)(struct normal *normal, const json_t *value);
    enum stay stay;
} members[] = {{"interrupt.create", "interrupt", normal_interrupt, ALWAYS},
               {"interrupt.get", "interrupt", normal_interrupt, ALWAYS},
               {"interrupt.respond", "interrupt", normal_interrupt, ALWAYS},
               {"interrupt.respond", "request_can_resume", normal_value, ALWAYS},
               {"interrupt.cancel", "interrupt", normal_interrupt, ALWAYS},
               {"interrupt.pending_for_request", "interrupt", normal_newest, ALWAYS},
               {"interrupt.list", "interrupts", normal_rows, UNLESS_CHANCE},
               {"interrupt.list", "total", normal_value, ALWAYS},
               {"interrupt.list", "next_cursor", normal_given_cursor, UNLESS_CHANCE},
               {"interrupt.expire_pending", "ids", normal_ids, ALWAYS},
               {"events.drain", "events", normal_events, ALWAYS},
               {"describe", "kinds", normal_set, ALWAYS},
               {"describe", "statuses", normal_set, ALWAYS},
               {"describe", "decisions", normal_set, ALWAYS},
               {"webhook.subscribe", "id", normal_value, ALWAYS},
               {"webhook.dead", NULL, NULL, ALWAYS},
               {"webhook.flush", NULL, NULL, ALWAYS},
               {"http.request", "status", normal_value, ALWAYS},
               {"envelope.roundtrip", "envelope", normal_envelope, ALWAYS},
               {"flow.resume", "envelope", normal_flow, ALWAYS},
               {"kernel.submit", "state", normal_value, ALWAYS},
               {"kernel.submit", "envelope", normal_flow, ALWAYS},
               {"kernel.interrupt", "state", normal_value, ALWAYS},
               {"kernel.interrupt", "envelope", normal_flow, ALWAYS},
               {"kernel.record", "state", normal_value, ALWAYS},
               {"kernel.record", "envelope", normal_flow, ALWAYS},
               {"kernel.resume", "state", normal_value, ALWAYS},
               {"kernel.resume", "envelope", normal_flow, ALWAYS},
               {"kernel.get", "state", normal_value, ALWAYS},
               {"kernel.get", "envelope", normal_flow, ALWAYS},
               {"kernel.cancel", "state", normal_value, ALWAYS},
               {"kernel.cancel", "envelope", normal_flow, ALWAYS},
               {"ratelimit.set", NULL, NULL, ALWAYS},
               {"ratelimit.check", "allowed", normal_value, ALWAYS},
               {"ratelimit.check", "limit_type", normal_value, UNLESS_ALLOWED},
               {"ratelimit.check", "current_count", normal_amount, UNLESS_ALLOWED},
               {"ratelimit.check", "limit", normal_amount, UNLESS_ALLOWED},
               {"ratelimit.check", "retry_after_seconds", normal_amount, UNLESS_ALLOWED},
               {"ratelimit.check", "remaining", normal_amount, UNLESS_ALLOWED},
               {"clock.set", NULL, NULL, ALWAYS},
               {"reset", NULL, NULL, ALWAYS}};

enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

static bool is_there(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return value && !json_is_null(value);
}

static bool is_described(const char *method) {
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (strcmp(members[i].method, method) == 0) {
            return true;
        }
    }
    return false;
}

static bool stays(const struct normal *normal, enum stay stay, const json_t *result) {
    switch (stay) {
    case UNLESS_CHANCE:
        return !normal->chance;
    case UNLESS_ALLOWED:
        return !json_is_true(json_object_get(result, "allowed"));
    case ALWAYS:
        break;
    }
    return true;
}

static bool put_result_member(struct normal *normal, size_t at, const json_t *result, json_t *out) {
    json_t *made = members[at].normalise(normal, json_object_get(result, members[at].name));
    if (made && !stays(normal, members[at].stay, result)) {
        json_decref(made);
        return true;
    }
    return put_member(out, members[at].name, made);
}

static json_t *normal_result(struct normal *normal, const char *method, const json_t *params,
                             const json_t *result) {
    if (!json_is_object(result) || !is_described(method)) {
        return normal_value(normal, result);
    }
    json_t *out = json_object();
    normal->several = is_there(params, "cursor") || is_there(result, "next_cursor");
    for (size_t i = 0; out && i < MEMBER_COUNT; i++) {
        const char *name = members[i].name;
        if (name && strcmp(members[i].method, method) == 0 && is_there(result, name) &&
            !put_result_member(normal, i, result, out)) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static bool put_text(struct normal *normal, json_t *out, const char *key, const char *text) {
    return !*text || put_member(out, key, normal_words(normal, text, strlen(text)));
}

static json_t *normal_refusal(struct normal *normal, const struct answer *answer) {
    json_t *out = json_object();
    if (put_text(normal, out, "name", answer->error_name) && put_text(normal, out, "field", answer->field) &&
        put_text(normal, out, "interrupt_status", answer->interrupt_status)) {
        return out;
    }
    json_decref(out);
    return NULL;
}

json_t *normal_answer(struct normal *normal, const char *method, const json_t *params,
                      const struct answer *answer) {
    json_t *out = json_object();
    bool done = out != NULL;
    if (done && answer->kind == ANSWER_RESULT) {
        done = put_member(out, "result", normal_result(normal, method, params, answer->result));
    } else if (done && answer->kind == ANSWER_REFUSED) {
        done = put_member(out, "refused", normal_refusal(normal, answer));
    }
    if (!done) {
        json_decref(out);
        return NULL;
    }
    return out;
}
