#include "harness/base/value.h"

#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

static int compare_integers(json_int_t one, json_int_t other) {
    return (one > other) - (one < other);
}

static int compare_doubles(double one, double other) {
    return (one > other) - (one < other);
}

/* An integer against a double without rounding either. */
static int compare_mixed(json_int_t integer, double real) {
    if (real >= 9223372036854775808.0) {
        return -1;
    }
    if (real < -9223372036854775808.0) {
        return 1;
    }
    json_int_t whole = (json_int_t)real;
    int compared = compare_integers(integer, whole);
    return compared ? compared : -compare_doubles(real - (double)whole, 0.0);
}

int value_compare_numbers(const json_t *one, const json_t *other) {
    if (json_is_integer(one) && json_is_integer(other)) {
        return compare_integers(json_integer_value(one), json_integer_value(other));
    }
    if (json_is_integer(one)) {
        return compare_mixed(json_integer_value(one), json_real_value(other));
    }
    if (json_is_integer(other)) {
        return -compare_mixed(json_integer_value(other), json_real_value(one));
    }
    return compare_doubles(json_real_value(one), json_real_value(other));
}

static bool arrays_are_equal(const json_t *one, const json_t *other) {
    size_t count = json_array_size(one);
    if (json_array_size(other) != count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!value_equals(json_array_get(one, i), json_array_get(other, i))) {
            return false;
        }
    }
    return true;
}

static bool objects_are_equal(const json_t *one, const json_t *other) {
    if (json_object_size(one) != json_object_size(other)) {
        return false;
    }
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)one, key, member) {
        if (!value_equals(member, json_object_get(other, key))) {
            return false;
        }
    }
    return true;
}

bool value_equals(const json_t *one, const json_t *other) {
    if (!one || !other) {
        return one == other;
    }
    if (json_is_number(one) && json_is_number(other)) {
        return value_compare_numbers(one, other) == 0;
    }
    if (json_typeof(one) != json_typeof(other)) {
        return false;
    }
    switch (json_typeof(one)) {
    case JSON_STRING:
        return json_string_length(one) == json_string_length(other) &&
               memcmp(json_string_value(one), json_string_value(other), json_string_length(one)) == 0;
    case JSON_ARRAY:
        return arrays_are_equal(one, other);
    case JSON_OBJECT:
        return objects_are_equal(one, other);
    default:
        return true;
    }
}

json_t *value_copy(const json_t *value) {
    json_t *copy = json_copy((json_t *)value);
    if (json_object_size(copy) != json_object_size(value) ||
        json_array_size(copy) != json_array_size(value)) {
        json_decref(copy);
        return NULL;
    }
    return copy;
}

enum { POINTER_KEY_SIZE = 512 };

/* Copies one token of a pointer without its escapes; returns where the next one begins, or NULL when the
 * token is none. */
static const char *read_token(const char *at, char key[POINTER_KEY_SIZE]) {
    size_t length = 0;
    for (; *at && *at != '/'; at++) {
        char byte = *at;
        if (byte == '~') {
            at++;
            if (*at != '0' && *at != '1') {
                return NULL;
            }
            byte = *at == '0' ? '~' : '/';
        }
        if (length + 1 == POINTER_KEY_SIZE) {
            return NULL;
        }
        key[length++] = byte;
    }
    key[length] = '\0';
    return at;
}

/* An index past the greatest number becomes that number, which no array has. */
static json_t *array_at(const json_t *array, const char *token) {
    size_t length = strspn(token, "0123456789");
    if (length == 0 || token[length] || (token[0] == '0' && length > 1)) {
        return NULL;
    }
    return json_array_get(array, (size_t)strtoul(token, NULL, 10));
}

json_t *value_at(const json_t *root, const char *pointer) {
    json_t *value = (json_t *)root;
    while (value && *pointer) {
        char key[POINTER_KEY_SIZE];
        if (*pointer != '/' || !(pointer = read_token(pointer + 1, key))) {
            return NULL;
        }
        value = json_is_array(value) ? array_at(value, key) : json_object_get(value, key);
    }
    return value;
}

const char *value_type_name(const json_t *value) {
    static const char *const names[] = {
        [JSON_OBJECT] = "object",   [JSON_ARRAY] = "array", [JSON_STRING] = "string",
        [JSON_INTEGER] = "integer", [JSON_REAL] = "number", [JSON_TRUE] = "boolean",
        [JSON_FALSE] = "boolean",   [JSON_NULL] = "null"};
    return value ? names[json_typeof(value)] : "nothing";
}

static int write_chunk(const char *bytes, size_t length_bytes, void *context) {
    return text_append(context, bytes, length_bytes) ? 0 : -1;
}

bool value_write(struct text *text, const json_t *value) {
    if (json_is_string(value)) {
        return value_write_string(text, json_string_value(value), json_string_length(value));
    }
    if (value && json_dump_callback(value, write_chunk, text, JSON_COMPACT | JSON_ENCODE_ANY) != 0) {
        text->failed = true;
    }
    return !text->failed;
}

static bool write_escape(struct text *text, char byte) {
    static const char named[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *found = memchr(named, byte, sizeof named - 1);
    if (found) {
        return text_add_byte(text, '\\') && text_add_byte(text, letters[found - named]);
    }
    return text_addf(text, "\\u%04X", (unsigned)(unsigned char)byte);
}

bool value_write_inner(struct text *text, const char *bytes, size_t length_bytes) {
    size_t begin = 0;
    for (size_t i = 0; i < length_bytes; i++) {
        char byte = bytes[i];
        if (byte != '"' && byte != '\\' && (unsigned char)byte >= 0x20) {
            continue;
        }
        text_append(text, bytes + begin, i - begin);
        write_escape(text, byte);
        begin = i + 1;
    }
    return text_append(text, bytes + begin, length_bytes - begin);
}

bool value_write_string(struct text *text, const char *bytes, size_t length_bytes) {
    text_add_byte(text, '"');
    value_write_inner(text, bytes, length_bytes);
    return text_add_byte(text, '"');
}

bool text_shorten(struct text *text, size_t limit_bytes) {
    if (text->failed || text->length_bytes <= limit_bytes) {
        return !text->failed;
    }
    size_t whole_bytes = text->length_bytes;
    text->bytes[limit_bytes] = '\0';
    text_trim_partial(text->bytes);
    text->length_bytes = strlen(text->bytes);
    return text_addf(text, "... (%zu bytes)", whole_bytes);
}

char *value_show(const json_t *value, size_t limit_bytes) {
    struct text text = {0};
    if (value) {
        value_write(&text, value);
    } else {
        text_add(&text, "nothing");
    }
    text_shorten(&text, limit_bytes);
    return text_take(&text);
}

bool pointer_add_key(struct text *pointer, const char *key) {
    text_add_byte(pointer, '/');
    for (; *key; key++) {
        if (*key == '~' || *key == '/') {
            text_add(pointer, *key == '~' ? "~0" : "~1");
        } else {
            text_add_byte(pointer, *key);
        }
    }
    return !pointer->failed;
}

bool pointer_add_index(struct text *pointer, size_t index) {
    return text_addf(pointer, "/%zu", index);
}

char *value_dump(const json_t *value, size_t flags) {
    json_malloc_t get;
    json_free_t drop;
    json_get_alloc_funcs(&get, &drop);
    char *dumped = json_dumps(value, flags);
    char *copy = text_copy(dumped);
    if (dumped) {
        drop(dumped);
    }
    return copy;
}
