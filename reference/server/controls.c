#include "reference/server/controls.h"
#include "reference/core/json.h"
#include "reference/core/request.h"
#include "reference/service/door.h"

#include <stdlib.h>
#include <string.h>

/* Answers with the value, as the member of that name when there is one, and takes it. */
static enum hp_status answer_value(struct server_call *call, const char *name, json_t *value) {
    struct text *body = &call->response.body;
    text_init(body, SIZE_MAX); /* what a drain answers is told only once */
    if (name) {
        text_addf(body, "{\"%s\":", name);
    }
    bool written = value && json_write(body, value) && text_add(body, name ? "}" : "");
    json_decref(value);
    call->response.status = 200;
    call->response.content_type = "application/json";
    return written ? HP_OK : hp_problem_no_memory(&call->problem);
}

static enum hp_status reset(struct server_call *call, json_t **result) {
    enum hp_status status = deployment_reset(call->site->deployment, &call->problem);
    *result = status == HP_OK ? json_object() : NULL;
    return status;
}

static enum hp_status set_clock(struct server_call *call, const json_t *params, json_t **result) {
    int64_t now_us = 0;
    char text[HP_INSTANT_SIZE];
    enum hp_status status = request_read_clock(params, &now_us, &call->problem);
    if (status == HP_OK) {
        status = deployment_set_clock(call->site->deployment, now_us, &call->problem);
    }
    if (status == HP_OK) {
        hp_instant_format(now_us, text);
        *result = json_pack("{ss}", "now", text);
    }
    return status;
}

/* The methods that a service has, by the door of all wires. */
static enum hp_status call_service(struct server_call *call, const char *method, const char *params,
                                   json_t **result) {
    struct hp_service *service = deployment_enter(call->site->deployment);
    enum hp_status status = door_call(service, method, params, strlen(params), result, &call->problem);
    deployment_leave(call->site->deployment);
    return status;
}

static enum hp_status answer_reset(struct server_call *call) {
    json_t *result = NULL;
    enum hp_status status = reset(call, &result);
    return status == HP_OK ? answer_value(call, NULL, result) : status;
}

static enum hp_status answer_clock(struct server_call *call) {
    json_t *body = NULL, *result = NULL;
    enum hp_status status =
        request_read(call->request.body, call->request.body_length_bytes, &body, &call->problem);
    if (status == HP_OK) {
        status = set_clock(call, body, &result);
    }
    json_decref(body);
    return status == HP_OK ? answer_value(call, NULL, result) : status;
}

static enum hp_status answer_drain(struct server_call *call) {
    json_t *result = NULL;
    enum hp_status status = call_service(call, "events.drain", "{}", &result);
    return status == HP_OK ? answer_value(call, NULL, result) : status;
}

static enum hp_status dispatch(struct server_call *call, const char *method, const json_t *params,
                               json_t **result) {
    if (strcmp(method, "reset") == 0) {
        return reset(call, result);
    }
    if (strcmp(method, "clock.set") == 0) {
        return set_clock(call, params, result);
    }
    char *text = json_to_text(params);
    enum hp_status status =
        text ? call_service(call, method, text, result) : hp_problem_no_memory(&call->problem);
    free(text);
    return status;
}

static enum hp_status read_call(struct server_call *call, json_t **body, const char **method,
                                const json_t **params) {
    enum hp_status status =
        json_read(call->request.body, call->request.body_length_bytes, body, &call->problem);
    if (status != HP_OK) {
        return status;
    }
    const json_t *endpoint = json_object_get(*body, "endpoint");
    *method = json_string_value(json_object_get(*body, "method"));
    *params = json_object_get(*body, "params");
    if (!*method || !*params) {
        return hp_problem_set(&call->problem, HP_INVALID, NULL,
                              "an object with method, a text, and params was expected");
    }
    if (endpoint && !(json_is_integer(endpoint) && json_integer_value(endpoint) == 0)) {
        return hp_problem_set(&call->problem, HP_INVALID, NULL, "this server is endpoint 0 and no other");
    }
    return HP_OK;
}

static enum hp_status answer_call(struct server_call *call) {
    json_t *body = NULL, *result = NULL;
    const json_t *params = NULL;
    const char *method = NULL;
    enum hp_status status = read_call(call, &body, &method, &params);
    if (status == HP_OK) {
        status = dispatch(call, method, params, &result);
    }
    json_decref(body);
    return status == HP_OK ? answer_value(call, "result", result) : status;
}

static const struct route routes[] = {
    {"/reset", "POST", 0, answer_reset},
    {"/clock", "POST", ROUTE_WANTS_BODY, answer_clock},
    {"/drain", "POST", 0, answer_drain},
    {"/call", "POST", ROUTE_WANTS_BODY, answer_call},
};

enum hp_status controls_init(struct site *site, struct deployment *deployment, struct hp_problem *problem) {
    return site_init(site, routes, sizeof routes / sizeof routes[0], deployment, "", problem);
}
