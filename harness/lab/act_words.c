#include "harness/base/value.h"
#include "harness/lab/act_parts.h"
#include "reference/base/instant.h"

#include <inttypes.h>
#include <string.h>

enum { ENVELOPE_SIZE = 1024 };

static bool add_member(struct text *params, const char *key, const char *value) {
    text_addf(params, "%s\"%s\":", params->length_bytes > 1 ? "," : "", key);
    return value_write_string(params, value, strlen(value));
}

/* "req-RUN": a name that belongs to this script. */
static bool add_name(struct text *params, const struct stage *stage, const char *key, const char *who) {
    char name[STAGE_NAME_SIZE];
    stage_put_name(stage, who, name);
    return add_member(params, key, name);
}

/* As whom the act is called; nothing for a trusted caller. */
static bool add_caller(struct text *params, const struct stage *stage, const struct act *act) {
    const struct seed *seed = script_seed(stage->script, act->slot);
    enum owner caller = seed ? seed->owner : OWNER_ANN;
    if (act->as == AS_TRUSTED) {
        return true;
    }
    if (act->as == AS_STRANGER) {
        caller = caller == OWNER_ANN ? OWNER_BOB : OWNER_ANN;
    }
    return add_name(params, stage, "user_id", owner_name(caller));
}

static bool add_ttl(struct text *params, const struct seed *seed) {
    if (seed->ttl_us == SEED_TTL_DEFAULT) {
        return true;
    }
    if (seed->ttl_us == SEED_TTL_NEVER) {
        return text_add(params, ",\"ttl_seconds\":null");
    }
    return text_addf(params, ",\"ttl_seconds\":%" PRId64 ".%06" PRId64, seed->ttl_us / 1000000,
                     seed->ttl_us % 1000000);
}

/* Every field has a value of its own, so that one that is lost or mixed up shows. */
static bool add_creation(struct text *params, const struct stage *stage, const struct act *act) {
    const struct seed *seed = &act->seed;
    add_member(params, "kind", seed_kind_name(seed->kind));
    add_name(params, stage, "request_id", "req");
    add_name(params, stage, "user_id", owner_name(seed->owner));
    add_name(params, stage, "session_id", "ses");
    add_name(params, stage, "envelope_id", "env");
    text_addf(params, ",\"question\":\"Question %u?\",\"message\":\"Message %u.\"", act->slot, act->slot);
    text_addf(params, ",\"data\":{\"slot\":%u,\"kept\":[1,{\"two\":null}]}", act->slot);
    text_addf(params, ",\"trace_id\":\"trace-%u\",\"span_id\":\"span-%u\"", act->slot, act->slot);
    return add_ttl(params, seed);
}

/* An answer that fits the kind, and that names who gave it. */
static bool add_response(struct text *params, const struct stage *stage, const struct act *act, uint32_t by) {
    const struct seed *seed = script_seed(stage->script, act->slot);
    enum seed_kind kind = seed ? seed->kind : SEED_CLARIFICATION;
    const char *field = kind == SEED_CONFIRMATION    ? "\"approved\":true"
                        : kind == SEED_CRITIC_REVIEW ? "\"decision\":\"modify\""
                                                     : "\"text\":\"It is so.\"";
    return text_addf(params, ",\"response\":{%s,\"data\":{\"by\":%" PRIu32 "}}", field, by);
}

/* The envelope of a flow that waits for the interrupt of the slot, as somebody saved it, and a pipeline of two stages: where the flow
 * stands, and where it goes on. */
static bool add_resume(struct text *params, const struct stage *stage, const struct act *act, uint32_t by) {
    const struct seed *seed = script_seed(stage->script, act->slot);
    const char *kind = seed_kind_name(seed ? seed->kind : SEED_CLARIFICATION);
    const char *id = stage->slots[act->slot].id;
    struct text envelope = {.cap_bytes = ENVELOPE_SIZE};
    text_add(&envelope, "{");
    add_name(&envelope, stage, "envelope_id", "env");
    add_name(&envelope, stage, "request_id", "req");
    add_name(&envelope, stage, "session_id", "ses");
    add_caller(&envelope, stage, act);
    text_add(&envelope, ",\"current_stage\":\"" ACT_STAGE_LEFT "\",\"interrupt\":{");
    text_addf(&envelope, "\"id\":\"%s\",\"kind\":\"%s\"}}", id, kind);
    add_member(params, "interrupt_id", id);
    text_addf(params, ",\"envelope\":%s", envelope.failed ? "" : envelope.bytes);
    text_addf(params,
              ",\"pipeline\":{\"stages\":[\"" ACT_STAGE_LEFT "\",\"" ACT_STAGE_NEXT
              "\"],\"routes\":{\"%s\":\"" ACT_STAGE_NEXT "\"}}",
              kind);
    params->failed = params->failed || envelope.failed;
    text_release(&envelope);
    return add_response(params, stage, act, by);
}

static bool add_check(struct text *params, const struct stage *stage, const struct act *act) {
    add_name(params, stage, "user_id", owner_name(act->owner));
    add_name(params, stage, "endpoint", "/reports");
    add_name(params, stage, "request_id", "req");
    return add_name(params, stage, "session_id", "ses");
}

static bool add_list(struct text *params, const struct stage *stage, const struct act *act,
                     const char *cursor) {
    add_name(params, stage, "user_id", owner_name(act->owner));
    add_name(params, stage, "session_id", "ses");
    add_member(params, "status", list_status_name(act->status));
    if (act->limit > 0) {
        text_addf(params, ",\"limit\":%u", act->limit);
    }
    return !cursor || add_member(params, "cursor", cursor);
}

