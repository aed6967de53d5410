#include "suites/self/support_api.h"
#include "harness/base/schema.h"
#include "reference/server/openapi.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

static const char components[] = "#/components/schemas/";

void api_bench_init(struct api_bench *bench, const struct server_options *options) {
    static const struct server_options none = {0};
    bench->deployment = deployment_memory_new();
    assert_non_null(bench->deployment);
    assert_int_equal(deployment_set_clock(bench->deployment, BENCH_NOW_US, NULL), HP_OK);
    assert_int_equal(api_init(&bench->site, bench->deployment, options ? options : &none, NULL), HP_OK);
}

void api_bench_release(struct api_bench *bench) {
    site_release(&bench->site);
    deployment_free(bench->deployment);
}

/* The schemas of the description by the names that the interpreter wants: #/$defs/NAME. */
static void rename_references(json_t *value) {
    const char *key;
    json_t *member;
    size_t index;
    void *next;
    json_array_foreach(value, index, member) {
        rename_references(member);
    }
    json_object_foreach_safe(value, next, key, member) {
        const char *text = json_string_value(member);
        if (strcmp(key, "$ref") == 0 && text && strncmp(text, components, sizeof components - 1) == 0) {
            json_object_set_new(value, key, json_sprintf("#/$defs/%s", text + sizeof components - 1));
        } else {
            rename_references(member);
        }
    }
}

static json_t *follow(json_t *description, json_t *value) {
    const char *reference = json_string_value(json_object_get(value, "$ref"));
    if (!reference) {
        return value;
    }
    char path[128];
    snprintf(path, sizeof path, "%s", reference + 2);
    value = description;
    for (char *part = strtok(path, "/"); part; part = strtok(NULL, "/")) {
        value = json_object_get(value, part);
    }
    assert_non_null(value);
    return value;
}

static void check_body(json_t *description, json_t *content, const json_t *body) {
    struct schema *schema = NULL;
    struct hp_problem problem = {0};
    json_t *document = json_deep_copy(json_object_get(content, "schema"));
    json_object_set_new(
        document, "$defs",
        json_deep_copy(json_object_get(json_object_get(description, "components"), "schemas")));
    rename_references(document);
    assert_int_equal(schema_compile(document, &schema, &problem), HP_OK);
    if (schema_check(schema, body, &problem) != HP_OK) {
        fail_msg("not as described: %s %s", problem.field, problem.detail);
    }
    schema_free(schema);
    json_decref(document);
}

static json_t *described_answer(json_t *description, const char *method, const char *pattern,
                                unsigned status) {
    char lower[16] = "", number[8];
    for (size_t i = 0; method[i] && i < sizeof lower - 1; i++) {
        lower[i] = (char)(method[i] | 0x20);
    }
    snprintf(number, sizeof number, "%u", status);
    json_t *path = json_object_get(json_object_get(description, "paths"), pattern);
    json_t *operation = json_object_get(path, strcmp(lower, "head") == 0 ? "get" : lower);
    json_t *answer = json_object_get(json_object_get(operation, "responses"), number);
    if (!answer) {
        fail_msg("the description knows no %u for %s %s", status, method, pattern);
    }
    return follow(description, answer);
}

void api_check_described(const char *method, const char *pattern, unsigned status, const char *content_type,
                         const json_t *body, const char *(*header)(const void *context, const char *name),
                         const void *context) {
    json_t *description = json_loadb(openapi_json, openapi_json_length_bytes, 0, NULL);
    assert_non_null(description);
    json_t *answer = described_answer(description, method, pattern, status), *content, *member;
    const char *name;
    json_object_foreach(json_object_get(answer, "headers"), name, member) {
        bool required = json_is_true(json_object_get(follow(description, member), "required"));
        if (required && strcmp(name, "X-Request-Id") != 0 && !header(context, name)) {
            fail_msg("%s %s, %u: the header %s is missing", method, pattern, status, name);
        }
    }
    content = json_object_get(answer, "content");
    if (content_type) {
        json_t *type = json_object_get(content, content_type);
        if (!type) {
            fail_msg("%s %s, %u: a body of %s is not described", method, pattern, status, content_type);
        }
        check_body(description, type, body);
    } else {
        assert_true(content == NULL || strcmp(method, "HEAD") == 0);
    }
    json_decref(description);
}

static const char *header_of(const void *context, const char *name) {
    return response_header(context, name);
}

