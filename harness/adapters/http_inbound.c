#include "harness/adapters/http_inbound.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Appends the value of the line when it is of that header. */
static bool add_value(const char *line, size_t length, const char *name, struct text *value, bool *found) {
    size_t name_length = strlen(name);
    if (length <= name_length || strncasecmp(line, name, name_length) != 0 || line[name_length] != ':') {
        return true;
    }
    const char *begin = line + name_length + 1, *end = line + length;
    while (begin < end && (*begin == ' ' || *begin == '\t')) {
        begin++;
    }
    while (end > begin && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    bool added = (!*found || text_add(value, ", ")) && text_append(value, begin, (size_t)(end - begin));
    *found = true;
    return added;
}

bool request_header(const char *head, const char *name, struct text *value) {
    bool found = false, added = true;
    const char *line = strstr(head, "\r\n");
    while (added && line && strncmp(line, "\r\n\r\n", 4) != 0) {
        line += 2;
        const char *next = strstr(line, "\r\n");
        added = add_value(line, next ? (size_t)(next - line) : strlen(line), name, value, &found);
        line = next;
    }
    return found && added;
}

/* One header by its line; of several of one name all values are there. */
static bool put_header(json_t *headers, const char *head, const char *line, size_t name_length) {
    struct text value = {0};
    char *name = text_copy_bytes(line, name_length);
    bool done = name && request_header(head, name, &value);
    for (size_t i = 0; done && i < name_length; i++) {
        name[i] = (char)tolower((unsigned char)name[i]);
    }
    const char *shown = value.bytes ? value.bytes : "";
    done = done &&
           json_object_set_new(headers, name,
                               json_string(text_is_utf8(shown, strlen(shown)) ? shown : "(no UTF-8)")) == 0;
    free(name);
    text_release(&value);
    return done;
}

json_t *request_headers(const char *head) {
    json_t *headers = json_object();
    const char *line = strstr(head, "\r\n");
    while (headers && line && strncmp(line, "\r\n\r\n", 4) != 0) {
        line += 2;
        size_t name_length = strcspn(line, ":\r");
        if (line[name_length] == ':' && !put_header(headers, head, line, name_length)) {
            json_decref(headers);
            return NULL;
        }
        line = strstr(line, "\r\n");
    }
    return headers;
}

/* One chunk after the other. */
static enum request_state join_chunks(const char *at, const char *end, struct text *body) {
    for (;;) {
        const char *line_end = strstr(at, "\r\n");
        if (!line_end) {
            return REQUEST_PARTIAL;
        }
        char *digits_end;
        unsigned long size = strtoul(at, &digits_end, 16);
        if (digits_end == at) {
            return REQUEST_MALFORMED;
        }
        at = line_end + 2;
        if (size > (size_t)(end - at) || (size_t)(end - at) - size < 2) {
            return REQUEST_PARTIAL;
        }
        if (size == 0) {
            return REQUEST_WHOLE;
        }
        if (!text_append(body, at, size)) {
            return REQUEST_MALFORMED;
        }
        at += size + 2;
    }
}

static enum request_state read_body(const char *head, const char *at, const char *end, struct text *body) {
    struct text chunked = {0}, length = {0};
    enum request_state state = REQUEST_WHOLE;
    if (request_header(head, "Transfer-Encoding", &chunked)) {
        state = strcasecmp(chunked.bytes, "chunked") == 0 ? join_chunks(at, end, body) : REQUEST_MALFORMED;
    } else if (request_header(head, "Content-Length", &length)) {
        size_t expected = (size_t)strtoull(length.bytes, NULL, 10);
        bool whole = (size_t)(end - at) >= expected;
        state = !whole                            ? REQUEST_PARTIAL
                : text_append(body, at, expected) ? REQUEST_WHOLE
                                                  : REQUEST_MALFORMED;
    }
    text_release(&chunked);
    text_release(&length);
    if (state != REQUEST_WHOLE) {
        text_clear(body);
    }
    return state;
}

enum request_state request_parse(const struct text *bytes, size_t *head_bytes, struct text *body) {
    const char *blank = bytes->bytes ? strstr(bytes->bytes, "\r\n\r\n") : NULL;
    if (!blank) {
        return REQUEST_PARTIAL;
    }
    *head_bytes = (size_t)(blank - bytes->bytes) + 4;
    char *head = text_copy_bytes(bytes->bytes, *head_bytes);
    enum request_state state =
        head ? read_body(head, bytes->bytes + *head_bytes, bytes->bytes + bytes->length_bytes, body)
             : REQUEST_MALFORMED;
    free(head);
    return state;
}
