#include "harness/lab/shrink.h"

#include <stdlib.h>
#include <string.h>

#define LIFE_US INT64_C(1000000)

/* What one step does to a script: the one at that number, of all steps of its kind. */
enum edit {
    EDIT_MADE,
    EDIT_VAIN,   /* it would change nothing, or make no script */
    EDIT_BEYOND, /* there are no more of its kind */
};

static bool works_on_slot(const struct act *act) {
    return act_kind_works(act->kind);
}

/* The act of that number, counted through all clients; NULL beyond the last. */
static struct act *find_act(struct script *script, size_t at, size_t *client) {
    for (size_t i = 0; i < script->client_count; i++) {
        if (at < script->clients[i].act_count) {
            *client = i;
            return &script->clients[i].acts[at];
        }
        at -= script->clients[i].act_count;
    }
    return NULL;
}

static void remove_acts(struct script_client *client, size_t at, size_t count) {
    memmove(client->acts + at, client->acts + at + count,
            (client->act_count - at - count) * sizeof *client->acts);
    client->act_count -= count;
}

/* Takes out acts on what is not there any more, and numbers the slots anew: first the seeds, then what is created. */
static void tidy(struct script *script, const bool filled[SCRIPT_SLOTS_MAX]) {
    unsigned numbers[SCRIPT_SLOTS_MAX];
    unsigned count = 0;
    for (unsigned i = 0; i < SCRIPT_SLOTS_MAX; i++) {
        numbers[i] = count;
        count += filled[i];
    }
    for (size_t i = 0; i < script->client_count; i++) {
        struct script_client *client = &script->clients[i];
        for (size_t j = 0; j < client->act_count;) {
            struct act *act = &client->acts[j];
            bool slotted = act->kind == ACT_CREATE || works_on_slot(act);
            if (slotted && !filled[act->slot]) {
                remove_acts(client, j, 1);
                continue;
            }
            act->slot = slotted ? numbers[act->slot] : 0;
            j++;
        }
    }
}

/* As it is after acts were taken out: what no create fills is not filled. */
static void tidy_creates(struct script *script) {
    bool filled[SCRIPT_SLOTS_MAX] = {false};
    memset(filled, true, script->seed_count);
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            filled[act->slot] = filled[act->slot] || act->kind == ACT_CREATE;
        }
    }
    tidy(script, filled);
}

static void remove_client(struct script *script, size_t at) {
    free(script->clients[at].acts);
    memmove(script->clients + at, script->clients + at + 1,
            (script->client_count - at - 1) * sizeof *script->clients);
    script->client_count--;
}

static enum edit drop_client(struct script *script, size_t at) {
    if (at >= script->client_count || script->client_count == 1) {
        return EDIT_BEYOND;
    }
    remove_client(script, at);
    tidy_creates(script);
    return EDIT_MADE;
}

static enum edit drop_half(struct script *script, size_t at) {
    struct script_client *client = at / 2 < script->client_count ? &script->clients[at / 2] : NULL;
    if (!client) {
        return EDIT_BEYOND;
    }
    size_t half = client->act_count / 2;
    if (half < 2) {
        return EDIT_VAIN;
    }
    remove_acts(client, at % 2 == 0 ? half : 0, at % 2 == 0 ? client->act_count - half : half);
    tidy_creates(script);
    return EDIT_MADE;
}

static enum edit drop_act(struct script *script, size_t at) {
    size_t client;
    struct act *act = find_act(script, at, &client);
    if (!act) {
        return EDIT_BEYOND;
    }
    remove_acts(&script->clients[client], (size_t)(act - script->clients[client].acts), 1);
    tidy_creates(script);
    return EDIT_MADE;
}

static enum edit drop_seed(struct script *script, size_t at) {
    bool filled[SCRIPT_SLOTS_MAX];
    if (at >= script->seed_count) {
        return EDIT_BEYOND;
    }
    for (unsigned i = 0; i < SCRIPT_SLOTS_MAX; i++) {
        filled[i] = i != at;
    }
    memmove(script->seeds + at, script->seeds + at + 1,
            (script->seed_count - at - 1) * sizeof *script->seeds);
    script->seed_count--;
    tidy(script, filled);
    return EDIT_MADE;
}

