#include "harness/base/schema.h"

#include "harness/base/place.h"
#include "harness/base/schema_tree.h"
#include "harness/base/suggest.h"
#include "harness/base/value.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_BYTES = 80, KNOWN_KEYS_MAX = 64 };

/* One check under way. Without a problem it only answers yes or no; then the answer is worth nothing when
 * memory ran out meanwhile. */
struct check {
    struct hp_problem *problem;
    bool *no_memory;
};

static bool node_accepts(struct check *check, const struct schema_node *node, const json_t *value,
                         const struct place *place);

/* Records "expected ..., got ..." at a place, and returns false. Takes the two texts over; a NULL one or a
 * failed pointer means that memory ran out. */
static bool fail(struct check *check, const struct place *place, char *expected, char *got) {
    struct text pointer = {0};
    place_write(&pointer, place);
    if (!expected || !got || pointer.failed) {
        hp_problem_no_memory(check->problem);
    } else {
        hp_problem_set(check->problem, HP_INVALID, pointer.bytes, "expected %s, got %s", expected, got);
    }
    text_release(&pointer);
    free(expected);
    free(got);
    return false;
}

static bool fail_value(struct check *check, const struct place *place, const json_t *got,
                       const char *expected) {
    return !check->problem ? false : fail(check, place, text_copy(expected), value_show(got, SHOWN_BYTES));
}

static bool fail_count(struct check *check, const struct place *place, const json_t *got,
                       const char *relation, size_t count, const char *what) {
    if (!check->problem) {
        return false;
    }
    struct text expected = {0};
    text_addf(&expected, "%s %zu %s", relation, count, what);
    return fail(check, place, text_take(&expected), value_show(got, SHOWN_BYTES));
}

static bool fail_json(struct check *check, const struct place *place, const json_t *got, const char *before,
                      const json_t *expected) {
    if (!check->problem) {
        return false;
    }
    struct text text = {0};
    text_add(&text, before);
    value_write(&text, expected);
    return fail(check, place, text_take(&text), value_show(got, SHOWN_BYTES));
}

static bool real_is_whole(double real) {
    const double exact = 9007199254740992.0; /* from 2^53 on every double is whole */
    return real >= exact || real <= -exact || (double)(json_int_t)real == real;
}

static unsigned type_of(const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_NULL:
        return TYPE_NULL;
    case JSON_TRUE:
    case JSON_FALSE:
        return TYPE_BOOLEAN;
    case JSON_INTEGER:
        return TYPE_INTEGER;
    case JSON_REAL:
        return real_is_whole(json_real_value(value)) ? TYPE_INTEGER : TYPE_NUMBER;
    case JSON_STRING:
        return TYPE_STRING;
    case JSON_ARRAY:
        return TYPE_ARRAY;
    default:
        return TYPE_OBJECT;
    }
}

static bool fail_type(struct check *check, const struct schema_node *node, const json_t *value,
                      const struct place *place) {
    static const char *const names[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
    struct text expected = {0};
    if (!check->problem) {
        return false;
    }
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        bool part_of_number = i == 2 && (node->types & TYPE_NUMBER);
        if ((node->types & 1U << i) && !part_of_number) {
            text_addf(&expected, "%s%s", expected.length_bytes ? " or " : "", names[i]);
        }
    }
    return fail(check, place, text_take(&expected), value_show(value, SHOWN_BYTES));
}

static bool enumeration_has(const json_t *enumeration, const json_t *value) {
    for (size_t i = 0; i < json_array_size(enumeration); i++) {
        if (value_equals(json_array_get(enumeration, i), value)) {
            return true;
        }
    }
    return false;
}

static bool number_fits(struct check *check, const struct schema_node *node, const json_t *value,
                        const struct place *place) {
    if (node->minimum && value_compare_numbers(value, node->minimum) < 0) {
        return fail_json(check, place, value, "at least ", node->minimum);
    }
    if (node->maximum && value_compare_numbers(value, node->maximum) > 0) {
        return fail_json(check, place, value, "at most ", node->maximum);
    }
    if (node->exclusive_minimum && value_compare_numbers(value, node->exclusive_minimum) <= 0) {
        return fail_json(check, place, value, "more than ", node->exclusive_minimum);
    }
    if (node->exclusive_maximum && value_compare_numbers(value, node->exclusive_maximum) >= 0) {
        return fail_json(check, place, value, "less than ", node->exclusive_maximum);
    }
    return true;
}

