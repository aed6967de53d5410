#include "reference/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_init(struct text *text, size_t cap_bytes) {
    *text = (struct text){.cap_bytes = cap_bytes};
}

void text_release(struct text *text) {
    free(text->bytes);
    text_init(text, text->cap_bytes);
}

void text_clear(struct text *text) {
    text->length_bytes = 0;
    text->failed = false;
    if (text->bytes) {
        text->bytes[0] = '\0';
    }
}

/* Makes room for more bytes and the NUL behind them. */
static bool text_reserve(struct text *text, size_t more_bytes) {
    size_t cap_bytes = text->cap_bytes ? text->cap_bytes : TEXT_CAP_DEFAULT;
    if (text->failed || more_bytes >= cap_bytes || text->length_bytes >= cap_bytes - more_bytes) {
        text->failed = true;
        return false;
    }
    size_t needed_bytes = text->length_bytes + more_bytes + 1;
    if (needed_bytes <= text->room_bytes) {
        return true;
    }
    size_t room_bytes = text->room_bytes ? text->room_bytes : 128;
    while (room_bytes < needed_bytes) {
        room_bytes *= 2;
    }
    char *bytes = realloc(text->bytes, room_bytes);
    if (!bytes) {
        text->failed = true;
        return false;
    }
    text->bytes = bytes;
    text->room_bytes = room_bytes;
    return true;
}

bool text_append(struct text *text, const char *bytes, size_t length_bytes) {
    if (!text_reserve(text, length_bytes)) {
        return false;
    }
    if (length_bytes > 0) {
        memcpy(text->bytes + text->length_bytes, bytes, length_bytes);
    }
    text->length_bytes += length_bytes;
    text->bytes[text->length_bytes] = '\0';
    return true;
}

bool text_add(struct text *text, const char *string) {
    return text_append(text, string, strlen(string));
}

bool text_add_byte(struct text *text, char byte) {
    return text_append(text, &byte, 1);
}

bool text_addv(struct text *text, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    bool done = length >= 0 && text_reserve(text, (size_t)length);
    if (done) {
        vsnprintf(text->bytes + text->length_bytes, (size_t)length + 1, format, again);
        text->length_bytes += (size_t)length;
    }
    va_end(again);
    text->failed = text->failed || !done;
    return done;
}

bool text_addf(struct text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    bool done = text_addv(text, format, arguments);
    va_end(arguments);
    return done;
}

char *text_take(struct text *text) {
    if (!text->bytes) {
        text_append(text, "", 0);
    }
    char *bytes = text->failed ? NULL : text->bytes;
    if (bytes) {
        text->bytes = NULL;
    }
    text_release(text);
    text->room_bytes = 0;
    return bytes;
}

char *text_copy(const char *string) {
    return string ? text_copy_bytes(string, strlen(string)) : NULL;
}

char *text_copy_bytes(const char *bytes, size_t length_bytes) {
    char *copy = malloc(length_bytes + 1);
    if (copy) {
        if (length_bytes > 0) {
            memcpy(copy, bytes, length_bytes);
        }
        copy[length_bytes] = '\0';
    }
    return copy;
}

bool text_put(char *buffer, size_t size_bytes, const char *string) {
    size_t length_bytes = strlen(string);
    bool fits = length_bytes < size_bytes;
    size_t kept_bytes = fits ? length_bytes : size_bytes - 1;
    memcpy(buffer, string, kept_bytes);
    buffer[kept_bytes] = '\0';
    if (!fits) {
        text_trim_partial(buffer);
    }
    return fits;
}

bool text_put_line(char *buffer, size_t size_bytes, const char *string) {
    bool fits = text_put(buffer, size_bytes, string);
    size_t length_bytes = strlen(buffer);
    for (size_t i = 0; i < length_bytes; i++) {
        buffer[i] = buffer[i] == '\n' ? ' ' : buffer[i];
    }
    while (length_bytes > 0 && buffer[length_bytes - 1] == ' ') {
        buffer[--length_bytes] = '\0';
    }
    return fits;
}

