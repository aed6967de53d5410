#include "harness/adapters/http_map.h"

#include "harness/adapters/json_slice.h"
#include "harness/base/value.h"

#include <stdio.h>
#include <string.h>

/* Without a user_id the caller of these is trusted. */
static const char *const trusting[] = {"interrupt.get", "interrupt.list", "interrupt.pending_for_request"};

/* One call on its way. */
struct mapping {
    const struct profile_route *route;
    const struct request *request;
    json_t *params; /* NULL: no JSON value can hold them */
    json_t *held;   /* a list of values that were read out of such params one by one */
    bool failed;    /* memory ran out */
};

void http_sketch_release(struct http_sketch *sketch) {
    text_release(&sketch->path);
    text_release(&sketch->body);
    memset(sketch, 0, sizeof *sketch);
}

/* NULL for what is no JSON. */
static json_t *load(struct mapping *mapping, const char *bytes, size_t length_bytes) {
    json_error_t error;
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY;
    json_t *value = json_loadb(bytes, length_bytes, flags, &error);
    mapping->failed = mapping->failed || (!value && json_error_code(&error) == json_error_out_of_memory);
    return value;
}

static bool find_slice(const struct mapping *mapping, const char *name, struct json_slice *slice) {
    return json_slice_member(mapping->request->params, mapping->request->params_length_bytes, name, slice) ==
           JSON_SLICE_FOUND;
}

/* A value for the URL. */
static const json_t *value_of(void *context, const char *param) {
    struct mapping *mapping = context;
    struct json_slice slice;
    if (mapping->params) {
        return json_object_get(mapping->params, param);
    }
    json_t *value = find_slice(mapping, param, &slice) ? load(mapping, slice.at, slice.length_bytes) : NULL;
    if (value && json_array_append_new(mapping->held, value) != 0) {
        mapping->failed = true;
        return NULL;
    }
    return value;
}

static enum map_end cannot(char why[MAP_WHY_SIZE], const char *what, const char *name) {
    snprintf(why, MAP_WHY_SIZE, "%s%s", what, name);
    return MAP_CANNOT;
}

/* True when the part of the params that the name leads to is sent in the body. */
static bool template_has(const json_t *template, const char *name) {
    const char *text = json_string_value(template), *key;
    const json_t *part;
    char place[ROUTE_WORD_SIZE + 4];
    if (text) {
        int length = snprintf(place, sizeof place, "{/%.*s", ROUTE_WORD_SIZE - 1, name);
        return strncmp(text, place, (size_t)length) == 0 && (text[length] == '}' || text[length] == '/');
    }
    json_object_foreach((json_t *)template, key, part) {
        if (template_has(part, name)) {
            return true;
        }
    }
    return false;
}

static bool body_has(const json_t *body, const char *name) {
    const char *pointer = json_string_value(body);
    if (!pointer) {
        return template_has(body, name);
    }
    return !*pointer || (strcmp(pointer + 1, name) == 0);
}

static enum map_end check_places(const struct mapping *mapping, char why[MAP_WHY_SIZE]) {
    const struct profile_route *route = mapping->route;
    const char *name;
    json_t *value;
    json_object_foreach(mapping->params, name, value) {
        if (!json_is_null(value) && !http_route_has(&route->route, name) && !body_has(route->body, name)) {
            return cannot(why, "the route has no place for ", name);
        }
    }
    return MAP_DONE;
}

static enum map_end check_user(const struct mapping *mapping, char why[MAP_WHY_SIZE]) {
    const json_t *user = json_object_get(mapping->params, "user_id");
    for (size_t i = 0; i < sizeof trusting / sizeof trusting[0]; i++) {
        if (strcmp(trusting[i], mapping->request->method) == 0 && (!user || json_is_null(user))) {
            return cannot(why, "without a user_id the caller is trusted; by HTTP nobody is", "");
        }
    }
    return MAP_DONE;
}

static enum map_end check_params(const struct mapping *mapping, char why[MAP_WHY_SIZE]) {
    if (!mapping->params) {
        return mapping->route->body
                   ? MAP_DONE
                   : cannot(why, "the params are no JSON, and only a body could hold them", "");
    }
    if (!json_is_object(mapping->params)) {
        return mapping->route->body && body_has(mapping->route->body, "")
                   ? MAP_DONE
                   : cannot(why, "the params are no object, and a URL has places for members only", "");
    }
    enum map_end end = check_user(mapping, why);
    return end == MAP_DONE ? check_places(mapping, why) : end;
}

/* The template with each "{/pointer}" replaced; NULL for a part that is left out, or when memory ran out. */
static json_t *fill(struct mapping *mapping, const json_t *template) {
    const char *text = json_string_value(template), *key;
    size_t length = text ? strlen(text) : 0;
    json_t *part;
    if (text && length > 2 && strncmp(text, "{/", 2) == 0 && text[length - 1] == '}') {
        char pointer[256];
        snprintf(pointer, sizeof pointer, "%.*s", (int)(length - 2), text + 1);
        json_t *value = value_at(mapping->params, pointer);
        json_t *copy = value ? json_deep_copy(value) : NULL;
        mapping->failed = mapping->failed || (value && !copy);
        return copy;
    }
    if (!json_is_object(template)) {
        json_t *copy = json_deep_copy(template);
        mapping->failed = mapping->failed || !copy;
        return copy;
    }
    json_t *object = json_object();
    json_object_foreach((json_t *)template, key, part) {
        json_t *value = fill(mapping, part);
        mapping->failed = mapping->failed || (value && json_object_set_new_nocheck(object, key, value) != 0);
    }
    return object;
}

