#include "harness/case/transcript.h"

#include "harness/base/value.h"
#include "harness/case/outcome.h"

#include <stdlib.h>
#include <string.h>

static char *show_params(const struct rig *rig, const struct record *record) {
    struct text text = {0};
    size_t kept = record->length < TRANSCRIPT_TEXT_BYTES ? record->length : TRANSCRIPT_TEXT_BYTES;
    text_append(&text, rig->params.bytes + record->begin, kept);
    if (kept < record->whole_length && !text.failed) {
        text_trim_partial(text.bytes);
        text.length_bytes = strlen(text.bytes);
        text_addf(&text, "... (%zu bytes)", record->whole_length);
    }
    return text_take(&text);
}

static char *show_answer(const struct answer *answer) {
    struct text text = {0};
    if (answer->kind == ANSWER_BROKEN) {
        text_addf(&text, "broken: %s", answer->detail);
        return text_take(&text);
    }
    if (answer->kind == ANSWER_RESULT) {
        text_add(&text, "result ");
        value_write(&text, answer->result);
        text_shorten(&text, TRANSCRIPT_TEXT_BYTES);
        return text_take(&text);
    }
    text_addf(&text, "refused %s", answer->error_name);
    if (answer->interrupt_status[0]) {
        text_addf(&text, ", interrupt_status %s", answer->interrupt_status);
    }
    if (answer->field[0]) {
        text_addf(&text, ", field %s", answer->field);
    }
    text_addf(&text, ": %s", answer->detail);
    return text_take(&text);
}

static struct exchange make_exchange(const struct rig *rig, const struct test_case *test_case,
                                     const struct record *record) {
    return (struct exchange){step_name(test_case, record), text_copy(record->method),
                             show_params(rig, record), show_answer(&record->answer)};
}

static bool is_complete(const struct exchange *exchange) {
    return exchange->step && exchange->method && exchange->params && exchange->answer;
}

/* The params of the last call are still whole, unless those of another one that was never sent came after. */
static char *show_reproduction(struct rig *rig) {
    struct text text = {0};
    const struct record *last = &rig->records[rig->record_count - 1];
    if (!rig->params.bytes || rig->params.failed || last->length < last->whole_length) {
        return NULL;
    }
    struct request request = {last->method, rig->params.bytes + last->begin, last->length, last->raw};
    target_reproduce(rig->target, &request, &text);
    char *reproduce = text.length_bytes ? text_take(&text) : NULL;
    text_release(&text);
    return reproduce;
}

void transcript_make(struct rig *rig, struct case_result *result) {
    if (rig->record_count == 0) {
        return;
    }
    result->reproduce = show_reproduction(rig);
    result->exchanges = calloc(rig->record_count, sizeof *result->exchanges);
    for (size_t i = 0; result->exchanges && i < rig->record_count; i++) {
        struct exchange exchange = make_exchange(rig, result->test_case, &rig->records[i]);
        if (!is_complete(&exchange)) {
            free(exchange.step);
            free(exchange.method);
            free(exchange.params);
            free(exchange.answer);
            return;
        }
        result->exchanges[result->exchange_count++] = exchange;
    }
}
