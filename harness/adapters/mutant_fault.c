#include "harness/adapters/mutant_fault.h"

#include "harness/adapters/mutant_action.h"
#include "harness/adapters/mutant_condition.h"
#include "harness/adapters/mutant_courier.h"
#include "harness/base/value.h"

#include <stdlib.h>
#include <string.h>

static bool names(const json_t *on, const char *op) {
    if (!on) {
        return true;
    }
    if (json_is_string(on)) {
        return strcmp(json_string_value(on), op) == 0;
    }
    for (size_t i = 0; i < json_array_size(on); i++) {
        if (strcmp(json_string_value(json_array_get(on, i)), op) == 0) {
            return true;
        }
    }
    return false;
}

bool fault_carry_out(struct fault_call *call, const char *phase) {
    const char *op = json_string_value(json_object_get(call->scene, "op"));
    for (size_t at = 0; at < json_array_size(call->fault); at++) {
        const json_t *rule = json_array_get(call->fault, at);
        const json_t *actions = json_object_get(rule, phase);
        if (!actions || !names(json_object_get(rule, "on"), op) ||
            !conditions_hold(json_object_get(rule, "when"), call->scene, call->scene)) {
            continue;
        }
        for (size_t i = 0; i < json_array_size(actions); i++) {
            if (!action_do(call, json_array_get(actions, i))) {
                return false;
            }
        }
    }
    return true;
}

/* The params as text; those of a subscription with the courier's URL. */
static char *write_params(const struct fault_call *call, const char *method, const json_t *params) {
    if (!call->courier || strcmp(method, "webhook.subscribe") != 0) {
        return value_dump(params, JSON_COMPACT | JSON_ENCODE_ANY);
    }
    json_t *sent = json_deep_copy(params);
    bool complete = sent && courier_address(call->courier, params, sent);
    char *text = complete ? value_dump(sent, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    json_decref(sent);
    return text;
}

bool fault_send(struct fault_call *call, const char *method, const json_t *params, struct answer *answer) {
    if (strcmp(method, "webhook.send") == 0) {
        return courier_send(params, answer);
    }
    char *text = call->inner ? write_params(call, method, params) : NULL;
    if (!text) {
        return false;
    }
    const struct request request = {.method = method, .params = text, .params_length_bytes = strlen(text)};
    session_call(call->inner, &request, call->deadline_ms, answer);
    free(text);
    return answer->kind != ANSWER_BROKEN;
}