static enum map_end add_template(struct mapping *mapping, struct http_sketch *sketch,
                                 char why[MAP_WHY_SIZE]) {
    if (!mapping->params) {
        return cannot(why, "the params are no JSON, and this body is made of values", "");
    }
    json_t *value = fill(mapping, mapping->route->body);
    bool written = value && value_write(&sketch->body, value);
    json_decref(value);
    return written && !mapping->failed ? MAP_DONE : MAP_NO_MEMORY;
}

/* The bytes themselves, so that what no JSON value can hold arrives too. An absent member is an empty body. */
static enum map_end add_slice(struct mapping *mapping, const char *pointer, struct http_sketch *sketch,
                              char why[MAP_WHY_SIZE]) {
    const struct request *request = mapping->request;
    struct json_slice slice = {request->params, request->params_length_bytes};
    enum json_slice_end end =
        *pointer ? json_slice_member(slice.at, slice.length_bytes, pointer + 1, &slice) : JSON_SLICE_FOUND;
    if (end == JSON_SLICE_UNCLEAR) {
        return cannot(why, "it is not clear which part of the params is the body", "");
    }
    text_add(&sketch->body, "");
    sketch->without_members = end != JSON_SLICE_FOUND || slice.length_bytes == 0 || *slice.at != '{';
    if (end == JSON_SLICE_FOUND) {
        text_append(&sketch->body, slice.at, slice.length_bytes);
    }
    return sketch->body.failed ? MAP_NO_MEMORY : MAP_DONE;
}

static enum map_end add_body(struct mapping *mapping, struct http_sketch *sketch, char why[MAP_WHY_SIZE]) {
    const json_t *body = mapping->route->body;
    sketch->has_body = body != NULL;
    if (!body) {
        return MAP_DONE;
    }
    return json_is_string(body) ? add_slice(mapping, json_string_value(body), sketch, why)
                                : add_template(mapping, sketch, why);
}

/* Params that are no JSON must still tell what the URL needs, each of it once. */
static enum map_end check_raw(struct mapping *mapping, char why[MAP_WHY_SIZE]) {
    const struct http_route *route = &mapping->route->route;
    struct json_slice slice;
    for (size_t i = 0; !mapping->params && i < route->pair_count; i++) {
        if (route->pairs[i].param[0] &&
            json_slice_member(mapping->request->params, mapping->request->params_length_bytes,
                              route->pairs[i].param, &slice) == JSON_SLICE_UNCLEAR) {
            return cannot(
                why, "the params are no JSON, and do not tell what the URL needs: ", route->pairs[i].param);
        }
    }
    return MAP_DONE;
}

static enum map_end map(struct mapping *mapping, struct http_sketch *sketch, char why[MAP_WHY_SIZE]) {
    const struct http_route *route = &mapping->route->route;
    enum map_end end = check_params(mapping, why);
    end = end == MAP_DONE ? check_raw(mapping, why) : end;
    if (end == MAP_DONE && !http_route_write(route, value_of, mapping, &sketch->path, why, MAP_WHY_SIZE)) {
        end = why[0] ? MAP_CANNOT : MAP_NO_MEMORY;
    }
    end = end == MAP_DONE ? add_body(mapping, sketch, why) : end;
    return mapping->failed ? MAP_NO_MEMORY : end;
}

enum map_end http_map(const struct profile_route *route, const struct request *request,
                      struct http_sketch *sketch, char why[MAP_WHY_SIZE]) {
    struct mapping mapping = {.route = route, .request = request};
    *sketch = (struct http_sketch){.verb = route->route.verb};
    why[0] = '\0';
    mapping.params = load(&mapping, request->params, request->params_length_bytes);
    mapping.held = json_array();
    enum map_end end = mapping.held && !mapping.failed ? map(&mapping, sketch, why) : MAP_NO_MEMORY;
    json_decref(mapping.params);
    json_decref(mapping.held);
    if (end != MAP_DONE) {
        http_sketch_release(sketch);
    }
    return end;
}

void http_map_field(const struct profile_route *route, const char *field, char *out, size_t out_size) {
    const char *param = field[0] == '/' ? http_route_param_of(&route->route, field + 1) : NULL;
    const char *body = json_string_value(route->body);
    if (param) {
        snprintf(out, out_size, "/%s", param);
    } else if (body && *body && (!*field || (*field == '/' && !http_route_has(&route->route, field + 1)))) {
        snprintf(out, out_size, "%s%s", body, field);
    } else {
        snprintf(out, out_size, "%s", field);
    }
    text_trim_partial(out);
}
