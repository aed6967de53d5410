#include "harness/adapters/capability.h"

#include <string.h>

static const struct {
    const char *method;
    const char *capability;
} methods[] = {{"interrupt.create", "create"},
               {"interrupt.get", "get"},
               {"interrupt.list", "list"},
               {"interrupt.respond", "respond"},
               {"interrupt.cancel", "cancel"},
               {"interrupt.expire_pending", "expire_pending"},
               {"interrupt.pending_for_request", "pending_for_request"},
               {"events.drain", "events"},
               {"describe", "describe"},
               {"clock.set", "clock"},
               {"reset", "reset"}};

enum { METHOD_COUNT = sizeof methods / sizeof methods[0] };

/* Needed by no method of parts 1 and 2. */
static const char *const others[] = {"concurrent", "envelope", "flow", "kernel", "ratelimit", "webhooks"};

const char *capability_of_method(const char *method) {
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(methods[i].method, method) == 0) {
            return methods[i].capability;
        }
    }
    return NULL;
}

const char *capability_method(size_t index) {
    return index < METHOD_COUNT ? methods[index].method : NULL;
}

const char *capability_name(size_t index) {
    if (index == METHOD_COUNT) {
        return others[0];
    }
    return index < METHOD_COUNT ? methods[index].capability : NULL;
}

bool capability_is_known(const char *name) {
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(methods[i].capability, name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(others[i], name) == 0) {
            return true;
        }
    }
    return false;
}
