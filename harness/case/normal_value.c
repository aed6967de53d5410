#include "harness/case/normal_value.h"

#include "harness/base/value.h"
#include "harness/case/match.h"
#include "reference/base/instant.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    UUID_BYTES = 36,
    WORDS_BYTES_MAX = 400,
    WORDS_BYTES_KEPT = 100,
    DATE_TIME_BYTES = 19,
    FRACTION_BYTES = 6
};

bool put_member(json_t *object, const char *key, json_t *taken) {
    return taken && json_object_set_new_nocheck(object, key, taken) == 0;
}

bool instant_of(const json_t *value, int64_t *instant_us) {
    return json_is_string(value) &&
           hp_instant_parse(json_string_value(value), json_string_length(value), instant_us);
}

/* Takes the text over; NULL when it failed. */
static json_t *string_take(struct text *text) {
    json_t *string =
        text->failed ? NULL : json_stringn_nocheck(text->bytes ? text->bytes : "", text->length_bytes);
    text_release(text);
    return string;
}

static bool is_uuid_at(const char *bytes) {
    for (size_t i = 0; i < UUID_BYTES; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool digit = (bytes[i] >= '0' && bytes[i] <= '9') || (bytes[i] >= 'a' && bytes[i] <= 'f');
        if (dash ? bytes[i] != '-' : !digit) {
            return false;
        }
    }
    return true;
}

/* The number of a UUID, given when it is new; 0 when memory runs out. */
static json_int_t number_of(struct normal *normal, const char uuid[UUID_BYTES + 1]) {
    json_int_t number = json_integer_value(json_object_get(normal->numbers, uuid));
    if (number == 0) {
        number = (json_int_t)json_object_size(normal->numbers) + 1;
        number = put_member(normal->numbers, uuid, json_integer(number)) ? number : 0;
    }
    return number;
}

static void add_number(struct normal *normal, struct text *text, const char *bytes) {
    char uuid[UUID_BYTES + 1];
    memcpy(uuid, bytes, UUID_BYTES);
    uuid[UUID_BYTES] = '\0';
    json_int_t number = number_of(normal, uuid);
    text_addf(text, "{uuid %" JSON_INTEGER_FORMAT "}", number);
    text->failed = text->failed || number == 0;
}

/* Adds the text with its UUIDs numbered and {run} in the place of the run's suffix. */
static void add_words(struct normal *normal, struct text *text, const char *bytes, size_t length_bytes) {
    const char *run = normal->scope->run;
    size_t run_bytes = strlen(run), from = 0, at = 0;
    while (at < length_bytes) {
        size_t left_bytes = length_bytes - at;
        bool is_run = run_bytes > 0 && left_bytes >= run_bytes && memcmp(bytes + at, run, run_bytes) == 0;
        if (!is_run && (left_bytes < UUID_BYTES || !is_uuid_at(bytes + at))) {
            at++;
            continue;
        }
        text_append(text, bytes + from, at - from);
        if (is_run) {
            text_add(text, "{run}");
        } else {
            add_number(normal, text, bytes + at);
        }
        from = at += is_run ? run_bytes : UUID_BYTES;
    }
    text_append(text, bytes + from, length_bytes - from);
}

json_t *normal_words(struct normal *normal, const char *bytes, size_t length_bytes) {
    struct text text = {0};
    add_words(normal, &text, bytes, length_bytes);
    if (!text.failed && text.length_bytes > WORDS_BYTES_MAX) {
        size_t whole_bytes = text.length_bytes;
        uint64_t hash = text_hash(TEXT_HASH_START, text.bytes, whole_bytes);
        text.bytes[WORDS_BYTES_KEPT] = '\0';
        text_trim_partial(text.bytes);
        text.length_bytes = strlen(text.bytes);
        text_addf(&text, "... (%zu bytes, hash %016" PRIx64 ")", whole_bytes, hash);
    }
    return string_take(&text);
}

static void add_distance(struct text *text, const char *from, int64_t distance_us) {
    uint64_t size_us = distance_us < 0 ? 0 - (uint64_t)distance_us : (uint64_t)distance_us;
    text_addf(text, "{%s%c%" PRIu64 ".%06" PRIu64 "}", from, distance_us < 0 ? '-' : '+', size_us / 1000000,
              size_us % 1000000);
}

