/* The wire: Holdpoint writes a request a line to stdin, this writes an answer a line to stdout. What is yours is in service.c.
 * Logs go to stderr; Holdpoint shows them with a failure. */
#include "service.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *hello(const json_t *params) {
    json_t *capabilities = json_array();
    for (const struct method *method = methods; method->name; method++) {
        bool listed = method > methods && strcmp(method[-1].capability, method->capability) == 0;
        if (!listed) { /* those of one capability stand together */
            json_array_append_new(capabilities, json_string(method->capability));
        }
    }
    for (size_t i = 0; also[i]; i++) {
        json_array_append_new(capabilities, json_string(also[i]));
    }
    return json_pack("{s:i, s:O?, s:s, s:s, s:s, s:o}", "protocol", 1, "nonce", json_object_get(params, "nonce"), "name",
                     "@NAME@", "version", service_version, "language", "C", "capabilities", capabilities);
}

static json_t *carry_out(const json_t *request, struct refusal *refusal) {
    const char *name = json_string_value(json_object_get(request, "method"));
    const json_t *params = json_object_get(request, "params");
    if (!json_is_object(params)) {
        return refuse(refusal, "invalid", "params is no object");
    }
    if (name && strcmp(name, "hello") == 0) {
        return hello(params);
    }
    for (const struct method *method = methods; name && method->name; method++) {
        if (strcmp(method->name, name) == 0) {
            return method->carry_out(params, refusal);
        }
    }
    return refuse(refusal, "unsupported", "there is no such method");
}

/* Of a line that the strict reader refused, say because a key comes twice: its id, when one can be seen. */
static json_t *find_id(const char *line) {
    const char *at = strstr(line, "\"id\":");
    char *end = NULL;
    long long id = at ? strtoll(at + 5, &end, 10) : 0;
    return at && end != at + 5 ? json_integer(id) : json_null();
}

static json_t *error_of(const struct refusal *refusal) {
    json_t *data = json_pack("{s:s}", "name", refusal->name);
    if (refusal->field) {
        json_object_set_new(data, "field", json_string(refusal->field));
    }
    if (refusal->interrupt_status) {
        json_object_set_new(data, "interrupt_status", json_string(refusal->interrupt_status));
    }
    return json_pack("{s:i, s:s, s:o}", "code", -32000, "message", refusal->message, "data", data);
}

/* jansson by itself refuses U+0000, halves of surrogate pairs, and integers beyond 64 bits. */
static json_t *answer(const char *line, size_t length_bytes) {
    struct refusal refusal = {.name = "invalid", .message = "no JSON that the contract takes"};
    json_t *request = json_loadb(line, length_bytes, JSON_REJECT_DUPLICATES, NULL);
    json_t *id = request ? json_incref(json_object_get(request, "id")) : find_id(line);
    json_t *result = request ? carry_out(request, &refusal) : NULL;
    json_t *said = json_pack("{s:s, s:o?, s:o}", "jsonrpc", "2.0", "id", id, result ? "result" : "error",
                             result ? result : error_of(&refusal));
    json_decref(request);
    return said;
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    bool written = true;
    while (written && (length = getline(&line, &room, stdin)) > 0) {
        json_t *said = answer(line, (size_t)length);
        written = said && json_dumpf(said, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF && fflush(stdout) == 0;
        json_decref(said);
    }
    free(line);
    return written ? 0 : 1;
}
