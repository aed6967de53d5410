#include "reference/core/canonical.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_keys(const void *one, const void *other) {
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Doubles that are whole numbers of 64 bits are written as these. */
static bool write_real(struct text *text, const json_t *value) {
    double number = json_real_value(value);
    if (number >= -9223372036854775808.0 && number < 9223372036854775808.0 && floor(number) == number) {
        return text_addf(text, "%" JSON_INTEGER_FORMAT, (json_int_t)number);
    }
    return json_write(text, value);
}

static bool write_members(struct text *text, const json_t *object, const char **keys, size_t count) {
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++) {
        text_add(text, i > 0 ? "," : "");
        json_write_string(text, keys[i], strlen(keys[i]));
        text_add_byte(text, ':');
        if (!canonical_write(text, json_object_get(object, keys[i]))) {
            return false;
        }
    }
    return true;
}

static bool write_object(struct text *text, const json_t *object) {
    size_t count = 0;
    const char **keys = malloc((json_object_size(object) + 1) * sizeof *keys);
    if (!keys) {
        return false;
    }
    json_t *members = (json_t *)object; /* jansson's iterators ask for one that may be changed; nothing is */
    for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
        keys[count++] = json_object_iter_key(at);
    }
    text_add_byte(text, '{');
    bool written = write_members(text, object, keys, count) && text_add_byte(text, '}');
    free(keys);
    return written;
}

static bool write_array(struct text *text, const json_t *array) {
    text_add_byte(text, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        text_add(text, i > 0 ? "," : "");
        if (!canonical_write(text, json_array_get(array, i))) {
            return false;
        }
    }
    return text_add_byte(text, ']');
}

bool canonical_write(struct text *text, const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_object(text, value);
    case JSON_ARRAY:
        return write_array(text, value);
    case JSON_REAL:
        return write_real(text, value);
    default:
        return json_write(text, value);
    }
}
