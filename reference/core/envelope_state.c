#include "reference/core/envelope.h"

const char *envelope_text(const json_t *envelope, const char *field) {
    return json_string_value(json_object_get(envelope, field));
}

bool envelope_flag(const json_t *envelope, const char *field) {
    return json_is_true(json_object_get(envelope, field));
}

int64_t envelope_counter(const json_t *envelope, const char *field) {
    return json_integer_value(json_object_get(envelope, field));
}

enum hp_status envelope_put(json_t *envelope, const char *field, json_t *value, struct hp_problem *problem) {
    return json_object_set_new_nocheck(envelope, field, value) == 0 ? HP_OK : hp_problem_no_memory(problem);
}

enum hp_status envelope_append(json_t *envelope, const char *field, json_t *value,
                               struct hp_problem *problem) {
    json_t *longer = json_copy_whole(json_object_get(envelope, field));
    if (!value || json_array_append_new(longer, value) != 0) {
        json_decref(longer);
        return hp_problem_no_memory(problem);
    }
    return envelope_put(envelope, field, longer, problem);
}

static json_t *text_or_null(const char *text) {
    return text ? json_string(text) : json_null();
}

enum hp_status envelope_terminate(json_t *envelope, const char *terminal_reason,
                                  const char *termination_reason, int64_t now_us,
                                  struct hp_problem *problem) {
    char text[HP_INSTANT_SIZE];
    hp_instant_format(now_us, text);
    enum hp_status status = envelope_put(envelope, "terminated", json_true(), problem);
    if (status == HP_OK) {
        status = envelope_put(envelope, "terminal_reason", text_or_null(terminal_reason), problem);
    }
    if (status == HP_OK) {
        status = envelope_put(envelope, "termination_reason", text_or_null(termination_reason), problem);
    }
    return status == HP_OK ? envelope_put(envelope, "completed_at", json_string_nocheck(text), problem)
                           : status;
}

bool envelope_can_continue(const json_t *envelope) {
    return !envelope_flag(envelope, "terminated") && !envelope_flag(envelope, "interrupt_pending") &&
           envelope_counter(envelope, "iteration") <= envelope_counter(envelope, "max_iterations") &&
           envelope_counter(envelope, "llm_call_count") < envelope_counter(envelope, "max_llm_calls") &&
           envelope_counter(envelope, "agent_hop_count") < envelope_counter(envelope, "max_agent_hops");
}
