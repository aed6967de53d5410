#include "reference/core/flow.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
#define X(constant, name) name,
    HP_FLOW_STATE_LIST(X)
#undef X
};

#define TO(state) (1u << (state))

/* Where each state may lead. */
static const unsigned moves[HP_FLOW_STATE_COUNT] = {
    [HP_FLOW_NEW] = TO(HP_FLOW_READY),
    [HP_FLOW_READY] = TO(HP_FLOW_RUNNING) | TO(HP_FLOW_TERMINATED),
    [HP_FLOW_RUNNING] =
        TO(HP_FLOW_READY) | TO(HP_FLOW_WAITING) | TO(HP_FLOW_BLOCKED) | TO(HP_FLOW_TERMINATED),
    [HP_FLOW_WAITING] = TO(HP_FLOW_READY) | TO(HP_FLOW_TERMINATED),
    [HP_FLOW_BLOCKED] = TO(HP_FLOW_READY) | TO(HP_FLOW_TERMINATED),
    [HP_FLOW_TERMINATED] = TO(HP_FLOW_ZOMBIE),
    [HP_FLOW_ZOMBIE] = 0,
};

const char *hp_flow_state_name(enum hp_flow_state state) {
    return names[state];
}

bool hp_flow_state_from_name(const char *name, enum hp_flow_state *state) {
    for (int i = 0; i < HP_FLOW_STATE_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            *state = (enum hp_flow_state)i;
            return true;
        }
    }
    return false;
}

bool hp_flow_may_become(enum hp_flow_state from, enum hp_flow_state to) {
    return (moves[from] & TO(to)) != 0;
}

/* Copies a text to *at, which moves on behind it. */
static const char *put(char **at, const char *text) {
    size_t size_bytes = strlen(text) + 1;
    char *copy = memcpy(*at, text, size_bytes);
    *at += size_bytes;
    return copy;
}

struct hp_flow *hp_flow_new(const struct hp_flow *draft) {
    size_t texts_bytes = strlen(draft->pid) + strlen(draft->envelope) + strlen(draft->notes) + 3;
    struct hp_flow *copy = malloc(sizeof *copy + texts_bytes);
    if (!copy) {
        return NULL;
    }
    char *at = (char *)(copy + 1);
    *copy = *draft;
    copy->pid = put(&at, draft->pid);
    copy->envelope = put(&at, draft->envelope);
    copy->notes = put(&at, draft->notes);
    return copy;
}

void hp_flow_free(struct hp_flow *flow) {
    free(flow);
}
