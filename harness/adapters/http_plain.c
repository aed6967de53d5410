#include "harness/adapters/http_plain.h"

#include "harness/base/value.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKEN_CHARACTERS "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* One request being made. */
struct making {
    const struct profile *profile;
    const char *base_url;
    bool shown;
    const json_t *params;
    struct http_plain *plain;
    char *why;
};

void http_plain_release(struct http_plain *plain) {
    for (size_t i = 0; i < plain->line_count; i++) {
        free(plain->lines[i]);
    }
    free(plain->verb);
    text_release(&plain->url);
    text_release(&plain->body);
    memset(plain, 0, sizeof *plain);
}

static enum plain_end misuse(struct making *making, const char *what) {
    text_put(making->why, PLAIN_WHY_SIZE, what);
    return PLAIN_MISUSE;
}

/* Null is absent: the text of a body may say null. */
static const json_t *param(const struct making *making, const char *name) {
    const json_t *value = json_object_get(making->params, name);
    return json_is_null(value) ? NULL : value;
}

static enum plain_end read_verb(struct making *making) {
    const json_t *given = param(making, "method");
    const char *verb = given ? json_string_value(given) : "GET";
    if (!verb || !*verb || verb[strspn(verb, TOKEN_CHARACTERS)]) {
        return misuse(making, "at /method: expected the name of a method");
    }
    making->plain->verb = text_copy(verb);
    return making->plain->verb ? PLAIN_DONE : PLAIN_NO_MEMORY;
}

/* Text that is to be sent as it is, when it fits into a request line; else NULL. */
static const char *line_of(const json_t *value) {
    const char *text = json_string_value(value);
    for (size_t i = 0; i < json_string_length(value); i++) {
        if ((unsigned char)text[i] <= ' ' || text[i] == '#' || text[i] == 0x7f) {
            return NULL;
        }
    }
    return text;
}

static void add_encoded(struct text *out, const char *bytes, size_t length_bytes) {
    for (size_t i = 0; i < length_bytes; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte < 0x80 && (isalnum(byte) || strchr("-._~", byte)) && byte) {
            text_add_byte(out, (char)byte);
        } else {
            text_addf(out, "%%%02X", byte);
        }
    }
}

/* Where a Location leads: another origin is never followed, since the request may carry what is meant for this one. */
static enum plain_end add_location(struct making *making, const json_t *value) {
    struct text *url = &making->plain->url;
    const char *location = line_of(value);
    const char *scheme = location ? strstr(location, "://") : NULL;
    const char *host = strstr(making->base_url, "://");
    const char *path = scheme ? scheme + 3 + strcspn(scheme + 3, "/") : location;
    if (!host || !path || *path != '/') {
        return misuse(making, "at /url: expected an absolute path, or a URL that has one");
    }
    size_t origin = (size_t)(host - making->base_url) + 3;
    origin += strcspn(making->base_url + origin, "/");
    text_append(url, making->base_url, origin);
    text_add(url, path);
    return PLAIN_DONE;
}

static enum plain_end add_path(struct making *making, const json_t *path) {
    struct text *url = &making->plain->url;
    const char *text = line_of(path);
    const json_t *segment;
    size_t index;
    text_add(url, making->base_url);
    if (text && (*text == '/' || !*text)) {
        text_add(url, text);
        return PLAIN_DONE;
    }
    if (!json_is_array(path)) {
        return misuse(making, "at /path: expected text that begins with /, or a list of segments");
    }
    json_array_foreach((json_t *)path, index, segment) {
        if (!json_is_string(segment)) {
            return misuse(making, "at /path: expected texts as segments");
        }
        text_add_byte(url, '/');
        add_encoded(url, json_string_value(segment), json_string_length(segment));
    }
    return PLAIN_DONE;
}

static bool add_pair(struct text *url, char *mark, const char *name, const json_t *value) {
    text_add_byte(url, *mark);
    *mark = '&';
    add_encoded(url, name, strlen(name));
    text_add_byte(url, '=');
    if (json_is_string(value)) {
        add_encoded(url, json_string_value(value), json_string_length(value));
        return true;
    }
    return !json_is_object(value) && !json_is_array(value) && value_write(url, value);
}

