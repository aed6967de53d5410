#include "harness/lab/model.h"

#include "harness/base/value.h"
#include "reference/base/instant.h"
#include "reference/base/json_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One interrupt. What is stored is never changed, only replaced, so answers and events may keep it. */
struct modelled {
    json_t *interrupt; /* NULL before its creation */
    json_t *events;
    int64_t created_us, expires_us; /* HP_INSTANT_NONE: never */
};

struct model {
    const struct stage *stage;
    int64_t now_us;
    struct modelled *slots;
};

void forecast_release(struct forecast *forecast) {
    json_decref(forecast->result);
    *forecast = (struct forecast){0};
}

struct model *model_new(const struct stage *stage) {
    struct model *model = calloc(1, sizeof *model);
    struct modelled *slots = calloc(stage->slot_count + 1, sizeof *slots);
    bool whole = model && slots;
    for (unsigned i = 0; whole && i < stage->slot_count; i++) {
        slots[i].events = json_array();
        whole = slots[i].events != NULL;
    }
    if (model) {
        *model = (struct model){stage, stage->start_us, slots};
    } else {
        free(slots);
    }
    if (!whole) {
        model_free(model);
        return NULL;
    }
    return model;
}

void model_free(struct model *model) {
    for (unsigned i = 0; model && model->slots && i < model->stage->slot_count; i++) {
        json_decref(model->slots[i].interrupt);
        json_decref(model->slots[i].events);
    }
    free(model ? model->slots : NULL);
    free(model);
}

void model_set_now(struct model *model, int64_t now_us) {
    model->now_us = now_us;
}

const json_t *model_events(const struct model *model, unsigned slot) {
    return model->slots[slot].events;
}

static json_t *instant(int64_t instant_us) {
    char text[HP_INSTANT_SIZE];
    if (instant_us == HP_INSTANT_NONE) {
        return json_null();
    }
    hp_instant_format(instant_us, text);
    return json_string(text);
}

/* What the act asks for, as it goes over the wire. */
static json_t *params_of(const struct model *model, const struct act *act, uint32_t by) {
    struct text text = {0};
    struct json_fault fault;
    json_t *params = act_add_params(&text, model->stage, act, by)
                         ? json_parse(text.bytes, text.length_bytes, &fault)
                         : NULL;
    text_release(&text);
    return params;
}

/* An interrupt as it becomes. */
static json_t *changed(const json_t *interrupt, const char *status) {
    json_t *copy = value_copy(interrupt);
    if (json_object_set_new(copy, "status", json_string(status)) != 0) {
        json_decref(copy);
        return NULL;
    }
    return copy;
}

static const char *status_of(const json_t *interrupt) {
    return json_string_value(json_object_get(interrupt, "status"));
}

/* Strictly after its end, and only while it is pending. */
static bool is_overdue(const struct model *model, const struct modelled *modelled) {
    return strcmp(status_of(modelled->interrupt), "pending") == 0 &&
           modelled->expires_us != HP_INSTANT_NONE && modelled->expires_us < model->now_us;
}

/* As an answer shows it now: what is overdue is expired, swept or not. */
static json_t *shown(const struct model *model, const struct modelled *modelled) {
    return is_overdue(model, modelled) ? changed(modelled->interrupt, "expired")
                                       : json_incref(modelled->interrupt);
}

/* Stores what an interrupt became (NULL: no memory) and tells of it. */
static bool store(struct model *model, struct modelled *modelled, json_t *interrupt, const char *event_type) {
    json_t *event =
        json_pack("{s:s, s:o, s:O, s:O}", "event_type", event_type, "timestamp", instant(model->now_us),
                  "data", interrupt, "request_id", json_object_get(interrupt, "request_id"));
    if (!interrupt || json_array_append_new(modelled->events, event) != 0) {
        json_decref(interrupt);
        return false;
    }
    json_decref(modelled->interrupt);
    modelled->interrupt = interrupt;
    return true;
}

static bool answer(struct forecast *forecast, const char *key, json_t *value) {
    forecast->result = json_pack("{s:o}", key, value);
    return forecast->result != NULL;
}

static bool refuse(struct forecast *forecast, const char *name, const char *interrupt_status) {
    forecast->refused = name;
    forecast->interrupt_status = interrupt_status;
    return true;
}

