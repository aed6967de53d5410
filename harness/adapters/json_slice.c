#include "harness/adapters/json_slice.h"

#include <string.h>

struct cursor {
    const char *at;
    const char *end;
};

static void skip_blanks(struct cursor *cursor) {
    while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) && *cursor->at) {
        cursor->at++;
    }
}

static bool take(struct cursor *cursor, char byte) {
    skip_blanks(cursor);
    bool there = cursor->at < cursor->end && *cursor->at == byte;
    cursor->at += there;
    return there;
}

/* Leaves the cursor behind the closing quote. */
static bool skip_string(struct cursor *cursor) {
    if (!take(cursor, '"')) {
        return false;
    }
    while (cursor->at < cursor->end && *cursor->at != '"') {
        cursor->at += *cursor->at == '\\' && cursor->at + 1 < cursor->end ? 2 : 1;
    }
    bool closed = cursor->at < cursor->end;
    cursor->at += closed;
    return closed;
}

/* A value ends at the comma or bracket that belongs to what it stands in. */
static bool skip_value(struct cursor *cursor) {
    size_t depth = 0;
    skip_blanks(cursor);
    const char *from = cursor->at;
    while (cursor->at < cursor->end) {
        char byte = *cursor->at;
        if (byte == '"') {
            if (!skip_string(cursor)) {
                return false;
            }
            continue;
        }
        if (depth == 0 && (byte == ',' || byte == '}' || byte == ']')) {
            return cursor->at > from;
        }
        depth += byte == '{' || byte == '[';
        depth -= byte == '}' || byte == ']';
        cursor->at++;
    }
    return false;
}

static void trim(struct json_slice *slice) {
    while (slice->length_bytes > 0 && strchr(" \t\r\n", slice->at[slice->length_bytes - 1])) {
        slice->length_bytes--;
    }
}

/* Reads one member; true when it is the one of that name. */
static bool take_member(struct cursor *cursor, const char *name, struct json_slice *value, bool *sound) {
    skip_blanks(cursor);
    const char *key = cursor->at + 1;
    *sound = skip_string(cursor);
    size_t key_length = *sound ? (size_t)(cursor->at - 1 - key) : 0;
    bool named = *sound && key_length == strlen(name) && memcmp(key, name, key_length) == 0;
    *sound = *sound && take(cursor, ':');
    skip_blanks(cursor);
    value->at = cursor->at;
    *sound = *sound && skip_value(cursor);
    value->length_bytes = (size_t)(cursor->at - value->at);
    return named && *sound;
}

enum json_slice_end json_slice_member(const char *text, size_t length_bytes, const char *name,
                                      struct json_slice *slice) {
    struct cursor cursor = {text, text + length_bytes};
    bool sound = take(&cursor, '{'), found = false;
    struct cursor behind = cursor;
    bool empty = take(&behind, '}');
    while (sound && !empty) {
        struct json_slice value = {0};
        if (take_member(&cursor, name, &value, &sound)) {
            if (found) {
                return JSON_SLICE_UNCLEAR;
            }
            found = true;
            trim(&value);
            *slice = value;
        }
        if (!sound || !take(&cursor, ',')) {
            break;
        }
    }
    sound = sound && take(&cursor, '}');
    skip_blanks(&cursor);
    if (!sound || cursor.at != cursor.end) {
        return JSON_SLICE_UNCLEAR;
    }
    return found ? JSON_SLICE_FOUND : JSON_SLICE_NONE;
}
