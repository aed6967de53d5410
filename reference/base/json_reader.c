#include "reference/base/json_reader.h"
#include "reference/base/text.h"

#include <langinfo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is still to be read, and the first fault. */
struct reader {
    const char *at;
    const char *end;
    size_t levels; /* that nest here */
    bool no_memory;
    const char *expected;
};

static json_t *refuse(struct reader *reader, const char *expected) {
    reader->expected = reader->expected ? reader->expected : expected;
    return NULL;
}

static json_t *no_memory(struct reader *reader) {
    reader->no_memory = true;
    return refuse(reader, "out of memory");
}

/* The value, or the fault that it could not be made. */
static json_t *made(struct reader *reader, json_t *value) {
    return value ? value : no_memory(reader);
}

/* The byte that comes next; NUL at the end, and for a NUL, which no rule takes. */
static char peek(const struct reader *reader) {
    return reader->at < reader->end ? *reader->at : '\0';
}

static bool take_byte(struct reader *reader, char byte) {
    if (reader->at == reader->end || *reader->at != byte) {
        return false;
    }
    reader->at++;
    return true;
}

static void skip_blanks(struct reader *reader) {
    while (reader->at < reader->end && memchr(" \t\n\r", *reader->at, 4)) {
        reader->at++;
    }
}

static size_t skip_digits(struct reader *reader) {
    const char *begin = reader->at;
    while (peek(reader) >= '0' && peek(reader) <= '9') {
        reader->at++;
    }
    return (size_t)(reader->at - begin);
}

static json_t *read_word(struct reader *reader, const char *word, json_t *value) {
    size_t length = strlen(word);
    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length) != 0) {
        return refuse(reader, "a value was expected");
    }
    reader->at += length;
    return value; /* jansson's constants are not counted */
}

static json_t *make_integer(struct reader *reader, const char *begin) {
    bool negative = *begin == '-';
    int64_t number = 0;
    for (const char *at = begin + negative; at < reader->at; at++) {
        int digit = *at - '0';
        /* Counted below zero, where the range is larger by one. */
        if (number < (INT64_MIN + digit) / 10) {
            return refuse(reader, "an integer must lie in the signed 64-bit range");
        }
        number = number * 10 - digit;
    }
    if (!negative && number == INT64_MIN) {
        return refuse(reader, "an integer must lie in the signed 64-bit range");
    }
    return made(reader, json_integer(negative ? number : -number));
}

/* strtod asks the locale for its decimal point, so it gets the literal with that; localeconv would write where other
 * threads read. */
static json_t *make_real(struct reader *reader, const char *begin) {
    struct text literal = {0};
    const char *point = memchr(begin, '.', (size_t)(reader->at - begin));
    if (point) {
        text_append(&literal, begin, (size_t)(point - begin));
        text_add(&literal, nl_langinfo(RADIXCHAR));
        begin = point + 1;
    }
    if (!text_append(&literal, begin, (size_t)(reader->at - begin))) {
        text_release(&literal);
        return no_memory(reader);
    }
    double number = strtod(literal.bytes, NULL);
    text_release(&literal);
    return isfinite(number) ? made(reader, json_real(number))
                            : refuse(reader, "a number must lie in the range of doubles");
}

static json_t *read_number(struct reader *reader) {
    const char *begin = reader->at;
    bool real = false;
    take_byte(reader, '-');
    if (!take_byte(reader, '0') && skip_digits(reader) == 0) {
        return refuse(reader, "a value was expected");
    }
    if (take_byte(reader, '.')) {
        real = true;
        if (skip_digits(reader) == 0) {
            return refuse(reader, "a digit was expected");
        }
    }
    if (take_byte(reader, 'e') || take_byte(reader, 'E')) {
        real = true;
        if (!take_byte(reader, '+')) {
            take_byte(reader, '-');
        }
        if (skip_digits(reader) == 0) {
            return refuse(reader, "a digit was expected");
        }
    }
    return real ? make_real(reader, begin) : make_integer(reader, begin);
}

