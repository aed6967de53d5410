#include "harness/adapters/mutant_action.h"

#include "harness/adapters/answer_json.h"
#include "harness/adapters/mutant_change.h"
#include "harness/adapters/mutant_condition.h"
#include "harness/adapters/mutant_path.h"
#include "harness/base/value.h"

#include <stdlib.h>
#include <string.h>

/* One action on one of the values that its `in` found. */
struct deed {
    struct fault_call *call;
    const json_t *action;
    const struct spot *here; /* the scene itself when the action has no `in` */
};

static const json_t *operand_of(const struct deed *deed, const char *key) {
    return json_object_get(deed->action, key);
}

static json_t *value_of(const struct deed *deed, const char *key) {
    return fault_value(operand_of(deed, key), deed->call->scene, deed->here->value);
}

/* Does something with each path that stands behind the verb. */
static bool each_path(const struct deed *deed, const char *verb,
                      bool (*apply)(const struct deed *deed, const char *path)) {
    const json_t *paths = operand_of(deed, verb);
    if (json_is_string(paths)) {
        return apply(deed, json_string_value(paths));
    }
    for (size_t i = 0; i < json_array_size(paths); i++) {
        if (!apply(deed, json_string_value(json_array_get(paths, i)))) {
            return false;
        }
    }
    return true;
}

static bool set_path(const struct deed *deed, const char *path) {
    json_t *value = value_of(deed, "to");
    bool complete = value && path_set(deed->here->value, path, value);
    json_decref(value);
    return complete;
}

static bool do_set(const struct deed *deed) {
    return each_path(deed, "set", set_path);
}

static bool remove_path(const struct deed *deed, const char *path) {
    struct spots spots = {0};
    bool complete = spots_find(deed->here->value, path, &spots);
    for (size_t i = spots.count; complete && i > 0; i--) {
        spot_remove(&spots.items[i - 1]);
    }
    spots_release(&spots);
    return complete;
}

static bool do_remove(const struct deed *deed) {
    return each_path(deed, "remove", remove_path);
}

static bool change_path(const struct deed *deed, const char *path) {
    struct spots spots = {0};
    bool complete = spots_find(deed->here->value, path, &spots);
    for (size_t i = 0; complete && i < spots.count; i++) {
        json_t *changed = value_changed(operand_of(deed, "by"), spots.items[i].value);
        complete = changed && spot_replace(&spots.items[i], changed);
    }
    spots_release(&spots);
    return complete;
}

static bool do_change(const struct deed *deed) {
    return each_path(deed, "change", change_path);
}

static bool do_push(const struct deed *deed) {
    json_t *list = value_at(deed->call->scene, json_string_value(operand_of(deed, "push")));
    return !json_is_array(list) || json_array_append_new(list, value_of(deed, "to")) == 0;
}

/* What a list is ordered by; qsort hands over nothing but the elements. */
struct ranked {
    const char *text;
    size_t index;
    json_t *value;
};

static int compare_ascending(const void *one, const void *other) {
    const struct ranked *left = one, *right = other;
    int compared = strcmp(left->text, right->text);
    return compared ? compared : (left->index > right->index) - (left->index < right->index);
}

static int compare_descending(const void *one, const void *other) {
    const struct ranked *left = one, *right = other;
    int compared = strcmp(right->text, left->text);
    return compared ? compared : (left->index > right->index) - (left->index < right->index);
}

static bool do_order(const struct deed *deed) {
    json_t *list = value_at(deed->here->value, json_string_value(operand_of(deed, "order")));
    size_t count = json_array_size(list);
    struct ranked *ranked = calloc(count + 1, sizeof *ranked);
    if (!ranked) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_array_get(list, i);
        const char *text = json_string_value(value_at(value, json_string_value(operand_of(deed, "by"))));
        ranked[i] = (struct ranked){text ? text : "", i, json_incref(value)};
    }
    qsort(ranked, count, sizeof *ranked,
          json_is_true(operand_of(deed, "descending")) ? compare_descending : compare_ascending);
    for (size_t i = 0; i < count; i++) {
        json_array_set_new(list, i, ranked[i].value);
    }
    free(ranked);
    return true;
}

static bool do_drop(const struct deed *deed) {
    spot_remove(deed->here);
    return true;
}

static bool do_double(const struct deed *deed) {
    json_t *copy = json_deep_copy(deed->here->value);
    return copy && (!json_is_array(deed->here->parent)
                        ? (json_decref(copy), true)
                        : json_array_insert_new(deed->here->parent, deed->here->index, copy) == 0);
}

static bool do_keep(const struct deed *deed) {
    const char *pointer = json_string_value(operand_of(deed, "keep"));
    json_t *value = value_of(deed, "to");
    json_t *id = operand_of(deed, "of") ? value_of(deed, "of")
                                        : fault_value(json_object_get(deed->here->value, "id"), NULL, NULL);
    bool complete = value != NULL;
    if (complete && json_is_string(id)) {
        complete = shadow_keep(deed->call->shadow, json_string_value(id), pointer, value) &&
                   (operand_of(deed, "of") || path_set(deed->here->value, pointer, value));
    }
    json_decref(value);
    json_decref(id);
    return complete;
}