json_t *normal_distance(const char *from, int64_t distance_us) {
    struct text text = {0};
    add_distance(&text, from, distance_us);
    return string_take(&text);
}

json_t *normal_instant(struct normal *normal, const json_t *value) {
    int64_t instant_us;
    return instant_of(value, &instant_us) ? normal_distance("start", instant_us - normal->scope->start_us)
                                          : normal_value(normal, value);
}

/* How the text is written, without what moving the start would change of it. */
static void add_spelling(struct text *text, const char *bytes, size_t length_bytes) {
    size_t moved = DATE_TIME_BYTES, end = DATE_TIME_BYTES + 1 + FRACTION_BYTES;
    if (length_bytes > DATE_TIME_BYTES && bytes[DATE_TIME_BYTES] == '.') {
        for (moved++; moved < length_bytes && moved < end && bytes[moved] >= '0' && bytes[moved] <= '9';) {
            moved++;
        }
    }
    for (size_t i = 0; i < moved; i++) {
        text_add_byte(text, bytes[i] >= '0' && bytes[i] <= '9' ? '0' : bytes[i]);
    }
    text_append(text, bytes + moved, length_bytes - moved);
}

/* An instant in a caller's words: as far from the start as it is, and as it stands there. */
static json_t *normal_said_instant(struct normal *normal, const json_t *value, int64_t instant_us) {
    const char *bytes = json_string_value(value);
    size_t length_bytes = json_string_length(value);
    struct text text = {0};
    json_t *both = json_object();
    add_distance(&text, "start", instant_us - normal->scope->start_us);
    text_add_byte(&text, ' ');
    add_spelling(&text, bytes, length_bytes);
    if (put_member(both, NORMAL_FROM_START, string_take(&text)) &&
        put_member(both, NORMAL_AS_TEXT, json_stringn_nocheck(bytes, length_bytes))) {
        return both;
    }
    json_decref(both);
    return NULL;
}

json_int_t normal_number(struct normal *normal, const json_t *value) {
    return value_is_uuid(value) ? number_of(normal, json_string_value(value)) : 0;
}

static json_t *normal_string(struct normal *normal, const json_t *value) {
    int64_t instant_us;
    if (!normal->loose && instant_of(value, &instant_us)) {
        return normal_said_instant(normal, value, instant_us);
    }
    return normal_words(normal, json_string_value(value), json_string_length(value));
}

static int compare_keys(const void *one, const void *other) {
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* The keys in an order that does not depend on the target's, so that numbers are given alike; for the caller to
 * free. */
static const char **sorted_keys(const json_t *object) {
    const char **keys = malloc((json_object_size(object) + 1) * sizeof *keys);
    const char *key;
    json_t *member;
    size_t count = 0;
    if (!keys) {
        return NULL;
    }
    json_object_foreach((json_t *)object, key, member) {
        keys[count++] = key;
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    return keys;
}

static bool put_normal(struct normal *normal, json_t *out, const char *key, const json_t *member) {
    json_t *name = normal_words(normal, key, strlen(key));
    bool put = name && put_member(out, json_string_value(name), normal_value(normal, member));
    json_decref(name);
    return put;
}

static json_t *normal_object(struct normal *normal, const json_t *value) {
    json_t *out = json_object();
    const char **keys = sorted_keys(value);
    bool done = out && keys;
    for (size_t i = 0; done && i < json_object_size(value); i++) {
        done = put_normal(normal, out, keys[i], json_object_get(value, keys[i]));
    }
    free(keys);
    if (!done) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static json_t *normal_array(struct normal *normal, const json_t *value) {
    json_t *out = json_array();
    for (size_t i = 0; out && i < json_array_size(value); i++) {
        if (json_array_append_new(out, normal_value(normal, json_array_get(value, i))) != 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

json_t *normal_value(struct normal *normal, const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return normal_object(normal, value);
    case JSON_ARRAY:
        return normal_array(normal, value);
    case JSON_STRING:
        return normal_string(normal, value);
    case JSON_REAL:
        return json_real_value(value) < 0 || json_real_value(value) > 0 ? json_real(json_real_value(value))
                                                                        : json_integer(0);
    case JSON_INTEGER:
        return json_integer(json_integer_value(value));
    default:
        return json_incref((json_t *)value); /* true, false and null are nobody's */
    }
}
