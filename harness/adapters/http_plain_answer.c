#include "harness/adapters/http_plain_answer.h"

#include "harness/adapters/answer_json.h"

#include <ctype.h>
#include <string.h>

enum { NAME_SIZE = 128, SHOWN_TEXT_BYTES = 64 * 1024 };

/* Adds a value behind what came under that name before. */
static bool put_header(json_t *headers, const char *name, const char *value, size_t length) {
    const char *before = json_string_value(json_object_get(headers, name));
    if (!text_is_utf8(value, length)) {
        return true;
    }
    json_t *joined =
        before ? json_sprintf("%s, %.*s", before, (int)length, value) : json_stringn(value, length);
    return json_object_set_new(headers, name, joined) == 0;
}

static bool read_line(json_t *headers, const char *line, size_t length) {
    char name[NAME_SIZE];
    const char *colon = memchr(line, ':', length);
    size_t name_length = colon ? (size_t)(colon - line) : 0;
    if (name_length == 0 || name_length >= sizeof name || !text_is_utf8(line, name_length)) {
        return true;
    }
    for (size_t i = 0; i < name_length; i++) {
        name[i] = (char)tolower((unsigned char)line[i]);
    }
    name[name_length] = '\0';
    const char *value = colon + 1, *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t')) {
        value++;
    }
    while (end > value && strchr(" \t\r", end[-1])) {
        end--;
    }
    return put_header(headers, name, value, (size_t)(end - value));
}

static json_t *read_head(const struct text *head) {
    json_t *headers = json_object();
    const char *at = head->bytes, *end = head->bytes ? head->bytes + head->length_bytes : NULL;
    bool whole = headers != NULL;
    while (whole && at < end) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = feed ? feed : end;
        whole = read_line(headers, at, (size_t)(line_end - at));
        at = line_end + 1;
    }
    if (!whole) {
        json_decref(headers);
        return NULL;
    }
    return headers;
}

static bool put_body(json_t *result, const struct text *body) {
    json_error_t error;
    if (body->length_bytes == 0) {
        return true;
    }
    json_t *value = answer_json_load(body->bytes, body->length_bytes, &error);
    if (value) {
        return json_object_set_new(result, "body", value) == 0;
    }
    size_t length = body->length_bytes < SHOWN_TEXT_BYTES ? body->length_bytes : SHOWN_TEXT_BYTES;
    while (length < body->length_bytes && length > 0 && ((unsigned char)body->bytes[length] & 0xc0) == 0x80) {
        length--;
    }
    return !text_is_utf8(body->bytes, length) ||
           json_object_set_new(result, "text", json_stringn(body->bytes, length)) == 0;
}

void http_plain_answer(const struct http_reply *reply, struct answer *answer) {
    memset(answer, 0, sizeof *answer);
    answer->kind = ANSWER_BROKEN;
    if (reply->broken) {
        text_put(answer->detail, sizeof answer->detail, reply->detail);
        return;
    }
    json_t *result = json_pack("{s:i, s:o, s:I}", "status", (int)reply->status, "headers",
                               read_head(&reply->head), "bytes", (json_int_t)reply->body.length_bytes);
    if (!result || !put_body(result, &reply->body)) {
        json_decref(result);
        text_put(answer->detail, sizeof answer->detail, "harness: out of memory");
        return;
    }
    answer->kind = ANSWER_RESULT;
    answer->result = result;
}
