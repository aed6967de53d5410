#include "harness/base/value.h"
#include "harness/report/past_run_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum hp_status reading_fault(struct reading *reading, const char *format, ...) {
    char detail[HP_PROBLEM_DETAIL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return hp_problem_set(reading->problem, HP_INVALID, NULL, "%s:%zu: %s", reading->run->path, reading->line,
                          detail);
}

enum hp_status reading_fault_member(struct reading *reading, const json_t *object, const char *key,
                                    const char *expected) {
    enum { SHOWN_BYTES = 80 };
    char *got = value_show(json_object_get(object, key), SHOWN_BYTES);
    if (!got) {
        return hp_problem_no_memory(reading->problem);
    }
    enum hp_status status = reading_fault(reading, "at /%s: expected %s, got %s", key, expected, got);
    free(got);
    return status;
}

bool reading_take_text(struct reading *reading, const json_t *object, const char *key, bool may_miss,
                       const char **text) {
    const json_t *value = json_object_get(object, key);
    *text = json_string_value(value);
    bool good = *text || (may_miss && (!value || json_is_null(value)));
    if (!good) {
        reading_fault_member(reading, object, key, may_miss ? "a text or null" : "a text");
    }
    return good;
}

bool reading_take_number(struct reading *reading, const json_t *object, const char *key, int64_t *number) {
    const json_t *value = json_object_get(object, key);
    *number = json_integer_value(value);
    if (!json_is_integer(value) || *number < 0) {
        reading_fault_member(reading, object, key, "a number from 0 on");
        return false;
    }
    return true;
}

bool reading_take_size(struct reading *reading, const json_t *object, const char *key, size_t *number) {
    int64_t read = 0;
    bool good = reading_take_number(reading, object, key, &read);
    *number = (size_t)read;
    return good;
}

bool reading_take_texts(struct reading *reading, const char *key, const char ***texts, size_t *count) {
    const json_t *array = json_object_get(reading->object, key);
    *count = json_array_size(array);
    *texts = calloc(*count + 1, sizeof **texts);
    for (size_t i = 0; *texts && i < *count; i++) {
        (*texts)[i] = json_string_value(json_array_get(array, i));
        if (!(*texts)[i]) {
            array = NULL;
            break;
        }
    }
    if (!*texts) {
        hp_problem_no_memory(reading->problem);
    } else if (!json_is_array(array)) {
        reading_fault_member(reading, reading->object, key, "an array of texts");
    }
    return *texts && json_is_array(array);
}

enum hp_status reading_status(const struct reading *reading) {
    return reading->problem->status;
}

bool reading_borrow(struct reading *reading, const json_t *object, const char *key, bool may_miss,
                    char **text) {
    const char *found;
    bool good = reading_take_text(reading, object, key, may_miss, &found);
    *text = (char *)found;
    return good;
}

enum hp_status reading_take_verdict(struct reading *reading, const char *key, enum verdict *verdict) {
    const char *name = NULL;
    if (!reading_take_text(reading, reading->object, key, false, &name)) {
        return reading_status(reading);
    }
    for (*verdict = 0; *verdict < VERDICT_COUNT; ++*verdict) {
        if (strcmp(verdict_name(*verdict), name) == 0) {
            return HP_OK;
        }
    }
    return reading_fault_member(reading, reading->object, key, "a verdict");
}
