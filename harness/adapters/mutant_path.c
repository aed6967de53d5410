#include "harness/adapters/mutant_path.h"

#include <stdlib.h>
#include <string.h>

enum { PART_SIZE = 128, PATH_SIZE = 256, FIRST_ROOM = 16 };

/* Where answers hold interrupts. */
static const char *const interrupts[] = {"/result/interrupt", "/result/interrupts/*",
                                         "/result/events/*/data"};
static const char alias[] = "@interrupts";

static bool spots_add(struct spots *spots, struct spot spot) {
    if (spots->count == spots->room) {
        size_t room = spots->room ? spots->room * 2 : FIRST_ROOM;
        struct spot *items = realloc(spots->items, room * sizeof *items);
        if (!items) {
            return false;
        }
        spots->items = items;
        spots->room = room;
    }
    spots->items[spots->count++] = spot;
    return true;
}

void spots_release(struct spots *spots) {
    free(spots->items);
    *spots = (struct spots){0};
}

/* Reads one part, "~1" and "~0" undone, and moves behind it. One that is too long matches nothing. */
static void next_part(const char **path, char part[PART_SIZE]) {
    size_t length = 0;
    const char *at = *path + 1;
    for (; *at && *at != '/'; at++) {
        char byte = *at;
        if (byte == '~' && (at[1] == '0' || at[1] == '1')) {
            byte = *++at == '0' ? '~' : '/';
        }
        if (length + 1 < PART_SIZE) {
            part[length++] = byte;
        }
    }
    part[length] = '\0';
    *path = at;
}

static bool find_below(const struct spot *from, const char *path, struct spots *spots);

static bool find_every(json_t *value, const char *rest, struct spots *spots) {
    const char *key;
    json_t *child;
    size_t index;
    json_object_foreach(value, key, child) {
        if (!find_below(&(struct spot){value, key, 0, child}, rest, spots)) {
            return false;
        }
    }
    json_array_foreach(value, index, child) {
        if (!find_below(&(struct spot){value, NULL, index, child}, rest, spots)) {
            return false;
        }
    }
    return true;
}

static bool find_index(json_t *array, const char *part, const char *rest, struct spots *spots) {
    size_t index = strtoul(part, NULL, 10);
    json_t *child = json_array_get(array, index);
    return !child || find_below(&(struct spot){array, NULL, index, child}, rest, spots);
}

/* The tree's own key, which stays when the part is gone. */
static bool find_member(json_t *object, const char *part, const char *rest, struct spots *spots) {
    void *member = json_object_iter_at(object, part);
    if (!member) {
        return true;
    }
    const struct spot child = {object, json_object_iter_key(member), 0, json_object_iter_value(member)};
    return find_below(&child, rest, spots);
}

static bool find_below(const struct spot *from, const char *path, struct spots *spots) {
    char part[PART_SIZE];
    if (*path != '/') {
        return spots_add(spots, *from);
    }
    next_part(&path, part);
    if (strcmp(part, "*") == 0) {
        return find_every(from->value, path, spots);
    }
    return json_is_array(from->value) ? find_index(from->value, part, path, spots)
                                      : find_member(from->value, part, path, spots);
}

bool spots_find(json_t *root, const char *path, struct spots *spots) {
    const struct spot whole = {NULL, NULL, 0, root};
    size_t length = sizeof alias - 1;
    if (strncmp(path, alias, length) != 0) {
        return find_below(&whole, path, spots);
    }
    struct spots found = {0};
    bool complete = true;
    for (size_t i = 0; complete && i < sizeof interrupts / sizeof interrupts[0]; i++) {
        complete = find_below(&whole, interrupts[i], &found);
    }
    for (size_t i = 0; complete && i < found.count; i++) {
        complete = !json_is_object(found.items[i].value) || find_below(&found.items[i], path + length, spots);
    }
    spots_release(&found);
    return complete;
}

bool spot_replace(const struct spot *spot, json_t *value_new) {
    if (!spot->parent) {
        json_decref(value_new);
        return true;
    }
    return spot->key ? json_object_set_new(spot->parent, spot->key, value_new) == 0
                     : json_array_set_new(spot->parent, spot->index, value_new) == 0;
}

void spot_remove(const struct spot *spot) {
    if (spot->parent && spot->key) {
        json_object_del(spot->parent, spot->key);
    } else if (spot->parent) {
        json_array_remove(spot->parent, spot->index);
    }
}

static bool set_member(json_t *parent, const char *key, const json_t *value) {
    if (!json_is_object(parent)) {
        return true;
    }
    json_t *copy = json_deep_copy(value);
    return copy && json_object_set_new(parent, key, copy) == 0;
}

/* What is there already: elements of an array, or all children. */
static bool replace_all(json_t *root, const char *path, const json_t *value) {
    struct spots spots = {0};
    bool complete = spots_find(root, path, &spots);
    for (size_t i = 0; complete && i < spots.count; i++) {
        json_t *copy = json_deep_copy(value);
        complete = copy && spot_replace(&spots.items[i], copy);
    }
    spots_release(&spots);
    return complete;
}

bool path_set(json_t *root, const char *path, const json_t *value) {
    char above[PATH_SIZE], key[PART_SIZE];
    const char *last = strrchr(path, '/');
    if (!last || (size_t)(last - path) >= sizeof above) {
        return true;
    }
    memcpy(above, path, (size_t)(last - path));
    above[last - path] = '\0';
    next_part(&last, key);
    if (strcmp(key, "*") == 0) {
        return replace_all(root, path, value);
    }
    struct spots parents = {0};
    bool complete = spots_find(root, above, &parents);
    for (size_t i = 0; complete && i < parents.count; i++) {
        complete = set_member(parents.items[i].value, key, value);
    }
    spots_release(&parents);
    return complete;
}
