#include "reference/server/interrupts.h"
#include "reference/core/canonical.h"
#include "reference/core/request.h"
#include "reference/core/wire_text.h"
#include "reference/server/problem_json.h"
#include "reference/service/checked.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MAX_BYTES = 255, SCOPE_SIZE = 768, PAGE_CAP_BYTES = 256 * 1024 * 1024 };

/* What a key of the caller's comes to. Zeroed it is none. */
struct request_key {
    struct hp_idempotency idempotency;
    char scope[SCOPE_SIZE];
    struct text request;
};

static enum hp_status answer_made(struct server_call *call, unsigned http_status) {
    call->response.status = http_status;
    call->response.content_type = http_status == 204 ? NULL : "application/json";
    return call->response.body.failed ? hp_problem_no_memory(&call->problem) : HP_OK;
}

/* Where the wire of docs/adapters.md has another name than the HTTP API, and what it is here. */
static void rename_field(struct hp_problem *problem) {
    static const struct {
        const char *wire, *here;
    } names[] = {{"/status", "/status_filter"}, {"/kinds", "/kind"}};
    static const char response[] = "/response";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(problem->field, names[i].wire) == 0) {
            text_put(problem->field, sizeof problem->field, names[i].here);
        }
    }
    if (strncmp(problem->field, response, sizeof response - 1) == 0) {
        memmove(problem->field, problem->field + sizeof response - 1,
                strlen(problem->field) - sizeof response + 2);
    }
}

/* The body of a creation or response, which must be an object. */
static enum hp_status read_body(struct server_call *call, json_t **body) {
    return request_read(call->request.body, call->request.body_length_bytes, body, &call->problem);
}

/* Reads the header Idempotency-Key; *idempotency stays NULL when there is none. */
static enum hp_status read_key(struct server_call *call, struct request_key *key, const char *user,
                               const json_t *body, struct hp_idempotency **idempotency) {
    const char *given = call->request.headers[HEADER_IDEMPOTENCY_KEY];
    if (!given) {
        return HP_OK;
    }
    size_t length = strlen(given);
    if (length == 0 || length > KEY_MAX_BYTES || !text_is_utf8(given, length) ||
        call->request.repeated[HEADER_IDEMPOTENCY_KEY]) {
        return hp_problem_set(&call->problem, HP_INVALID, "/Idempotency-Key",
                              "one Idempotency-Key of 1 to 255 bytes of UTF-8 was expected");
    }
    struct text scope = {.cap_bytes = sizeof key->scope};
    text_addf(&scope, "%s %s\n%s", call->match.route->pattern, call->match.id, user);
    text_put(key->scope, sizeof key->scope, scope.bytes ? scope.bytes : "");
    bool made = !scope.failed && canonical_write(&key->request, body);
    text_release(&scope);
    if (!made) {
        return hp_problem_no_memory(&call->problem);
    }
    key->idempotency =
        (struct hp_idempotency){.scope = key->scope, .key = given, .request = key->request.bytes};
    *idempotency = &key->idempotency;
    return HP_OK;
}

/* What the key has to say to the answer. */
static void tell_key(struct server_call *call, const struct request_key *key, enum hp_status status) {
    if (!key->idempotency.key) {
        return;
    }
    if (status == HP_OK && key->idempotency.outcome == HP_KEY_REPLAYED) {
        response_header_add(&call->response, "Idempotency-Replayed", "true");
    } else if (status == HP_INVALID && key->idempotency.outcome == HP_KEY_TAKEN) {
        call->refusal = 422;
        text_put(call->problem.field, sizeof call->problem.field, "/Idempotency-Key");
    } else if (status == HP_CONFLICT && key->idempotency.outcome == HP_KEY_BUSY) {
        response_header_add(&call->response, "Retry-After", "%d", PROBLEM_RETRY_SECONDS);
    }
}

