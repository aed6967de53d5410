#include "harness/case/judge.h"

#include "harness/base/value.h"
#include "harness/case/case.h"
#include "harness/case/expand.h"

#include <stdlib.h>
#include <string.h>

enum { DETAIL_SHOWN = 200 };

/* "refused: forbidden", with status and field when they are there, and the target's own words when asked. */
static char *show_refusal(const char *name, const char *status, const char *field, const char *detail) {
    struct text text = {0};
    text_addf(&text, "refused: %s", name);
    if (status && *status) {
        text_addf(&text, ", interrupt_status %s", status);
    }
    if (field && *field) {
        text_addf(&text, ", field %s", field);
    }
    if (detail && *detail) {
        text_addf(&text, " (%s)", detail);
        text_shorten(&text, DETAIL_SHOWN);
    }
    return text_take(&text);
}

static char *show_answer(const struct answer *answer) {
    if (answer->kind == ANSWER_REFUSED) {
        return show_refusal(answer->error_name, answer->interrupt_status, answer->field, answer->detail);
    }
    struct text text = {0};
    text_add(&text, "accepted: ");
    value_write(&text, answer->result);
    text_shorten(&text, SHOWN_BYTES_MAX);
    return text_take(&text);
}

static struct difference answer_difference(const struct step *step, const struct answer *answer) {
    return (struct difference){
        text_copy(""),
        step->refused ? show_refusal(step->refused, step->refused_status, step->refused_field, NULL)
                      : text_copy("accepted"),
        show_answer(answer)};
}

/* A difference without its texts says nothing: then memory ran out. */
static bool fault(struct scenario *scenario, const struct record *record, const struct step *blamed,
                  struct difference *difference, const char *reason) {
    if (!difference->path || !difference->expected || !difference->got) {
        difference_release(difference);
        return outcome_no_memory(scenario);
    }
    return outcome_fault(scenario, record, blamed, difference, "%s", reason);
}

/* The first text that the refusal must hide and yet holds, for the caller to drop; NULL when it keeps them
 * all. */
static json_t *find_leak(const struct answer *answer, const json_t *hidden) {
    const char *places[] = {answer->detail, answer->field, answer->error_text};
    for (size_t i = 0; i < json_array_size(hidden); i++) {
        json_t *text = json_array_get(hidden, i);
        for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
            if (places[k] && strstr(places[k], json_string_value(text))) {
                return json_incref(text);
            }
        }
    }
    return NULL;
}

static bool judge_leak(struct scenario *scenario, const struct step *step, const struct record *record) {
    const struct answer *answer = &record->answer;
    json_t *hidden = NULL;
    struct text expected = {0};
    if (template_value(step->refused_hides, &scenario->rig->scope, &hidden, NULL) != HP_OK) {
        return outcome_no_memory(scenario);
    }
    json_t *leak =
        answer->interrupt_status[0] ? json_string(answer->interrupt_status) : find_leak(answer, hidden);
    json_decref(hidden);
    if (!leak) {
        return true;
    }
    text_addf(&expected, "refused: %s, without a word of ", step->refused);
    value_write(&expected, leak);
    json_decref(leak);
    struct difference difference = {text_copy(""), text_take(&expected), show_answer(answer)};
    return fault(scenario, record, step, &difference, "the refusal tells what is not the caller's");
}

static bool judge_refusal(struct scenario *scenario, const struct step *step, const struct record *record) {
    const struct answer *answer = &record->answer;
    const char *reason = NULL;
    if (answer->kind == ANSWER_RESULT) {
        reason = "accepted what must be refused";
    } else if (strcmp(answer->error_name, step->refused) != 0) {
        reason = "refused under another name";
    } else if (step->refused_status && !answer->untold_status &&
               strcmp(answer->interrupt_status, step->refused_status) != 0) {
        reason = "refused with another interrupt_status";
    } else if (step->refused_field && !answer->untold_field &&
               strcmp(answer->field, step->refused_field) != 0) {
        reason = "refused for another field";
    }
    if (!reason) {
        return !step->refused_hides || judge_leak(scenario, step, record);
    }
    struct difference difference = answer_difference(step, answer);
    return fault(scenario, record, step, &difference, reason);
}