static const char *creation_type(enum seed_kind kind, char *type, size_t size_bytes) {
    bool asks = kind == SEED_CLARIFICATION || kind == SEED_CONFIRMATION;
    snprintf(type, size_bytes, "interrupt.%s%s", seed_kind_name(kind), asks ? "_needed" : "");
    return type;
}

static bool create(struct model *model, const struct act *act, json_t *params, struct forecast *forecast) {
    struct modelled *modelled = &model->slots[act->slot];
    char type[64];
    int64_t ttl_us = seed_ttl_us(&act->seed);
    int64_t end_us = ttl_us == SEED_TTL_NEVER ? HP_INSTANT_NONE : model->now_us + ttl_us;
    modelled->created_us = model->now_us;
    modelled->expires_us = seed_expires(&act->seed) ? end_us : HP_INSTANT_NONE;
    json_object_del(params, "ttl_seconds");
    json_t *rest = json_pack("{s:s, s:s, s:n, s:o, s:o, s:n}", "id", model->stage->slots[act->slot].id,
                             "status", "pending", "response", "created_at", instant(model->now_us),
                             "expires_at", instant(end_us), "resolved_at");
    json_t *interrupt = rest && json_object_update(rest, params) == 0 ? json_incref(rest) : NULL;
    json_decref(rest);
    return store(model, modelled, interrupt, creation_type(act->seed.kind, type, sizeof type)) &&
           answer(forecast, "interrupt", json_incref(modelled->interrupt));
}

/* The owner first, then whether it is open. True when the act may not go on. */
static bool is_refused(const struct model *model, const struct act *act, struct forecast *forecast) {
    const struct modelled *modelled = &model->slots[act->slot];
    const char *status = is_overdue(model, modelled) ? "expired" : status_of(modelled->interrupt);
    if (act->as == AS_STRANGER) {
        return refuse(forecast, "forbidden", NULL);
    }
    return act->kind != ACT_GET && strcmp(status, "pending") != 0 && refuse(forecast, "conflict", status);
}

static bool respond(struct model *model, const struct act *act, json_t *params, struct forecast *forecast) {
    struct modelled *modelled = &model->slots[act->slot];
    if (is_refused(model, act, forecast)) {
        return true;
    }
    json_t *response = json_pack("{s:n, s:n, s:n, s:n, s:o}", "text", "approved", "decision", "data",
                                 "received_at", instant(model->now_us));
    json_t *interrupt = changed(modelled->interrupt, "resolved");
    bool whole = json_object_update(response, json_object_get(params, "response")) == 0 &&
                 json_object_set_new(interrupt, "resolved_at", instant(model->now_us)) == 0 &&
                 json_object_set(interrupt, "response", response) == 0;
    json_decref(response);
    if (!whole) {
        json_decref(interrupt);
        return false;
    }
    return store(model, modelled, interrupt, "interrupt.resolved") &&
           answer(forecast, "interrupt", json_incref(modelled->interrupt)) &&
           json_object_set_new(forecast->result, "request_can_resume", json_true()) == 0;
}

static bool cancel(struct model *model, const struct act *act, json_t *params, struct forecast *forecast) {
    struct modelled *modelled = &model->slots[act->slot];
    if (is_refused(model, act, forecast)) {
        return true;
    }
    json_t *interrupt = changed(modelled->interrupt, "cancelled");
    json_t *data = value_copy(json_object_get(interrupt, "data"));
    json_t *reason = json_object_get(params, "reason");
    bool whole = (!reason || json_object_set(data, "cancel_reason", reason) == 0) &&
                 json_object_set(interrupt, "data", data) == 0;
    json_decref(data);
    if (!whole) {
        json_decref(interrupt);
        return false;
    }
    return store(model, modelled, interrupt, "interrupt.cancelled") &&
           answer(forecast, "interrupt", json_incref(modelled->interrupt));
}

static bool get(struct model *model, const struct act *act, json_t *params, struct forecast *forecast) {
    (void)params;
    return is_refused(model, act, forecast) ||
           answer(forecast, "interrupt", shown(model, &model->slots[act->slot]));
}

/* True when the first comes before the second in a list: newest first, of one instant the greater id. */
static bool is_before(const struct model *model, unsigned one, unsigned other) {
    int64_t first_us = model->slots[one].created_us;
    int64_t second_us = model->slots[other].created_us;
    return first_us != second_us ? first_us > second_us
                                 : strcmp(model->stage->slots[one].id, model->stage->slots[other].id) > 0;
}

