#include "harness/adapters/profile.h"

#include "harness/base/method.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

static void text_free(struct profile_text *text) {
    free(text->sent);
    free(text->shown);
    *text = (struct profile_text){0};
}

static void headers_release(struct profile_headers *headers) {
    for (size_t i = 0; i < headers->count; i++) {
        text_free(&headers->lines[i]);
    }
    headers->count = 0;
}

static void servers_release(struct profile *profile) {
    for (size_t i = 0; i < profile->server_count; i++) {
        text_free(&profile->servers[i].url);
        text_free(&profile->servers[i].controls);
    }
    profile->server_count = 0;
}

void profile_free(struct profile *profile) {
    if (!profile) {
        return;
    }
    servers_release(profile);
    for (size_t i = 0; i < profile->route_count; i++) {
        free(profile->routes[i].method);
        http_route_release(&profile->routes[i].route);
        headers_release(&profile->routes[i].headers);
    }
    headers_release(&profile->headers);
    headers_release(&profile->operator_headers);
    free(profile->name);
    json_decref(profile->root);
    free(profile);
}

const struct profile_route *profile_route(const struct profile *profile, const char *method) {
    for (size_t i = 0; i < profile->route_count; i++) {
        if (strcmp(profile->routes[i].method, method) == 0) {
            return &profile->routes[i];
        }
    }
    return NULL;
}

bool profile_has_controls(const struct profile *profile) {
    return profile->server_count > 0 && profile->servers[0].controls.sent;
}

bool profile_has_commands(const struct profile *profile) {
    return profile->commands[0] != NULL;
}

static bool copy_text(const struct profile_text *text, struct profile_text *copy) {
    *copy = (struct profile_text){text_copy(text->sent), text_copy(text->shown)};
    return (copy->sent || !text->sent) && (copy->shown || !text->shown);
}

enum hp_status profile_move(struct profile *profile, const struct profile_server *servers, size_t count,
                            struct hp_problem *problem) {
    bool whole = true;
    servers_release(profile);
    for (size_t i = 0; i < count && i < PROFILE_SERVERS_MAX && whole; i++) {
        struct profile_server *server = &profile->servers[profile->server_count++];
        whole =
            copy_text(&servers[i].url, &server->url) && copy_text(&servers[i].controls, &server->controls);
    }
    return whole ? HP_OK : hp_problem_no_memory(problem);
}

enum hp_status profile_set_operator(struct profile *profile, const char *line, struct hp_problem *problem) {
    const struct profile_text text = {(char *)line, (char *)line};
    headers_release(&profile->operator_headers);
    profile->operator_headers.count = 1;
    return copy_text(&text, &profile->operator_headers.lines[0]) ? HP_OK : hp_problem_no_memory(problem);
}

static bool add_name(json_t *names, const char *name) {
    for (size_t i = 0; i < json_array_size(names); i++) {
        if (strcmp(json_string_value(json_array_get(names, i)), name) == 0) {
            return true;
        }
    }
    return json_array_append_new(names, json_string(name)) == 0;
}

/* What a server with controls does besides: all that the wire has, its clock being set by the service's own reader. */
static bool add_controlled(json_t *names) {
    bool whole = add_name(names, "instants");
    for (size_t i = 0; whole && method_offered(i); i++) {
        whole = add_name(names, method_capability(method_offered(i)));
    }
    return whole;
}

static bool add_possible(const struct profile *profile, json_t *names) {
    const char *method;
    json_t *target;
    bool whole = add_name(names, "concurrent");
    for (size_t i = 0; whole && i < profile->route_count; i++) {
        whole = add_name(names, method_capability(profile->routes[i].method));
    }
    json_object_foreach((json_t *)profile->by, method, target) {
        whole = whole && add_name(names, method_capability(method));
    }
    return whole;
}

static bool add_declared(const struct profile *profile, json_t *names) {
    bool whole = true;
    for (size_t i = 0; whole && i < json_array_size(profile->capabilities); i++) {
        whole = add_name(names, json_string_value(json_array_get(profile->capabilities, i)));
    }
    return whole;
}

json_t *profile_capabilities(const struct profile *profile) {
    json_t *names = json_array();
    bool whole =
        names && (profile->capabilities ? add_declared(profile, names)
                                        : add_possible(profile, names) &&
                                              (!profile_has_controls(profile) || add_controlled(names)));
    if (!whole) {
        json_decref(names);
        return NULL;
    }
    return names;
}