/* How many bytes a sequence that starts with this byte has; 0 when none does. */
static size_t sequence_length(unsigned char first) {
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

void text_trim_partial(char *string) {
    size_t length_bytes = strlen(string);
    for (size_t back = 1; back <= 4 && back <= length_bytes; back++) {
        unsigned char byte = (unsigned char)string[length_bytes - back];
        if ((byte & 0xC0) == 0x80) {
            continue;
        }
        if (sequence_length(byte) != back) {
            string[length_bytes - back] = '\0';
        }
        return;
    }
}

/* The second byte is where RFC 3629 rules out overlong forms, surrogates and values past U+10FFFF. */
static bool second_byte_is_allowed(unsigned char first, unsigned char second) {
    switch (first) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return second >= 0x80 && second <= 0xBF;
    }
}

#define EIGHT_TIMES(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Not zero when one of the eight bytes is below the limit, which is at most 128 (Mycroft, 1987). */
static uint64_t some_below(uint64_t eight, unsigned char limit) {
    return (eight - EIGHT_TIMES(limit)) & ~eight & EIGHT_TIMES(0x80);
}

/* How many bytes at the begin are ASCII without NUL, counted by eights: most text is nothing else. */
static size_t ascii_length(const unsigned char *bytes, size_t length_bytes) {
    size_t count = 0;
    for (uint64_t eight; count + sizeof eight <= length_bytes; count += sizeof eight) {
        memcpy(&eight, bytes + count, sizeof eight);
        if ((eight & EIGHT_TIMES(0x80)) || some_below(eight, 1)) {
            break;
        }
    }
    return count;
}

static bool is_plain(char byte) {
    return (unsigned char)byte >= 0x20 && byte != '"' && byte != '\\';
}

size_t text_plain_length(const char *bytes, size_t length_bytes) {
    size_t count = 0;
    for (uint64_t eight; count + sizeof eight <= length_bytes; count += sizeof eight) {
        memcpy(&eight, bytes + count, sizeof eight);
        if (some_below(eight, 0x20) || some_below(eight ^ EIGHT_TIMES('"'), 1) ||
            some_below(eight ^ EIGHT_TIMES('\\'), 1)) {
            break;
        }
    }
    while (count < length_bytes && is_plain(bytes[count])) {
        count++;
    }
    return count;
}

bool text_is_utf8(const char *bytes, size_t length_bytes) {
    const unsigned char *at = (const unsigned char *)bytes;
    const unsigned char *end = at + length_bytes;
    at += ascii_length(at, length_bytes);
    while (at < end) {
        size_t length = sequence_length(*at);
        if (*at == 0 || length == 0 || length > (size_t)(end - at)) {
            return false;
        }
        if (length > 1 && !second_byte_is_allowed(at[0], at[1])) {
            return false;
        }
        for (size_t i = 2; i < length; i++) {
            if ((at[i] & 0xC0) != 0x80) {
                return false;
            }
        }
        at += length;
    }
    return true;
}

/* Every byte begins a code point but those of the form 10xxxxxx. */
size_t text_count_code_points(const char *bytes, size_t length_bytes) {
    size_t count = 0, i = 0;
    for (uint64_t eight; i + sizeof eight <= length_bytes; i += sizeof eight) {
        memcpy(&eight, bytes + i, sizeof eight);
        uint64_t inner = (eight >> 7) & ~(eight >> 6) & EIGHT_TIMES(1);
        count += sizeof eight - (size_t)(inner * EIGHT_TIMES(1) >> 56);
    }
    for (; i < length_bytes; i++) {
        count += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    }
    return count;
}

uint64_t text_hash(uint64_t hash, const void *bytes, size_t length_bytes) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length_bytes; i++) {
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}
