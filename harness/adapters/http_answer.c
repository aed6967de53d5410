#include "harness/adapters/http_answer.h"

#include "harness/adapters/answer_json.h"
#include "harness/adapters/excerpt.h"
#include "harness/adapters/http_map.h"
#include "harness/base/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ERROR_TEXT_MAX = 64 * 1024 };

static void break_answer(struct answer *answer, const char *detail) {
    answer_release(answer);
    answer->kind = ANSWER_BROKEN;
    text_put(answer->detail, sizeof answer->detail, detail);
}

/* application/json, or application/problem+json and its like; parameters count for nothing. */
static bool is_json_type(const char *type) {
    size_t length = strcspn(type, "; \t");
    return (length == 16 && strncasecmp(type, "application/json", 16) == 0) ||
           (length > 5 && strncasecmp(type + length - 5, "+json", 5) == 0);
}

/* The body of a success; NULL, and the answer broken, when it is none. The caller drops it. */
static json_t *load_body(const struct http_reply *reply, struct answer *answer) {
    char excerpt[EXCERPT_SIZE], detail[ADAPTER_DETAIL_SIZE];
    json_error_t error;
    const char *bytes = reply->body.bytes ? reply->body.bytes : "";
    if (reply->body.length_bytes > 0 && reply->content_type[0] && !is_json_type(reply->content_type)) {
        snprintf(detail, sizeof detail,
                 "status %u with a body of type %s where application/json was expected", reply->status,
                 reply->content_type);
        break_answer(answer, detail);
        return NULL;
    }
    json_t *body = answer_json_load(bytes, reply->body.length_bytes, &error);
    if (!body) {
        excerpt_put(excerpt, bytes, reply->body.length_bytes);
        snprintf(detail, sizeof detail, "status %u with a body that is no JSON: %s", reply->status, excerpt);
        break_answer(answer, detail);
    }
    return body;
}

/* Gives an interrupt's members the names of the wire; false when memory runs out. */
static bool rename_members(const json_t *renamed, json_t *interrupt) {
    const char *theirs;
    json_t *ours;
    json_object_foreach((json_t *)renamed, theirs, ours) {
        json_t *value = json_object_get(interrupt, theirs);
        if (value && strcmp(theirs, json_string_value(ours)) != 0) {
            if (json_object_set_nocheck(interrupt, json_string_value(ours), value) != 0) {
                return false;
            }
            json_object_del(interrupt, theirs);
        }
    }
    return true;
}

static bool rename_all(const json_t *renamed, json_t *value) {
    size_t index;
    json_t *row;
    bool whole = rename_members(renamed, value);
    json_array_foreach(value, index, row) {
        whole = whole && rename_members(renamed, row);
    }
    return whole;
}

/* Puts the result together; NULL when memory runs out. */
static json_t *make_result(const struct profile *profile, const json_t *places, const json_t *body) {
    json_t *result = json_object(), *place;
    const char *name;
    bool whole = result != NULL;
    json_object_foreach((json_t *)places, name, place) {
        json_t *value = json_is_string(place) ? value_at(body, json_string_value(place)) : NULL;
        bool is_interrupt = strncmp(name, "interrupt", 9) == 0;
        value = json_is_null(place) ? json_null() : json_incref(value);
        if (value) {
            whole = whole && (!is_interrupt || rename_all(profile->renamed, value)) &&
                    json_object_set_nocheck(result, name, value) == 0;
            json_decref(value);
        }
    }
    if (!whole) {
        json_decref(result);
        return NULL;
    }
    return result;
}

/* Where a route has no place for a cursor and not all that matched is there, the page is not the last one: who then asks
 * for the next is told that this cannot be said. */
static bool mark_page(const struct profile_route *route, json_t *result) {
    const json_t *rows = json_object_get(result, "interrupts"), *total = json_object_get(result, "total");
    if (!rows || http_route_has(&route->route, "cursor") ||
        json_integer_value(total) <= (json_int_t)json_array_size(rows)) {
        return true;
    }
    return json_object_set_new(result, "next_cursor", json_string("(the API has no pages)")) == 0;
}

static void read_success(const struct profile *profile, const struct profile_route *route,
                         const struct http_reply *reply, struct answer *answer) {
    json_t *body = route->then ? json_object() : load_body(reply, answer);
    if (answer->kind == ANSWER_BROKEN) {
        return;
    }
    answer->kind = ANSWER_RESULT;
    answer->result = body ? make_result(profile, route->result, body) : NULL;
    if (!answer->result || !mark_page(route, answer->result)) {
        break_answer(answer, "harness: out of memory");
    }
    json_decref(body);
}