static bool add_now(struct text *params, const struct stage *stage, const struct act *act) {
    char now[HP_INSTANT_SIZE];
    hp_instant_format(stage->start_us + act->clock_us, now);
    return add_member(params, "now", now);
}

bool act_add_page_params(struct text *params, const struct stage *stage, const struct act *act,
                         const char *cursor) {
    text_add(params, "{");
    add_list(params, stage, act, cursor);
    return text_add(params, "}");
}

bool act_add_params(struct text *params, const struct stage *stage, const struct act *act, uint32_t by) {
    text_add(params, "{");
    switch (act->kind) {
    case ACT_CREATE:
        add_creation(params, stage, act);
        break;
    case ACT_RESPOND:
    case ACT_CANCEL:
    case ACT_GET:
        add_member(params, "id", stage->slots[act->slot].id);
        add_caller(params, stage, act);
        break;
    case ACT_LIST:
        add_list(params, stage, act, NULL);
        break;
    case ACT_PENDING:
        add_name(params, stage, "request_id", "req");
        add_name(params, stage, "user_id", owner_name(act->owner));
        break;
    case ACT_CLOCK:
        add_now(params, stage, act);
        break;
    case ACT_RESUME:
        add_resume(params, stage, act, by);
        break;
    case ACT_CHECK:
        add_check(params, stage, act);
        break;
    default:
        break;
    }
    if (act->kind == ACT_RESPOND) {
        add_response(params, stage, act, by);
    }
    if (act->kind == ACT_CANCEL && act->reason) {
        text_addf(params, ",\"reason\":\"by %" PRIu32 "\"", by);
    }
    return text_add(params, "}");
}

bool act_add_words(struct text *text, const struct act *act) {
    text_add(text, act_kind_name(act->kind));
    if (act->kind == ACT_CREATE || act_kind_works(act->kind)) {
        text_addf(text, " #%u", act->slot);
    }
    if (act->kind == ACT_CREATE) {
        text_addf(text, " %s", seed_kind_name(act->seed.kind));
    }
    if (act->as != AS_OWNER) {
        text_add(text, act->as == AS_STRANGER ? " as a stranger" : " as a trusted caller");
    }
    if (act->kind == ACT_LIST) {
        text_addf(text, " %s", list_status_name(act->status));
    }
    if (act->kind == ACT_CLOCK) {
        text_addf(text, " +%" PRId64 ".%06" PRId64 " s", act->clock_us / 1000000, act->clock_us % 1000000);
    }
    return !text->failed;
}

/* "0 resolved by 3": one interrupt of an answer, by its slot. */
static void add_shown(struct text *text, const struct stage *stage, const json_t *interrupt) {
    const char *status = json_string_value(json_object_get(interrupt, "status"));
    unsigned slot = stage_find(stage, json_string_value(json_object_get(interrupt, "id")));
    if (slot < stage->slot_count) {
        text_addf(text, "#%u ", slot);
    } else {
        text_add(text, "another ");
    }
    text_add(text, status ? status : "without a status");
    if (interrupt_answered_by(interrupt) != UINT32_MAX) {
        text_addf(text, " by %" PRIu32, interrupt_answered_by(interrupt));
    }
}

/* The interrupts, or the ids, that an answer names. */
static void add_several(struct text *text, const struct stage *stage, const json_t *list) {
    size_t index;
    json_t *element;
    text_add(text, "[");
    json_array_foreach((json_t *)list, index, element) {
        unsigned slot = stage_find(stage, json_string_value(element));
        text_add(text, index > 0 ? ", " : "");
        if (json_is_object(element)) {
            add_shown(text, stage, element);
        } else if (slot < stage->slot_count) {
            text_addf(text, "#%u", slot);
        } else {
            text_add(text, "another");
        }
    }
    text_add(text, "]");
}

bool outcome_add_word(struct text *text, const struct stage *stage, const struct act *act,
                      const struct outcome *outcome) {
    if (outcome->end == ACT_SKIPPED) {
        return text_add(text, "not tried");
    }
    if (outcome->end == ACT_LOST) {
        return text_addf(text, "no answer (%s)", outcome->detail);
    }
    if (outcome->end == ACT_REFUSED) {
        return text_addf(text, "%s%s%s", outcome->error_name, outcome->interrupt_status[0] ? ":" : "",
                         outcome->interrupt_status);
    }
    if (act->kind == ACT_RESUME) {
        text_add(text, "ran, ");
        add_shown(text, stage, value_at(outcome->result, "/envelope/interrupt"));
    } else if (act->kind == ACT_CHECK) {
        bool allowed = json_is_true(json_object_get(outcome->result, "allowed"));
        text_add(text, allowed ? "let through" : "held back");
    } else if (act->kind == ACT_GET || act->kind == ACT_PENDING) {
        const json_t *interrupt = json_object_get(outcome->result, "interrupt");
        if (json_is_object(interrupt)) {
            add_shown(text, stage, interrupt);
        } else {
            text_add(text, "none");
        }
    } else if (act->kind == ACT_LIST) {
        add_several(text, stage, json_object_get(outcome->result, "interrupts"));
    } else if (act->kind == ACT_SWEEP) {
        add_several(text, stage, json_object_get(outcome->result, "ids"));
    } else {
        text_add(text, "ok");
    }
    return !text->failed;
}