/* What the description knows are the rows of the table; the others are refused before. */
static void check_answer(const struct server_call *call, const struct api_reply *reply) {
    const struct route *route = call->match.route;
    if (route && strcmp(call->request.method, "OPTIONS") != 0) {
        api_check_described(call->request.method, route->pattern, reply->status, call->response.content_type,
                            reply->json, header_of, &call->response);
    }
}

static void read_line(struct server_call *call, const char *line, char method[16]) {
    const char *blank = strchr(line, ' ');
    assert_non_null(blank);
    snprintf(method, 16, "%.*s", (int)(blank - line), line);
    call->request.method = method;
    call->request.target = blank + 1;
}

void api_call(struct api_bench *bench, const struct api_request *request, struct api_reply *reply) {
    struct server_call call = {.site = &bench->site};
    char method[16];
    read_line(&call, request->line, method);
    size_t length =
        request->body && !request->body_length_bytes ? strlen(request->body) : request->body_length_bytes;
    call.request.announced_bytes = length;
    call.request.headers[HEADER_CONTENT_TYPE] = request->content_type ? request->content_type
                                                : request->body       ? "application/json"
                                                                      : NULL;
    call.request.headers[HEADER_AUTHORIZATION] = request->authorization;
    call.request.headers[HEADER_IDEMPOTENCY_KEY] = request->key;
    call.request.headers[HEADER_USER] = request->user;
    call.request.repeated[request->repeated] = request->repeated != HEADER_CONTENT_TYPE;
    if (!call_screen(&call)) {
        call.request.body = request->body;
        call.request.body_length_bytes = length;
        call_answer(&call);
    }
    size_t body_length;
    const char *body = response_body(&call.response, &body_length);
    *reply = (struct api_reply){.status = call.response.status};
    reply->json = body_length > 0 ? json_loadb(body, body_length, 0, NULL) : NULL;
    assert_int_equal(reply->json != NULL, call.response.content_type != NULL);
    check_answer(&call, reply);
    reply->response = call.response;
    call.response.body = (struct text){0};
    call_release(&call);
}

void api_reply_release(struct api_reply *reply) {
    json_decref(reply->json);
    response_release(&reply->response);
}

static void check_problem(const json_t *problem, unsigned status, const char *name, const char *field) {
    const char *given = json_string_value(json_object_get(problem, "field"));
    char type[64];
    snprintf(type, sizeof type, "urn:holdpoint:problem:%s", name);
    assert_string_equal(json_string_value(json_object_get(problem, "name")), name);
    assert_string_equal(json_string_value(json_object_get(problem, "type")), type);
    assert_int_equal(json_integer_value(json_object_get(problem, "status")), status);
    assert_string_equal(given ? given : "", field ? field : "");
}

void api_expect(struct api_bench *bench, const struct api_request *request, unsigned status, const char *name,
                const char *field) {
    struct api_reply reply;
    api_call(bench, request, &reply);
    if (reply.status != status) {
        size_t length;
        fail_msg("%s: %u, not %u: %s", request->line, reply.status, status,
                 response_body(&reply.response, &length));
    }
    if (name) {
        assert_string_equal(reply.response.content_type, "application/problem+json");
        check_problem(reply.json, status, name, field);
    }
    api_reply_release(&reply);
}

void api_create(struct api_bench *bench, char id[HP_ID_SIZE]) {
    struct api_reply reply;
    char line[300];
    snprintf(line, sizeof line, "POST %s/interrupts", bench->site.prefix);
    api_call(
        bench,
        &(struct api_request){
            .line = line,
            .body =
                "{\"kind\":\"confirmation\",\"request_id\":\"r1\",\"user_id\":\"ann\",\"session_id\":\"s1\"}",
            .user = "ann"},
        &reply);
    assert_int_equal(reply.status, 201);
    snprintf(id, HP_ID_SIZE, "%s", json_string_value(json_object_get(reply.json, "id")));
    api_reply_release(&reply);
}

json_t *api_wire(struct api_bench *bench, const char *method, const char *params) {
    json_t *result = NULL;
    struct hp_service *service = deployment_enter(bench->deployment);
    assert_int_equal(door_call(service, method, params, strlen(params), &result, NULL), HP_OK);
    deployment_leave(bench->deployment);
    return result;
}

size_t api_count_events(struct api_bench *bench) {
    json_t *result = api_wire(bench, "events.drain", "{}");
    size_t count = json_array_size(json_object_get(result, "events"));
    json_decref(result);
    return count;
}