/* A list is a parameter that comes several times, null one that does not. */
static bool add_parameter(struct text *url, char *mark, const char *name, const json_t *value) {
    if (json_is_null(value)) {
        return true;
    }
    if (!json_is_array(value)) {
        return add_pair(url, mark, name, value);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!add_pair(url, mark, name, json_array_get(value, i))) {
            return false;
        }
    }
    return true;
}

static enum plain_end add_query(struct making *making) {
    struct text *url = &making->plain->url;
    const json_t *query = param(making, "query");
    const char *text = line_of(query), *name;
    char mark = '?';
    json_t *value;
    if (text) {
        text_addf(url, "?%s", text);
    }
    if (query && !json_is_object(query) && !text) {
        return misuse(making, "at /query: expected an object, or text as it stands in a URL");
    }
    json_object_foreach((json_t *)query, name, value) {
        if (!add_parameter(url, &mark, name, value)) {
            return misuse(making, "at /query: expected texts, numbers, or lists of them");
        }
    }
    return PLAIN_DONE;
}

static enum plain_end read_url(struct making *making) {
    const json_t *location = param(making, "url"), *path = param(making, "path");
    if (!location == !path) {
        return misuse(making, "expected either path or url");
    }
    enum plain_end end = path ? add_path(making, path) : add_location(making, location);
    return end == PLAIN_DONE ? add_query(making) : end;
}

static bool is_hex(const char *text, size_t length) {
    return length % 2 == 0 && strspn(text, "0123456789abcdefABCDEF") == length;
}

static void add_hex(struct text *body, const char *text, size_t length) {
    for (size_t i = 0; i < length; i += 2) {
        const char digits[] = {text[i], text[i + 1], '\0'};
        text_add_byte(body, (char)strtoul(digits, NULL, 16));
    }
}

static enum plain_end read_body(struct making *making) {
    const json_t *json = param(making, "json"), *text = param(making, "text"), *hex = param(making, "hex");
    struct text *body = &making->plain->body;
    if ((json != NULL) + (text != NULL) + (hex != NULL) > 1 || (text && !json_is_string(text)) ||
        (hex && !(json_is_string(hex) && is_hex(json_string_value(hex), json_string_length(hex))))) {
        return misuse(making, "expected at most one of json, text (a text) and hex (pairs of digits)");
    }
    making->plain->has_body = json || text || hex;
    if (making->plain->has_body) {
        text_add(body, "");
    }
    if (json) {
        value_write(body, json);
    } else if (text) {
        text_append(body, json_string_value(text), json_string_length(text));
    } else if (hex) {
        add_hex(body, json_string_value(hex), json_string_length(hex));
    }
    return PLAIN_DONE;
}

/* True when the params say themselves what becomes of the header. */
static bool is_named(const struct making *making, const char *line) {
    size_t length = strcspn(line, ":");
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)param(making, "headers"), name, value) {
        if (strlen(name) == length && strncasecmp(name, line, length) == 0) {
            return true;
        }
    }
    return false;
}

static enum plain_end add_line(struct making *making, const char *name, const char *value) {
    struct http_plain *plain = making->plain;
    struct text line = {0};
    if (plain->line_count == PLAIN_LINES_MAX) {
        return misuse(making, "at /headers: there are too many");
    }
    text_addf(&line, value && *value ? "%s: %s" : value ? "%s;" : "%s:", name, value);
    plain->lines[plain->line_count] = text_take(&line);
    return plain->lines[plain->line_count] && ++plain->line_count ? PLAIN_DONE : PLAIN_NO_MEMORY;
}

static enum plain_end add_profile_lines(struct making *making, const struct profile_headers *headers) {
    enum plain_end end = PLAIN_DONE;
    for (size_t i = 0; i < headers->count && end == PLAIN_DONE; i++) {
        const char *line = making->shown ? headers->lines[i].shown : headers->lines[i].sent;
        size_t length = strcspn(line, ":");
        char *name = is_named(making, line) ? NULL : text_copy_bytes(line, length);
        if (name) {
            end = add_line(making, name, line + length + 1 + strspn(line + length + 1, " "));
        }
        free(name);
    }
    return end;
}

