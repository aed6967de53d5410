#include "harness/adapters/environment.h"
#include "harness/adapters/profile.h"
#include "harness/adapters/profile_texts.h"
#include "harness/base/document.h"
#include "harness/base/method.h"
#include "harness/base/value.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_MAX_BYTES = 8 * 1024 * 1024 };

/* What a status means unless the profile says otherwise. */
static const struct {
    unsigned status;
    const char *name;
} meanings[] = {
    {400, "invalid"},     {401, "forbidden"},   {403, "forbidden"},   {404, "not_found"},
    {405, "unsupported"}, {409, "conflict"},    {413, "invalid"},     {414, "invalid"},
    {415, "invalid"},     {422, "invalid"},     {431, "invalid"},     {500, "internal"},
    {501, "unsupported"}, {502, "unavailable"}, {503, "unavailable"}, {504, "unavailable"},
};

/* What reading goes by. */
struct reader {
    const struct document *document;
    struct profile *profile;
    struct hp_problem *problem;
};

/* Refuses what stands at the pointer, made of up to two keys below a place. */
static enum hp_status fault(struct reader *reader, const char *place, const char *key, const char *what) {
    struct text pointer = {0};
    text_add(&pointer, place);
    if (key) {
        pointer_add_key(&pointer, key);
    }
    enum hp_status status =
        pointer.failed ? hp_problem_no_memory(reader->problem)
                       : document_fault(reader->document, pointer.bytes, reader->problem, "%s", what);
    text_release(&pointer);
    return status;
}

/* Fills in what is sent and what is shown: a beginning, and text with ${NAME} in it. */
static enum hp_status read_text(struct reader *reader, const char *place, const char *key, const char *begin,
                                const char *text, struct profile_text *made) {
    struct hp_problem cause = {0};
    struct text sent = {0}, shown = {0};
    text_add(&sent, begin);
    text_addf(&shown, "%s%s", begin, text);
    enum hp_status status = environment_expand(text, &sent, &cause);
    if (status == HP_OK) {
        made->sent = text_take(&sent);
        made->shown = text_take(&shown);
        status = made->sent && made->shown ? HP_OK : HP_INTERNAL;
    }
    text_release(&sent);
    text_release(&shown);
    if (status == HP_OK && strpbrk(made->sent, "\r\n")) {
        return fault(reader, place, key, "a line feed may not stand in a request");
    }
    return status == HP_INTERNAL ? hp_problem_no_memory(reader->problem)
           : status != HP_OK     ? fault(reader, place, key, cause.detail)
                                 : HP_OK;
}

static enum hp_status read_headers(struct reader *reader, const char *place, const json_t *headers,
                                   struct profile_headers *made) {
    const char *name;
    json_t *value;
    enum hp_status status = HP_OK;
    json_object_foreach((json_t *)headers, name, value) {
        struct text begin = {0};
        if (made->count == PROFILE_HEADERS_MAX) {
            return fault(reader, place, NULL, "there are too many headers");
        }
        status = text_addf(&begin, "%s: ", name)
                     ? read_text(reader, place, name, begin.bytes, json_string_value(value),
                                 &made->lines[made->count++])
                     : hp_problem_no_memory(reader->problem);
        text_release(&begin);
        if (status != HP_OK) {
            return status;
        }
    }
    return HP_OK;
}

/* Takes the slashes at the end away. */
static void trim(char *url) {
    size_t length = strlen(url);
    while (length > 0 && url[length - 1] == '/') {
        url[--length] = '\0';
    }
}

static bool add_prefix(char **url, const char *prefix) {
    struct text text = {0};
    trim(*url);
    text_addf(&text, "%s%s%s", *url, prefix[0] && prefix[0] != '/' ? "/" : "", prefix);
    char *longer = text_take(&text);
    if (longer) {
        trim(longer);
        free(*url);
        *url = longer;
    }
    return longer != NULL;
}

static enum hp_status check_url(struct reader *reader, const char *place, const char *url) {
    bool known = strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
    return known && !strpbrk(url, "?# ")
               ? HP_OK
               : fault(reader, place, NULL, "a base URL, http://HOST:PORT, was expected");
}

/* Where it listens, and where its controls are, it says when it runs. */
static enum hp_status read_command(struct reader *reader, size_t index, const char *command) {
    static const char nowhere[] = "http://127.0.0.1";
    struct profile_server *made = &reader->profile->servers[index];
    reader->profile->commands[index] = command;
    made->url = (struct profile_text){text_copy(nowhere), text_copy("$URL")};
    made->controls = (struct profile_text){text_copy(nowhere), text_copy("$CONTROLS")};
    return made->url.sent && made->url.shown && made->controls.sent && made->controls.shown
               ? HP_OK
               : hp_problem_no_memory(reader->problem);
}

