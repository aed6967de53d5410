#include "reference/core/wire.h"
#include "reference/base/text.h"
#include "reference/core/json.h"

#include <stdlib.h>
#include <string.h>

/* Adds a member and takes the value; false when either could not be made. The keys are ours, so nothing
 * checks them. */
static bool put(json_t *object, const char *key, json_t *value) {
    return json_object_set_new_nocheck(object, key, value) == 0;
}

static json_t *encode_text(const char *text) {
    return text ? json_string_nocheck(text) : json_null();
}

static json_t *encode_instant(int64_t instant_us) {
    if (instant_us == HP_INSTANT_NONE) {
        return json_null();
    }
    char text[HP_INSTANT_SIZE];
    hp_instant_format(instant_us, text);
    return json_string_nocheck(text);
}

/* Data is stored as text that was read and checked when it came in. */
static json_t *encode_data(const char *data) {
    if (!data) {
        return json_null();
    }
    json_t *value = NULL;
    if (strcmp(data, "{}") == 0) {
        return json_object();
    }
    json_read(data, strlen(data), &value, NULL);
    return value;
}

static json_t *encode_approval(enum hp_approval approved) {
    return approved == HP_APPROVAL_NONE ? json_null() : json_boolean(approved == HP_APPROVED);
}

static json_t *encode_response(const struct hp_response *response) {
    json_t *object = json_object();
    if (put(object, "text", encode_text(response->text)) &&
        put(object, "approved", encode_approval(response->approved)) &&
        put(object, "decision", encode_text(hp_decision_name(response->decision))) &&
        put(object, "data", encode_data(response->data)) &&
        put(object, "received_at", encode_instant(response->received_at_us))) {
        return object;
    }
    json_decref(object);
    return NULL;
}

json_t *interrupt_encode(const struct hp_interrupt *interrupt) {
    json_t *object = json_object();
    if (put(object, "id", encode_text(interrupt->id)) &&
        put(object, "kind", encode_text(hp_kind_rule(interrupt->kind)->name)) &&
        put(object, "request_id", encode_text(interrupt->request_id)) &&
        put(object, "user_id", encode_text(interrupt->user_id)) &&
        put(object, "session_id", encode_text(interrupt->session_id)) &&
        put(object, "envelope_id", encode_text(interrupt->envelope_id)) &&
        put(object, "question", encode_text(interrupt->question)) &&
        put(object, "message", encode_text(interrupt->message)) &&
        put(object, "data", encode_data(interrupt->data)) &&
        put(object, "response",
            interrupt->has_response ? encode_response(&interrupt->response) : json_null()) &&
        put(object, "status", encode_text(hp_interrupt_status_name(interrupt->status))) &&
        put(object, "created_at", encode_instant(interrupt->created_at_us)) &&
        put(object, "expires_at", encode_instant(interrupt->expires_at_us)) &&
        put(object, "resolved_at", encode_instant(interrupt->resolved_at_us)) &&
        put(object, "trace_id", encode_text(interrupt->trace_id)) &&
        put(object, "span_id", encode_text(interrupt->span_id))) {
        return object;
    }
    json_decref(object);
    return NULL;
}

json_t *event_encode(const struct hp_event *event) {
    json_t *object = json_object();
    if (put(object, "event_id", encode_text(event->id)) &&
        put(object, "event_type", encode_text(event->type)) &&
        put(object, "timestamp", encode_instant(event->timestamp_us)) &&
        put(object, "data", interrupt_encode(event->interrupt)) &&
        put(object, "request_id", encode_text(event->interrupt->request_id))) {
        return object;
    }
    json_decref(object);
    return NULL;
}

/* What is being read: the object, where it stands, and the first problem. */
struct decoder {
    const json_t *object;
    const char *prefix; /* "" or "/response" */
    struct hp_problem *problem;
};

static bool refuse(const struct decoder *decoder, const char *key, const char *expected) {
    char pointer[HP_PROBLEM_FIELD_SIZE];
    struct text text = {0};
    text_addf(&text, "%s/%s", decoder->prefix, key);
    text_put(pointer, sizeof pointer, text.bytes ? text.bytes : "");
    text_release(&text);
    hp_problem_set(decoder->problem, HP_INVALID, pointer, "%s must be %s", key, expected);
    return false;
}

/* The member, NULL when it is absent or null. */
static const json_t *member(const struct decoder *decoder, const char *key) {
    const json_t *value = json_object_get(decoder->object, key);
    return json_is_null(value) ? NULL : value;
}

static bool decode_text(const struct decoder *decoder, const char *key, bool required, const char **text) {
    const json_t *value = member(decoder, key);
    *text = json_string_value(value);
    if (!value && !required) {
        return true;
    }
    return *text ? true : refuse(decoder, key, required ? "text" : "text or null");
}

