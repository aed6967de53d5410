#include "harness/case/outcome.h"

#include "harness/case/case.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { REASON_BYTES = 700 };

char *step_name(const struct test_case *test_case, const struct record *record) {
    struct text text = {0};
    if (record->step == RECORD_SETUP) {
        text_addf(&text, "set-up (%s)", record->method);
        return text_take(&text);
    }
    const struct step *step = &test_case->steps[record->step];
    text_addf(&text, "step %d", record->step + 1);
    if (step->kind == STEP_CLOCK) {
        text_add(&text, " (clock)");
    } else if (step->kind == STEP_TWIN) {
        text_addf(&text, " (twin of %s)", test_case->steps[step->twin_of].name);
    } else if (step->name) {
        text_addf(&text, " (%s)", step->name);
    }
    if (record->times > 1) {
        text_addf(&text, ", time %u of %u", record->time + 1, record->times);
    }
    return text_take(&text);
}

static bool set(struct scenario *scenario, enum verdict verdict, const struct record *record,
                const char *format, va_list arguments) {
    char reason[REASON_BYTES];
    struct case_result *result = scenario->result;
    int length = vsnprintf(reason, sizeof reason, format, arguments);
    if (length < 0 || (size_t)length >= sizeof reason) {
        text_trim_partial(reason);
    }
    result->verdict = verdict;
    result->reason = text_copy(reason);
    result->step = record ? step_name(scenario->test_case, record) : NULL;
    return false;
}

bool outcome_set(struct scenario *scenario, enum verdict verdict, const struct record *record,
                 const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    set(scenario, verdict, record, format, arguments);
    va_end(arguments);
    return false;
}

bool outcome_fault(struct scenario *scenario, const struct record *record, const struct step *blamed,
                   struct difference *difference, const char *format, ...) {
    struct case_result *result = scenario->result;
    enum verdict verdict = blamed && blamed->requirement_count ? VERDICT_FAILED : VERDICT_UNTESTABLE;
    va_list arguments;
    va_start(arguments, format);
    set(scenario, verdict, record, format, arguments);
    va_end(arguments);
    for (size_t i = 0; blamed && i < blamed->requirement_count; i++) {
        result->requirements[i] = blamed->requirements[i]->id;
    }
    if (difference) {
        result->path = difference->path;
        result->expected = difference->expected;
        result->got = difference->got;
        *difference = (struct difference){0};
    }
    return false;
}

bool outcome_no_memory(struct scenario *scenario) {
    return outcome_set(scenario, VERDICT_ERRORED, NULL, "the harness ran out of memory");
}

bool outcome_unanswered(struct scenario *scenario, const struct record *record) {
    bool unsendable = record->answer.kind == ANSWER_UNSENDABLE;
    return outcome_set(scenario, unsendable ? VERDICT_UNSUPPORTED : VERDICT_ERRORED, record, "%s%s: %s",
                       record->method, unsendable ? " cannot be said to the target" : "",
                       record->answer.detail);
}
