#include "harness/lab/sequential.h"
#include "suites/self/support_generate.h"

#include <stdio.h>
#include <stdlib.h>

enum { OPERATIONS_MAX = 8, CLIENTS = 3, SPAN_NS = 30, LENGTH_NS = 16, TRIES = 60, CLOCK_ERROR_MAX_NS = 4 };

static uint64_t draw(uint64_t *random, uint64_t bound) {
    *random += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *random;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (z ^ z >> 31) % bound;
}

static uint32_t add_name(struct names *names, const char *name, enum name_form form) {
    uint32_t number = NAME_NONE;
    if (names_add(names, name, &number, NULL) != HP_OK) {
        fputs("support_generate: out of memory\n", stderr);
        abort();
    }
    names_set_form(names, number, form);
    return number;
}

static uint32_t draw_client(uint64_t *random, struct history *history) {
    char text[8];
    snprintf(text, sizeof text, "%u", (unsigned)draw(random, CLIENTS));
    return add_name(&history->clients, text, NAME_NUMBER);
}

static uint32_t draw_user(uint64_t *random, struct history *history) {
    return add_name(&history->users, draw(random, 4) == 0 ? "bob" : "ann", NAME_TEXT);
}

/* Something that the operation may answer, true or not. */
static void draw_result(uint64_t *random, struct history *history, struct operation *operation) {
    static const enum operation_result answers[] = {RESULT_OK, RESULT_OK, RESULT_CONFLICT, RESULT_FORBIDDEN,
                                                    RESULT_NOT_FOUND};
    operation->shown = SHOWN_NOTHING;
    switch (operation->kind) {
    case OPERATION_CREATE:
        operation->result = RESULT_OK;
        return;
    case OPERATION_RESPOND:
    case OPERATION_CANCEL:
        operation->result = (uint8_t)answers[draw(random, 5)];
        if (operation->result == RESULT_CONFLICT && draw(random, 2)) {
            operation->shown = (uint8_t)(SHOWN_RESOLVED + draw(random, 3));
        }
        return;
    case OPERATION_EXPIRE:
        operation->result = (uint8_t)(draw(random, 2)   ? RESULT_OK
                                      : draw(random, 2) ? RESULT_NONE
                                                        : RESULT_CONFLICT);
        return;
    case OPERATION_GET:
        operation->result = RESULT_SHOWN;
        operation->shown = (uint8_t)(SHOWN_ABSENT + draw(random, 5));
        break;
    default:
        operation->result = draw(random, 2) ? RESULT_SHOWN : RESULT_OMITTED;
        operation->shown =
            (uint8_t)(operation->result == RESULT_SHOWN ? SHOWN_PENDING + draw(random, 4) : SHOWN_NOTHING);
    }
    operation->who = operation->shown == SHOWN_RESOLVED ? draw_client(random, history) : NAME_NONE;
}

static struct operation draw_operation(uint64_t *random, struct history *history, bool created) {
    static const enum operation_kind kinds[] = {OPERATION_RESPOND, OPERATION_RESPOND, OPERATION_CANCEL,
                                                OPERATION_EXPIRE,  OPERATION_GET,     OPERATION_GET,
                                                OPERATION_LIST};
    struct operation operation = {.kind = (uint8_t)kinds[draw(random, 7)],
                                  .client = draw_client(random, history),
                                  .who = NAME_NONE,
                                  .user = NAME_NONE,
                                  .expires_ns = HISTORY_NEVER};
    if (operation.kind == OPERATION_RESPOND) {
        operation.who = operation.client;
    }
    if (operation.kind == OPERATION_RESPOND || operation.kind == OPERATION_CANCEL) {
        bool named = draw(random, 3) == 0 || (created && draw(random, 2));
        operation.user = named ? draw_user(random, history) : NAME_NONE;
    }
    if (operation.kind == OPERATION_LIST) {
        operation.filter = (unsigned)(1 + draw(random, 15)) << SHOWN_PENDING & 0x7fu;
    }
    operation.invoke_ns = (int64_t)(CLOCK_ERROR_MAX_NS + draw(random, SPAN_NS));
    operation.return_ns = operation.invoke_ns + (int64_t)draw(random, LENGTH_NS);
    return operation;
}

static struct operation draw_creation(uint64_t *random, struct history *history) {
    struct operation operation = {.kind = OPERATION_CREATE,
                                  .client = draw_client(random, history),
                                  .who = add_name(&history->users, "ann", NAME_TEXT),
                                  .user = NAME_NONE,
                                  .expires_ns = HISTORY_NEVER};
    operation.checkpoint = draw(random, 6) == 0;
    if (draw(random, 3)) {
        operation.expires_ns = (int64_t)(CLOCK_ERROR_MAX_NS + draw(random, SPAN_NS + LENGTH_NS));
    }
    operation.invoke_ns = (int64_t)draw(random, SPAN_NS / 2);
    operation.return_ns = operation.invoke_ns + (int64_t)draw(random, LENGTH_NS);
    return operation;
}

