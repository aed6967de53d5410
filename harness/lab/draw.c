#include "harness/lab/draw.h"

#include "harness/lab/random.h"

enum {
    ACTS_MAX_ALONE = 14,
    ACTS_MAX_TOGETHER = 5, /* long clients meet less: they drift apart */
    SEEDS_MAX = 3,
    SEEDS_MAX_MANY = 10,
    WEIGHT_MAX = 4,
    LIMIT_MAX = 3,
};

/* How long interrupts live, and where clocks are set: at their ends, a microsecond later, and far beyond. */
static const int64_t lives_us[] = {1000000, 1000000, 2000000, 2500000};
static const int64_t clocks_us[] = {999999,
                                    1000000,
                                    1000001,
                                    2000000,
                                    2000001,
                                    2500001,
                                    3000000,
                                    5000000,
                                    INT64_C(300000001),
                                    INT64_C(86400000001)};

/* What holds for one script. */
struct rules {
    const struct draw *draw;
    uint64_t *random;
    unsigned weights[ACT_KINDS]; /* 0: no such acts */
    unsigned weight;             /* of all */
    enum seed_kind kinds[SEED_KINDS];
    size_t kind_count;
    bool strangers, trusted, both_owners, lives, never, pages, endpoints, reasons;
    unsigned acts_max;
};

static bool flip(const struct rules *rules) {
    return random_below(rules->random, 2) == 0;
}

static bool one_in(const struct rules *rules, unsigned count) {
    return random_below(rules->random, count) == 0;
}

static void draw_acts(struct rules *rules) {
    for (unsigned kind = 0; kind < ACT_MODELLED; kind++) {
        bool offered = rules->draw->offers[kind] || kind == ACT_CREATE || kind == ACT_GET;
        unsigned weight = (unsigned)random_below(rules->random, WEIGHT_MAX) + 1;
        rules->weights[kind] = flip(rules) && offered ? weight : 0;
    }
    /* Where nobody writes there is little to see. */
    bool ends = rules->weights[ACT_RESPOND] || rules->weights[ACT_CANCEL] || rules->weights[ACT_SWEEP];
    if (!ends) {
        rules->weights[rules->draw->offers[ACT_RESPOND] ? ACT_RESPOND : ACT_CREATE] = WEIGHT_MAX;
    }
    for (unsigned kind = 0; kind < ACT_MODELLED; kind++) {
        rules->weight += rules->weights[kind];
    }
}

static void draw_kinds(struct rules *rules) {
    for (unsigned kind = 0; kind < SEED_KINDS; kind++) {
        if (flip(rules)) {
            rules->kinds[rules->kind_count++] = (enum seed_kind)kind;
        }
    }
    if (rules->kind_count == 0) {
        rules->kinds[rules->kind_count++] = (enum seed_kind)random_below(rules->random, SEED_KINDS);
    }
}

static void draw_rules(struct rules *rules) {
    bool clock = rules->draw->offers[ACT_CLOCK];
    draw_acts(rules);
    draw_kinds(rules);
    rules->strangers = flip(rules);
    rules->trusted = flip(rules);
    rules->both_owners = flip(rules);
    rules->lives = clock && (rules->weights[ACT_CLOCK] > 0 || flip(rules));
    rules->never = flip(rules);
    rules->pages = flip(rules);
    rules->endpoints = rules->draw->endpoints > 1 && flip(rules);
    rules->reasons = flip(rules);
}

static void draw_seed(const struct rules *rules, struct seed *seed) {
    *seed = (struct seed){.kind = rules->kinds[random_below(rules->random, rules->kind_count)],
                          .ttl_us = SEED_TTL_DEFAULT};
    seed->owner = rules->both_owners && flip(rules) ? OWNER_BOB : OWNER_ANN;
    if (rules->lives && !one_in(rules, 4)) {
        seed->ttl_us = lives_us[random_below(rules->random, sizeof lives_us / sizeof lives_us[0])];
    } else if (rules->never && one_in(rules, 4)) {
        seed->ttl_us = SEED_TTL_NEVER;
    }
}