static enum hp_status read_server(struct reader *reader, size_t index, const json_t *server,
                                  const char *prefix) {
    struct profile_server *made = &reader->profile->servers[reader->profile->server_count++];
    const char *controls = json_string_value(json_object_get(server, "controls"));
    const char *url = json_is_string(server) ? json_string_value(server)
                                             : json_string_value(json_object_get(server, "url"));
    struct text place = {0};
    if (!text_addf(&place, "/servers/%zu", index)) {
        return hp_problem_no_memory(reader->problem);
    }
    enum hp_status status = read_text(reader, place.bytes, NULL, "", url, &made->url);
    status = status != HP_OK ? status : check_url(reader, place.bytes, made->url.sent);
    if (status == HP_OK && controls) {
        status = read_text(reader, place.bytes, "controls", "", controls, &made->controls);
        status = status != HP_OK ? status : check_url(reader, place.bytes, made->controls.sent);
    }
    text_release(&place);
    if (status == HP_OK && (!add_prefix(&made->url.sent, prefix) || !add_prefix(&made->url.shown, prefix))) {
        status = hp_problem_no_memory(reader->problem);
    }
    if (status == HP_OK && made->controls.sent) {
        trim(made->controls.sent);
        trim(made->controls.shown);
    }
    return status;
}

static enum hp_status read_servers(struct reader *reader, const json_t *root) {
    const json_t *servers = json_object_get(root, "servers");
    const char *prefix = json_string_value(json_object_get(root, "prefix"));
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < json_array_size(servers) && status == HP_OK; i++) {
        const json_t *server = json_array_get(servers, i);
        const char *command = json_string_value(json_object_get(server, "command"));
        if (i > 0 && !command != !reader->profile->commands[0]) {
            return fault(reader, "/servers", NULL, "all servers are started by commands, or none is");
        }
        if (command) {
            reader->profile->server_count++;
            status = read_command(reader, i, command);
            continue;
        }
        status = read_server(reader, i, server, prefix ? prefix : "");
        bool controlled = reader->profile->servers[i].controls.sent != NULL;
        if (status == HP_OK && controlled != profile_has_controls(reader->profile)) {
            status = fault(reader, "/servers", NULL, "all servers have controls, or none has");
        }
    }
    return status;
}

static enum hp_status read_route(struct reader *reader, const char *method, const json_t *source) {
    struct profile_route *route = &reader->profile->routes[reader->profile->route_count++];
    struct hp_problem cause = {0};
    struct text place = {0};
    text_add(&place, "/routes");
    pointer_add_key(&place, method);
    route->method = text_copy(method);
    if (place.failed || !route->method) {
        text_release(&place);
        return hp_problem_no_memory(reader->problem);
    }
    route->body = json_object_get(source, "body");
    route->result = json_object_get(source, "result");
    route->then = json_string_value(json_object_get(source, "then"));
    enum hp_status status =
        http_route_read(json_string_value(json_object_get(source, "request")), &route->route, &cause);
    if (status != HP_OK) {
        status = fault(reader, place.bytes, "request", cause.detail);
    }
    text_add(&place, "/headers");
    if (status == HP_OK) {
        status = read_headers(reader, place.bytes, json_object_get(source, "headers"), &route->headers);
    }
    text_release(&place);
    return status;
}

static enum hp_status read_routes(struct reader *reader, const json_t *root) {
    const char *method;
    json_t *source;
    json_object_foreach(json_object_get(root, "routes"), method, source) {
        enum hp_status status = read_route(reader, method, source);
        if (status != HP_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < reader->profile->route_count; i++) {
        const struct profile_route *route = &reader->profile->routes[i];
        if (route->then &&
            (!profile_route(reader->profile, route->then) || strcmp(route->then, route->method) == 0)) {
            return fault(reader, "/routes", route->method,
                         "`then` names a method that has no route of its own");
        }
    }
    return HP_OK;
}

static void read_meanings(struct profile *profile, const json_t *root) {
    const json_t *errors = json_object_get(root, "errors");
    const char *status;
    json_t *name;
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        profile->statuses[meanings[i].status] = meanings[i].name;
    }
    json_object_foreach(json_object_get(root, "statuses"), status, name) {
        profile->statuses[strtoul(status, NULL, 10)] = json_string_value(name);
    }
    profile->detail = errors ? json_string_value(json_object_get(errors, "detail")) : "/detail";
    profile->field = errors ? json_string_value(json_object_get(errors, "field")) : "/field";
    profile->interrupt_status =
        errors ? json_string_value(json_object_get(errors, "interrupt_status")) : "/interrupt_status";
}

static bool by_begins(const struct profile *profile, const char *method, const char *form) {
    const char *target = json_string_value(json_object_get(profile->by, method));
    return target && strncmp(target, form, strlen(form)) == 0;
}

