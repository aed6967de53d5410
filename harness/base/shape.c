#include "harness/base/shape.h"

#include "harness/base/value.h"

#include <string.h>

const char *const shape_interrupt_fields[] = {
    "id",          "kind",     "request_id", "user_id",  "session_id", "envelope_id",
    "question",    "message",  "data",       "status",   "created_at", "expires_at",
    "resolved_at", "trace_id", "span_id",    "response", NULL};
const char *const shape_response_fields[] = {"text", "approved", "decision", "data", "received_at", NULL};
const char *const shape_event_fields[] = {"event_id", "event_type", "timestamp", "request_id", "data", NULL};

typedef bool comparison(const json_t *left, const json_t *right);

/* A missing member is null. */
static const json_t *member(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return value ? value : json_null();
}

/* Compares field by field; the last one, whose own shape differs from case to case, by its own comparison. */
static bool fields_equal(const json_t *left, const json_t *right, const char *const *fields,
                         comparison *compare_last) {
    for (size_t i = 0; fields[i]; i++) {
        comparison *compare = fields[i + 1] ? value_equals : compare_last;
        if (!compare(member(left, fields[i]), member(right, fields[i]))) {
            return false;
        }
    }
    return true;
}

static bool responses_equal(const json_t *left, const json_t *right) {
    if (!json_is_object(left) || !json_is_object(right)) {
        return value_equals(left, right);
    }
    return fields_equal(left, right, shape_response_fields, value_equals);
}

static bool is_interrupt(const json_t *value) {
    return json_object_get(value, "kind") && json_object_get(value, "request_id") &&
           json_object_get(value, "status");
}

static bool arrays_equal(const json_t *left, const json_t *right) {
    size_t count = json_array_size(left);
    for (size_t i = 0; i < count && json_array_size(right) == count; i++) {
        if (!shape_equals(json_array_get(left, i), json_array_get(right, i))) {
            return false;
        }
    }
    return json_array_size(right) == count;
}

bool shape_equals(const json_t *left, const json_t *right) {
    if (json_is_array(left) && json_is_array(right)) {
        return arrays_equal(left, right);
    }
    if (is_interrupt(left) && is_interrupt(right)) {
        return fields_equal(left, right, shape_interrupt_fields, responses_equal);
    }
    if (json_object_get(left, "event_id") && json_object_get(right, "event_id")) {
        return fields_equal(left, right, shape_event_fields, shape_equals);
    }
    return value_equals(left, right);
}
