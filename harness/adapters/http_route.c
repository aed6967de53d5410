#include "harness/adapters/http_route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What every server has to take, by RFC 9110, section 4.1. */
enum { TARGET_BYTES_MAX = 8000 };

/* The params whose values are no text. */
static const char number_param[] = "limit";
static const char list_param[] = "kinds";

static const char *const verbs[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

void http_route_release(struct http_route *route) {
    free(route->path);
    memset(route, 0, sizeof *route);
}

static enum hp_status refuse(struct hp_problem *problem, const char *text, const char *what) {
    return hp_problem_set(problem, HP_INVALID, NULL, "\"%.100s\": %s", text, what);
}

static bool put_word(char word[ROUTE_WORD_SIZE], const char *from, size_t length) {
    if (length == 0 || length >= ROUTE_WORD_SIZE) {
        return false;
    }
    memcpy(word, from, length);
    word[length] = '\0';
    return true;
}

static bool read_verb(const char *text, size_t length, struct http_route *route) {
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strlen(verbs[i]) == length && strncmp(verbs[i], text, length) == 0) {
            text_put(route->verb, sizeof route->verb, verbs[i]);
            return true;
        }
    }
    return false;
}

/* NAME={param}, NAME={param*} or NAME=literal. */
static bool read_pair(const char *from, size_t length, struct http_route_pair *pair) {
    const char *equals = memchr(from, '=', length);
    if (!equals || !put_word(pair->name, from, (size_t)(equals - from))) {
        return false;
    }
    const char *value = equals + 1;
    size_t rest = length - (size_t)(value - from);
    if (rest < 3 || value[0] != '{') {
        return !memchr(value, '{', rest) && put_word(pair->value, value, rest);
    }
    pair->each = value[rest - 2] == '*';
    return value[rest - 1] == '}' && put_word(pair->param, value + 1, rest - 2 - pair->each);
}

static enum hp_status read_query(const char *text, const char *query, struct http_route *route,
                                 struct hp_problem *problem) {
    while (*query) {
        size_t length = strcspn(query, "&");
        if (route->pair_count == ROUTE_PAIRS_MAX) {
            return refuse(problem, text, "the query has too many pairs");
        }
        if (!read_pair(query, length, &route->pairs[route->pair_count])) {
            return refuse(problem, text, "the query must be NAME={param}&NAME={param*}&NAME=literal");
        }
        route->pair_count++;
        query += length + (query[length] == '&');
    }
    return HP_OK;
}

static bool path_is_sound(const char *path) {
    for (const char *open = strchr(path, '{'); open; open = strchr(open, '{')) {
        size_t length = strcspn(open + 1, "{}");
        if (length == 0 || length >= ROUTE_WORD_SIZE || open[1 + length] != '}') {
            return false;
        }
        open += length + 2;
    }
    return !strpbrk(path, " #");
}

enum hp_status http_route_read(const char *text, struct http_route *route, struct hp_problem *problem) {
    size_t length = strcspn(text, " ");
    *route = (struct http_route){0};
    if (!read_verb(text, length, route) || strncmp(text + length, " /", 2) != 0) {
        return refuse(problem, text,
                      "\"VERB /path?query\" was expected, the verb GET, POST, PUT, PATCH or DELETE");
    }
    const char *path = text + length + 1;
    size_t path_length = strcspn(path, "?");
    route->path = text_copy_bytes(path, path_length);
    if (!route->path) {
        return hp_problem_no_memory(problem);
    }
    if (!path_is_sound(route->path)) {
        return refuse(problem, text, "the path must be /word/{param}/word");
    }
    return path[path_length] ? read_query(text, path + path_length + 1, route, problem) : HP_OK;
}

bool http_route_has(const struct http_route *route, const char *param) {
    char place[ROUTE_WORD_SIZE + 2];
    for (size_t i = 0; i < route->pair_count; i++) {
        if (strcmp(route->pairs[i].param, param) == 0) {
            return true;
        }
    }
    snprintf(place, sizeof place, "{%.*s}", ROUTE_WORD_SIZE - 1, param);
    return strstr(route->path, place) != NULL;
}

const char *http_route_param_of(const struct http_route *route, const char *pair) {
    for (size_t i = 0; i < route->pair_count; i++) {
        if (strcmp(route->pairs[i].name, pair) == 0 && route->pairs[i].param[0]) {
            return route->pairs[i].param;
        }
    }
    return NULL;
}