/* Four hexadecimal digits; false when there are not so many. */
static bool read_unit(struct reader *reader, unsigned *unit) {
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char *digit = peek(reader) ? strchr(digits, peek(reader)) : NULL;
        if (!digit) {
            return false;
        }
        unsigned value = (unsigned)(digit - digits);
        *unit = *unit << 4 | (value < 16 ? value : value - 6);
        reader->at++;
    }
    return true;
}

/* What stands behind \u: one unit, or the two of a pair. False for a lone surrogate and for U+0000. */
static bool read_code_point(struct reader *reader, unsigned *point) {
    unsigned low;
    if (!read_unit(reader, point) || *point == 0 || (*point >= 0xDC00 && *point <= 0xDFFF)) {
        return false;
    }
    if (*point < 0xD800 || *point > 0xDBFF) {
        return true;
    }
    if (!take_byte(reader, '\\') || !take_byte(reader, 'u') || !read_unit(reader, &low) || low < 0xDC00 ||
        low > 0xDFFF) {
        return false;
    }
    *point = 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

static char *put_code_point(char *out, unsigned point) {
    if (point < 0x80) {
        *out++ = (char)point;
        return out;
    }
    if (point < 0x800) {
        *out++ = (char)(0xC0 | point >> 6);
    } else {
        if (point < 0x10000) {
            *out++ = (char)(0xE0 | point >> 12);
        } else {
            *out++ = (char)(0xF0 | point >> 18);
            *out++ = (char)(0x80 | (point >> 12 & 0x3F));
        }
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
    }
    *out++ = (char)(0x80 | (point & 0x3F));
    return out;
}

/* Reads what stands behind a backslash; NULL when that is no escape. */
static char *read_escape(struct reader *reader, char *out) {
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    const char *name = peek(reader) ? strchr(names, peek(reader)) : NULL;
    unsigned point;
    if (name) {
        reader->at++;
        *out++ = bytes[name - names];
        return out;
    }
    return take_byte(reader, 'u') && read_code_point(reader, &point) ? put_code_point(out, point) : NULL;
}

/* Reads up to the closing quote into `bytes`, which has room for as many as there are. */
static bool read_characters(struct reader *reader, char *bytes, size_t *length_bytes) {
    char *out = bytes;
    for (;;) {
        size_t plain = text_plain_length(reader->at, (size_t)(reader->end - reader->at));
        memcpy(out, reader->at, plain);
        out += plain;
        reader->at += plain;
        if (take_byte(reader, '"')) {
            break;
        }
        if (reader->at == reader->end || (unsigned char)*reader->at < 0x20) {
            refuse(reader, "a closing quote was expected, and no control character");
            return false;
        }
        if (!take_byte(reader, '\\')) {
            *out++ = *reader->at++;
            continue;
        }
        out = read_escape(reader, out);
        if (!out) {
            refuse(reader, "an escape of JSON was expected, of neither U+0000 nor a lone surrogate");
            return false;
        }
    }
    *out = '\0';
    *length_bytes = (size_t)(out - bytes);
    return true;
}

/* A string that was read: in `room` when it is short, which most are, else allocated. */
struct string {
    char *bytes; /* NULL when it could not be read */
    size_t length_bytes;
    char room[64];
};

static void string_release(struct string *string) {
    if (string->bytes != string->room) {
        free(string->bytes);
    }
}

/* Where the string that begins here has its closing quote; the end when it has none. */
static const char *find_close(const struct reader *reader) {
    const char *close = reader->at + 1;
    for (;;) {
        close += text_plain_length(close, (size_t)(reader->end - close));
        if (close == reader->end || *close == '"') {
            return close;
        }
        close += *close == '\\' && close + 1 < reader->end ? 2 : 1;
    }
}

/* Reads a string, whose quote comes next. Escapes never take less room than what they stand for, so the
 * distance to the closing quote is room enough. */
static bool read_string(struct reader *reader, struct string *string) {
    size_t room_bytes = (size_t)(find_close(reader) - reader->at) + 1;
    string->bytes = room_bytes <= sizeof string->room ? string->room : malloc(room_bytes);
    if (!string->bytes) {
        no_memory(reader);
        return false;
    }
    reader->at++;
    if (read_characters(reader, string->bytes, &string->length_bytes) &&
        text_is_utf8(string->bytes, string->length_bytes)) {
        return true;
    }
    refuse(reader, "text must be UTF-8");
    string_release(string);
    return false;
}

static json_t *read_text(struct reader *reader) {
    struct string string;
    if (!read_string(reader, &string)) {
        return NULL;
    }
    json_t *value = made(reader, json_stringn_nocheck(string.bytes, string.length_bytes));
    string_release(&string);
    return value;
}

static json_t *read_value(struct reader *reader);

static bool read_item(struct reader *reader, json_t *array) {
    json_t *value = read_value(reader);
    if (value && json_array_append_new(array, value) != 0) {
        no_memory(reader);
    }
    return !reader->expected;
}

static bool read_member(struct reader *reader, json_t *object) {
    skip_blanks(reader);
    if (peek(reader) != '"') {
        refuse(reader, "a key in quotes was expected");
        return false;
    }
    struct string key;
    if (!read_string(reader, &key)) {
        return false;
    }
    skip_blanks(reader);
    if (json_object_get(object, key.bytes)) {
        refuse(reader, "a key must not come twice");
    } else if (!take_byte(reader, ':')) {
        refuse(reader, "a colon was expected");
    } else {
        json_t *value = read_value(reader);
        if (value && json_object_set_new_nocheck(object, key.bytes, value) != 0) {
            no_memory(reader);
        }
    }
    string_release(&key);
    return !reader->expected;
}

/* Reads the members of an object or array, whose first byte is taken, and takes it over. */
static json_t *read_members(struct reader *reader, json_t *container, char close,
                            bool (*read)(struct reader *reader, json_t *container)) {
    if (!container) {
        return no_memory(reader);
    }
    if (reader->levels++ == JSON_READER_LEVELS) {
        refuse(reader, "no more levels may nest");
    }
    skip_blanks(reader);
    bool more = !reader->expected && !take_byte(reader, close);
    while (more && read(reader, container)) {
        skip_blanks(reader);
        more = take_byte(reader, ',');
        if (!more && !take_byte(reader, close)) {
            refuse(reader, "a comma or the closing bracket was expected");
        }
    }
    reader->levels--;
    if (reader->expected) {
        json_decref(container);
        return NULL;
    }
    return container;
}

static json_t *read_value(struct reader *reader) {
    skip_blanks(reader);
    switch (peek(reader)) {
    case '{':
        reader->at++;
        return read_members(reader, json_object(), '}', read_member);
    case '[':
        reader->at++;
        return read_members(reader, json_array(), ']', read_item);
    case '"':
        return read_text(reader);
    case 't':
        return read_word(reader, "true", json_true());
    case 'f':
        return read_word(reader, "false", json_false());
    case 'n':
        return read_word(reader, "null", json_null());
    default:
        return read_number(reader);
    }
}

static void locate(const char *bytes, const char *at, struct json_fault *fault) {
    const char *line = bytes;
    fault->line = 1;
    for (const char *byte = bytes; byte < at; byte++) {
        if (*byte == '\n') {
            fault->line++;
            line = byte + 1;
        }
    }
    fault->column = text_count_code_points(line, (size_t)(at - line)) + 1;
}

json_t *json_parse(const char *bytes, size_t length_bytes, struct json_fault *fault) {
    struct reader reader = {.at = bytes, .end = bytes + length_bytes};
    json_t *value = read_value(&reader);
    if (value) {
        skip_blanks(&reader);
    }
    if (value && reader.at < reader.end) {
        refuse(&reader, "the end was expected");
        json_decref(value);
        value = NULL;
    }
    if (!value) {
        *fault = (struct json_fault){.no_memory = reader.no_memory, .expected = reader.expected};
        locate(bytes, reader.at, fault);
    }
    return value;
}
