#include "reference/core/envelope_interrupt.h"
#include "reference/base/text.h"

#include <string.h>

static enum hp_status refuse(struct member_path *pointer, const char *key, const char *expected,
                             struct hp_problem *problem) {
    member_path_add(pointer, key);
    return hp_problem_set(problem, HP_INVALID, pointer->text, "%s must be %s", key, expected);
}

static bool is_kind(const json_t *value) {
    enum hp_kind kind;
    return json_is_string(value) && hp_kind_from_name(json_string_value(value), &kind);
}

static bool is_status(const json_t *value) {
    enum hp_interrupt_status status;
    return json_is_string(value) && hp_interrupt_status_from_name(json_string_value(value), &status);
}

static bool is_id(const json_t *value) {
    return json_is_string(value) && json_string_length(value) > 0;
}

static bool is_text(const json_t *value) {
    return json_is_string(value);
}

static bool is_object(const json_t *value) {
    return json_is_object(value);
}

static bool is_instant(const json_t *value) {
    int64_t instant_us;
    return json_is_string(value) &&
           hp_instant_parse(json_string_value(value), json_string_length(value), &instant_us);
}

/* What an interrupt's members are, where they are there and not null. */
static const struct {
    const char *key;
    bool required;
    bool (*fits)(const json_t *value);
    const char *expected;
} members[] = {
    {"id", true, is_id, "text that is not empty"},
    {"kind", true, is_kind, "one of the seven kinds"},
    {"status", false, is_status, "pending, resolved, expired or cancelled"},
    {"request_id", false, is_text, "text or null"},
    {"user_id", false, is_text, "text or null"},
    {"session_id", false, is_text, "text or null"},
    {"envelope_id", false, is_text, "text or null"},
    {"question", false, is_text, "text or null"},
    {"message", false, is_text, "text or null"},
    {"data", false, is_object, "an object or null"},
    {"response", false, is_object, "an object or null"},
    {"created_at", false, is_instant, "an RFC 3339 time with an offset, or null"},
    {"expires_at", false, is_instant, "an RFC 3339 time with an offset, or null"},
    {"resolved_at", false, is_instant, "an RFC 3339 time with an offset, or null"},
    {"trace_id", false, is_text, "text or null"},
    {"span_id", false, is_text, "text or null"},
};

/* Each member may nest as deep as data, since it may hold data; that of a response once more. */
static enum hp_status check_depths(const json_t *object, struct member_path *pointer,
                                   struct hp_problem *problem) {
    json_t *read = (json_t *)object; /* jansson's iterators ask for one that may be changed */
    enum hp_status status = HP_OK;
    for (void *at = json_object_iter(read); status == HP_OK && at; at = json_object_iter_next(read, at)) {
        size_t before = member_path_add(pointer, json_object_iter_key(at));
        const json_t *value = json_object_iter_value(at);
        bool response = strcmp(json_object_iter_key(at), "response") == 0 && json_is_object(value);
        status = response ? check_depths(value, pointer, problem)
                          : json_check_depth(value, pointer->text, problem);
        member_path_cut(pointer, before);
    }
    return status;
}

enum hp_status embedded_check(const json_t *interrupt, struct member_path *pointer,
                              struct hp_problem *problem) {
    if (!json_is_object(interrupt)) {
        return hp_problem_set(problem, HP_INVALID, pointer->text, "interrupt must be an object or null");
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *value = json_object_get(interrupt, members[i].key);
        bool absent = !value || json_is_null(value);
        if (absent ? members[i].required : !members[i].fits(value)) {
            return refuse(pointer, members[i].key, members[i].expected, problem);
        }
    }
    return check_depths(interrupt, pointer, problem);
}

static bool is_there(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return value && !json_is_null(value);
}

bool embedded_is_pending(const json_t *interrupt) {
    if (!json_is_object(interrupt)) {
        return false;
    }
    const char *status = json_string_value(json_object_get(interrupt, "status"));
    return status ? strcmp(status, "pending") == 0 : !is_there(interrupt, "response");
}

json_t *envelope_interrupt(const json_t *envelope) {
    json_t *interrupt = json_object_get(envelope, "interrupt");
    return json_is_object(interrupt) ? interrupt : NULL;
}

static const char *status_of(const json_t *interrupt) {
    const char *status = json_string_value(json_object_get(interrupt, "status"));
    if (status || !interrupt) {
        return status ? status : "";
    }
    return is_there(interrupt, "response") ? "resolved" : "pending";
}

static enum hp_status conflict(const char *status, const char *why, struct hp_problem *problem) {
    if (problem && problem->status == HP_OK) {
        text_put(problem->interrupt_status, sizeof problem->interrupt_status, status);
    }
    return hp_problem_set(problem, HP_CONFLICT, NULL, "%s", why);
}

static enum hp_status embed(json_t *envelope, json_t *interrupt, struct hp_problem *problem) {
    enum hp_status status =
        envelope_put(envelope, "interrupt_pending", json_boolean(embedded_is_pending(interrupt)), problem);
    return status == HP_OK ? envelope_put(envelope, "interrupt", json_incref(interrupt), problem) : status;
}

enum hp_status envelope_set_interrupt(json_t *envelope, json_t *interrupt, struct hp_problem *problem) {
    if (envelope_flag(envelope, "interrupt_pending")) {
        return conflict("pending", "the envelope has a pending interrupt", problem);
    }
    return embed(envelope, interrupt, problem);
}

bool embedded_is_expired(const json_t *interrupt, int64_t now_us) {
    const char *text = json_string_value(json_object_get(interrupt, "expires_at"));
    const char *name = json_string_value(json_object_get(interrupt, "kind"));
    enum hp_kind kind;
    int64_t expires_at_us;
    return text && hp_kind_from_name(name, &kind) && hp_kind_rule(kind)->auto_expires &&
           hp_instant_parse(text, strlen(text), &expires_at_us) && expires_at_us < now_us;
}

enum hp_status envelope_resolve_interrupt(json_t *envelope, json_t *response, int64_t resolved_at_us,
                                          struct hp_problem *problem) {
    json_t *interrupt = envelope_interrupt(envelope);
    char text[HP_INSTANT_SIZE];
    if (!embedded_is_pending(interrupt)) {
        return conflict(status_of(interrupt), "the envelope has no pending interrupt", problem);
    }
    if (embedded_is_expired(interrupt, resolved_at_us)) {
        return conflict("expired", "the interrupt of the envelope has expired", problem);
    }
    hp_instant_format(resolved_at_us, text);
    json_t *resolved = json_copy_whole(interrupt);
    enum hp_status status = HP_OK;
    if (!resolved || json_object_set_new_nocheck(resolved, "status", json_string("resolved")) != 0 ||
        json_object_set_nocheck(resolved, "response", response) != 0 ||
        json_object_set_new_nocheck(resolved, "resolved_at", json_string_nocheck(text)) != 0) {
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        status = embed(envelope, resolved, problem);
    }
    json_decref(resolved);
    return status;
}

enum hp_status envelope_clear_interrupt(json_t *envelope, struct hp_problem *problem) {
    enum hp_status status = envelope_put(envelope, "interrupt", json_null(), problem);
    return status == HP_OK ? envelope_put(envelope, "interrupt_pending", json_false(), problem) : status;
}
