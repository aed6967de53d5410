#include "harness/case/normal_flow.h"

#include "harness/case/normal_shape.h"
#include "harness/case/normal_value.h"

#include <stdbool.h>

typedef json_t *normaliser(struct normal *normal, const json_t *value);

/* Without a clock that stands still, a time that was not given is that of the call. */
static json_t *normal_time(struct normal *normal, const json_t *value) {
    int64_t instant_us;
    return normal->loose && instant_of(value, &instant_us) ? json_string("{instant}")
                                                           : normal_instant(normal, value);
}

static json_t *normal_execution(struct normal *normal, const json_t *value) {
    const json_t *stage = json_object_get(value, "stage");
    return stage ? json_pack("{s:o}", "stage", normal_value(normal, stage)) : normal_value(normal, value);
}

static json_t *normal_history(struct normal *normal, const json_t *value) {
    if (!json_is_array(value)) {
        return normal_value(normal, value);
    }
    json_t *out = json_array();
    for (size_t i = 0; out && i < json_array_size(value); i++) {
        if (json_array_append_new(out, normal_execution(normal, json_array_get(value, i))) != 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

/* What is taken of each field: of an envelope that was kept, and of a flow that went on (NULL: nothing). */
static const struct field {
    const char *name;
    normaliser *kept, *gone_on;
} fields[] = {{"envelope_id", normal_value, normal_value},
              {"request_id", normal_value, normal_value},
              {"user_id", normal_value, normal_value},
              {"session_id", normal_value, normal_value},
              {"raw_input", normal_value, normal_value},
              {"received_at", normal_time, normal_time},
              {"outputs", normal_value, normal_value},
              {"current_stage", normal_value, normal_value},
              {"stage_order", normal_value, normal_value},
              {"iteration", normal_value, NULL},
              {"max_iterations", normal_value, normal_value},
              {"active_stages", normal_value, NULL},
              {"completed_stage_set", normal_value, NULL},
              {"failed_stages", normal_value, NULL},
              {"dag_mode", normal_value, normal_value},
              {"llm_call_count", normal_value, NULL},
              {"max_llm_calls", normal_value, normal_value},
              {"agent_hop_count", normal_value, NULL},
              {"max_agent_hops", normal_value, normal_value},
              {"terminal_reason", normal_value, NULL},
              {"terminated", normal_value, normal_value},
              {"termination_reason", normal_value, NULL},
              {"interrupt_pending", normal_value, normal_value},
              {"interrupt", normal_value, normal_interrupt},
              {"completed_stages", normal_value, NULL},
              {"current_stage_number", normal_value, NULL},
              {"max_stages", normal_value, normal_value},
              {"all_goals", normal_value, normal_value},
              {"remaining_goals", normal_value, normal_value},
              {"goal_completion_status", normal_value, normal_value},
              {"prior_plans", normal_value, normal_value},
              {"critic_feedback", normal_value, normal_value},
              {"processing_history", normal_value, normal_history},
              {"errors", normal_value, NULL},
              {"created_at", normal_time, normal_time},
              {"completed_at", normal_time, NULL},
              {"metadata", normal_value, normal_value}};

static json_t *normal_fields(struct normal *normal, const json_t *value, bool gone_on) {
    if (!json_is_object(value)) {
        return normal_value(normal, value);
    }
    json_t *out = json_object();
    for (size_t i = 0; out && i < sizeof fields / sizeof fields[0]; i++) {
        const json_t *part = json_object_get(value, fields[i].name);
        normaliser *normalise = gone_on ? fields[i].gone_on : fields[i].kept;
        if (!part || json_is_null(part) || !normalise) {
            continue;
        }
        if (!put_member(out, fields[i].name, normalise(normal, part))) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

json_t *normal_envelope(struct normal *normal, const json_t *value) {
    return normal_fields(normal, value, false);
}

json_t *normal_flow(struct normal *normal, const json_t *value) {
    return normal_fields(normal, value, true);
}

json_t *normal_amount(struct normal *normal, const json_t *value) {
    return json_is_number(value) ? json_real(json_number_value(value)) : normal_value(normal, value);
}