/* With a proxy that names the user the body need not, and must not name another. */
static enum hp_status put_user(struct server_call *call, json_t *body) {
    const json_t *named = json_object_get(body, "user_id");
    if (!call->user || (json_is_string(named) && strcmp(json_string_value(named), call->user) == 0)) {
        return HP_OK;
    }
    if (named && !json_is_null(named)) {
        return hp_problem_set(&call->problem, HP_FORBIDDEN, NULL,
                              "user_id is not the user that the proxy names");
    }
    return json_object_set_new(body, "user_id", json_string(call->user)) == 0
               ? HP_OK
               : hp_problem_no_memory(&call->problem);
}

static enum hp_status create_from(struct server_call *call, json_t *body, struct request_key *key,
                                  struct hp_interrupt **created) {
    struct hp_create create;
    char *data = NULL;
    struct hp_idempotency *idempotency = NULL;
    enum hp_status status = request_read_create(body, &create, &data, &call->problem);
    if (status == HP_OK) {
        status = read_key(call, key, create.user_id, body, &idempotency);
    }
    if (status == HP_OK) {
        create.idempotency = idempotency;
        status = service_create_checked(call->service, &create, created, &call->problem);
        tell_key(call, key, status);
    }
    free(data);
    return status;
}

enum hp_status interrupts_create(struct server_call *call) {
    struct request_key key = {0};
    struct hp_interrupt *created = NULL;
    json_t *body = NULL;
    enum hp_status status = read_body(call, &body);
    if (status == HP_OK) {
        status = put_user(call, body);
    }
    if (status == HP_OK) {
        status = create_from(call, body, &key, &created);
    }
    if (status == HP_OK) {
        interrupt_write(&call->response.body, created);
        response_header_add(&call->response, "Location", "%s/interrupts/%s", call->site->prefix, created->id);
        status = answer_made(call, 201);
    }
    hp_interrupt_free(created);
    json_decref(body);
    text_release(&key.request);
    return status;
}

enum hp_status interrupts_get(struct server_call *call) {
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status =
        hp_service_get(call->service, call->match.id, call->user, &interrupt, &call->problem);
    if (status == HP_OK) {
        interrupt_write(&call->response.body, interrupt);
        status = answer_made(call, 200);
    }
    hp_interrupt_free(interrupt);
    return status;
}

/* The parameters of a list as the params of interrupt.list, so that both are read by the same rules. NULL when memory
 * runs out. */
static json_t *list_params(const struct server_call *call) {
    static const struct {
        const char *parameter, *member;
    } names[] = {{"session_id", "session_id"},
                 {"request_id", "request_id"},
                 {"status_filter", "status"},
                 {"cursor", "cursor"}};
    const char *limit = query_string_value(&call->query, "limit");
    json_t *params = json_object(), *kinds = json_array();
    bool made = params && json_object_set_new(params, "user_id", json_string(call->user)) == 0;
    for (size_t i = 0; made && i < sizeof names / sizeof names[0]; i++) {
        const char *value = query_string_value(&call->query, names[i].parameter);
        made = !value || json_object_set_new(params, names[i].member, json_string(value)) == 0;
    }
    for (size_t i = 0; made && i < call->query.count; i++) {
        bool kind = strcmp(call->query.parameters[i].name, "kind") == 0;
        made = !kind || json_array_append_new(kinds, json_string(call->query.parameters[i].value)) == 0;
    }
    if (made && json_array_size(kinds) > 0) {
        made = json_object_set(params, "kinds", kinds) == 0;
    }
    if (made && limit) {
        bool digits = *limit && limit[strspn(limit, "0123456789")] == '\0' && strlen(limit) < 10;
        made = json_object_set_new(params, "limit",
                                   digits ? json_integer(atol(limit)) : json_string(limit)) == 0;
    }
    json_decref(kinds);
    if (!made) {
        json_decref(params);
        return NULL;
    }
    return params;
}

static void write_page(struct text *body, const struct hp_page *page) {
    text_add(body, "{\"interrupts\":[");
    for (size_t i = 0; i < page->count; i++) {
        text_add(body, i > 0 ? "," : "");
        interrupt_write(body, page->interrupts[i]);
    }
    text_addf(body, "],\"total\":%zu,\"next_cursor\":", page->total);
    text_addf(body, page->next_cursor[0] ? "\"%s\"}" : "null}", page->next_cursor);
}

