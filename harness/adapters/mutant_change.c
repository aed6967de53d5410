#include "harness/adapters/mutant_change.h"

#include "harness/adapters/mutant_change_leaf.h"
#include "harness/base/value.h"

#include <stdlib.h>
#include <string.h>

static json_t *changed(const struct change *change, const json_t *value, size_t depth);

static int compare_values(const void *one, const void *other) {
    char *left = value_dump(*(json_t *const *)one, JSON_COMPACT | JSON_ENCODE_ANY);
    char *right = value_dump(*(json_t *const *)other, JSON_COMPACT | JSON_ENCODE_ANY);
    int compared = left && right ? strcmp(left, right) : 0;
    free(left);
    free(right);
    return compared;
}

static bool list_sort(json_t *list) {
    size_t count = json_array_size(list);
    json_t **items = calloc(count + 1, sizeof(json_t *));
    bool complete = items != NULL;
    for (size_t i = 0; complete && i < count; i++) {
        items[i] = json_incref(json_array_get(list, i));
    }
    if (complete && count > 0) {
        qsort(items, count, sizeof(json_t *), compare_values);
    }
    for (size_t i = 0; complete && i < count; i++) {
        json_array_set_new(list, i, items[i]);
    }
    free(items);
    return complete;
}

static bool list_unique(json_t *list) {
    for (size_t i = json_array_size(list); i > 1; i--) {
        bool again = false;
        for (size_t before = 0; before + 1 < i && !again; before++) {
            again = value_equals(json_array_get(list, before), json_array_get(list, i - 1));
        }
        if (again) {
            json_array_remove(list, i - 1);
        }
    }
    return true;
}

static bool list_reverse(json_t *list) {
    size_t count = json_array_size(list);
    for (size_t i = 0; i + 1 < count; i++) {
        json_t *last = json_incref(json_array_get(list, count - 1));
        json_array_remove(list, count - 1);
        if (json_array_insert_new(list, i, last) != 0) {
            return false;
        }
    }
    return true;
}

static bool list_first(json_t *list) {
    while (json_array_size(list) > 1) {
        json_array_remove(list, json_array_size(list) - 1);
    }
    return true;
}

static bool list_last(json_t *list) {
    while (json_array_size(list) > 1) {
        json_array_remove(list, 0);
    }
    return true;
}

/* What is done to a list when all in it is changed. */
static const struct list_change {
    const char *name;
    bool (*apply)(json_t *list); /* false: memory ran out */
} list_changes[] = {{"sort", list_sort},
                    {"unique", list_unique},
                    {"reverse", list_reverse},
                    {"first", list_first},
                    {"last", list_last}};

static const struct list_change *find_list_change(const char *name) {
    for (size_t i = 0; i < sizeof list_changes / sizeof list_changes[0]; i++) {
        if (strcmp(list_changes[i].name, name) == 0) {
            return &list_changes[i];
        }
    }
    return NULL;
}

static bool is_empty(const json_t *value) {
    return json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_object(value) && json_object_size(value) == 0) ||
           (json_is_string(value) && json_string_length(value) == 0);
}

/* compact and dense leave members out. */
static bool is_left_out(const struct change *change, const json_t *child) {
    return (strcmp(change->name, "compact") == 0 && json_is_null(child)) ||
           (strcmp(change->name, "dense") == 0 && is_empty(child));
}

static json_t *changed_key(const struct change *change, const char *key) {
    json_t *text = json_string(key);
    if (!text || strcmp(change->name, "keys") != 0) {
        return text;
    }
    json_t *renamed = value_changed(change->operand, text);
    json_decref(text);
    return renamed;
}

static json_t *changed_object(const struct change *change, const json_t *object, size_t depth) {
    json_t *made = json_object();
    const char *key;
    json_t *child;
    json_object_foreach((json_t *)object, key, child) {
        if (!made || is_left_out(change, child)) {
            continue;
        }
        json_t *name = changed_key(change, key);
        json_t *value = changed(change, child, depth + 1);
        bool set = name && json_is_string(name) && value &&
                   json_object_set(made, json_string_value(name), value) == 0;
        json_decref(name);
        json_decref(value);
        if (!set) {
            json_decref(made);
            made = NULL;
        }
    }
    return made;
}

static json_t *changed_list(const struct change *change, const json_t *list, size_t depth) {
    json_t *made = json_array();
    bool complete = made != NULL;
    for (size_t i = 0; complete && i < json_array_size(list); i++) {
        const json_t *child = json_array_get(list, i);
        if (strcmp(change->name, "dense") != 0 || !is_empty(child)) {
            complete = json_array_append_new(made, changed(change, child, depth + 1)) == 0;
        }
    }
    const struct list_change *own = find_list_change(change->name);
    complete = complete && (!own || own->apply(made));
    if (complete && strcmp(change->name, "sole") == 0 && json_array_size(made) == 1) {
        json_t *sole = json_incref(json_array_get(made, 0));
        json_decref(made);
        return sole;
    }
    if (!complete) {
        json_decref(made);
        return NULL;
    }
    return made;
}

static json_t *changed(const struct change *change, const json_t *value, size_t depth) {
    bool holds_more = json_is_object(value) || json_is_array(value);
    if (holds_more && strcmp(change->name, "depth") == 0 &&
        depth >= (size_t)json_integer_value(change->operand)) {
        return json_null();
    }
    if (holds_more && strcmp(change->name, "text") != 0) {
        return json_is_object(value) ? changed_object(change, value, depth)
                                     : changed_list(change, value, depth);
    }
    return leaf_changed(change, value);
}

static struct change read_change(const json_t *change) {
    if (json_is_string(change)) {
        return (struct change){.name = json_string_value(change)};
    }
    void *member = json_object_iter((json_t *)change);
    return (struct change){.name = member ? json_object_iter_key(member) : "",
                           .operand = member ? json_object_iter_value(member) : NULL};
}

json_t *value_changed(const json_t *change, const json_t *value) {
    const struct change read = read_change(change);
    return changed(&read, value, 0);
}
