#include "harness/lab/sequential.h"

void life_init(struct life *life, const struct operation *operations, size_t count, int64_t clock_error_ns) {
    *life = (struct life){0};
    for (size_t i = 0; i < count && !life->creation; i++) {
        life->creation = operations[i].kind == OPERATION_CREATE ? &operations[i] : NULL;
    }
    if (!life->creation || life->creation->checkpoint || life->creation->expires_ns == HISTORY_NEVER) {
        return;
    }
    int64_t expires_ns = life->creation->expires_ns;
    life->expires = true;
    life->lapse_from_ns = expires_ns - clock_error_ns; /* both are 0 or more */
    life->answer_until_ns =
        expires_ns > INT64_MAX - 1 - clock_error_ns ? INT64_MAX - 1 : expires_ns + clock_error_ns;
}

struct state state_start(const struct life *life) {
    return (struct state){.phase = life->creation ? PHASE_ABSENT : PHASE_PENDING, .who = NAME_NONE};
}

bool state_equals(struct state one, struct state other) {
    return one.phase == other.phase && one.overdue == other.overdue && one.who == other.who;
}

static bool move_to(enum phase phase, uint32_t who, struct state *next) {
    *next = (struct state){.phase = phase, .who = who};
    return true;
}

/* What a phase looks like from outside. */
static enum shown show(enum phase phase) {
    static const enum shown shown[] = {
        [PHASE_ABSENT] = SHOWN_ABSENT,       [PHASE_PENDING] = SHOWN_PENDING,
        [PHASE_LAPSED] = SHOWN_EXPIRED,      [PHASE_RESOLVED] = SHOWN_RESOLVED,
        [PHASE_CANCELLED] = SHOWN_CANCELLED, [PHASE_EXPIRED] = SHOWN_EXPIRED,
    };
    return shown[phase];
}

static bool step_create(struct state state, struct state *next) {
    if (state.phase != PHASE_ABSENT) {
        return false;
    }
    *next = state; /* it may come into the world overdue */
    next->phase = PHASE_PENDING;
    return true;
}

static bool is_stranger(const struct life *life, const struct operation *operation) {
    return operation->user != NAME_NONE && life->creation && life->creation->who != operation->user;
}

/* respond and cancel: not found, forbidden, conflict, in this order. */
static bool step_answer(const struct life *life, struct state state, const struct operation *operation,
                        struct state *next) {
    bool refused_unseen =
        operation->result == RESULT_FORBIDDEN && !life->creation && operation->user != NAME_NONE;
    if (state.phase == PHASE_ABSENT) {
        return operation->result == RESULT_NOT_FOUND;
    }
    if (is_stranger(life, operation) || refused_unseen) {
        return operation->result == RESULT_FORBIDDEN;
    }
    if (state.phase != PHASE_PENDING) {
        return operation->result == RESULT_CONFLICT &&
               (operation->shown == SHOWN_NOTHING || operation->shown == show(state.phase));
    }
    if (state.overdue || (operation->result != RESULT_OK && operation->result != RESULT_UNKNOWN)) {
        return false;
    }
    return operation->kind == OPERATION_RESPOND ? move_to(PHASE_RESOLVED, operation->who, next)
                                                : move_to(PHASE_CANCELLED, NAME_NONE, next);
}

static bool step_sweep(const struct life *life, struct state state, const struct operation *operation,
                       struct state *next) {
    bool effect = operation->result == RESULT_OK || operation->result == RESULT_UNKNOWN;
    if (!life->creation) {
        return effect ? state.phase == PHASE_PENDING && move_to(PHASE_EXPIRED, NAME_NONE, next)
                      : state.phase != PHASE_PENDING;
    }
    if (effect) {
        return state.phase == PHASE_LAPSED && move_to(PHASE_EXPIRED, NAME_NONE, next);
    }
    return !(state.phase == PHASE_PENDING && state.overdue);
}

static bool step_read(struct state state, const struct operation *operation) {
    enum shown shown = show(state.phase);
    if (operation->result == RESULT_OMITTED) {
        return !(operation->filter & (1u << shown));
    }
    if (operation->result != RESULT_SHOWN || operation->shown != shown) {
        return false;
    }
    if (operation->kind == OPERATION_LIST && !(operation->filter & (1u << shown))) {
        return false;
    }
    return state.phase != PHASE_RESOLVED || operation->who == state.who;
}

bool state_step(const struct life *life, struct state state, const struct operation *operation,
                struct state *next) {
    *next = state;
    switch (operation->kind) {
    case OPERATION_CREATE:
        return step_create(state, next);
    case OPERATION_RESPOND:
    case OPERATION_CANCEL:
        return step_answer(life, state, operation, next);
    case OPERATION_EXPIRE:
        return step_sweep(life, state, operation, next);
    default:
        return step_read(state, operation);
    }
}

bool state_lapse(struct state state, struct state *next) {
    *next = state;
    return state.phase == PHASE_PENDING && move_to(PHASE_LAPSED, NAME_NONE, next);
}

struct state state_fall_due(struct state state) {
    state.overdue = state.phase == PHASE_ABSENT || state.phase == PHASE_PENDING;
    return state;
}

bool operation_is_inert(const struct operation *operation) {
    return operation->result != RESULT_OK && operation->result != RESULT_UNKNOWN;
}
