#include "harness/lab/script.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
    [SEED_CLARIFICATION] = "clarification",
    [SEED_CONFIRMATION] = "confirmation",
    [SEED_CRITIC_REVIEW] = "critic_review",
    [SEED_CHECKPOINT] = "checkpoint",
    [SEED_RESOURCE_EXHAUSTED] = "resource_exhausted",
    [SEED_TIMEOUT] = "timeout",
    [SEED_SYSTEM_ERROR] = "system_error",
};

/* A day, an hour, half an hour, never, five minutes twice, an hour: what the contract gives each kind. */
static const int64_t kind_ttl_seconds[] = {86400, 3600, 1800, 0, 300, 300, 3600};

static const char *const act_names[] = {
    [ACT_CREATE] = "create", [ACT_RESPOND] = "respond", [ACT_CANCEL] = "cancel", [ACT_GET] = "get",
    [ACT_LIST] = "list",     [ACT_PENDING] = "pending", [ACT_SWEEP] = "sweep",   [ACT_CLOCK] = "clock",
    [ACT_RESUME] = "resume", [ACT_CHECK] = "check"};

static const char *const act_capabilities[] = {[ACT_CREATE] = "create",
                                               [ACT_RESPOND] = "respond",
                                               [ACT_CANCEL] = "cancel",
                                               [ACT_GET] = "get",
                                               [ACT_LIST] = "list",
                                               [ACT_PENDING] = "pending_for_request",
                                               [ACT_SWEEP] = "expire_pending",
                                               [ACT_CLOCK] = "clock",
                                               [ACT_RESUME] = "flow",
                                               [ACT_CHECK] = "ratelimit"};

static const char *const status_names[] = {[LIST_PENDING] = "pending",
                                           [LIST_RESOLVED] = "resolved",
                                           [LIST_CANCELLED] = "cancelled",
                                           [LIST_EXPIRED] = "expired",
                                           [LIST_ALL] = "all"};

static const char *const owner_names[] = {[OWNER_ANN] = "ann", [OWNER_BOB] = "bob"};

const char *owner_name(enum owner owner) {
    return owner_names[owner];
}

const char *seed_kind_name(enum seed_kind kind) {
    return kind_names[kind];
}

const char *act_kind_name(enum act_kind kind) {
    return act_names[kind];
}

bool act_kind_works(enum act_kind kind) {
    return kind == ACT_RESPOND || kind == ACT_CANCEL || kind == ACT_GET || kind == ACT_RESUME;
}

const char *act_kind_capability(enum act_kind kind) {
    return act_capabilities[kind];
}

const char *list_status_name(enum list_status status) {
    return status_names[status];
}

int64_t seed_ttl_us(const struct seed *seed) {
    return seed->ttl_us == SEED_TTL_DEFAULT ? kind_ttl_seconds[seed->kind] * 1000000 : seed->ttl_us;
}

bool seed_expires(const struct seed *seed) {
    return seed->kind != SEED_CHECKPOINT && seed_ttl_us(seed) != SEED_TTL_NEVER;
}

/* Makes room for one more element of an array; NULL when memory runs out. */
static void *grow(void *items, size_t count, size_t item_bytes) {
    if ((count & (count - 1)) != 0) {
        return items; /* room doubles at powers of two */
    }
    return realloc(items, (count ? count * 2 : 1) * item_bytes);
}

bool script_add_seed(struct script *script, const struct seed *seed) {
    struct seed *seeds =
        script->seed_count < SCRIPT_SLOTS_MAX ? grow(script->seeds, script->seed_count, sizeof *seeds) : NULL;
    if (!seeds) {
        return false;
    }
    script->seeds = seeds;
    script->seeds[script->seed_count++] = *seed;
    return true;
}

bool script_add_client(struct script *script, unsigned endpoint) {
    struct script_client *clients = script->client_count < SCRIPT_CLIENTS_MAX
                                        ? grow(script->clients, script->client_count, sizeof *clients)
                                        : NULL;
    if (!clients) {
        return false;
    }
    script->clients = clients;
    script->clients[script->client_count++] = (struct script_client){.endpoint = endpoint};
    return true;
}

bool script_add_act(struct script *script, const struct act *act) {
    struct script_client *client = &script->clients[script->client_count - 1];
    struct act *acts =
        client->act_count < SCRIPT_ACTS_MAX ? grow(client->acts, client->act_count, sizeof *acts) : NULL;
    if (!acts) {
        return false;
    }
    client->acts = acts;
    client->acts[client->act_count++] = *act;
    return true;
}

enum hp_status script_copy(const struct script *from, struct script *to, struct hp_problem *problem) {
    bool whole = true;
    *to = (struct script){.per_minute = from->per_minute};
    for (size_t i = 0; whole && i < from->seed_count; i++) {
        whole = script_add_seed(to, &from->seeds[i]);
    }
    for (size_t i = 0; whole && i < from->client_count; i++) {
        const struct script_client *client = &from->clients[i];
        whole = script_add_client(to, client->endpoint);
        for (size_t j = 0; whole && j < client->act_count; j++) {
            whole = script_add_act(to, &client->acts[j]);
        }
    }
    if (!whole) {
        script_release(to);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

void script_release(struct script *script) {
    for (size_t i = 0; i < script->client_count; i++) {
        free(script->clients[i].acts);
    }
    free(script->clients);
    free(script->seeds);
    *script = (struct script){0};
}

unsigned script_slots(const struct script *script) {
    unsigned slots = (unsigned)script->seed_count;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            if (act->kind == ACT_CREATE && act->slot >= slots) {
                slots = act->slot + 1;
            }
        }
    }
    return slots;
}

size_t script_acts(const struct script *script) {
    size_t acts = 0;
    for (size_t i = 0; i < script->client_count; i++) {
        acts += script->clients[i].act_count;
    }
    return acts;
}

unsigned script_endpoints(const struct script *script) {
    unsigned endpoints = 1;
    for (size_t i = 0; i < script->client_count; i++) {
        if (script->clients[i].endpoint >= endpoints) {
            endpoints = script->clients[i].endpoint + 1;
        }
    }
    return endpoints;
}

const struct seed *script_seed(const struct script *script, unsigned slot) {
    if (slot < script->seed_count) {
        return &script->seeds[slot];
    }
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            if (act->kind == ACT_CREATE && act->slot == slot) {
                return &act->seed;
            }
        }
    }
    return NULL;
}