static enum plain_end add_header(struct making *making, const char *name, const json_t *value) {
    const char *text = json_string_value(value);
    if (!*name || name[strspn(name, TOKEN_CHARACTERS)] || (!text && !json_is_null(value)) ||
        (text && (strpbrk(text, "\r\n") || strlen(text) != json_string_length(value)))) {
        return misuse(making, "at /headers: expected names with a line of text, a list of them, or null");
    }
    return add_line(making, name, text);
}

static enum plain_end read_headers(struct making *making) {
    const json_t *headers = param(making, "headers");
    const char *name;
    json_t *value;
    enum plain_end end =
        headers && !json_is_object(headers) ? misuse(making, "at /headers: expected an object") : PLAIN_DONE;
    json_object_foreach((json_t *)headers, name, value) {
        for (size_t i = 0; end == PLAIN_DONE && json_is_array(value) && i < json_array_size(value); i++) {
            end = add_header(making, name, json_array_get(value, i));
        }
        if (end == PLAIN_DONE && !json_is_array(value)) {
            end = add_header(making, name, value);
        }
    }
    if (end == PLAIN_DONE && making->plain->has_body && !is_named(making, "Content-Type:")) {
        end = add_line(making, "Content-Type", "application/json");
    }
    return end;
}

static enum plain_end read_operator(struct making *making) {
    const json_t *asked = param(making, "operator");
    if (!asked || json_is_false(asked)) {
        return PLAIN_DONE;
    }
    if (!json_is_true(asked)) {
        return misuse(making, "at /operator: expected true or false");
    }
    if (making->profile->operator_headers.count == 0) {
        text_put(making->why, PLAIN_WHY_SIZE, "the profile does not say how an operator is known");
        return PLAIN_CANNOT;
    }
    return add_profile_lines(making, &making->profile->operator_headers);
}

static enum plain_end check_names(struct making *making) {
    static const char *const known[] = {"method", "path", "url", "query",   "headers",
                                        "json",   "text", "hex", "operator"};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)making->params, name, value) {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            found = found || strcmp(known[i], name) == 0;
        }
        if (!found) {
            return misuse(making,
                          "a request has method, path or url, query, headers, json or text or hex, and "
                          "operator, and nothing else");
        }
    }
    return json_is_object(making->params) ? PLAIN_DONE : misuse(making, "expected an object");
}

enum plain_end http_plain_read(const struct profile *profile, const char *base_url, bool shown,
                               const struct request *request, struct http_plain *plain,
                               char why[PLAIN_WHY_SIZE]) {
    static enum plain_end (*const parts[])(struct making *) = {check_names, read_verb,    read_url,
                                                               read_body,   read_headers, read_operator};
    json_t *params = json_loadb(request->params, request->params_length_bytes, JSON_ALLOW_NUL, NULL);
    struct making making = {profile, base_url, shown, params, plain, why};
    *plain = (struct http_plain){0};
    enum plain_end end = PLAIN_DONE;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && end == PLAIN_DONE; i++) {
        end = parts[i](&making);
    }
    if (end == PLAIN_DONE) {
        end = add_profile_lines(&making, &profile->headers);
    }
    json_decref(params);
    return end == PLAIN_DONE && (plain->url.failed || plain->body.failed) ? PLAIN_NO_MEMORY : end;
}

/* Without a body these say nothing of its length; all others say that it is 0. */
static bool is_bare(const char *verb) {
    static const char *const bare[] = {"GET", "HEAD", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < sizeof bare / sizeof bare[0]; i++) {
        if (strcmp(bare[i], verb) == 0) {
            return true;
        }
    }
    return false;
}

struct http_request http_plain_request(const struct http_plain *plain) {
    return (struct http_request){.verb = plain->verb,
                                 .url = plain->url.bytes,
                                 .headers = (const char *const *)plain->lines,
                                 .header_count = plain->line_count,
                                 .body = plain->has_body        ? plain->body.bytes
                                         : is_bare(plain->verb) ? NULL
                                                                : "",
                                 .body_length_bytes = plain->body.length_bytes};
}
