#include "suites/self/support_generate.h"

#include <stdio.h>
#include <stdlib.h>

enum { CLIENTS_MAX = 256, DRAW_NS = 50000, THINK_NS = 20000, START_NS = 1000, MILLE = 1000 };

const struct generate_file generate_files[] = {
    {"a_1000x20_c8", {.seed = 1, .keys = 1000, .operations = 20, .clients = 8, .lanes = 1}},
    {"b_5000x20_c8x4", {.seed = 2, .keys = 5000, .operations = 20, .clients = 8, .lanes = 4}},
    {"c_hot_c64_200", {.seed = 3, .keys = 1, .operations = 200, .clients = 64, .lanes = 1}},
    {"d_hotlate_c64_200", {.seed = 4, .keys = 1, .operations = 200, .clients = 64, .lanes = 1, .head = 100}},
    {"e_1000x20_c8_unk50",
     {.seed = 5, .keys = 1000, .operations = 20, .clients = 8, .lanes = 1, .unknown_per_mille = 50}},
    {"s_hot_c24_200", {.seed = 3, .keys = 1, .operations = 200, .clients = 24, .lanes = 1}},
};
const size_t generate_file_count = sizeof generate_files / sizeof generate_files[0];

static void must(bool done) {
    if (!done) {
        fputs("support_generate: out of memory\n", stderr);
        abort();
    }
}

static uint64_t mix(uint64_t z) {
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static uint64_t draw(uint64_t *random) {
    *random += UINT64_C(0x9E3779B97F4A7C15);
    return mix(*random);
}

static uint32_t name_number(struct names *names, uint64_t number) {
    char text[24];
    uint32_t name = NAME_NONE;
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    must(names_add(names, text, &name, NULL) == HP_OK);
    names_set_form(names, name, NAME_NUMBER);
    return name;
}

/* One operation and the moment at which it really happens. */
struct made {
    struct operation operation;
    int64_t happens_ns;
    bool lost;
    bool effect; /* of a lost one: it happens */
};

/* One client of a lane. */
struct slot {
    int64_t free_ns;
    uint64_t id;
};

static enum operation_kind kind_of(uint64_t choice) {
    if (choice < 250) {
        return OPERATION_RESPOND;
    }
    if (choice < 350) {
        return OPERATION_CANCEL;
    }
    return choice < 400 ? OPERATION_EXPIRE : OPERATION_GET;
}

static struct made make_operation(const struct generate_order *order, struct history *history,
                                  uint64_t *random, struct slot *slot, bool head, uint64_t *fresh) {
    uint64_t kind = draw(random) % MILLE;
    uint64_t before = draw(random);
    uint64_t after = draw(random);
    uint64_t think = draw(random);
    uint64_t lost = draw(random);
    uint64_t effect = draw(random);
    struct made made = {.operation = {.user = NAME_NONE, .who = NAME_NONE, .expires_ns = HISTORY_NEVER}};
    struct operation *operation = &made.operation;
    operation->kind = (uint8_t)(head ? OPERATION_GET : kind_of(kind));
    operation->client = name_number(&history->clients, slot->id);
    if (operation->kind == OPERATION_RESPOND) {
        operation->who = operation->client;
    }
    operation->invoke_ns = slot->free_ns;
    made.happens_ns = operation->invoke_ns + 1 + (int64_t)(before % DRAW_NS);
    operation->return_ns = made.happens_ns + 1 + (int64_t)(after % DRAW_NS);
    slot->free_ns = operation->return_ns + 1 + (int64_t)(think % THINK_NS);
    made.lost = operation->kind != OPERATION_GET && lost % MILLE < order->unknown_per_mille;
    made.effect = !made.lost || (effect & 1);
    if (made.lost) {
        slot->id = (*fresh)++;
    }
    return made;
}

static int compare_made(const void *left, const void *right) {
    const struct made *const *one = left;
    const struct made *const *other = right;
    if ((*one)->happens_ns != (*other)->happens_ns) {
        return (*one)->happens_ns < (*other)->happens_ns ? -1 : 1;
    }
    return (*one > *other) - (*one < *other); /* stable */
}

/* Answers them all, one after another, as an interrupt that is there from the start does. */
static void answer(struct made **sorted, size_t count) {
    unsigned shown = SHOWN_PENDING;
    uint32_t winner = NAME_NONE;
    static const enum shown ends[] = {[OPERATION_RESPOND] = SHOWN_RESOLVED,
                                      [OPERATION_CANCEL] = SHOWN_CANCELLED,
                                      [OPERATION_EXPIRE] = SHOWN_EXPIRED};
    for (size_t i = 0; i < count; i++) {
        struct operation *operation = &sorted[i]->operation;
        if (operation->kind == OPERATION_GET) {
            operation->result = RESULT_SHOWN;
            operation->shown = (uint8_t)shown;
            operation->who = shown == SHOWN_RESOLVED ? winner : NAME_NONE;
            continue;
        }
        operation->result = shown == SHOWN_PENDING ? RESULT_OK : RESULT_CONFLICT;
        if (shown == SHOWN_PENDING && sorted[i]->effect) {
            shown = ends[operation->kind];
            winner = operation->who;
        }
        if (sorted[i]->lost) {
            operation->result = RESULT_UNKNOWN;
        }
    }
}

/* Gives a key a second winner, if it has a first one and a respond that lost. */
static bool damage(struct made **sorted, size_t count) {
    struct operation *loser = NULL;
    bool won = false;
    for (size_t i = 0; i < count; i++) {
        struct operation *operation = &sorted[i]->operation;
        won = won || operation->result == RESULT_OK;
        if (!loser && operation->kind == OPERATION_RESPOND && operation->result == RESULT_CONFLICT) {
            loser = operation;
        }
    }
    if (won && loser) {
        loser->result = RESULT_OK;
    }
    return won && loser;
}

static size_t earliest(const struct slot *slots, size_t count) {
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        best = slots[i].free_ns < slots[best].free_ns ? i : best;
    }
    return best;
}