static bool is_possible(const struct profile *profile, const char *capability) {
    if (strcmp(capability, "http_sweep") == 0) {
        return profile->operator_headers.count > 0;
    }
    if (strcmp(capability, "restart") == 0) {
        return false; /* nobody says how its servers are started */
    }
    if (strcmp(capability, "concurrent") == 0 || capability_is_over_http(capability) ||
        profile_has_controls(profile)) {
        return true;
    }
    if (strcmp(capability, "processes") == 0) {
        return profile->server_count > 1;
    }
    for (size_t i = 0; method_offered(i); i++) {
        const char *method = method_offered(i);
        bool done = profile_route(profile, method) || json_object_get(profile->by, method);
        bool reads_times = strcmp(capability, "instants") == 0 && strcmp(method, "clock.set") == 0;
        bool stores = strcmp(capability, "database") == 0 && by_begins(profile, method, "postgres:");
        if (stores || (done && (reads_times || strcmp(method_capability(method), capability) == 0))) {
            return true;
        }
    }
    return false;
}

/* A promise that nothing in the file can keep would only make cases fail. */
static enum hp_status check_capabilities(struct reader *reader) {
    for (size_t i = 0; i < json_array_size(reader->profile->capabilities); i++) {
        const char *name = json_string_value(json_array_get(reader->profile->capabilities, i));
        if (!is_possible(reader->profile, name)) {
            return fault(reader, "/capabilities", NULL,
                         "a capability is declared for which there is no route, no `by`, no `operator` and "
                         "no controls");
        }
    }
    return HP_OK;
}

static enum hp_status check_schema(const struct document *document, struct hp_problem *problem) {
    json_error_t error;
    struct schema *schema = NULL;
    json_t *source = json_loads(profile_schema_text, 0, &error);
    enum hp_status status = source ? schema_compile(source, &schema, problem) : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = document_check(document, schema, problem);
    }
    schema_free(schema);
    json_decref(source);
    return status;
}

/* The profile takes the document's JSON over. */
static enum hp_status read_document(struct document *document, struct profile **profile,
                                    struct hp_problem *problem) {
    enum hp_status status = check_schema(document, problem);
    struct profile *made = status == HP_OK ? calloc(1, sizeof *made) : NULL;
    struct reader reader = {document, made, problem};
    if (!made) {
        return status != HP_OK ? status : hp_problem_no_memory(problem);
    }
    const json_t *root = made->root = json_incref(document->root);
    const json_t *max = json_object_get(root, "body_max_bytes");
    const char *name = json_string_value(json_object_get(root, "name"));
    made->capabilities = json_object_get(root, "capabilities");
    made->renamed = json_object_get(root, "renamed");
    made->by = json_object_get(root, "by");
    made->stored_fields = json_object_get(json_object_get(root, "stored"), "fields");
    made->stored_by = json_string_value(json_object_get(json_object_get(root, "stored"), "by"));
    made->body_max_bytes = max ? (size_t)json_integer_value(max) : BODY_MAX_BYTES;
    made->name = text_copy(name);
    read_meanings(made, root);
    status = !name || made->name ? read_servers(&reader, root) : hp_problem_no_memory(problem);
    status = status != HP_OK
                 ? status
                 : read_headers(&reader, "/headers", json_object_get(root, "headers"), &made->headers);
    status = status != HP_OK ? status
                             : read_headers(&reader, "/operator", json_object_get(root, "operator"),
                                            &made->operator_headers);
    status = status != HP_OK ? status : read_routes(&reader, root);
    status = status != HP_OK ? status : check_capabilities(&reader);
    if (status == HP_OK) {
        *profile = made;
    } else {
        profile_free(made);
    }
    return status;
}

enum hp_status profile_read(const char *path, struct profile **profile, struct hp_problem *problem) {
    struct document document = {0};
    enum hp_status status = document_read(path, &document, problem);
    if (status == HP_OK) {
        status = read_document(&document, profile, problem);
    }
    document_release(&document);
    return status;
}

enum hp_status profile_of_contract(const char *url, const char *controls, struct profile **profile,
                                   struct hp_problem *problem) {
    struct document document = {0};
    json_error_t error;
    document.path = text_copy("the contract's profile");
    document.text = text_copy(profile_contract_text);
    document.root = json_loads(profile_contract_text, 0, &error);
    document.length_bytes = profile_contract_text_length_bytes;
    enum hp_status status = document.path && document.text && document.root
                                ? read_document(&document, profile, problem)
                                : hp_problem_no_memory(problem);
    document_release(&document);
    if (status == HP_OK) {
        const struct profile_server server = {{(char *)url, (char *)url},
                                              {(char *)controls, (char *)controls}};
        status = profile_move(*profile, &server, 1, problem);
    }
    if (status != HP_OK) {
        profile_free(*profile);
        *profile = NULL;
    }
    return status;
}