/* What was done to that interrupt is done to the first. */
static enum edit join_slots(struct script *script, size_t number) {
    size_t client;
    struct act *act;
    size_t at = number + 1;
    if (at >= script->seed_count) {
        return EDIT_BEYOND;
    }
    for (size_t i = 0; (act = find_act(script, i, &client)); i++) {
        act->slot = works_on_slot(act) && act->slot == at ? 0 : act->slot;
    }
    return drop_seed(script, at);
}

/* The acts of two clients that stand side by side as those of one, in either order. */
static enum edit join_clients(struct script *script, size_t number) {
    size_t at = number / 2;
    if (at + 1 >= script->client_count) {
        return EDIT_BEYOND;
    }
    if (number % 2 == 1) {
        struct script_client first = script->clients[at];
        script->clients[at] = script->clients[at + 1];
        script->clients[at + 1] = first;
    }
    struct script_client *one = &script->clients[at], *other = &script->clients[at + 1];
    size_t count = one->act_count + other->act_count;
    size_t room = 1; /* a power of two, as script_add_act has it */
    while (room < count) {
        room *= 2;
    }
    struct act *acts = count <= SCRIPT_ACTS_MAX ? realloc(one->acts, room * sizeof *acts) : NULL;
    if (!acts) {
        return EDIT_VAIN;
    }
    one->acts = acts;
    memcpy(acts + one->act_count, other->acts, other->act_count * sizeof *acts);
    one->act_count = count;
    remove_client(script, at + 1);
    int64_t clock_us = 0;
    for (size_t i = 0; i < count; i++) {
        if (acts[i].kind == ACT_CLOCK && acts[i].clock_us < clock_us) {
            return EDIT_VAIN;
        }
        clock_us = acts[i].kind == ACT_CLOCK ? acts[i].clock_us : clock_us;
    }
    return EDIT_MADE;
}

/* What is created by an act is there from the start instead. */
static enum edit create_before(struct script *script, size_t at) {
    size_t client;
    struct act *act = find_act(script, at, &client);
    if (!act) {
        return EDIT_BEYOND;
    }
    if (act->kind != ACT_CREATE) {
        return EDIT_VAIN;
    }
    const struct act made = *act;
    unsigned first = (unsigned)script->seed_count;
    remove_acts(&script->clients[client], (size_t)(act - script->clients[client].acts), 1);
    if (!script_add_seed(script, &made.seed)) {
        return EDIT_VAIN;
    }
    for (size_t i = 0; (act = find_act(script, i, &client)); i++) {
        bool slotted = act->kind == ACT_CREATE || works_on_slot(act);
        if (slotted && act->slot == made.slot) {
            act->slot = first;
        } else if (slotted && act->slot >= first && act->slot < made.slot) {
            act->slot++;
        }
    }
    return EDIT_MADE;
}

static enum edit set_endpoint(struct script *script, size_t at) {
    if (at >= script->client_count) {
        return EDIT_BEYOND;
    }
    if (script->clients[at].endpoint == 0) {
        return EDIT_VAIN;
    }
    script->clients[at].endpoint = 0;
    return EDIT_MADE;
}

/* What makes an interrupt simpler, one thing at a time. */
enum { SEED_SIMPLER = 4 };

static enum edit simplify_seed(struct seed *seed, size_t how) {
    struct seed before = *seed;
    if (how == 0) {
        seed->kind = SEED_CLARIFICATION;
    } else if (how == 1) {
        seed->owner = OWNER_ANN;
    } else if (how == 2) {
        seed->ttl_us = SEED_TTL_DEFAULT;
    } else if (seed->ttl_us > LIFE_US || seed->ttl_us == SEED_TTL_NEVER) {
        seed->ttl_us = seed->ttl_us == SEED_TTL_NEVER ? SEED_TTL_NEVER : LIFE_US;
    }
    bool same = before.kind == seed->kind && before.owner == seed->owner && before.ttl_us == seed->ttl_us;
    return same ? EDIT_VAIN : EDIT_MADE;
}

