#include "reference/store/postgres_change.h"
#include "reference/base/text.h"
#include "reference/core/room.h"
#include "reference/core/stored.h"

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
    bool written = change->to == HP_RESOLVED ? stored_write_response(&texts->json, change->response)
                                             : stored_write_reason(&texts->json, change->reason);
    if (!written) {
        return hp_problem_no_memory(problem);
    }
    parameters_add_text(parameters, texts->json.bytes);
    if (change->to == HP_RESOLVED) {
        array_of_kinds(fitting_kinds(change->response), texts->kinds);
        parameters_add_text(parameters, texts->kinds);
    }
    parameters_add_number(parameters,
                          interrupt_room_bytes(change->to == HP_RESOLVED ? change->response : NULL));
    return HP_OK;
}
