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
    if (answer->kind == ANSWER_UNSENDABLE) {
        text_addf(&text, "not sent: %s", answer->detail);
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

/* True when a step before this one bound the name: what it stands for came from the target. */
static bool is_from_answer(const struct test_case *test_case, size_t step, const char *name, size_t length) {
    for (size_t i = 0; i < step; i++) {
        const char *bound;
        json_t *pointer;
        json_object_foreach(test_case->steps[i].bind, bound, pointer) {
            if (strlen(bound) == length && strncmp(bound, name, length) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Looks through args for "$name" of an answer. */
static bool value_uses_answer(const struct test_case *test_case, size_t step, json_t *value) {
    const char *key;
    json_t *part;
    size_t index;
    struct reference reference;
    if (json_is_string(value)) {
        return reference_read(json_string_value(value), json_string_length(value), &reference) &&
               is_from_answer(test_case, step, reference.name, reference.name_length);
    }
    json_object_foreach(value, key, part) {
        if (strcmp(key, "$literal") != 0 && value_uses_answer(test_case, step, part)) {
            return true;
        }
    }
    json_array_foreach(value, index, part) {
        if (value_uses_answer(test_case, step, part)) {
            return true;
        }
    }
    return false;
}

/* Looks through raw params for {$name} of an answer. */
static bool raw_uses_answer(const struct test_case *test_case, size_t step, const char *raw) {
    for (const char *at = raw; (at = strstr(at, "{$")) != NULL; at++) {
        if (is_from_answer(test_case, step, at + 2, strcspn(at + 2, "/}"))) {
            return true;
        }
    }
    return false;
}

/* True when the call can see interrupts that the case has made: a listing names none of them by id. */
static bool sees_creations(const struct rig *rig, const struct record *record) {
    static const char create[] = "interrupt.create";
    for (const struct record *at = rig->records; strcmp(record->method, create) != 0 && at < record; at++) {
        if (strcmp(at->method, create) == 0 && at->answer.kind == ANSWER_RESULT) {
            return true;
        }
    }
    return false;
}

/* A call by hand meets a fresh process, which never heard of what the case has made before, unless the service outlives
 * the run. A play is no call at all. */
static bool stands_alone(const struct rig *rig, const struct test_case *test_case,
                         const struct record *record) {
    if (record->step == RECORD_SETUP) {
        return true;
    }
    size_t index = (size_t)record->step;
    const struct step *step = &test_case->steps[index];
    if (step->kind == STEP_PLAY) {
        return false;
    }
    if (rig->hello->outlives) {
        return true;
    }
    if (sees_creations(rig, record)) {
        return false;
    }
    return step->raw ? !raw_uses_answer(test_case, index, step->raw)
                     : !value_uses_answer(test_case, index, step->args);
}

/* The params of the last call are still whole, unless those of another one that was never sent came after. */
static char *show_reproduction(struct rig *rig, const struct test_case *test_case) {
    struct text text = {0};
    const struct record *last = &rig->records[rig->record_count - 1];
    if (!rig->params.bytes || rig->params.failed || last->length < last->whole_length ||
        !stands_alone(rig, test_case, last)) {
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
    result->reproduce = show_reproduction(rig, result->test_case);
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