/* A service that refuses everything has proved nothing, so the refusal that the twin belongs to falls. */
static bool fault_refused(struct scenario *scenario, const struct step *step, const struct record *record) {
    struct difference difference = answer_difference(step, &record->answer);
    const struct step *base = step->kind == STEP_TWIN ? &scenario->test_case->steps[step->twin_of] : NULL;
    if (!base) {
        return fault(scenario, record, step, &difference, "refused what must be accepted");
    }
    return fault(scenario, record, base->requirement_count ? base : step, &difference,
                 "the refusal does not count: its twin, which differs in one thing only, was refused too");
}

static bool fault_bind(struct scenario *scenario, const struct step *step, const struct record *record,
                       const char *name, const char *pointer) {
    struct text expected = {0};
    text_addf(&expected, "a value for $%s", name);
    struct difference difference = {text_copy(pointer), text_take(&expected), text_copy("nothing")};
    return fault(scenario, record, step, &difference, "the answer lacks what a later step needs");
}

/* Binds every name or, with fresh set, only those that nothing is bound to yet; then what is missing is left
 * for later, since the expectation can say more of it. */
static bool bind_names(struct scenario *scenario, const struct step *step, const struct record *record,
                       bool fresh) {
    struct scope *scope = &scenario->rig->scope;
    const char *name;
    json_t *pointer;
    json_object_foreach(step->bind, name, pointer) {
        json_t *value = value_at(record->answer.result, json_string_value(pointer));
        if (!value && !fresh) {
            return fault_bind(scenario, step, record, name, json_string_value(pointer));
        }
        if (value && (!fresh || !scope_has(scope, name)) && !scope_bind(scope, name, value)) {
            return outcome_no_memory(scenario);
        }
    }
    return true;
}

static bool judge_result(struct scenario *scenario, const struct step *step, const struct record *record) {
    struct difference difference = {0};
    if (!step->expectation) {
        return true;
    }
    enum hp_status status =
        expectation_match(step->expectation, record->answer.result, &scenario->rig->scope, &difference);
    if (status == HP_OK) {
        return true;
    }
    return status == HP_INTERNAL ? outcome_no_memory(scenario)
                                 : fault(scenario, record, step, &difference, "the answer differs");
}

static bool note_creation(struct scenario *scenario, const struct step *step, const struct record *record) {
    json_t *id = strcmp(step->method, "interrupt.create") == 0
                     ? value_at(record->answer.result, "/interrupt/id")
                     : NULL;
    return !json_is_string(id) || scope_add_own(&scenario->rig->scope, id) || outcome_no_memory(scenario);
}

bool judge_collect(struct scenario *scenario, const struct step *step, const struct record *record,
                   json_t *lists) {
    const char *name;
    json_t *pointer;
    json_object_foreach(step->bind, name, pointer) {
        json_t *value = value_at(record->answer.result, json_string_value(pointer));
        json_t *list = json_object_get(lists, name);
        if (!value) {
            return fault_bind(scenario, step, record, name, json_string_value(pointer));
        }
        if (!list) {
            list = json_array();
            if (json_object_set_new_nocheck(lists, name, list) != 0) {
                return outcome_no_memory(scenario);
            }
        }
        if (json_array_append(list, value) != 0) {
            return outcome_no_memory(scenario);
        }
    }
    return true;
}

bool judge_answer(struct scenario *scenario, const struct step *step, const struct record *record) {
    const struct answer *answer = &record->answer;
    if (answer->kind == ANSWER_BROKEN || answer->kind == ANSWER_UNSENDABLE) {
        return outcome_unanswered(scenario, record);
    }
    if (answer->kind == ANSWER_RESULT && !note_creation(scenario, step, record)) {
        return false;
    }
    if (step->refused) {
        return judge_refusal(scenario, step, record);
    }
    if (answer->kind == ANSWER_REFUSED) {
        return fault_refused(scenario, step, record);
    }
    if (step->times > 1) {
        return judge_result(scenario, step, record);
    }
    return bind_names(scenario, step, record, true) && judge_result(scenario, step, record) &&
           bind_names(scenario, step, record, false);
}