/* Makes the operations of one key, unanswered; *base_ns is where its lane begins, and then ends. */
static void make_key(const struct generate_order *order, struct history *history, unsigned key,
                     struct made *made, int64_t *base_ns) {
    struct slot slots[CLIENTS_MAX];
    uint64_t random = mix(order->seed ^ mix((uint64_t)key + 1));
    uint64_t fresh = (uint64_t)order->lanes * order->clients;
    int64_t begin_ns = *base_ns;
    must(order->clients <= CLIENTS_MAX);
    for (unsigned i = 0; i < order->clients; i++) {
        slots[i].free_ns = begin_ns + (int64_t)(draw(&random) % START_NS);
        slots[i].id = (uint64_t)(key % order->lanes) * order->clients + i;
    }
    uint32_t name = name_number(&history->key_names, key);
    for (unsigned i = 0; i < order->operations; i++) {
        struct slot *slot = &slots[earliest(slots, order->clients)];
        made[i] = make_operation(order, history, &random, slot, i < order->head, &fresh);
        made[i].operation.key = name;
        made[i].operation.line = key * order->operations + i + 1;
        *base_ns = made[i].operation.return_ns > *base_ns ? made[i].operation.return_ns : *base_ns;
    }
    *base_ns += START_NS;
}

static void sort_made(struct made *made, size_t count, struct made **sorted) {
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &made[i];
    }
    qsort(sorted, count, sizeof(struct made *), compare_made);
}

static void add_all(struct history *history, struct made *made, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (made[i].lost) {
            made[i].operation.return_ns = HISTORY_LOST;
        }
        must(history_add(history, &made[i].operation, NULL) == HP_OK);
    }
}

void generate(const struct generate_order *order, struct history *history) {
    size_t count = order->operations;
    struct made *made = malloc((size_t)order->keys * count * sizeof *made);
    struct made **sorted = malloc(count * sizeof(struct made *));
    int64_t *bases = calloc(order->lanes, sizeof *bases);
    must(made && sorted && bases);
    for (unsigned key = 0; key < order->keys; key++) {
        make_key(order, history, key, made + key * count, &bases[key % order->lanes]);
        sort_made(made + key * count, count, sorted);
        answer(sorted, count);
    }
    bool damaged = !order->bad;
    for (unsigned i = 0; i < order->keys && !damaged; i++) {
        sort_made(made + (order->keys / 2 + i) % order->keys * count, count, sorted);
        damaged = damage(sorted, count);
    }
    add_all(history, made, order->keys * count);
    free(bases);
    free(sorted);
    free(made);
}
