#include "harness/base/method.h"

#include "harness/base/suggest.h"

#include <string.h>

/* Those of contract parts 1 and 2 come first, of webhooks one method that stands for all. */
static const struct {
    const char *method;
    const char *capability;
} methods[] = {
    {"interrupt.create", "create"},
    {"interrupt.get", "get"},
    {"interrupt.list", "list"},
    {"interrupt.respond", "respond"},
    {"interrupt.cancel", "cancel"},
    {"interrupt.expire_pending", "expire_pending"},
    {"interrupt.pending_for_request", "pending_for_request"},
    {"events.drain", "events"},
    {"describe", "describe"},
    {"clock.set", "clock"},
    {"reset", "reset"},
    {"webhook.subscribe", "webhooks"},
    {"envelope.roundtrip", "envelope"},
    {"flow.resume", "flow"},
    {"kernel.submit", "kernel"},
    {"kernel.interrupt", "kernel"},
    {"kernel.record", "kernel"},
    {"kernel.resume", "kernel"},
    {"kernel.get", "kernel"},
    {"kernel.cancel", "kernel"},
    {"ratelimit.set", "ratelimit"},
    {"ratelimit.check", "ratelimit"},
    {"webhook.dead", "webhooks"},
    {"http.request", "http"},
    {"webhook.flush", "webhooks"},
};

enum { OFFERED_COUNT = 12, METHOD_COUNT = sizeof methods / sizeof methods[0] };

/* The capabilities that no method stands for. */
static const char *const bare[] = {"instants", "concurrent", "database", "processes", "restart"};

enum { BARE_COUNT = sizeof bare / sizeof bare[0] };

/* What a service with flows around its interrupts promises. */
static const char *const of_flows[] = {"envelope", "flow", "kernel", "ratelimit"};

enum { OF_FLOWS_COUNT = sizeof of_flows / sizeof of_flows[0] };

/* What a service over HTTP may promise besides the routes, in the order of docs/adapters.md. */
static const char *const over_http[] = {"http",       "http_create", "http_strict",  "http_cursor",
                                        "http_sweep", "http_flows",  "problem_json", "idempotency",
                                        "healthz",    "openapi"};

enum { OVER_HTTP_COUNT = sizeof over_http / sizeof over_http[0] };

const char *method_capability(const char *method) {
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(methods[i].method, method) == 0) {
            return methods[i].capability;
        }
    }
    return NULL;
}

const char *method_nearest(const char *method) {
    const char *known[METHOD_COUNT];
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        known[i] = methods[i].method;
    }
    return suggest_nearest(method, known, METHOD_COUNT);
}

const char *method_offered(size_t index) {
    return index < OFFERED_COUNT ? methods[index].method : NULL;
}

const char *capability_offered(size_t index) {
    if (index < OFFERED_COUNT) {
        return methods[index].capability;
    }
    return index < OFFERED_COUNT + BARE_COUNT ? bare[index - OFFERED_COUNT] : NULL;
}

const char *capability_of_flows(size_t index) {
    return index < OF_FLOWS_COUNT ? of_flows[index] : NULL;
}

const char *capability_over_http(size_t index) {
    return index < OVER_HTTP_COUNT ? over_http[index] : NULL;
}

bool capability_is_over_http(const char *name) {
    for (size_t i = 0; i < OVER_HTTP_COUNT; i++) {
        if (strcmp(over_http[i], name) == 0) {
            return true;
        }
    }
    return false;
}

bool capability_is_known(const char *name) {
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(methods[i].capability, name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < BARE_COUNT; i++) {
        if (strcmp(bare[i], name) == 0) {
            return true;
        }
    }
    return capability_is_over_http(name);
}

const char *capability_nearest(const char *name) {
    const char *known[METHOD_COUNT + BARE_COUNT + OVER_HTTP_COUNT];
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        known[i] = methods[i].capability;
    }
    memcpy(known + METHOD_COUNT, bare, sizeof bare);
    memcpy(known + METHOD_COUNT + BARE_COUNT, over_http, sizeof over_http);
    return suggest_nearest(name, known, METHOD_COUNT + BARE_COUNT + OVER_HTTP_COUNT);
}
