#include "reference/core/json.h"
#include "reference/base/json_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum hp_status json_read(const char *bytes, size_t length_bytes, json_t **value, struct hp_problem *problem) {
    if (length_bytes > JSON_RAW_MAX_BYTES) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "%zu bytes of JSON are more than the %d that are read", length_bytes,
                              JSON_RAW_MAX_BYTES);
    }
    struct json_fault fault;
    *value = json_parse(bytes, length_bytes, &fault);
    if (*value) {
        return HP_OK;
    }
    if (fault.no_memory) {
        return hp_problem_no_memory(problem);
    }
    return hp_problem_set(problem, HP_INVALID, NULL, "line %zu, column %zu: %s", fault.line, fault.column,
                          fault.expected);
}

/* How a quote, a backslash or a control character is written inside a string. */
static const char *escape_of(unsigned char byte, char buffer[8]) {
    switch (byte) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        snprintf(buffer, 8, "\\u%04x", byte);
        return buffer;
    }
}

bool json_write_string(struct text *text, const char *bytes, size_t length_bytes) {
    char buffer[8];
    const char *end = bytes + length_bytes;
    text_add_byte(text, '"');
    for (const char *at = bytes; at < end; at++) {
        size_t length = text_plain_length(at, (size_t)(end - at));
        text_append(text, at, length);
        at += length;
        if (at == end) {
            break;
        }
        text_add(text, escape_of((unsigned char)*at, buffer));
    }
    return text_add_byte(text, '"');
}

static bool write_real(struct text *text, double number) {
    char digits[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number) {
            break;
        }
    }
    /* snprintf writes the locale's decimal point: the bytes, one or more, that are neither a digit, a sign
     * nor an e. */
    char *point = digits + strspn(digits, "0123456789+-e");
    size_t point_bytes = strcspn(point, "0123456789+-e");
    bool whole = *point == '\0' && strchr(digits, 'e') == NULL;
    if (*point) {
        *point = '.';
        memmove(point + 1, point + point_bytes, strlen(point + point_bytes) + 1);
    }
    return text_add(text, digits) && (!whole || text_add(text, ".0"));
}

static bool write_array(struct text *text, const json_t *array) {
    text_add_byte(text, '[');
    size_t count = json_array_size(array);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            text_add_byte(text, ',');
        }
        json_write(text, json_array_get(array, i));
    }
    return text_add_byte(text, ']');
}

static bool write_object(struct text *text, const json_t *object) {
    text_add_byte(text, '{');
    bool first = true;
    /* jansson's iterators ask for a value that may be changed; nothing here changes it. */
    json_t *members = (json_t *)object;
    for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
        if (!first) {
            text_add_byte(text, ',');
        }
        first = false;
        const char *key = json_object_iter_key(at);
        json_write_string(text, key, strlen(key));
        text_add_byte(text, ':');
        if (!json_write(text, json_object_iter_value(at))) {
            return false;
        }
    }
    return text_add_byte(text, '}');
}

bool json_write(struct text *text, const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return write_object(text, value);
    case JSON_ARRAY:
        return write_array(text, value);
    case JSON_STRING:
        return json_write_string(text, json_string_value(value), json_string_length(value));
    case JSON_INTEGER:
        return text_addf(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL:
        return write_real(text, json_real_value(value));
    case JSON_TRUE:
        return text_add(text, "true");
    case JSON_FALSE:
        return text_add(text, "false");
    case JSON_NULL:
    default:
        return text_add(text, "null");
    }
}

char *json_to_text(const json_t *value) {
    struct text text = {0};
    json_write(&text, value);
    return text_take(&text);
}

json_t *json_copy_whole(const json_t *value) {
    json_t *copy = json_copy((json_t *)value); /* which changes nothing of it */
    if (json_object_size(copy) == json_object_size(value) &&
        json_array_size(copy) == json_array_size(value)) {
        return copy;
    }
    json_decref(copy);
    return NULL;
}

/* True when no more than `levels` nest here. */
static bool is_within(const json_t *value, size_t levels) {
    if (!json_is_object(value) && !json_is_array(value)) {
        return true;
    }
    if (levels == 0) {
        return false;
    }
    json_t *members = (json_t *)value; /* read only, as in write_object */
    for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
        if (!is_within(json_object_iter_value(at), levels - 1)) {
            return false;
        }
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!is_within(json_array_get(value, i), levels - 1)) {
            return false;
        }
    }
    return true;
}

enum hp_status json_check_depth(const json_t *value, const char *pointer, struct hp_problem *problem) {
    if (is_within(value, JSON_DEPTH_MAX)) {
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, pointer, "nests deeper than %d levels", JSON_DEPTH_MAX);
}

enum hp_status json_check_object(const char *text, const char *pointer, struct hp_problem *problem) {
    json_t *value = NULL;
    struct hp_problem cause = {0};
    enum hp_status status = json_read(text, strlen(text), &value, &cause);
    if (status != HP_OK) {
        return hp_problem_set(problem, status, pointer, "%s", cause.detail);
    }
    status = json_is_object(value) ? json_check_depth(value, pointer, problem)
                                   : hp_problem_set(problem, HP_INVALID, pointer, "must be an object");
    json_decref(value);
    return status;
}

size_t json_string_size(const char *string) {
    if (!string) {
        return 4;
    }
    char buffer[8];
    const char *end = string + strlen(string);
    size_t size = 2;
    for (const char *at = string; at < end; at++) {
        size_t length = text_plain_length(at, (size_t)(end - at));
        size += length;
        at += length;
        if (at == end) {
            break;
        }
        size += strlen(escape_of((unsigned char)*at, buffer));
    }
    return size;
}