static bool do_remember(const struct deed *deed) {
    return json_object_set_new(deed->call->shadow->memory, json_string_value(operand_of(deed, "remember")),
                               value_of(deed, "to")) == 0;
}

static bool do_refuse(const struct deed *deed) {
    json_t *refusal = value_of(deed, "refuse");
    json_object_del(deed->call->scene, "result");
    return json_object_set_new(deed->call->scene, "refusal", refusal) == 0;
}

static bool do_answer(const struct deed *deed) {
    json_t *result = value_of(deed, "answer");
    json_object_del(deed->call->scene, "refusal");
    return json_object_set_new(deed->call->scene, "result", result) == 0;
}

static bool do_call(const struct deed *deed) {
    json_t *params = value_of(deed, "with");
    const char *name = json_string_value(operand_of(deed, "as"));
    struct answer answer = {0};
    bool complete =
        params && fault_send(deed->call, json_string_value(operand_of(deed, "call")), params, &answer);
    if (complete && name) {
        json_t *result = answer.kind == ANSWER_RESULT ? json_incref(answer.result) : json_null();
        complete = json_object_set_new(deed->call->shadow->memory, name, result) == 0;
        /* It is the shadow's now, and nobody else's. */
    }
    answer_release(&answer);
    json_decref(params);
    return complete;
}

static bool do_retry(const struct deed *deed) {
    struct fault_call *call = deed->call;
    struct answer answer = {0};
    if (!json_object_get(call->scene, "sent")) {
        return true; /* nobody could read what the client sent */
    }
    bool complete = fault_send(call, json_string_value(json_object_get(call->scene, "op")),
                               json_object_get(call->scene, "sent"), &answer) &&
                    scene_take(call->scene, &answer) && shadow_note(call->shadow, call->scene);
    answer_release(&answer);
    return complete;
}

static bool do_queue(const struct deed *deed) {
    return json_object_set_new(deed->call->scene, "queued", json_true()) == 0;
}

static json_t *reread_text(const json_t *pairs, const json_t *text) {
    json_t *read = json_deep_copy(text);
    for (size_t i = 0; read && i < json_array_size(pairs); i++) {
        json_t *change = json_pack("{s:O}", "replace", json_array_get(pairs, i));
        json_t *next = change ? value_changed(change, read) : NULL;
        json_decref(change);
        json_decref(read);
        read = next;
    }
    return read;
}

/* A lenient reader: duplicate keys, whatever stands behind the value, wide integers. What it cannot read either
 * stays as it was. */
static bool do_reread(const struct deed *deed) {
    json_t *scene = deed->call->scene;
    json_t *text = json_object_get(scene, "text");
    if (!text) {
        return true;
    }
    json_t *replaced = reread_text(json_object_get(operand_of(deed, "reread"), "text"), text);
    if (!replaced) {
        return false;
    }
    json_error_t error;
    json_t *params =
        json_loadb(json_string_value(replaced), json_string_length(replaced), JSON_DISABLE_EOF_CHECK, &error);
    if (!params) {
        params = answer_json_load(json_string_value(replaced), json_string_length(replaced), &error);
    }
    json_decref(replaced);
    return !params || json_object_set_new(scene, "sent", params) == 0;
}

static const struct verb {
    const char *name;
    bool (*apply)(const struct deed *deed); /* false: memory ran out */
} verbs[] = {{"set", do_set},           {"remove", do_remove}, {"change", do_change}, {"push", do_push},
             {"order", do_order},       {"drop", do_drop},     {"double", do_double}, {"keep", do_keep},
             {"remember", do_remember}, {"refuse", do_refuse}, {"answer", do_answer}, {"call", do_call},
             {"retry", do_retry},       {"queue", do_queue},   {"reread", do_reread}};

static const struct verb *verb_of(const json_t *action) {
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (json_object_get(action, verbs[i].name)) {
            return &verbs[i];
        }
    }
    return NULL;
}

/* Keeps the first or the last one of those that were found, when only that is meant. */
static void narrow(const json_t *action, struct spots *spots) {
    const char *which = json_string_value(json_object_get(action, "drop"));
    if (!which || spots->count < 2 || strcmp(which, "all") == 0) {
        return;
    }
    spots->items[0] = spots->items[strcmp(which, "last") == 0 ? spots->count - 1 : 0];
    spots->count = 1;
}

static void filter(const json_t *action, const json_t *scene, struct spots *spots) {
    size_t kept = 0;
    for (size_t i = 0; i < spots->count; i++) {
        if (conditions_hold(json_object_get(action, "where"), spots->items[i].value, scene)) {
            spots->items[kept++] = spots->items[i];
        }
    }
    spots->count = kept;
}

bool action_do(struct fault_call *call, const json_t *action) {
    const char *in = json_string_value(json_object_get(action, "in"));
    const struct verb *verb = verb_of(action);
    struct spots spots = {0};
    bool complete = spots_find(call->scene, in ? in : "", &spots);
    filter(action, call->scene, &spots);
    narrow(action, &spots);
    /* From the last on, so that elements may be dropped or doubled. */
    for (size_t i = spots.count; verb && complete && i > 0; i--) {
        complete = verb->apply(&(struct deed){call, action, &spots.items[i - 1]});
    }
    spots_release(&spots);
    return complete;
}