/* The slots of an owner whose interrupts are shown with that status, in the order of a list. Returns how many. */
static size_t find(const struct model *model, enum owner owner, enum list_status status,
                   unsigned found[SCRIPT_SLOTS_MAX]) {
    size_t count = 0;
    for (unsigned i = 0; i < model->stage->slot_count; i++) {
        const struct modelled *modelled = &model->slots[i];
        if (!modelled->interrupt || script_seed(model->stage->script, i)->owner != owner) {
            continue;
        }
        const char *now = is_overdue(model, modelled) ? "expired" : status_of(modelled->interrupt);
        if (status != LIST_ALL && strcmp(now, list_status_name(status)) != 0) {
            continue;
        }
        size_t at = count++;
        for (; at > 0 && is_before(model, i, found[at - 1]); at--) {
            found[at] = found[at - 1];
        }
        found[at] = i;
    }
    return count;
}

static bool list(struct model *model, const struct act *act, json_t *params, struct forecast *forecast) {
    unsigned found[SCRIPT_SLOTS_MAX];
    size_t count = find(model, act->owner, act->status, found);
    json_t *rows = json_array();
    bool whole = rows != NULL;
    (void)params;
    for (size_t i = 0; whole && i < count; i++) {
        whole = json_array_append_new(rows, shown(model, &model->slots[found[i]])) == 0;
    }
    return answer(forecast, "interrupts", rows) && whole &&
           json_object_set_new(forecast->result, "total", json_integer((json_int_t)count)) == 0;
}

static bool pending(struct model *model, const struct act *act, json_t *params, struct forecast *forecast) {
    unsigned found[SCRIPT_SLOTS_MAX];
    (void)params;
    size_t count = find(model, act->owner, LIST_PENDING, found);
    return answer(forecast, "interrupt", count > 0 ? shown(model, &model->slots[found[0]]) : json_null());
}

static bool sweep(struct model *model, const struct act *act, json_t *params, struct forecast *forecast) {
    json_t *ids = json_array();
    bool whole = ids != NULL;
    (void)act;
    (void)params;
    for (unsigned i = 0; whole && i < model->stage->slot_count; i++) {
        struct modelled *modelled = &model->slots[i];
        if (modelled->interrupt && is_overdue(model, modelled)) {
            whole = store(model, modelled, changed(modelled->interrupt, "expired"), "interrupt.expired") &&
                    json_array_append_new(ids, json_string(model->stage->slots[i].id)) == 0;
        }
    }
    return answer(forecast, "ids", ids) && whole;
}

/* A clock stands still or goes on; never back. Without one of the target's, time passes by itself. */
static bool set_clock(struct model *model, const struct act *act, json_t *params, struct forecast *forecast) {
    int64_t now_us = model->stage->start_us + act->clock_us;
    (void)params;
    if (!model->stage->has_clock) {
        return true;
    }
    if (now_us < model->now_us) {
        return refuse(forecast, "invalid", NULL);
    }
    model->now_us = now_us;
    return true;
}

enum hp_status model_perform(struct model *model, const struct act *act, uint32_t by,
                             struct forecast *forecast, struct hp_problem *problem) {
    static bool (*const performers[])(struct model *, const struct act *, json_t *, struct forecast *) = {
        [ACT_CREATE] = create, [ACT_RESPOND] = respond, [ACT_CANCEL] = cancel, [ACT_GET] = get,
        [ACT_LIST] = list,     [ACT_PENDING] = pending, [ACT_SWEEP] = sweep,   [ACT_CLOCK] = set_clock};
    bool needs_slot = act->kind == ACT_RESPOND || act->kind == ACT_CANCEL || act->kind == ACT_GET;
    *forecast = (struct forecast){0};
    if (needs_slot && !model->slots[act->slot].interrupt) {
        forecast->skipped = true;
        return HP_OK;
    }
    bool writes = act->kind == ACT_CREATE || act->kind == ACT_RESPOND || act->kind == ACT_CANCEL;
    json_t *params = writes ? params_of(model, act, by) : NULL;
    bool whole = (!writes || params) && performers[act->kind](model, act, params, forecast);
    json_decref(params);
    if (!whole) {
        forecast_release(forecast);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}