static enum act_kind draw_kind(const struct rules *rules) {
    unsigned at = (unsigned)random_below(rules->random, rules->weight);
    unsigned kind = 0;
    while (at >= rules->weights[kind]) {
        at -= rules->weights[kind++];
    }
    return (enum act_kind)kind;
}

static enum act_as draw_caller(const struct rules *rules, enum act_kind kind) {
    if (rules->strangers && one_in(rules, 4)) {
        return AS_STRANGER;
    }
    return kind == ACT_GET && rules->trusted && flip(rules) ? AS_TRUSTED : AS_OWNER;
}

static int64_t draw_clock(const struct rules *rules, int64_t before_us) {
    int64_t clock_us = clocks_us[random_below(rules->random, sizeof clocks_us / sizeof clocks_us[0])];
    return clock_us > before_us ? clock_us : before_us;
}

/* slots is how many there are by now: a create fills a new one, everything else works on one of them. */
static void draw_act(const struct rules *rules, unsigned *slots, int64_t *clock_us, struct act *act) {
    enum act_kind kind = draw_kind(rules);
    if (*slots == 0 || (kind == ACT_CREATE && *slots < SCRIPT_SLOTS_MAX)) {
        *act = (struct act){.kind = ACT_CREATE, .slot = (*slots)++};
        draw_seed(rules, &act->seed);
        act->owner = act->seed.owner;
        return;
    }
    *act = (struct act){.kind = kind == ACT_CREATE ? ACT_GET : kind, .seed = {.ttl_us = SEED_TTL_DEFAULT}};
    if (act->kind == ACT_RESPOND || act->kind == ACT_CANCEL || act->kind == ACT_GET) {
        act->slot = (unsigned)random_below(rules->random, *slots);
        act->as = draw_caller(rules, act->kind);
        act->reason = act->kind == ACT_CANCEL && rules->reasons && flip(rules);
    } else if (act->kind == ACT_LIST) {
        act->status = (enum list_status)random_below(rules->random, LIST_STATUS_COUNT);
        act->limit = rules->pages ? (unsigned)random_below(rules->random, LIMIT_MAX + 1) : 0;
    } else if (act->kind == ACT_CLOCK) {
        act->clock_us = *clock_us = draw_clock(rules, *clock_us);
    }
    if (act->kind == ACT_LIST || act->kind == ACT_PENDING) {
        act->owner = act->seed.owner = rules->both_owners && flip(rules) ? OWNER_BOB : OWNER_ANN;
    }
}

static bool draw_client(const struct rules *rules, unsigned *slots, struct script *script) {
    unsigned endpoint = rules->endpoints ? (unsigned)random_below(rules->random, rules->draw->endpoints) : 0;
    uint64_t acts = 1 + random_below(rules->random, rules->acts_max);
    int64_t clock_us = 0;
    bool whole = script_add_client(script, endpoint);
    for (uint64_t i = 0; whole && i < acts; i++) {
        struct act act;
        draw_act(rules, slots, &clock_us, &act);
        whole = script_add_act(script, &act);
    }
    return whole;
}

enum hp_status script_draw(const struct draw *draw, uint64_t seed, uint64_t number, struct script *script,
                           struct hp_problem *problem) {
    uint64_t random = random_start(seed, number);
    struct rules rules = {.draw = draw, .random = &random};
    bool whole = true;
    *script = (struct script){0};
    uint64_t clients = 1 + random_below(&random, draw->clients);
    draw_rules(&rules);
    rules.acts_max = clients == 1 ? ACTS_MAX_ALONE : ACTS_MAX_TOGETHER;
    uint64_t seeds = random_below(&random, one_in(&rules, 8) ? SEEDS_MAX_MANY : SEEDS_MAX) +
                     (rules.weights[ACT_CREATE] > 0 ? 0 : 1);
    for (uint64_t i = 0; whole && i < seeds; i++) {
        struct seed one;
        draw_seed(&rules, &one);
        whole = script_add_seed(script, &one);
    }
    unsigned slots = (unsigned)script->seed_count;
    for (uint64_t i = 0; whole && i < clients; i++) {
        whole = draw_client(&rules, &slots, script);
    }
    if (!whole) {
        script_release(script);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}
