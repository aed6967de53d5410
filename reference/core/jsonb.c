#include "reference/core/jsonb.h"
#include "reference/base/json_reader.h"
#include "reference/core/json.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

/* How one number is carried over. */
typedef bool number_writer(struct text *text, const char *number, size_t length_bytes);

static bool is_integer(const char *number, size_t length_bytes) {
    for (size_t i = 0; i < length_bytes; i++) {
        if (strchr(".eE", number[i])) {
            return false;
        }
    }
    return true;
}

/* 1.25e+22 as digits, with a fraction of zero. A double is written with an exponent only when that is at
 * least the number of its digits, so zeroes follow all of them. */
static bool write_expanded(struct text *text, const char *number, const char *exponent) {
    long zeros = strtol(exponent + 1, NULL, 10);
    bool fraction = false;
    for (const char *at = number; at < exponent; at++) {
        if (*at == '.') {
            fraction = true;
            continue;
        }
        text_add_byte(text, *at);
        zeros -= fraction;
    }
    for (; zeros > 0; zeros--) {
        text_add_byte(text, '0');
    }
    return text_add(text, ".0");
}

static bool write_for_jsonb(struct text *text, const char *number, size_t length_bytes) {
    struct json_fault fault;
    struct text digits = {0};
    if (is_integer(number, length_bytes)) {
        return text_append(text, number, length_bytes);
    }
    json_t *value = json_parse(number, length_bytes, &fault);
    bool done = value && json_write(&digits, value);
    if (done) {
        const char *exponent = strchr(digits.bytes, 'e');
        done = exponent && exponent[1] == '+' ? write_expanded(text, digits.bytes, exponent)
                                              : text_add(text, digits.bytes);
    }
    json_decref(value);
    text_release(&digits);
    return done;
}

/* A number too large for an integer, as a double. */
static json_t *read_large(const char *number, size_t length_bytes, bool *no_memory) {
    struct json_fault fault = {0};
    struct text real = {0};
    json_t *value = NULL;
    text_append(&real, number, length_bytes);
    if (text_add(&real, is_integer(number, length_bytes) ? ".0" : "")) {
        value = json_parse(real.bytes, real.length_bytes, &fault);
    }
    *no_memory = real.failed || fault.no_memory;
    text_release(&real);
    return value || *no_memory ? value : json_real(*number == '-' ? -DBL_MAX : DBL_MAX);
}

static bool write_from_jsonb(struct text *text, const char *number, size_t length_bytes) {
    struct json_fault fault = {0};
    json_t *value = json_parse(number, length_bytes, &fault);
    bool no_memory = fault.no_memory;
    if (!value && !no_memory) {
        value = read_large(number, length_bytes, &no_memory);
    }
    bool done = value && json_write(text, value);
    json_decref(value);
    return done;
}

/* The bytes of a string, with both quotes. */
static size_t string_length(const char *string) {
    const char *at = string + 1;
    while (*at && *at != '"') {
        at += *at == '\\' && at[1] ? 2 : 1;
    }
    return (size_t)(at - string) + (*at == '"');
}

/* Carries over everything but blanks outside strings. */
static bool rewrite(struct text *text, const char *json, number_writer *write_number) {
    const char *at = json;
    bool done = true;
    while (done && *at) {
        size_t length = 1;
        if (*at == '"') {
            length = string_length(at);
            done = text_append(text, at, length);
        } else if (strchr("-0123456789", *at)) {
            length = strspn(at, "+-0123456789.eE");
            done = write_number(text, at, length);
        } else if (!strchr(" \t\r\n", *at)) {
            done = text_add_byte(text, *at);
        }
        at += length;
    }
    return done;
}

bool jsonb_write(struct text *text, const char *json) {
    return rewrite(text, json, write_for_jsonb);
}

bool jsonb_read(struct text *text, const char *shown) {
    return rewrite(text, shown, write_from_jsonb);
}
