#include "reference/store/postgres_change.h"
#include "reference/base/text.h"
#include "reference/core/json.h"
#include "reference/store/jsonb.h"

#include <string.h>

void change_texts_release(struct change_texts *texts) {
    text_release(&texts->json);
}

/* Adds one word to the text of an array, which has room for all that there are. */
static void add_word(char *text, size_t size, const char *word) {
    size_t length = strlen(text);
    text_put(text + length, size - length, length > 1 ? "," : "");
    length = strlen(text);
    text_put(text + length, size - length, word);
}

void array_of_kinds(unsigned kinds, char text[CHANGE_KINDS_SIZE]) {
    text_put(text, CHANGE_KINDS_SIZE, "{");
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        if (kinds >> kind & 1) {
            add_word(text, CHANGE_KINDS_SIZE, hp_kind_rule((enum hp_kind)kind)->name);
        }
    }
    size_t length = strlen(text);
    text_put(text + length, CHANGE_KINDS_SIZE - length, "}");
}

void array_of_statuses(unsigned statuses, char text[CHANGE_STATUSES_SIZE]) {
    text_put(text, CHANGE_STATUSES_SIZE, "{");
    for (int status = 0; status < HP_INTERRUPT_STATUS_COUNT; status++) {
        if (statuses >> status & 1) {
            add_word(text, CHANGE_STATUSES_SIZE, hp_interrupt_status_name((enum hp_interrupt_status)status));
        }
    }
    size_t length = strlen(text);
    text_put(text + length, CHANGE_STATUSES_SIZE - length, "}");
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

/* The members that were given; received_at is added by the database. */
static bool write_response(struct text *json, const struct hp_response *response) {
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

static bool write_reason(struct text *json, const char *reason) {
    text_add_byte(json, '{');
    add_string(json, "cancel_reason", reason && *reason ? reason : NULL);
    return text_add_byte(json, '}');
}

/* What is left of the limit for the texts of the row and its data. */
static int64_t room_bytes(const struct hp_change *change) {
    struct hp_interrupt draft = {0};
    size_t absent_bytes = 9 * json_string_size(NULL); /* the texts of the row and its data */
    if (change->to == HP_RESOLVED) {
        draft.response = *change->response;
    }
    return JSON_SIZE_MAX_BYTES - (int64_t)(interrupt_size_bytes(&draft) - absent_bytes);
}

static unsigned fitting_kinds(const struct hp_response *response) {
    unsigned kinds = 0;
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        bool fits = hp_response_check_kind(response, (enum hp_kind)kind, NULL) == HP_OK;
        kinds |= (unsigned)fits << kind;
    }
    return kinds;
}

enum hp_status change_add(struct parameters *parameters, const struct hp_change *change,
                          struct change_texts *texts, struct hp_problem *problem) {
    bool written = change->to == HP_RESOLVED ? write_response(&texts->json, change->response)
                                             : write_reason(&texts->json, change->reason);
    if (!written) {
        return hp_problem_no_memory(problem);
    }
    parameters_add_text(parameters, texts->json.bytes);
    if (change->to == HP_RESOLVED) {
        array_of_kinds(fitting_kinds(change->response), texts->kinds);
        parameters_add_text(parameters, texts->kinds);
    }
    parameters_add_number(parameters, room_bytes(change));
    return HP_OK;
}