enum hp_status interrupts_list(struct server_call *call) {
    struct hp_query query;
    struct hp_page page = {0};
    json_t *params = list_params(call);
    enum hp_status status =
        params ? request_read_list(params, &query, &call->problem) : hp_problem_no_memory(&call->problem);
    if (status == HP_OK) {
        status = hp_service_list(call->service, &query, &page, &call->problem);
    }
    if (status == HP_OK) {
        text_init(&call->response.body, PAGE_CAP_BYTES);
        write_page(&call->response.body, &page);
        status = answer_made(call, 200);
    }
    rename_field(&call->problem);
    hp_page_release(&page);
    json_decref(params);
    return status;
}

/* The params of interrupt.respond. They borrow the body; NULL when memory runs out. */
static json_t *respond_params(const struct server_call *call, json_t *body) {
    json_t *params = json_object();
    if (json_object_set_new(params, "id", json_string(call->match.id)) != 0 ||
        json_object_set_new(params, "user_id", json_string(call->user)) != 0 ||
        json_object_set(params, "response", body) != 0) {
        json_decref(params);
        return NULL;
    }
    return params;
}

static enum hp_status respond_from(struct server_call *call, json_t *body, const json_t *params,
                                   struct request_key *key, struct hp_interrupt **after) {
    struct hp_change change;
    struct hp_response response;
    char *data = NULL;
    struct hp_idempotency *idempotency = NULL;
    enum hp_status status = request_read_respond(params, &change, &response, &data, &call->problem);
    if (status == HP_OK) {
        status = read_key(call, key, call->user, body, &idempotency);
    }
    if (status == HP_OK) {
        change.idempotency = idempotency;
        status = service_change_checked(call->service, &change, after, &call->problem);
        tell_key(call, key, status);
    }
    free(data);
    return status;
}

enum hp_status interrupts_respond(struct server_call *call) {
    struct request_key key = {0};
    struct hp_interrupt *after = NULL;
    json_t *body = NULL, *params = NULL;
    enum hp_status status = read_body(call, &body);
    if (status == HP_OK) {
        params = respond_params(call, body);
        status =
            params ? respond_from(call, body, params, &key, &after) : hp_problem_no_memory(&call->problem);
    }
    if (status == HP_OK) {
        text_add(&call->response.body, "{\"success\":true,\"interrupt\":");
        interrupt_write(&call->response.body, after);
        text_addf(&call->response.body, ",\"request_can_resume\":%s}",
                  hp_request_can_resume(after) ? "true" : "false");
        status = answer_made(call, 200);
    }
    rename_field(&call->problem);
    hp_interrupt_free(after);
    json_decref(params);
    json_decref(body);
    text_release(&key.request);
    return status;
}

enum hp_status interrupts_cancel(struct server_call *call) {
    struct hp_interrupt *after = NULL;
    enum hp_status status =
        hp_service_cancel(call->service, call->match.id, call->user,
                          query_string_value(&call->query, "reason"), &after, &call->problem);
    hp_interrupt_free(after);
    return status == HP_OK ? answer_made(call, 204) : status;
}

enum hp_status interrupts_expire(struct server_call *call) {
    struct hp_id_list ids = {0};
    enum hp_status status = hp_service_expire_pending(call->service, &ids, &call->problem);
    if (status == HP_OK) {
        text_init(&call->response.body, SIZE_MAX); /* they have ended, and are told here only */
        text_add(&call->response.body, "{\"ids\":[");
        for (size_t i = 0; i < ids.count; i++) {
            text_addf(&call->response.body, "%s\"%s\"", i > 0 ? "," : "", ids.ids[i]);
        }
        text_add(&call->response.body, "]}");
        status = answer_made(call, 200);
    }
    hp_id_list_release(&ids);
    return status;
}