static bool string_fits(struct check *check, const struct schema_node *node, const json_t *value,
                        const struct place *place) {
    const char *bytes = json_string_value(value);
    size_t length_bytes = json_string_length(value);
    if (node->min_length > 0 || node->max_length < length_bytes) {
        size_t count = text_count_code_points(bytes, length_bytes);
        if (count < node->min_length) {
            return fail_count(check, place, value, "at least", node->min_length, "characters");
        }
        if (count > node->max_length) {
            return fail_count(check, place, value, "at most", node->max_length, "characters");
        }
    }
    if (node->pattern && !pattern_matches(node->pattern, bytes, length_bytes)) {
        struct text expected = {0};
        if (!check->problem) {
            return false;
        }
        text_addf(&expected, "text that matches %s", node->pattern_text);
        return fail(check, place, text_take(&expected), value_show(value, SHOWN_BYTES));
    }
    return true;
}

static bool items_are_unique(const json_t *array) {
    size_t count = json_array_size(array);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (value_equals(json_array_get(array, i), json_array_get(array, j))) {
                return false;
            }
        }
    }
    return true;
}

static bool array_fits(struct check *check, const struct schema_node *node, const json_t *value,
                       const struct place *place) {
    size_t count = json_array_size(value);
    if (count < node->min_items) {
        return fail_count(check, place, value, "at least", node->min_items, "elements");
    }
    if (count > node->max_items) {
        return fail_count(check, place, value, "at most", node->max_items, "elements");
    }
    for (size_t i = 0; node->items && i < count; i++) {
        struct place element = {place, NULL, i};
        if (!node_accepts(check, node->items, json_array_get(value, i), &element)) {
            return false;
        }
    }
    return !node->unique_items || items_are_unique(value) ||
           fail_value(check, place, value, "elements that all differ");
}

static bool fail_unknown_key(struct check *check, const struct schema_node *node, const char *key,
                             const struct place *place) {
    const char *known[KNOWN_KEYS_MAX];
    size_t count = 0;
    struct text got = {0};
    for (size_t i = 0; i < node->property_count && count < KNOWN_KEYS_MAX; i++) {
        known[count++] = node->properties[i].key;
    }
    const char *nearest = suggest_nearest(key, known, count);
    text_addf(&got, "the unknown key \"%s\"", key);
    if (nearest) {
        text_addf(&got, "; did you mean \"%s\"?", nearest);
    }
    return fail(check, place, text_copy("a known key"), text_take(&got));
}

static const struct schema_node *property_node(const struct schema_node *node, const char *key) {
    for (size_t i = 0; i < node->property_count; i++) {
        if (strcmp(node->properties[i].key, key) == 0) {
            return node->properties[i].node;
        }
    }
    return NULL;
}

/* Holds a member against what is said of its key, of the patterns that find it, or of all others. */
static bool member_fits(struct check *check, const struct schema_node *node, const char *key,
                        const json_t *value, const struct place *parent) {
    struct place place = {parent, key, 0};
    const struct schema_node *named = property_node(node, key);
    bool known = named != NULL;
    if (named && !node_accepts(check, named, value, &place)) {
        return false;
    }
    for (size_t i = 0; i < node->pattern_count; i++) {
        if (pattern_matches(node->patterns[i].pattern, key, strlen(key))) {
            known = true;
            if (!node_accepts(check, node->patterns[i].node, value, &place)) {
                return false;
            }
        }
    }
    if (known || !node->additional) {
        return true;
    }
    if (node->additional->never && check->problem) {
        return fail_unknown_key(check, node, key, &place);
    }
    return node_accepts(check, node->additional, value, &place);
}

/* Takes a key for a value of its own; one is made for the time of the check. */
static bool name_fits(struct check *check, const struct schema_node *names, const char *key,
                      const struct place *parent) {
    struct place place = {parent, key, 0};
    json_t *name = json_string_nocheck(key);
    if (!name) {
        *check->no_memory = true;
        return false;
    }
    bool fits = node_accepts(check, names, name, &place);
    json_decref(name);
    return fits;
}

static bool has_required(struct check *check, const struct schema_node *node, const json_t *value,
                         const struct place *place) {
    for (size_t i = 0; i < node->property_count; i++) {
        const struct schema_property *property = &node->properties[i];
        if (property->required && !json_object_get(value, property->key)) {
            struct text expected = {0};
            if (!check->problem) {
                return false;
            }
            text_addf(&expected, "the key \"%s\"", property->key);
            return fail(check, place, text_take(&expected), value_show(value, SHOWN_BYTES));
        }
    }
    return true;
}

