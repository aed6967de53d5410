#include "harness/adapters/http_curl.h"

#include "harness/adapters/http_map.h"
#include "harness/adapters/http_plain.h"
#include "harness/adapters/shell.h"

#include <string.h>

enum { BODY_SHOWN_BYTES = 4096 };

/* In double quotes, in which the shell puts the values of variables, and changes nothing else. */
static void add_open(struct text *text, const char *shown) {
    text_add(text, " \"");
    for (; *shown; shown++) {
        bool variable = shown[0] == '$';
        if (strchr("\"\\`$", *shown) && !variable) {
            text_add_byte(text, '\\');
        }
        text_add_byte(text, *shown);
    }
    text_add_byte(text, '"');
}

static void add_headers(struct text *text, const struct profile_headers *headers) {
    for (size_t i = 0; i < headers->count; i++) {
        text_add(text, " -H");
        add_open(text, headers->lines[i].shown);
    }
}

static void add_body(struct text *text, const char *body, size_t length_bytes) {
    size_t shown = length_bytes < BODY_SHOWN_BYTES ? length_bytes : BODY_SHOWN_BYTES;
    text_add(text, " -H 'Content-Type: application/json' --data-binary ");
    shell_add_quoted(text, body, shown);
    if (shown < length_bytes) {
        text_addf(text, "  # the body is cut here: %zu of %zu bytes", shown, length_bytes);
    }
}

static void add_url(struct text *text, const char *server, const char *path) {
    struct text url = {0};
    text_addf(&url, "%s%s", server, path);
    add_open(text, url.bytes ? url.bytes : server);
    text->failed = text->failed || url.failed;
    text_release(&url);
}

static void write_route(const struct profile *profile, const struct profile_route *route,
                        const struct http_sketch *sketch, struct text *text) {
    text_addf(text, "curl -sS -i -X %s", sketch->verb);
    add_url(text, profile->servers[0].url.shown, sketch->path.bytes);
    add_headers(text, &profile->headers);
    add_headers(text, &route->headers);
    if (sketch->has_body) {
        add_body(text, sketch->body.bytes, sketch->body.length_bytes);
    }
}

static void write_controls(const struct profile *profile, const struct request *request, struct text *text) {
    struct text body = {0};
    text_addf(&body, "{\"method\":\"%s\",\"params\":", request->method);
    text_append(&body, request->params, request->params_length_bytes);
    text_add_byte(&body, '}');
    text_add(text, "curl -sS -i -X POST");
    add_url(text, profile->servers[0].controls.shown, "/call");
    if (!body.failed) {
        add_body(text, body.bytes, body.length_bytes);
    }
    text_release(&body);
}

/* A body of bytes that no command line can hold is not shown. */
static void add_plain_body(struct text *text, const struct http_plain *plain) {
    const struct text *body = &plain->body;
    size_t shown = body->length_bytes < BODY_SHOWN_BYTES ? body->length_bytes : BODY_SHOWN_BYTES;
    bool holds_nul = body->length_bytes > 0 && memchr(body->bytes, '\0', body->length_bytes);
    text_add(text, " --data-binary ");
    shell_add_quoted(text, body->bytes, holds_nul ? 0 : shown);
    if (shown < body->length_bytes || holds_nul) {
        text_addf(text, "  # the body is cut here: it has %zu bytes", body->length_bytes);
    }
}

static void write_plain(const struct profile *profile, const struct request *request, struct text *text) {
    char why[PLAIN_WHY_SIZE];
    struct http_plain plain = {0};
    if (http_plain_read(profile, profile->servers[0].url.shown, true, request, &plain, why) == PLAIN_DONE) {
        bool head = strcmp(plain.verb, "HEAD") == 0;
        text_addf(text, head ? "curl -sS -I --path-as-is" : "curl -sS -i --path-as-is -X %s", plain.verb);
        add_open(text, plain.url.bytes);
        for (size_t i = 0; i < plain.line_count; i++) {
            text_add(text, " -H");
            add_open(text, plain.lines[i]);
        }
        if (plain.has_body) {
            add_plain_body(text, &plain);
        }
    }
    http_plain_release(&plain);
}

void http_curl_write(const struct profile *profile, const struct request *request, struct text *text) {
    char why[MAP_WHY_SIZE];
    struct http_sketch sketch = {0};
    const struct profile_route *route = profile_route(profile, request->method);
    if (strcmp(request->method, "http.request") == 0) {
        write_plain(profile, request, text);
    } else if (route && http_map(route, request, &sketch, why) == MAP_DONE) {
        write_route(profile, route, &sketch, text);
    } else if (profile_has_controls(profile)) {
        write_controls(profile, request, text);
    }
    http_sketch_release(&sketch);
}