static const char *text_at(const json_t *body, const char *pointer) {
    return pointer ? json_string_value(value_at(body, pointer)) : NULL;
}

/* What a person reads of it: the text at the profile's place, else how the body begins. */
static void put_detail(const struct profile *profile, const struct http_reply *reply, const json_t *body,
                       struct answer *answer) {
    char excerpt[EXCERPT_SIZE];
    const json_t *detail = profile->detail ? value_at(body, profile->detail) : NULL;
    char *shown = json_is_string(detail) ? text_copy(json_string_value(detail))
                  : detail               ? value_show(detail, ADAPTER_DETAIL_SIZE / 2)
                                         : NULL;
    if (!shown && reply->body.length_bytes > 0) {
        excerpt_put(excerpt, reply->body.bytes, reply->body.length_bytes);
    }
    snprintf(answer->detail, sizeof answer->detail, "status %u%s%s", reply->status,
             shown || reply->body.length_bytes ? ": " : "",
             shown                      ? shown
             : reply->body.length_bytes ? excerpt
                                        : "");
    text_trim_partial(answer->detail);
    free(shown);
}

/* The whole body, for who looks for what it must not tell. */
static char *copy_body(const struct http_reply *reply, const json_t *body) {
    struct text text = {.cap_bytes = ERROR_TEXT_MAX};
    char *whole = body ? value_dump(body, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    if (whole || reply->body.length_bytes == 0) {
        return whole;
    }
    size_t length =
        reply->body.length_bytes < ERROR_TEXT_MAX / 2 ? reply->body.length_bytes : ERROR_TEXT_MAX / 8;
    bool plain = text_is_utf8(reply->body.bytes, length);
    if (plain && value_write_string(&text, reply->body.bytes, length)) {
        return text_take(&text);
    }
    text_release(&text);
    return NULL;
}

static void read_refusal(const struct profile *profile, const struct profile_route *route,
                         bool without_members, const struct http_reply *reply, struct answer *answer) {
    json_error_t error;
    const char *name = reply->status < PROFILE_STATUS_END ? profile->statuses[reply->status] : NULL;
    json_t *body = reply->body.length_bytes
                       ? answer_json_load(reply->body.bytes, reply->body.length_bytes, &error)
                       : NULL;
    const char *field = text_at(body, profile->field);
    const char *status = text_at(body, profile->interrupt_status);
    answer->kind = ANSWER_REFUSED;
    if (!field && profile->field && without_members && name && strcmp(name, "invalid") == 0) {
        field = "";
    }
    if (name) {
        text_put(answer->error_name, sizeof answer->error_name, name);
    } else {
        snprintf(answer->error_name, sizeof answer->error_name, "HTTP %u", reply->status);
    }
    text_put(answer->interrupt_status, sizeof answer->interrupt_status, status ? status : "");
    if (field && route) {
        http_map_field(route, field, answer->field, sizeof answer->field);
    } else {
        text_put(answer->field, sizeof answer->field, field ? field : "");
    }
    answer->untold_field = !profile->field;
    answer->untold_status = !profile->interrupt_status;
    put_detail(profile, reply, body, answer);
    answer->error_text = copy_body(reply, body);
    json_decref(body);
}

void http_answer_read(const struct profile *profile, const struct profile_route *route, bool without_members,
                      const struct http_reply *reply, struct answer *answer) {
    memset(answer, 0, sizeof *answer);
    if (reply->broken) {
        break_answer(answer, reply->detail);
    } else if (reply->status >= 200 && reply->status < 300) {
        read_success(profile, route, reply, answer);
    } else {
        read_refusal(profile, route, without_members, reply, answer);
    }
}

void http_answer_read_controls(const struct profile *profile, const struct http_reply *reply,
                               struct answer *answer) {
    memset(answer, 0, sizeof *answer);
    if (reply->broken) {
        break_answer(answer, reply->detail);
        return;
    }
    if (reply->status < 200 || reply->status >= 300) {
        struct profile plain = *profile;
        plain.detail = "/detail";
        plain.field = "/field";
        plain.interrupt_status = "/interrupt_status";
        read_refusal(&plain, NULL, false, reply, answer);
        return;
    }
    json_t *body = load_body(reply, answer);
    if (!body) {
        return;
    }
    answer->result = json_incref(json_object_get(body, "result"));
    json_decref(body);
    if (!answer->result) {
        break_answer(answer, "the controls answered without a result");
        return;
    }
    answer->kind = ANSWER_RESULT;
}