static void add_encoded(struct text *out, const char *bytes, size_t length) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] && strchr(plain, bytes[i])) {
            text_add_byte(out, bytes[i]);
        } else {
            text_addf(out, "%%%02X", (unsigned)(unsigned char)bytes[i]);
        }
    }
}

static bool cannot(char *why, size_t why_size, const char *param, const char *what) {
    snprintf(why, why_size, "%s: %s", param, what);
    return false;
}

/* Adds one value as text. A value of another type than its param has would arrive as a right one. */
static bool add_value(const char *param, const json_t *value, struct text *out, char *why, size_t why_size) {
    if (strcmp(param, number_param) == 0) {
        if (!json_is_number(value)) {
            return cannot(why, why_size, param, "a URL cannot tell what is no number from a number");
        }
        return json_is_integer(value) ? text_addf(out, "%lld", (long long)json_integer_value(value))
                                      : text_addf(out, "%.17g", json_real_value(value));
    }
    if (!json_is_string(value)) {
        return cannot(why, why_size, param, "a URL cannot tell what is no text from text");
    }
    add_encoded(out, json_string_value(value), json_string_length(value));
    return !out->failed;
}

static bool add_pair(const struct http_route_pair *pair, const json_t *value, char *mark, struct text *out,
                     char *why, size_t why_size) {
    text_addf(out, "%c%s=", *mark, pair->name);
    *mark = '&';
    return add_value(pair->param, value, out, why, why_size);
}

static bool add_list(const struct http_route_pair *pair, const json_t *list, char *mark, struct text *out,
                     char *why, size_t why_size) {
    if (!json_is_array(list)) {
        return cannot(why, why_size, pair->param, "a URL cannot tell what is no list from a list");
    }
    size_t count = json_array_size(list);
    if (count == 0) {
        return cannot(why, why_size, pair->param, "a URL cannot say an empty list");
    }
    if (count > 1 && !pair->each) {
        return cannot(why, why_size, pair->param, "the route has a place for one of them only");
    }
    for (size_t i = 0; i < count; i++) {
        if (!add_pair(pair, json_array_get(list, i), mark, out, why, why_size)) {
            return false;
        }
    }
    return true;
}

static bool add_query(const struct http_route *route, http_route_value *value_of, void *context,
                      struct text *out, char *why, size_t why_size) {
    char mark = '?';
    for (size_t i = 0; i < route->pair_count; i++) {
        const struct http_route_pair *pair = &route->pairs[i];
        if (!pair->param[0]) {
            text_addf(out, "%c%s=%s", mark, pair->name, pair->value);
            mark = '&';
            continue;
        }
        const json_t *value = value_of(context, pair->param);
        if (!value || json_is_null(value)) {
            continue;
        }
        bool listed = strcmp(pair->param, list_param) == 0;
        if (!(listed ? add_list : add_pair)(pair, value, &mark, out, why, why_size)) {
            return false;
        }
    }
    return true;
}

/* A segment that is empty or dots would be another path. */
static bool add_segment(const char *param, const json_t *value, struct text *out, char *why,
                        size_t why_size) {
    const char *text = json_string_value(value);
    if (!value || json_is_null(value)) {
        return cannot(why, why_size, param, "the path cannot do without it");
    }
    if (text && (json_string_length(value) == 0 || strcmp(text, ".") == 0 || strcmp(text, "..") == 0)) {
        return cannot(why, why_size, param, "as a part of the path it would lead elsewhere");
    }
    return add_value(param, value, out, why, why_size);
}

static bool add_path(const struct http_route *route, http_route_value *value_of, void *context,
                     struct text *out, char *why, size_t why_size) {
    const char *at = route->path;
    while (*at) {
        size_t length = strcspn(at, "{");
        char param[ROUTE_WORD_SIZE];
        text_append(out, at, length);
        at += length;
        if (!*at) {
            break;
        }
        length = strcspn(at, "}");
        put_word(param, at + 1, length - 1);
        if (!add_segment(param, value_of(context, param), out, why, why_size)) {
            return false;
        }
        at += length + 1;
    }
    return true;
}

bool http_route_write(const struct http_route *route, http_route_value *value_of, void *context,
                      struct text *out, char *why, size_t why_size) {
    size_t from = out->length_bytes;
    why[0] = '\0';
    if (!add_path(route, value_of, context, out, why, why_size) ||
        !add_query(route, value_of, context, out, why, why_size) || out->failed) {
        return false;
    }
    if (out->length_bytes - from > TARGET_BYTES_MAX) {
        snprintf(why, why_size, "a URL of %zu bytes is more than servers have to take",
                 out->length_bytes - from);
        return false;
    }
    return true;
}
