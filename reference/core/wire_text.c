#include "reference/core/wire_text.h"
#include "reference/core/json.h"

#include <string.h>

static void write_text(struct text *text, const char *key, const char *value) {
    text_add(text, key);
    if (value) {
        json_write_string(text, value, strlen(value));
    } else {
        text_append(text, "null", 4);
    }
}

/* Words and instants of our own need no escapes. */
static void write_word(struct text *text, const char *key, const char *word) {
    text_add(text, key);
    text_add_byte(text, '"');
    text_add(text, word);
    text_add_byte(text, '"');
}

static void write_instant(struct text *text, const char *key, int64_t instant_us) {
    char instant[HP_INSTANT_SIZE];
    if (instant_us == HP_INSTANT_NONE) {
        write_text(text, key, NULL);
        return;
    }
    hp_instant_format(instant_us, instant);
    write_word(text, key, instant);
}

static void write_data(struct text *text, const char *key, const char *data) {
    text_add(text, key);
    text_add(text, data ? data : "null");
}

static void write_response(struct text *text, const struct hp_response *response) {
    static const char *const approvals[] = {
        [HP_APPROVAL_NONE] = "null", [HP_APPROVED] = "true", [HP_DENIED] = "false"};
    write_text(text, ",\"response\":{\"text\":", response->text);
    write_data(text, ",\"approved\":", approvals[response->approved]);
    write_text(text, ",\"decision\":", hp_decision_name(response->decision));
    write_data(text, ",\"data\":", response->data);
    write_instant(text, ",\"received_at\":", response->received_at_us);
    text_add_byte(text, '}');
}

bool interrupt_write(struct text *text, const struct hp_interrupt *interrupt) {
    write_word(text, "{\"id\":", interrupt->id);
    write_word(text, ",\"kind\":", hp_kind_rule(interrupt->kind)->name);
    write_text(text, ",\"request_id\":", interrupt->request_id);
    write_text(text, ",\"user_id\":", interrupt->user_id);
    write_text(text, ",\"session_id\":", interrupt->session_id);
    write_text(text, ",\"envelope_id\":", interrupt->envelope_id);
    write_text(text, ",\"question\":", interrupt->question);
    write_text(text, ",\"message\":", interrupt->message);
    write_data(text, ",\"data\":", interrupt->data);
    if (interrupt->has_response) {
        write_response(text, &interrupt->response);
    } else {
        write_text(text, ",\"response\":", NULL);
    }
    write_word(text, ",\"status\":", hp_interrupt_status_name(interrupt->status));
    write_instant(text, ",\"created_at\":", interrupt->created_at_us);
    write_instant(text, ",\"expires_at\":", interrupt->expires_at_us);
    write_instant(text, ",\"resolved_at\":", interrupt->resolved_at_us);
    write_text(text, ",\"trace_id\":", interrupt->trace_id);
    write_text(text, ",\"span_id\":", interrupt->span_id);
    return text_add_byte(text, '}');
}
