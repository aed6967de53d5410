#include "harness/adapters/mutant_change_leaf.h"

#include "harness/base/value.h"
#include "reference/base/instant.h"
#include "reference/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Texts are built here and handed over as JSON; NULL when memory ran out. */
static json_t *text_value(struct text *text) {
    json_t *value = text->failed ? NULL : json_stringn(text->bytes ? text->bytes : "", text->length_bytes);
    text_release(text);
    return value;
}

/* How many bytes the code point at the begin of valid UTF-8 has. */
static size_t code_point_length(const char *at) {
    unsigned char first = (unsigned char)*at;
    return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

static json_t *lower(const json_t *operand, const char *bytes, size_t length_bytes) {
    struct text text = {0};
    (void)operand;
    for (size_t i = 0; i < length_bytes; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        text_add_byte(&text, byte < 0x80 ? (char)tolower(byte) : bytes[i]);
    }
    return text_value(&text);
}

static bool is_blank(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static json_t *trim(const json_t *operand, const char *bytes, size_t length_bytes) {
    (void)operand;
    while (length_bytes > 0 && is_blank(bytes[length_bytes - 1])) {
        length_bytes--;
    }
    while (length_bytes > 0 && is_blank(*bytes)) {
        bytes++;
        length_bytes--;
    }
    return json_stringn(bytes, length_bytes);
}

/* Code points of at most so many bytes are kept; for others comes what is to stand in their place. */
static json_t *keep_up_to(const char *bytes, size_t length_bytes, size_t longest, const char *instead) {
    struct text text = {0};
    for (size_t at = 0; at < length_bytes;) {
        size_t length = code_point_length(bytes + at);
        text_append(&text, length > longest ? instead : bytes + at,
                    length > longest ? strlen(instead) : length);
        at += length;
    }
    return text_value(&text);
}

static json_t *ascii(const json_t *operand, const char *bytes, size_t length_bytes) {
    (void)operand;
    return keep_up_to(bytes, length_bytes, 1, "?");
}

static json_t *bmp(const json_t *operand, const char *bytes, size_t length_bytes) {
    (void)operand;
    return keep_up_to(bytes, length_bytes, 3, "");
}

static json_t *replaced(const char *bytes, size_t length_bytes, const char *what, const char *by) {
    struct text text = {0};
    size_t length = strlen(what);
    for (size_t at = 0; at < length_bytes;) {
        bool here = length > 0 && length <= length_bytes - at && memcmp(bytes + at, what, length) == 0;
        text_append(&text, here ? by : bytes + at, here ? strlen(by) : 1);
        at += here ? length : 1;
    }
    return text_value(&text);
}

static json_t *replace(const json_t *operand, const char *bytes, size_t length_bytes) {
    return replaced(bytes, length_bytes, json_string_value(json_array_get(operand, 0)),
                    json_string_value(json_array_get(operand, 1)));
}

/* Normalisation to NFC, for the letters that the cases use. */
static json_t *compose(const json_t *operand, const char *bytes, size_t length_bytes) {
    static const char *const pairs[][2] = {{"e\xCC\x81", "\xC3\xA9"}, {"a\xCC\x88", "\xC3\xA4"},
                                           {"n\xCC\x83", "\xC3\xB1"}, {"o\xCC\x88", "\xC3\xB6"},
                                           {"u\xCC\x88", "\xC3\xBC"}, {"A\xCC\x8A", "\xC3\x85"}};
    (void)operand;
    json_t *made = json_stringn(bytes, length_bytes);
    for (size_t i = 0; made && i < sizeof pairs / sizeof pairs[0]; i++) {
        json_t *next = replaced(json_string_value(made), json_string_length(made), pairs[i][0], pairs[i][1]);
        json_decref(made);
        made = next;
    }
    return made;
}

static json_t *cut(const json_t *operand, const char *bytes, size_t length_bytes) {
    size_t at = 0;
    for (json_int_t left = json_integer_value(operand); left > 0 && at < length_bytes; left--) {
        at += code_point_length(bytes + at);
    }
    return json_stringn(bytes, at);
}

static json_t *around(const json_t *operand, const char *bytes, size_t length_bytes) {
    struct text text = {0};
    text_add(&text, json_string_value(json_array_get(operand, 0)));
    text_append(&text, bytes, length_bytes);
    text_add(&text, json_string_value(json_array_get(operand, 1)));
    return text_value(&text);
}

static json_t *map(const json_t *operand, const char *bytes, size_t length_bytes) {
    const json_t *found = json_object_get(operand, bytes);
    return found ? json_deep_copy(found) : json_stringn(bytes, length_bytes);
}

static json_t *shift_us(const char *bytes, size_t length_bytes, int64_t by_us, int64_t unit_us) {
    int64_t instant_us;
    char text[HP_INSTANT_SIZE];
    if (!hp_instant_parse(bytes, length_bytes, &instant_us)) {
        return json_stringn(bytes, length_bytes);
    }
    int64_t shifted_us = instant_us + by_us;
    int64_t rest_us = (shifted_us % unit_us + unit_us) % unit_us;
    shifted_us -= rest_us;
    if (shifted_us < HP_INSTANT_MIN || shifted_us > HP_INSTANT_MAX) {
        return json_stringn(bytes, length_bytes);
    }
    hp_instant_format(shifted_us, text);
    return json_string(text);
}

static json_t *shift(const json_t *operand, const char *bytes, size_t length_bytes) {
    return shift_us(bytes, length_bytes, json_integer_value(operand), 1);
}

static json_t *milliseconds(const json_t *operand, const char *bytes, size_t length_bytes) {
    (void)operand;
    return shift_us(bytes, length_bytes, 0, HP_SECOND_US / 1000);
}

/* The offset of a time is not read: what stands before it counts as UTC. */
static json_t *zoneless(const json_t *operand, const char *bytes, size_t length_bytes) {
    enum { OFFSET_BYTES = 6 };
    (void)operand;
    struct text text = {0};
    const char *offset = length_bytes > OFFSET_BYTES ? bytes + length_bytes - OFFSET_BYTES : "";
    bool has_offset = (*offset == '+' || *offset == '-') && offset[3] == ':';
    text_append(&text, bytes, has_offset ? length_bytes - OFFSET_BYTES : length_bytes);
    text_add(&text, has_offset ? "Z" : "");
    return text_value(&text);
}

/* Text of digits. */
static json_t *number(const json_t *operand, const char *bytes, size_t length_bytes) {
    char *end;
    (void)operand;
    long long read = strtoll(bytes, &end, 10);
    return length_bytes > 0 && *end == '\0' ? json_integer(read) : json_stringn(bytes, length_bytes);
}

static const struct text_change {
    const char *name;
    json_t *(*apply)(const json_t *operand, const char *bytes, size_t length_bytes);
} text_changes[] = {{"lower", lower},
                    {"trim", trim},
                    {"ascii", ascii},
                    {"bmp", bmp},
                    {"compose", compose},
                    {"replace", replace},
                    {"cut", cut},
                    {"around", around},
                    {"map", map},
                    {"shift", shift},
                    {"number", number},
                    {"zoneless", zoneless},
                    {"milliseconds", milliseconds}};

static const struct text_change *find_text_change(const char *name) {
    for (size_t i = 0; i < sizeof text_changes / sizeof text_changes[0]; i++) {
        if (strcmp(text_changes[i].name, name) == 0) {
            return &text_changes[i];
        }
    }
    return NULL;
}

/* An integer again where it fits: what an engineer's language makes of its only kind of number. */
static json_t *from_double(double real) {
    if (real >= -9223372036854775808.0 && real < 9223372036854775808.0 && real == floor(real)) {
        return json_integer((json_int_t)real);
    }
    return json_real(real);
}

static json_t *changed_number(const struct change *change, const json_t *value) {
    double real = json_number_value(value);
    if (strcmp(change->name, "double") == 0) {
        return json_is_integer(value) ? from_double(real) : json_real(real);
    }
    if (strcmp(change->name, "float") == 0) {
        double single = (double)(float)real;
        return json_is_integer(value) ? from_double(single) : json_real(isfinite(single) ? single : real);
    }
    if (strcmp(change->name, "floor") == 0 || strcmp(change->name, "ceiling") == 0) {
        double unit = json_number_value(change->operand);
        double units = change->name[0] == 'f' ? floor(real / unit) : ceil(real / unit);
        return from_double(units * unit);
    }
    if (strcmp(change->name, "add") == 0) {
        return json_is_integer(value) && json_is_integer(change->operand)
                   ? json_integer(json_integer_value(value) + json_integer_value(change->operand))
                   : json_real(real + json_number_value(change->operand));
    }
    return json_deep_copy(value);
}

static json_t *as_text(const json_t *value) {
    if (json_is_string(value)) {
        return json_deep_copy(value);
    }
    char *dumped = value_dump(value, JSON_COMPACT | JSON_ENCODE_ANY);
    json_t *text = dumped ? json_string(dumped) : NULL;
    free(dumped);
    return text;
}

json_t *leaf_changed(const struct change *change, const json_t *value) {
    const struct text_change *own = find_text_change(change->name);
    if (strcmp(change->name, "text") == 0) {
        return as_text(value);
    }
    if (json_is_string(value) && own) {
        return own->apply(change->operand, json_string_value(value), json_string_length(value));
    }
    if (json_is_number(value)) {
        return changed_number(change, value);
    }
    if (json_is_boolean(value) && strcmp(change->name, "digit") == 0) {
        return json_integer(json_is_true(value));
    }
    return json_deep_copy(value);
}