static bool decode_instant(const struct decoder *decoder, const char *key, bool required,
                           int64_t *instant_us) {
    const char *text;
    *instant_us = HP_INSTANT_NONE;
    if (!decode_text(decoder, key, required, &text)) {
        return false;
    }
    if (text && !hp_instant_parse(text, strlen(text), instant_us)) {
        return refuse(decoder, key, "an RFC 3339 time with an offset");
    }
    return true;
}

/* Data goes through text, as everywhere; the caller frees *text. */
static bool decode_data(const struct decoder *decoder, const char *key, char **text) {
    const json_t *value = member(decoder, key);
    if (!value) {
        return true;
    }
    if (!json_is_object(value)) {
        return refuse(decoder, key, "an object");
    }
    *text = json_to_text(value);
    return *text || hp_problem_no_memory(decoder->problem) == HP_OK;
}

static bool decode_response(const struct decoder *decoder, struct hp_response *response, char **data) {
    const char *decision;
    const json_t *approved = member(decoder, "approved");
    if (!decode_text(decoder, "text", false, &response->text) ||
        !decode_text(decoder, "decision", false, &decision) || !decode_data(decoder, "data", data) ||
        !decode_instant(decoder, "received_at", true, &response->received_at_us)) {
        return false;
    }
    if (approved && !json_is_boolean(approved)) {
        return refuse(decoder, "approved", "true, false or null");
    }
    response->approved = !approved ? HP_APPROVAL_NONE : json_is_true(approved) ? HP_APPROVED : HP_DENIED;
    if (decision && !hp_decision_from_name(decision, &response->decision)) {
        return refuse(decoder, "decision", "approve, reject or modify");
    }
    response->data = *data;
    return true;
}

static bool decode_words(const struct decoder *decoder, struct hp_interrupt *draft) {
    const char *id, *kind, *status;
    if (!decode_text(decoder, "id", true, &id) || !decode_text(decoder, "kind", true, &kind) ||
        !decode_text(decoder, "status", true, &status)) {
        return false;
    }
    if (!hp_id_is_canonical(id)) {
        return refuse(decoder, "id", "a UUID in lower-case canonical text");
    }
    text_put(draft->id, sizeof draft->id, id);
    if (!hp_kind_from_name(kind, &draft->kind)) {
        return refuse(decoder, "kind", "one of the seven kinds");
    }
    return hp_interrupt_status_from_name(status, &draft->status) ||
           refuse(decoder, "status", "pending, resolved, expired or cancelled");
}

static bool decode_texts(const struct decoder *decoder, struct hp_interrupt *draft) {
    return decode_text(decoder, "request_id", true, &draft->request_id) &&
           decode_text(decoder, "user_id", true, &draft->user_id) &&
           decode_text(decoder, "session_id", true, &draft->session_id) &&
           decode_text(decoder, "envelope_id", false, &draft->envelope_id) &&
           decode_text(decoder, "question", false, &draft->question) &&
           decode_text(decoder, "message", false, &draft->message) &&
           decode_text(decoder, "trace_id", false, &draft->trace_id) &&
           decode_text(decoder, "span_id", false, &draft->span_id) &&
           decode_instant(decoder, "created_at", true, &draft->created_at_us) &&
           decode_instant(decoder, "expires_at", false, &draft->expires_at_us) &&
           decode_instant(decoder, "resolved_at", false, &draft->resolved_at_us);
}

static bool decode_answer(const struct decoder *decoder, struct hp_interrupt *draft, char **data) {
    const json_t *response = member(decoder, "response");
    draft->has_response = response != NULL;
    if (draft->has_response != (draft->status == HP_RESOLVED)) {
        return refuse(decoder, "response", "an object exactly when status is resolved");
    }
    if ((draft->resolved_at_us != HP_INSTANT_NONE) != draft->has_response) {
        return refuse(decoder, "resolved_at", "a time exactly when status is resolved");
    }
    if (!response) {
        return true;
    }
    if (!json_is_object(response)) {
        return refuse(decoder, "response", "an object");
    }
    return decode_response(&(struct decoder){response, "/response", decoder->problem}, &draft->response,
                           data);
}

enum hp_status interrupt_decode(const json_t *value, struct hp_interrupt **interrupt,
                                struct hp_problem *problem) {
    struct hp_problem own = {0}; /* tells why, even when the caller's holds an older problem */
    const struct decoder decoder = {value, "", &own};
    struct hp_interrupt draft = {.data = "{}"};
    char *data = NULL, *response_data = NULL;
    *interrupt = NULL;
    if (!json_is_object(value)) {
        hp_problem_set(decoder.problem, HP_INVALID, "", "an interrupt must be an object");
    } else if (decode_words(&decoder, &draft) && decode_texts(&decoder, &draft) &&
               decode_data(&decoder, "data", &data) && decode_answer(&decoder, &draft, &response_data)) {
        draft.data = data ? data : "{}";
        *interrupt = hp_interrupt_new(&draft);
        if (!*interrupt) {
            hp_problem_no_memory(decoder.problem);
        }
    }
    free(data);
    free(response_data);
    return *interrupt ? HP_OK : hp_problem_set(problem, own.status, own.field, "%s", own.detail);
}
