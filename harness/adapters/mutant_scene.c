#include "harness/adapters/mutant_scene.h"

#include "harness/adapters/mutant_path.h"
#include "harness/base/value.h"
#include "reference/base/instant.h"

#include <string.h>

bool shadow_init(struct shadow *shadow) {
    *shadow = (struct shadow){.seen = json_object(),
                              .kept = json_object(),
                              .origins = json_object(),
                              .memory = json_object(),
                              .now = json_null()};
    pthread_mutex_init(&shadow->mutex, NULL);
    return shadow->seen && shadow->kept && shadow->origins && shadow->memory;
}

void shadow_release(struct shadow *shadow) {
    json_decref(shadow->seen);
    json_decref(shadow->kept);
    json_decref(shadow->origins);
    json_decref(shadow->memory);
    json_decref(shadow->now);
    pthread_mutex_destroy(&shadow->mutex);
}

/* The params as JSON; NULL when they are none. */
static json_t *read_params(const struct request *request) {
    return json_loadb(request->params, request->params_length_bytes, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
                      NULL);
}

static bool set_new(json_t *scene, const char *key, json_t *value_new) {
    return json_object_set_new(scene, key, value_new) == 0;
}

/* What may be missing. */
static bool set_if_there(json_t *scene, const char *key, json_t *value) {
    return !value || json_is_null(value) || json_object_set(scene, key, value) == 0;
}

static bool add_params(json_t *scene, const struct request *request) {
    json_t *params = read_params(request);
    if (!params) {
        return true;
    }
    return set_new(scene, "sent", json_deep_copy(params)) && set_new(scene, "params", params);
}

static bool add_text(json_t *scene, const struct request *request) {
    if (!request->raw || !text_is_utf8(request->params, request->params_length_bytes)) {
        return true;
    }
    return set_new(scene, "text", json_stringn(request->params, request->params_length_bytes));
}

/* What is known besides of a call about the interrupt of that id; NULL: about none. */
static bool add_shadow(json_t *scene, const struct shadow *shadow, const json_t *id) {
    const char *text = json_string_value(id);
    return json_object_set(scene, "seen", shadow->seen) == 0 &&
           json_object_set(scene, "memory", shadow->memory) == 0 && set_if_there(scene, "now", shadow->now) &&
           (!text || (set_if_there(scene, "stored", json_object_get(shadow->seen, text)) &&
                      set_if_there(scene, "origin", json_object_get(shadow->origins, text))));
}

/* NULL when it is not complete. */
static json_t *only_complete(json_t *scene, bool complete) {
    if (!complete) {
        json_decref(scene);
        return NULL;
    }
    return scene;
}

json_t *scene_new(struct shadow *shadow, const struct request *request, unsigned endpoint) {
    json_t *scene = json_pack("{s:s, s:i}", "op", request->method, "endpoint", (int)endpoint);
    bool complete = scene && add_params(scene, request) && add_text(scene, request);
    return only_complete(scene, complete && add_shadow(scene, shadow, value_at(scene, "/params/id")));
}

json_t *scene_of_webhook(struct shadow *shadow, json_t *params, const json_t *subscription) {
    json_t *scene = json_pack("{s:s, s:O, s:o, s:o}", "op", "webhook.send", "params", params, "sent",
                              json_deep_copy(params), "subscription", json_deep_copy(subscription));
    return only_complete(scene, scene && add_shadow(scene, shadow, value_at(params, "/body/data/id")));
}

bool scene_take(json_t *scene, struct answer *answer) {
    json_object_del(scene, "result");
    json_object_del(scene, "refusal");
    if (answer->kind == ANSWER_RESULT) {
        json_t *result = answer->result;
        answer->result = NULL;
        return set_new(scene, "result", result);
    }
    if (answer->kind == ANSWER_REFUSED) {
        return set_new(scene, "refusal",
                       json_pack("{s:s, s:s, s:s}", "name", answer->error_name, "field", answer->field,
                                 "interrupt_status", answer->interrupt_status));
    }
    return true;
}

static void lay_over(json_t *interrupt, const json_t *kept) {
    const char *pointer;
    json_t *value;
    json_object_foreach((json_t *)kept, pointer, value) {
        path_set(interrupt, pointer, value);
    }
}

static bool note_interrupt(struct shadow *shadow, json_t *interrupt, const json_t *scene) {
    const char *id = json_string_value(json_object_get(interrupt, "id"));
    if (!id) {
        return true;
    }
    lay_over(interrupt, json_object_get(shadow->kept, id));
    if (!json_object_get(shadow->origins, id) &&
        !set_new(shadow->origins, id, json_deep_copy(json_object_get(scene, "endpoint")))) {
        return false;
    }
    return set_new(shadow->seen, id, json_deep_copy(interrupt));
}

static bool note_sweep(struct shadow *shadow, const json_t *ids) {
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        json_t *seen = id ? json_object_get(shadow->seen, id) : NULL;
        json_t *copy = seen ? json_deep_copy(seen) : NULL;
        if (seen && (!copy || json_object_set_new(copy, "status", json_string("expired")) != 0 ||
                     !set_new(shadow->seen, id, copy))) {
            return false;
        }
    }
    return true;
}

/* New objects, since scenes of calls under way hold the old ones. */
static bool forget(struct shadow *shadow) {
    json_t **const all[] = {&shadow->seen, &shadow->kept, &shadow->origins, &shadow->memory};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        json_t *fresh = json_object();
        if (!fresh) {
            return false;
        }
        json_decref(*all[i]);
        *all[i] = fresh;
    }
    json_decref(shadow->now);
    shadow->now = json_null();
    return true;
}

static bool note_clock(struct shadow *shadow, const json_t *scene) {
    const json_t *now = value_at(scene, "/result/now");
    char text[HP_INSTANT_SIZE];
    int64_t now_us;
    if (!json_is_string(now) || !hp_instant_parse(json_string_value(now), json_string_length(now), &now_us)) {
        return true;
    }
    hp_instant_format(now_us, text);
    json_decref(shadow->now);
    shadow->now = json_string(text);
    return shadow->now != NULL;
}

bool shadow_note(struct shadow *shadow, json_t *scene) {
    const char *op = json_string_value(json_object_get(scene, "op"));
    json_t *result = json_object_get(scene, "result");
    if (!result) {
        return true;
    }
    if (strcmp(op, "reset") == 0) {
        return forget(shadow);
    }
    if (strcmp(op, "clock.set") == 0) {
        return note_clock(shadow, scene);
    }
    bool complete = note_interrupt(shadow, json_object_get(result, "interrupt"), scene);
    json_t *interrupts = json_object_get(result, "interrupts");
    for (size_t i = 0; complete && i < json_array_size(interrupts); i++) {
        complete = note_interrupt(shadow, json_array_get(interrupts, i), scene);
    }
    return complete && note_sweep(shadow, json_object_get(result, "ids"));
}

bool shadow_keep(struct shadow *shadow, const char *id, const char *pointer, const json_t *value) {
    json_t *own = json_object_get(shadow->kept, id);
    if (!own) {
        own = json_object();
        if (!own || !set_new(shadow->kept, id, own)) {
            return false;
        }
    }
    json_t *copy = json_deep_copy(value);
    json_t *seen = json_object_get(shadow->seen, id);
    if (!copy || !set_new(own, pointer, copy)) {
        return false;
    }
    return !seen || path_set(seen, pointer, value);
}
