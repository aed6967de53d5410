#include "reference/server/api.h"
#include "reference/server/flows.h"
#include "reference/server/interrupts.h"
#include "reference/server/openapi.h"

#include <stdlib.h>

static enum hp_status answer_static(struct server_call *call, const char *bytes, size_t length_bytes) {
    call->response.status = 200;
    call->response.content_type = "application/json";
    call->response.static_body = bytes;
    call->response.static_body_length_bytes = length_bytes;
    return HP_OK;
}

/* Asks the store for an interrupt that it does not have. */
static enum hp_status answer_health(struct server_call *call) {
    static const char well[] = "{\"status\":\"ok\"}";
    struct hp_interrupt *none = NULL;
    struct hp_problem problem = {0};
    enum hp_status status =
        hp_service_get(call->service, "00000000-0000-0000-0000-000000000000", NULL, &none, &problem);
    hp_interrupt_free(none);
    if (status == HP_OK || status == HP_NOT_FOUND) {
        return answer_static(call, well, sizeof well - 1);
    }
    return hp_problem_set(&call->problem, status, NULL, "%s", problem.detail);
}

static enum hp_status answer_openapi(struct server_call *call) {
    return answer_static(call, call->site->openapi.bytes, call->site->openapi.length_bytes);
}

static const struct route routes[] = {
    {"/healthz", "GET", ROUTE_ANYWHERE | ROUTE_WANTS_STORE, answer_health},
    {"/openapi.json", "GET", ROUTE_ANYWHERE, answer_openapi},
    {"/interrupts", "GET", ROUTE_WANTS_USER | ROUTE_WANTS_STORE, interrupts_list},
    {"/interrupts", "POST", ROUTE_NAMES_USER | ROUTE_WANTS_BODY | ROUTE_WANTS_STORE, interrupts_create},
    {"/interrupts/expire", "POST", ROUTE_WANTS_OPERATOR | ROUTE_WANTS_STORE, interrupts_expire},
    {"/interrupts/{id}", "GET", ROUTE_WANTS_USER | ROUTE_WANTS_STORE, interrupts_get},
    {"/interrupts/{id}", "DELETE", ROUTE_WANTS_USER | ROUTE_WANTS_STORE, interrupts_cancel},
    {"/interrupts/{id}/respond", "POST", ROUTE_WANTS_USER | ROUTE_WANTS_BODY | ROUTE_WANTS_STORE,
     interrupts_respond},
    {"/flows", "POST", ROUTE_NAMES_USER | ROUTE_WANTS_BODY | ROUTE_WANTS_STORE, flows_submit},
    {"/flows/{id}", "GET", ROUTE_WANTS_USER | ROUTE_WANTS_STORE, flows_get},
    {"/flows/{id}/resume", "POST", ROUTE_WANTS_USER | ROUTE_WANTS_BODY | ROUTE_WANTS_STORE, flows_resume},
};

enum hp_status api_init(struct site *site, struct deployment *deployment,
                        const struct server_options *options, struct hp_problem *problem) {
    const char *prefix = options->prefix ? options->prefix : "";
    enum hp_status status =
        site_init(site, routes, sizeof routes / sizeof routes[0], deployment, prefix, problem);
    if (status == HP_OK) {
        status = site_set_auth_header(site, options->auth_header, problem);
    }
    if (status == HP_OK) {
        status = site_set_operator_token(site, options->operator_token, problem);
    }
    if (status == HP_OK && !openapi_write(&site->openapi, prefix)) {
        status = hp_problem_no_memory(problem);
    }
    return status;
}
