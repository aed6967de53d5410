#include "reference/server/query_string.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

void query_string_release(struct query_string *query) {
    free(query->bytes);
    query->bytes = NULL;
    query->count = 0;
}

static int digit_of(char byte) {
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

bool percent_decode(const char *raw, size_t length_bytes, char *decoded, bool plus_is_blank) {
    size_t length = 0;
    for (size_t i = 0; i < length_bytes; i++) {
        if (raw[i] != '%') {
            decoded[length++] = raw[i] == '+' && plus_is_blank ? ' ' : raw[i];
            continue;
        }
        int high = i + 2 < length_bytes ? digit_of(raw[i + 1]) : -1;
        int low = i + 2 < length_bytes ? digit_of(raw[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return false;
        }
        decoded[length++] = (char)(high << 4 | low);
        i += 2;
    }
    decoded[length] = '\0';
    return text_is_utf8(decoded, length);
}

/* Decodes one half of a parameter behind what is there already, and moves on. */
static const char *decode_part(const char *raw, size_t length_bytes, char **room) {
    char *part = *room;
    if (!percent_decode(raw, length_bytes, part, true)) {
        return NULL;
    }
    *room += strlen(part) + 1;
    return part;
}

static enum hp_status refuse(const char *name, const char *what, struct hp_problem *problem) {
    char pointer[HP_PROBLEM_FIELD_SIZE] = "/";
    text_put(pointer + 1, sizeof pointer - 1, name);
    return hp_problem_set(problem, HP_INVALID, name[0] ? pointer : "", "%s", what);
}

static enum hp_status add_parameter(struct query_string *query, const char *raw, size_t length_bytes,
                                    char **room, const char *repeatable, struct hp_problem *problem) {
    const char *equals = memchr(raw, '=', length_bytes);
    size_t name_length = equals ? (size_t)(equals - raw) : length_bytes;
    const char *name = decode_part(raw, name_length, room);
    if (!name) {
        return refuse("", "the name of a parameter is not percent-encoded UTF-8 without NUL", problem);
    }
    const char *value = decode_part(raw + name_length + (equals != NULL),
                                    length_bytes - name_length - (equals != NULL), room);
    if (!value) {
        return refuse(name, "the value of the parameter is not percent-encoded UTF-8 without NUL", problem);
    }
    if (query_string_value(query, name) && !(repeatable && strcmp(name, repeatable) == 0)) {
        return refuse(name, "the parameter came more than once", problem);
    }
    if (query->count == QUERY_PARAMETERS_MAX) {
        return refuse("", "there are too many parameters; at most 64 are read", problem);
    }
    query->parameters[query->count++] = (struct query_parameter){name, value};
    return HP_OK;
}

enum hp_status query_string_read(struct query_string *query, const char *raw, size_t length_bytes,
                                 const char *repeatable, struct hp_problem *problem) {
    query->count = 0;
    query->bytes =
        length_bytes ? malloc(2 * length_bytes + 2) : NULL; /* two NULs for a parameter of one byte */
    if (length_bytes && !query->bytes) {
        return hp_problem_no_memory(problem);
    }
    char *room = query->bytes;
    enum hp_status status = HP_OK;
    for (size_t at = 0; at < length_bytes && status == HP_OK;) {
        const char *ampersand = memchr(raw + at, '&', length_bytes - at);
        size_t length = ampersand ? (size_t)(ampersand - raw) - at : length_bytes - at;
        if (length > 0) {
            status = add_parameter(query, raw + at, length, &room, repeatable, problem);
        }
        at += length + 1;
    }
    return status;
}

const char *query_string_value(const struct query_string *query, const char *name) {
    for (size_t i = 0; i < query->count; i++) {
        if (strcmp(query->parameters[i].name, name) == 0) {
            return query->parameters[i].value;
        }
    }
    return NULL;
}
