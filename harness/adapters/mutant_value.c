#include "harness/adapters/mutant_change.h"
#include "harness/adapters/mutant_fault.h"
#include "harness/base/value.h"
#include "reference/base/ids.h"

#include <string.h>

static json_t *copy_or_null(const json_t *value) {
    return value ? json_deep_copy(value) : json_null();
}

static json_t *of_scene(const json_t *operand, const json_t *scene, const json_t *here) {
    (void)here;
    return copy_or_null(value_at(scene, json_string_value(operand)));
}

static json_t *of_here(const json_t *operand, const json_t *scene, const json_t *here) {
    (void)scene;
    return copy_or_null(value_at(here, json_string_value(operand)));
}

static json_t *of_seen(const json_t *operand, const json_t *scene, const json_t *here) {
    json_t *id = fault_value(operand, scene, here);
    json_t *seen =
        json_is_string(id) ? json_object_get(json_object_get(scene, "seen"), json_string_value(id)) : NULL;
    json_t *copy = id ? copy_or_null(seen) : NULL;
    json_decref(id);
    return copy;
}

static json_t *joined(const json_t *operand, const json_t *scene, const json_t *here) {
    struct text text = {0};
    for (size_t i = 0; i < json_array_size(operand); i++) {
        json_t *part = fault_value(json_array_get(operand, i), scene, here);
        if (json_is_string(part)) {
            text_append(&text, json_string_value(part), json_string_length(part));
        } else if (part) {
            value_write(&text, part);
        }
        text.failed = text.failed || !part;
        json_decref(part);
    }
    json_t *value = text.failed ? NULL : json_stringn(text.bytes ? text.bytes : "", text.length_bytes);
    text_release(&text);
    return value;
}

static json_t *counted(const json_t *operand, const json_t *scene, const json_t *here) {
    (void)here;
    const json_t *list = value_at(scene, json_string_value(operand));
    return json_integer((json_int_t)(json_array_size(list) + json_object_size(list)));
}

static json_t *last(const json_t *operand, const json_t *scene, const json_t *here) {
    (void)here;
    const json_t *list = value_at(scene, json_string_value(operand));
    size_t count = json_array_size(list);
    return copy_or_null(count > 0 ? json_array_get(list, count - 1) : NULL);
}

static json_t *fresh_id(const json_t *operand, const json_t *scene, const json_t *here) {
    char id[HP_ID_SIZE];
    (void)operand;
    (void)scene;
    (void)here;
    struct hp_ids *ids = hp_ids_random_new();
    bool made = ids && hp_ids_next(ids, id, NULL) == HP_OK;
    hp_ids_free(ids);
    return made ? json_string(id) : NULL;
}

static json_t *with_change(const json_t *operand, const json_t *scene, const json_t *here) {
    json_t *value = fault_value(json_array_get(operand, 0), scene, here);
    json_t *changed = value ? value_changed(json_array_get(operand, 1), value) : NULL;
    json_decref(value);
    return changed;
}

static const struct value_kind {
    const char *name;
    json_t *(*make)(const json_t *operand, const json_t *scene, const json_t *here);
} kinds[] = {{"$", of_scene},     {"$here", of_here}, {"$seen", of_seen},  {"$text", joined},
             {"$count", counted}, {"$last", last},    {"$uuid", fresh_id}, {"$changed", with_change}};

static const struct value_kind *kind_of(const json_t *value) {
    if (json_object_size(value) != 1) {
        return NULL;
    }
    const char *name = json_object_iter_key(json_object_iter((json_t *)value));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

static json_t *object_value(const json_t *object, const json_t *scene, const json_t *here) {
    json_t *made = json_object();
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)object, key, member) {
        if (made && json_object_set_new(made, key, fault_value(member, scene, here)) != 0) {
            json_decref(made);
            made = NULL;
        }
    }
    return made;
}

static json_t *list_value(const json_t *list, const json_t *scene, const json_t *here) {
    json_t *made = json_array();
    for (size_t i = 0; made && i < json_array_size(list); i++) {
        if (json_array_append_new(made, fault_value(json_array_get(list, i), scene, here)) != 0) {
            json_decref(made);
            made = NULL;
        }
    }
    return made;
}

json_t *fault_value(const json_t *value, const json_t *scene, const json_t *here) {
    const struct value_kind *kind = kind_of(value);
    if (kind) {
        return kind->make(json_object_iter_value(json_object_iter((json_t *)value)), scene, here);
    }
    if (json_is_object(value)) {
        return object_value(value, scene, here);
    }
    return json_is_array(value) ? list_value(value, scene, here) : json_deep_copy(value);
}