/* One of the operations, or time, and when it really happens. */
struct moment {
    int64_t at_ns;
    size_t event; /* OPERATIONS_MAX and one more: what time does */
};

static int compare_moments(const void *left, const void *right) {
    const struct moment *one = left;
    const struct moment *other = right;
    if (one->at_ns != other->at_ns) {
        return one->at_ns < other->at_ns ? -1 : 1;
    }
    return (one->event > other->event) - (one->event < other->event);
}

/* Gives an operation a result that is true in this state, if it finds one. */
static struct state answer(uint64_t *random, struct history *history, const struct life *life,
                           struct state state, struct operation *operation) {
    struct state next = state;
    for (int i = 0; i < TRIES; i++) {
        draw_result(random, history, operation);
        if (state_step(life, state, operation, &next)) {
            return next;
        }
    }
    return state;
}

static void answer_all(uint64_t *random, struct history *history, struct operation *operations, size_t count,
                       int64_t clock_error_ns) {
    struct moment moments[OPERATIONS_MAX + 2];
    struct life life;
    life_init(&life, operations, count, clock_error_ns);
    for (size_t i = 0; i < count; i++) {
        int64_t length_ns = operations[i].return_ns - operations[i].invoke_ns;
        moments[i] =
            (struct moment){operations[i].invoke_ns + (int64_t)draw(random, (uint64_t)length_ns + 1), i};
    }
    size_t events = count;
    if (life.expires) {
        int64_t lapse_ns = life.lapse_from_ns + (int64_t)draw(random, LENGTH_NS);
        moments[events++] = (struct moment){lapse_ns, OPERATIONS_MAX};
        moments[events++] = (struct moment){life.answer_until_ns, OPERATIONS_MAX + 1};
    }
    qsort(moments, events, sizeof moments[0], compare_moments);
    struct state state = state_start(&life);
    for (size_t i = 0; i < events; i++) {
        if (moments[i].event == OPERATIONS_MAX) {
            state_lapse(state, &state);
        } else if (moments[i].event > OPERATIONS_MAX) {
            state = state_fall_due(state);
        } else {
            state = answer(random, history, &life, state, &operations[moments[i].event]);
        }
    }
}

/* Loses answers, and, in half of the histories, changes one or two. */
static void damage(uint64_t *random, struct history *history, struct operation *operations, size_t count) {
    bool losing = draw(random, 2) == 0;
    for (size_t i = 0; i < count; i++) {
        if (losing && draw(random, 4) == 0) {
            operations[i].result = RESULT_UNKNOWN;
            operations[i].shown = SHOWN_NOTHING;
            operations[i].return_ns = HISTORY_LOST;
        }
    }
    for (uint64_t left = draw(random, 2) ? draw(random, 3) : 0; left > 0; left--) {
        struct operation *operation = &operations[draw(random, count)];
        if (operation->result != RESULT_UNKNOWN) {
            draw_result(random, history, operation);
        }
    }
}

int64_t generate_small_clock_error_ns(uint64_t seed) {
    return seed % 3 == 0 ? (int64_t)(seed / 3 % (CLOCK_ERROR_MAX_NS + 1)) : 0;
}

void generate_small(uint64_t seed, struct history *history) {
    uint64_t random = seed * UINT64_C(0xD1342543DE82EF95);
    struct operation operations[OPERATIONS_MAX] = {0};
    size_t count = 1 + draw(&random, OPERATIONS_MAX);
    bool created = draw(&random, 3) > 0;
    bool twice = created && count > 1 && draw(&random, 40) == 0;
    for (size_t i = 0; i < count; i++) {
        bool creation = (created && i == 0) || (twice && i == 1);
        operations[i] =
            creation ? draw_creation(&random, history) : draw_operation(&random, history, created);
    }
    if (!twice) {
        answer_all(&random, history, operations, count, generate_small_clock_error_ns(seed));
        damage(&random, history, operations, count);
    }
    uint32_t key = add_name(&history->key_names, "x", NAME_TEXT);
    for (size_t i = 0; i < count; i++) {
        operations[i].key = key;
        operations[i].line = (uint32_t)i + 1;
        /* The history has room for what was just generated, or the process ends. */
        if (history_add(history, &operations[i], NULL) != HP_OK) {
            abort();
        }
    }
    if (history_group(history, NULL) != HP_OK) {
        abort();
    }
}