/* Members come before what is missing: a misspelt key says more than the absence of the right one. */
static bool object_fits(struct check *check, const struct schema_node *node, const json_t *value,
                        const struct place *place) {
    size_t count = json_object_size(value);
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)value, key, member) {
        if (node->property_names && !name_fits(check, node->property_names, key, place)) {
            return false;
        }
        if (!member_fits(check, node, key, member, place)) {
            return false;
        }
    }
    if (count < node->min_properties) {
        return fail_count(check, place, value, "at least", node->min_properties, "members");
    }
    if (count > node->max_properties) {
        return fail_count(check, place, value, "at most", node->max_properties, "members");
    }
    return has_required(check, node, value, place);
}

static size_t count_accepting(const struct check *check, const struct schema_list *list, const json_t *value,
                              const struct place *place) {
    struct check quiet = {NULL, check->no_memory};
    size_t accepting = 0;
    for (size_t i = 0; i < list->count; i++) {
        accepting += node_accepts(&quiet, list->nodes[i], value, place);
    }
    return accepting;
}

static size_t pointer_depth(const char *pointer) {
    size_t depth = 0;
    for (; *pointer; pointer++) {
        depth += *pointer == '/';
    }
    return depth;
}

/* Tells the problem of the branch that got furthest into the value. */
static bool fail_branches(struct check *check, const struct schema_list *list, const json_t *value,
                          const struct place *place) {
    struct hp_problem best = {0};
    for (size_t i = 0; check->problem && i < list->count; i++) {
        struct hp_problem problem = {0};
        struct check loud = {&problem, check->no_memory};
        node_accepts(&loud, list->nodes[i], value, place);
        *check->no_memory = *check->no_memory || problem.status == HP_INTERNAL;
        if (i == 0 || pointer_depth(problem.field) > pointer_depth(best.field)) {
            best = problem;
        }
    }
    hp_problem_set(check->problem, best.status, best.field, "%s", best.detail);
    return false;
}

static bool branches_fit(struct check *check, const struct schema_node *node, const json_t *value,
                         const struct place *place) {
    for (size_t i = 0; i < node->all_of.count; i++) {
        if (!node_accepts(check, node->all_of.nodes[i], value, place)) {
            return false;
        }
    }
    if (node->any_of.count && count_accepting(check, &node->any_of, value, place) == 0) {
        return fail_branches(check, &node->any_of, value, place);
    }
    if (node->one_of.count) {
        size_t accepting = count_accepting(check, &node->one_of, value, place);
        if (accepting == 0) {
            return fail_branches(check, &node->one_of, value, place);
        }
        if (accepting > 1) {
            return fail_value(check, place, value, "exactly one of the alternatives to hold");
        }
    }
    return true;
}

static bool conditions_fit(struct check *check, const struct schema_node *node, const json_t *value,
                           const struct place *place) {
    struct check quiet = {NULL, check->no_memory};
    if (node->negated && node_accepts(&quiet, node->negated, value, place)) {
        return fail_json(check, place, value, "anything but ", node->negated->source);
    }
    if (!node->condition) {
        return true;
    }
    bool holds = node_accepts(&quiet, node->condition, value, place);
    const struct schema_node *next = holds ? node->consequence : node->alternative;
    return !next || node_accepts(check, next, value, place);
}

static bool content_fits(struct check *check, const struct schema_node *node, const json_t *value,
                         const struct place *place) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return object_fits(check, node, value, place);
    case JSON_ARRAY:
        return array_fits(check, node, value, place);
    case JSON_STRING:
        return string_fits(check, node, value, place);
    case JSON_INTEGER:
    case JSON_REAL:
        return number_fits(check, node, value, place);
    default:
        return true;
    }
}

static bool node_accepts(struct check *check, const struct schema_node *node, const json_t *value,
                         const struct place *place) {
    if (node->never) {
        return fail_value(check, place, value, "nothing here");
    }
    if (node->types && !(node->types & type_of(value))) {
        return fail_type(check, node, value, place);
    }
    if (node->constant && !value_equals(node->constant, value)) {
        return fail_json(check, place, value, "", node->constant);
    }
    if (node->enumeration && !enumeration_has(node->enumeration, value)) {
        return fail_json(check, place, value, "one of ", node->enumeration);
    }
    return (!node->reference || node_accepts(check, node->reference, value, place)) &&
           content_fits(check, node, value, place) && branches_fit(check, node, value, place) &&
           conditions_fit(check, node, value, place);
}

enum hp_status schema_check(const struct schema *schema, const json_t *value, struct hp_problem *problem) {
    struct hp_problem fault = {0};
    bool no_memory = false;
    struct check check = {&fault, &no_memory};
    struct place root = {NULL, NULL, 0};
    bool accepted = node_accepts(&check, schema->root, value, &root);
    if (no_memory) {
        return hp_problem_no_memory(problem);
    }
    if (accepted) {
        return HP_OK;
    }
    return hp_problem_set(problem, fault.status, fault.field, "%s", fault.detail);
}
