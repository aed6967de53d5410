#include "harness/adapters/mutant_parcel.h"

#include "harness/adapters/answer_json.h"
#include "harness/adapters/http_inbound.h"
#include "harness/base/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Written anew for each request, since the body may be another. */
static const char *const carrying[] = {"content-length", "transfer-encoding", "connection", "expect"};

bool parcel_address(const char *url, unsigned *port, const char **path) {
    static const char origin[] = "http://127.0.0.1:";
    char *end = NULL;
    if (strncmp(url, origin, sizeof origin - 1) != 0) {
        return false;
    }
    unsigned long number = strtoul(url + sizeof origin - 1, &end, 10);
    *port = (unsigned)number;
    *path = *end ? end : "/";
    return number > 0 && number <= 65535 && **path == '/';
}

static bool set_new(json_t *object, const char *key, json_t *value) {
    return json_object_set_new(object, key, value) == 0;
}

/* The host is the one that the request is for. */
static json_t *read_headers(const char *head, const char *url) {
    unsigned port;
    const char *path;
    json_t *headers = request_headers(head);
    for (size_t i = 0; headers && i < sizeof carrying / sizeof carrying[0]; i++) {
        json_object_del(headers, carrying[i]);
    }
    if (headers && parcel_address(url, &port, &path) &&
        !set_new(headers, "host", json_sprintf("127.0.0.1:%u", port))) {
        json_decref(headers);
        return NULL;
    }
    return headers;
}

json_t *parcel_params(const char *head, const struct text *body, const char *url) {
    json_error_t error;
    const char *bytes = body->bytes ? body->bytes : "";
    json_t *params = json_object();
    json_t *json = answer_json_load(bytes, body->length_bytes, &error);
    bool complete = set_new(params, "url", json_string(url)) &&
                    set_new(params, "headers", read_headers(head, url)) &&
                    set_new(params, "text", json_stringn(bytes, body->length_bytes)) &&
                    (!json || json_object_set(params, "body", json) == 0);
    json_decref(json);
    if (!complete) {
        json_decref(params);
        return NULL;
    }
    return params;
}

static bool write_body(const json_t *params, const json_t *came, struct text *body) {
    const json_t *json = json_object_get(params, "body"), *text = json_object_get(params, "text");
    if (json && !value_equals(json, json_object_get(came, "body"))) {
        return value_write(body, json);
    }
    return !text || text_append(body, json_string_value(text), json_string_length(text));
}

bool parcel_write(const json_t *params, const json_t *came, struct text *bytes) {
    struct text body = {0};
    unsigned port = 0;
    const char *url = json_string_value(json_object_get(params, "url")), *path = "/", *name;
    json_t *value;
    bool written = write_body(params, came, &body);
    parcel_address(url ? url : "", &port, &path);
    text_addf(bytes, "POST %s HTTP/1.1\r\n", path);
    json_object_foreach(json_object_get(params, "headers"), name, value) {
        text_addf(bytes, "%s: %s\r\n", name, json_is_string(value) ? json_string_value(value) : "");
    }
    text_addf(bytes, "Content-Length: %zu\r\nConnection: close\r\n\r\n", body.length_bytes);
    text_append(bytes, body.bytes ? body.bytes : "", body.length_bytes);
    text_release(&body);
    return written && !bytes->failed;
}

json_t *parcel_result(const char *head) {
    int status;
    if (sscanf(head, "HTTP/1.%*1d %3d", &status) != 1) {
        return NULL;
    }
    json_t *headers = request_headers(head);
    return headers ? json_pack("{s:i, s:o}", "status", status, "headers", headers) : NULL;
}

bool parcel_write_head(const json_t *result, const char *head, struct text *bytes) {
    const char *lines = head ? strstr(head, "\r\n") : NULL;
    text_addf(bytes, "HTTP/1.1 %d Answer%s", (int)json_integer_value(json_object_get(result, "status")),
              lines ? lines : "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    return !bytes->failed;
}
