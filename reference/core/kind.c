#include "reference/core/kind.h"
#include "reference/base/instant.h"

#include <stddef.h>
#include <string.h>

static const struct hp_kind_rule rules[HP_KIND_COUNT] = {
#define X(constant, name, ttl, expires, needs, event)                                                        \
    [constant] = {name, (ttl) < 0 ? HP_TTL_NEVER : (ttl)*HP_SECOND_US, expires, needs, event},
    HP_KIND_LIST(X)
#undef X
};

static const struct {
    const char *name;
    const char *event;
} statuses[HP_INTERRUPT_STATUS_COUNT] = {
#define X(constant, name, event) [constant] = {name, event},
    HP_INTERRUPT_STATUS_LIST(X)
#undef X
};

static const char *const decisions[HP_DECISION_COUNT] = {
#define X(constant, name) [constant] = name,
    HP_DECISION_LIST(X)
#undef X
};

const struct hp_kind_rule *hp_kind_rule(enum hp_kind kind) {
    return &rules[kind];
}

bool hp_kind_from_name(const char *name, enum hp_kind *kind) {
    for (int i = 0; i < HP_KIND_COUNT; i++) {
        if (strcmp(rules[i].name, name) == 0) {
            *kind = (enum hp_kind)i;
            return true;
        }
    }
    return false;
}

const char *hp_interrupt_status_name(enum hp_interrupt_status status) {
    return statuses[status].name;
}

const char *hp_interrupt_status_event(enum hp_interrupt_status status) {
    return statuses[status].event;
}

bool hp_interrupt_status_from_name(const char *name, enum hp_interrupt_status *status) {
    for (int i = 0; i < HP_INTERRUPT_STATUS_COUNT; i++) {
        if (strcmp(statuses[i].name, name) == 0) {
            *status = (enum hp_interrupt_status)i;
            return true;
        }
    }
    return false;
}

const char *hp_decision_name(enum hp_decision decision) {
    return decisions[decision];
}

bool hp_decision_from_name(const char *name, enum hp_decision *decision) {
    for (int i = HP_DECISION_NONE + 1; i < HP_DECISION_COUNT; i++) {
        if (strcmp(decisions[i], name) == 0) {
            *decision = (enum hp_decision)i;
            return true;
        }
    }
    return false;
}
