#include "harness/case/tree_difference.h"

#include "harness/base/value.h"
#include "harness/case/normal.h"

/* Sets the path back to where it was. */
static void cut_path(struct text *path, size_t length_bytes) {
    if (!path->failed) {
        path->length_bytes = length_bytes;
        path->bytes[length_bytes] = '\0';
    }
}

static bool differ_at(const json_t *one, const json_t *other, struct tree_difference *found) {
    found->one = one;
    found->other = other;
    return true;
}

static bool members_differ(const json_t *one, const json_t *other, const char *key,
                           struct tree_difference *found) {
    size_t length_bytes = found->path.length_bytes;
    pointer_add_key(&found->path, key);
    if (tree_differ(json_object_get(one, key), json_object_get(other, key), found)) {
        return true;
    }
    cut_path(&found->path, length_bytes);
    return false;
}

static bool agree_in(const json_t *one, const json_t *other, const char *key) {
    return value_equals(json_object_get(one, key), json_object_get(other, key));
}

/* An instant in a caller's text is the same when it reads the same, or lies as far from the start. */
static bool said_instants_differ(const json_t *one, const json_t *other, struct tree_difference *found) {
    return !agree_in(one, other, NORMAL_AS_TEXT) && !agree_in(one, other, NORMAL_FROM_START) &&
           differ_at(json_object_get(one, NORMAL_AS_TEXT), json_object_get(other, NORMAL_AS_TEXT), found);
}

static bool objects_differ(const json_t *one, const json_t *other, struct tree_difference *found) {
    const char *key;
    json_t *member;
    if (json_object_get(one, NORMAL_AS_TEXT) && json_object_get(other, NORMAL_AS_TEXT)) {
        return said_instants_differ(one, other, found);
    }
    json_object_foreach((json_t *)one, key, member) {
        if (members_differ(one, other, key, found)) {
            return true;
        }
    }
    json_object_foreach((json_t *)other, key, member) {
        if (!json_object_get(one, key) && members_differ(one, other, key, found)) {
            return true;
        }
    }
    return false;
}

static bool arrays_differ(const json_t *one, const json_t *other, struct tree_difference *found) {
    size_t count = json_array_size(one);
    count = count > json_array_size(other) ? count : json_array_size(other);
    for (size_t i = 0; i < count; i++) {
        size_t length_bytes = found->path.length_bytes;
        pointer_add_index(&found->path, i);
        if (tree_differ(json_array_get(one, i), json_array_get(other, i), found)) {
            return true;
        }
        cut_path(&found->path, length_bytes);
    }
    return false;
}

static bool of_one_type(const json_t *one, const json_t *other) {
    return json_typeof(one) == json_typeof(other) || (json_is_number(one) && json_is_number(other));
}

bool tree_differ(const json_t *one, const json_t *other, struct tree_difference *found) {
    if (!one || !other || !of_one_type(one, other)) {
        return one != other && differ_at(one, other, found);
    }
    if (json_is_object(one)) {
        return objects_differ(one, other, found);
    }
    if (json_is_array(one)) {
        return arrays_differ(one, other, found);
    }
    return !value_equals(one, other) && differ_at(one, other, found);
}
