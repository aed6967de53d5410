#include "reference/core/stored.h"
#include "reference/core/json.h"
#include "reference/core/jsonb.h"
#include "reference/core/wire.h"

#include <stdlib.h>

void stored_response_release(struct stored_response *stored) {
    free(stored->text);
    free(stored->data);
    *stored = (struct stored_response){0};
}

/* Appends `"key":`, behind a comma unless it is the first member. */
static void add_key(struct text *json, const char *key) {
    text_addf(json, "%s\"%s\":", json->length_bytes > 1 ? "," : "", key);
}

static void add_string(struct text *json, const char *key, const char *string) {
    if (string) {
        json_t *value = json_string_nocheck(string);
        add_key(json, key);
        json->failed = json->failed || !value || !json_write(json, value);
        json_decref(value);
    }
}

bool stored_write_response(struct text *json, const struct hp_response *response) {
    text_add_byte(json, '{');
    add_string(json, "text", response->text);
    if (response->approved != HP_APPROVAL_NONE) {
        add_key(json, "approved");
        text_add(json, response->approved == HP_APPROVED ? "true" : "false");
    }
    add_string(json, "decision", hp_decision_name(response->decision));
    if (response->data) {
        add_key(json, "data");
        json->failed = json->failed || !jsonb_write(json, response->data);
    }
    return text_add_byte(json, '}');
}

bool stored_write_reason(struct text *json, const char *reason) {
    text_add_byte(json, '{');
    add_string(json, "cancel_reason", reason && *reason ? reason : NULL);
    return text_add_byte(json, '}');
}

/* What jsonb shows, as a value; NULL when memory runs out. */
static json_t *value_of(const char *shown) {
    struct text text = {0};
    json_t *value = NULL;
    if (jsonb_read(&text, shown)) {
        json_read(text.bytes, text.length_bytes, &value, NULL);
    }
    text_release(&text);
    return value;
}

enum hp_status stored_read_response(const char *shown, struct stored_response *stored,
                                    struct hp_problem *problem) {
    json_t *value = value_of(shown);
    if (!value) {
        return hp_problem_no_memory(problem);
    }
    struct hp_response *response = &stored->response;
    const json_t *approved = json_object_get(value, "approved");
    const char *text = json_string_value(json_object_get(value, "text"));
    const char *decision = json_string_value(json_object_get(value, "decision"));
    const json_t *data = json_object_get(value, "data");
    response->approved = json_is_true(approved)    ? HP_APPROVED
                         : json_is_false(approved) ? HP_DENIED
                                                   : HP_APPROVAL_NONE;
    if (decision) {
        hp_decision_from_name(decision, &response->decision);
    }
    response->text = stored->text = text_copy(text);
    response->data = stored->data = json_is_object(data) ? json_to_text(data) : NULL;
    bool complete = (!text || stored->text) && (!json_is_object(data) || stored->data);
    json_decref(value);
    return complete ? HP_OK : hp_problem_no_memory(problem);
}

enum hp_status stored_read_interrupt(const char *shown, struct hp_interrupt **interrupt,
                                     struct hp_problem *problem) {
    json_t *value = value_of(shown);
    enum hp_status status =
        value ? interrupt_decode(value, interrupt, problem) : hp_problem_no_memory(problem);
    json_decref(value);
    return status;
}