static enum edit simplify_seeds(struct script *script, size_t at) {
    return at / SEED_SIMPLER < script->seed_count
               ? simplify_seed(&script->seeds[at / SEED_SIMPLER], at % SEED_SIMPLER)
               : EDIT_BEYOND;
}

static enum edit simplify_creates(struct script *script, size_t at) {
    size_t client;
    struct act *act = find_act(script, at / SEED_SIMPLER, &client);
    if (!act) {
        return EDIT_BEYOND;
    }
    if (act->kind != ACT_CREATE) {
        return EDIT_VAIN;
    }
    enum edit edit = simplify_seed(&act->seed, at % SEED_SIMPLER);
    act->owner = act->seed.owner;
    return edit;
}

/* A clock may be set back neither by itself nor by what comes before it. */
static enum edit set_clock(struct script *script, size_t client, struct act *act, int64_t clock_us) {
    const struct script_client *whole = &script->clients[client];
    int64_t before_us = 0;
    for (const struct act *one = whole->acts; one < act; one++) {
        before_us = one->kind == ACT_CLOCK ? one->clock_us : before_us;
    }
    if (act->kind != ACT_CLOCK || act->clock_us <= clock_us || clock_us < before_us) {
        return EDIT_VAIN;
    }
    act->clock_us = clock_us;
    return EDIT_MADE;
}

/* What makes an act simpler, one thing at a time. */
enum { ACT_SIMPLER = 6 };

static enum edit simplify_acts(struct script *script, size_t at) {
    size_t client;
    struct act *act = find_act(script, at / ACT_SIMPLER, &client);
    if (!act) {
        return EDIT_BEYOND;
    }
    const struct act before = *act;
    switch (at % ACT_SIMPLER) {
    case 0:
        act->as = AS_OWNER;
        break;
    case 1:
        act->limit = 0;
        break;
    case 2:
        act->reason = false;
        break;
    case 3:
        act->owner = act->seed.owner = act->kind == ACT_CREATE ? act->owner : OWNER_ANN;
        break;
    case 4:
        return set_clock(script, client, act, LIFE_US);
    default:
        return set_clock(script, client, act, LIFE_US + 1);
    }
    bool same = before.as == act->as && before.limit == act->limit && before.reason == act->reason &&
                before.owner == act->owner;
    return same ? EDIT_VAIN : EDIT_MADE;
}

/* The great steps first: each act that is gone need not be made simpler. */
static enum edit (*const edits[])(struct script *, size_t) = {
    drop_client,   drop_half,    drop_seed,      drop_act,         join_slots,   join_clients,
    create_before, set_endpoint, simplify_seeds, simplify_creates, simplify_acts};

/* All steps of a kind, each again as long as it helps. True when one did. */
static bool try_edits(const struct shrinking *shrinking, size_t kind, struct script *script, bool *over,
                      enum hp_status *status, struct hp_problem *problem) {
    bool smaller = false;
    enum edit edit = EDIT_MADE;
    for (size_t at = 0; edit != EDIT_BEYOND && !*over && *status == HP_OK;) {
        struct script candidate;
        *status = script_copy(script, &candidate, problem);
        edit = *status == HP_OK ? edits[kind](&candidate, at) : EDIT_BEYOND;
        if (edit == EDIT_MADE && shrinking->shows(shrinking->context, &candidate, over)) {
            script_release(script);
            *script = candidate;
            smaller = true;
        } else {
            script_release(&candidate);
            at++;
        }
    }
    return smaller;
}

enum hp_status script_shrink(const struct shrinking *shrinking, struct script *script,
                             struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    bool over = false;
    bool smaller = true;
    while (smaller && !over && status == HP_OK) {
        smaller = false;
        for (size_t kind = 0; kind < sizeof edits / sizeof edits[0]; kind++) {
            smaller = try_edits(shrinking, kind, script, &over, &status, problem) || smaller;
        }
    }
    return status;
}
