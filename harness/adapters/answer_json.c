#include "harness/adapters/answer_json.h"

#include "reference/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Fewer digits always fit into 64 bits. */
enum { SAFE_DIGITS = 18 };

static bool in_number(char byte) {
    return (byte >= '0' && byte <= '9') || byte == '-' || byte == '+' || byte == '.' || byte == 'e' ||
           byte == 'E';
}

/* The length of the text from its opening quote to behind the closing one, or to the end. */
static size_t string_length(const char *at, const char *end) {
    const char *from = at++;
    while (at < end && *at != '"') {
        at += *at == '\\' && at + 1 < end ? 2 : 1;
    }
    return (size_t)((at < end ? at + 1 : end) - from);
}

static bool is_oversized_integer(const char *digits, size_t length_bytes) {
    char copy[SAFE_DIGITS + 4];
    for (size_t i = 0; i < length_bytes; i++) {
        if (digits[i] != '-' && (digits[i] < '0' || digits[i] > '9')) {
            return false;
        }
    }
    if (length_bytes <= SAFE_DIGITS) {
        return false;
    }
    if (length_bytes >= sizeof copy) {
        return true;
    }
    memcpy(copy, digits, length_bytes);
    copy[length_bytes] = '\0';
    errno = 0;
    strtoll(copy, NULL, 10);
    return errno == ERANGE;
}

/* Copies the JSON; an integer beyond 64 bits gets ".0" behind it and so becomes a real number. */
static void widen_integers(const char *bytes, size_t length_bytes, struct text *widened) {
    const char *at = bytes, *end = bytes + length_bytes;
    while (at < end) {
        size_t length = 1;
        if (*at == '"') {
            length = string_length(at, end);
        } else if (in_number(*at)) {
            while (at + length < end && in_number(at[length])) {
                length++;
            }
        }
        text_append(widened, at, length);
        if (*at != '"' && is_oversized_integer(at, length)) {
            text_add(widened, ".0");
        }
        at += length;
    }
}

json_t *answer_json_load(const char *bytes, size_t length_bytes, json_error_t *error) {
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY;
    json_t *value = json_loadb(bytes, length_bytes, flags, error);
    if (value || json_error_code(error) != json_error_numeric_overflow) {
        return value;
    }
    struct text widened = {0};
    widen_integers(bytes, length_bytes, &widened);
    if (!widened.failed) {
        value = json_loadb(widened.bytes, widened.length_bytes, flags, error);
    }
    text_release(&widened);
    return value;
}
