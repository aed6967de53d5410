#include "harness/adapters/mutant_condition.h"

#include "harness/base/value.h"
#include "reference/base/instant.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

static bool holds(const json_t *condition, const json_t *value, const json_t *scene);

static bool is_absent(const json_t *operand, const json_t *value, const json_t *scene) {
    (void)scene;
    return (!value || json_is_null(value)) == json_is_true(operand);
}

static bool is_not(const json_t *operand, const json_t *value, const json_t *scene) {
    return !holds(operand, value, scene);
}

static bool is_any(const json_t *operand, const json_t *value, const json_t *scene) {
    for (size_t i = 0; i < json_array_size(operand); i++) {
        if (holds(json_array_get(operand, i), value, scene)) {
            return true;
        }
    }
    return false;
}

static bool is_all(const json_t *operand, const json_t *value, const json_t *scene) {
    for (size_t i = 0; i < json_array_size(operand); i++) {
        if (!holds(json_array_get(operand, i), value, scene)) {
            return false;
        }
    }
    return true;
}

static bool has_type(const json_t *operand, const json_t *value, const json_t *scene) {
    (void)scene;
    const char *wanted = json_string_value(operand);
    const char *name = json_is_integer(value) ? "integer" : value_type_name(value);
    return strcmp(wanted, name) == 0 || (json_is_number(value) && strcmp(wanted, "number") == 0);
}

static bool is_same(const json_t *operand, const json_t *value, const json_t *scene) {
    const json_t *other = value_at(scene, json_string_value(operand));
    return value && other && value_equals(value, other);
}

/* -1, 0 or 1; 2 when one of the two is no instant. */
static int compare_instants(const json_t *value, const json_t *other) {
    int64_t one_us, other_us;
    if (!json_is_string(value) || !json_is_string(other) ||
        !hp_instant_parse(json_string_value(value), json_string_length(value), &one_us) ||
        !hp_instant_parse(json_string_value(other), json_string_length(other), &other_us)) {
        return 2;
    }
    return (one_us > other_us) - (one_us < other_us);
}

static bool is_earlier(const json_t *operand, const json_t *value, const json_t *scene) {
    return compare_instants(value, value_at(scene, json_string_value(operand))) == -1;
}

static bool is_later(const json_t *operand, const json_t *value, const json_t *scene) {
    return compare_instants(value, value_at(scene, json_string_value(operand))) == 1;
}

static bool is_below(const json_t *operand, const json_t *value, const json_t *scene) {
    (void)scene;
    return json_is_number(value) && value_compare_numbers(value, operand) < 0;
}

static bool is_above(const json_t *operand, const json_t *value, const json_t *scene) {
    (void)scene;
    return json_is_number(value) && value_compare_numbers(value, operand) > 0;
}

static size_t size_of(const json_t *value) {
    if (json_is_string(value)) {
        return text_count_code_points(json_string_value(value), json_string_length(value));
    }
    return json_array_size(value) + json_object_size(value);
}

static bool is_longer(const json_t *operand, const json_t *value, const json_t *scene) {
    (void)scene;
    return size_of(value) > (size_t)json_integer_value(operand);
}

static bool is_shorter(const json_t *operand, const json_t *value, const json_t *scene) {
    (void)scene;
    return value && size_of(value) < (size_t)json_integer_value(operand);
}

static bool has_part(const json_t *operand, const json_t *value, const json_t *scene) {
    (void)scene;
    return json_is_string(value) && strstr(json_string_value(value), json_string_value(operand));
}

static bool begins(const json_t *operand, const json_t *value, const json_t *scene) {
    (void)scene;
    size_t length = json_string_length(operand);
    return json_is_string(value) &&
           strncmp(json_string_value(value), json_string_value(operand), length) == 0;
}

static bool ends(const json_t *operand, const json_t *value, const json_t *scene) {
    (void)scene;
    size_t length = json_string_length(operand), whole = json_string_length(value);
    return json_is_string(value) && whole >= length &&
           strcmp(json_string_value(value) + whole - length, json_string_value(operand)) == 0;
}

static bool is_within(const json_t *operand, const json_t *value, const json_t *scene) {
    const json_t *other = value_at(scene, json_string_value(operand));
    return json_is_string(value) && json_is_string(other) &&
           strstr(json_string_value(other), json_string_value(value));
}

/* SQL's LIKE without escapes: % stands for any text, _ for one byte. */
static bool matches_like(const char *pattern, const char *text) {
    if (*pattern == '%') {
        return matches_like(pattern + 1, text) || (*text && matches_like(pattern, text + 1));
    }
    if (*pattern == '\0' || *text == '\0') {
        return *pattern == *text;
    }
    return (*pattern == '_' || *pattern == *text) && matches_like(pattern + 1, text + 1);
}

static bool is_like(const json_t *operand, const json_t *value, const json_t *scene) {
    const json_t *pattern = value_at(scene, json_string_value(operand));
    return json_is_string(value) && json_is_string(pattern) &&
           matches_like(json_string_value(pattern), json_string_value(value));
}

static bool has_key(const json_t *operand, const json_t *value, const json_t *scene) {
    const char *key;
    json_t *child;
    json_object_foreach((json_t *)value, key, child) {
        json_t *text = json_string(key);
        bool found = text && holds(operand, text, scene);
        json_decref(text);
        if (found) {
            return true;
        }
    }
    return false;
}

static bool is_deep(const json_t *operand, const json_t *value, const json_t *scene) {
    if (holds(operand, value, scene)) {
        return true;
    }
    const char *key;
    json_t *child;
    size_t index;
    json_object_foreach((json_t *)value, key, child) {
        if (is_deep(operand, child, scene)) {
            return true;
        }
    }
    json_array_foreach(value, index, child) {
        if (is_deep(operand, child, scene)) {
            return true;
        }
    }
    return false;
}

static const struct condition_kind {
    const char *name;
    bool (*holds)(const json_t *operand, const json_t *value, const json_t *scene);
} kinds[] = {{"absent", is_absent}, {"not", is_not},     {"any", is_any},         {"all", is_all},
             {"type", has_type},    {"same", is_same},   {"earlier", is_earlier}, {"later", is_later},
             {"below", is_below},   {"above", is_above}, {"longer", is_longer},   {"shorter", is_shorter},
             {"holds", has_part},   {"begins", begins},  {"ends", ends},          {"within", is_within},
             {"like", is_like},     {"key", has_key},    {"deep", is_deep}};

static const struct condition_kind *find_kind(const char *name) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

static bool holds(const json_t *condition, const json_t *value, const json_t *scene) {
    const char *key;
    json_t *operand;
    if (!json_is_object(condition)) {
        return value && value_equals(condition, value);
    }
    json_object_foreach((json_t *)condition, key, operand) {
        const struct condition_kind *kind = find_kind(key);
        if (!kind || !kind->holds(operand, value, scene)) {
            return false;
        }
    }
    return true;
}

static bool table_holds(const json_t *table, const json_t *here, const json_t *scene) {
    const char *pointer;
    json_t *condition;
    json_object_foreach((json_t *)table, pointer, condition) {
        if (!holds(condition, value_at(here, pointer), scene)) {
            return false;
        }
    }
    return true;
}

bool conditions_hold(const json_t *table, const json_t *here, const json_t *scene) {
    if (!json_is_array(table)) {
        return table_holds(table, here, scene);
    }
    for (size_t i = 0; i < json_array_size(table); i++) {
        if (table_holds(json_array_get(table, i), here, scene)) {
            return true;
        }
    }
    return false;
}
