#include "harness/lab/brute.h"

#include "harness/lab/sequential.h"

/* Behind the operations: what time does. */
enum { LAPSE = BRUTE_OPERATIONS_MAX, FALL_DUE, EVENTS_MAX };

struct event {
    int64_t invoke_ns;
    int64_t return_ns;
    bool present;
    bool must_happen;
};

struct trial {
    const struct operation *operations;
    struct life life;
    struct event events[EVENTS_MAX];
};

/* Nothing that must happen is still to come and was over before this one began. */
static bool may_be_next(const struct trial *trial, unsigned done, size_t event) {
    for (size_t other = 0; other < EVENTS_MAX; other++) {
        const struct event *earlier = &trial->events[other];
        bool open = earlier->present && earlier->must_happen && !(done & (1u << other));
        if (open && other != event && earlier->return_ns < trial->events[event].invoke_ns) {
            return false;
        }
    }
    return true;
}

static bool happen(const struct trial *trial, struct state state, size_t event, struct state *next) {
    if (event == LAPSE) {
        return state_lapse(state, next);
    }
    if (event == FALL_DUE) {
        *next = state_fall_due(state);
        return true;
    }
    return state_step(&trial->life, state, &trial->operations[event], next);
}

static bool all_happened(const struct trial *trial, unsigned done) {
    for (size_t event = 0; event < EVENTS_MAX; event++) {
        if (trial->events[event].present && trial->events[event].must_happen && !(done & (1u << event))) {
            return false;
        }
    }
    return true;
}

static bool order_exists(const struct trial *trial, unsigned done, struct state state) {
    if (all_happened(trial, done)) {
        return true;
    }
    for (size_t event = 0; event < EVENTS_MAX; event++) {
        struct state next;
        if (trial->events[event].present && !(done & (1u << event)) && may_be_next(trial, done, event) &&
            happen(trial, state, event, &next) && order_exists(trial, done | 1u << event, next)) {
            return true;
        }
    }
    return false;
}

void brute_check(const struct history *history, size_t key, int64_t clock_error_ns,
                 struct judgement *judgement) {
    const struct history_key *group = &history->keys[key];
    judgement_clear(judgement);
    if (group->count > BRUTE_OPERATIONS_MAX) {
        judgement->linearity = UNDECIDED;
        text_put(judgement->reason, sizeof judgement->reason, "brute force takes at most 8 operations");
        return;
    }
    struct trial trial = {.operations = history->operations + group->first};
    life_init(&trial.life, trial.operations, group->count, clock_error_ns);
    for (uint32_t i = 0; i < group->count; i++) {
        const struct operation *operation = &trial.operations[i];
        trial.events[i] = (struct event){operation->invoke_ns, operation->return_ns, true,
                                         operation->return_ns != HISTORY_LOST};
    }
    if (trial.life.expires) {
        trial.events[LAPSE] = (struct event){trial.life.lapse_from_ns, HISTORY_LOST, true, false};
        trial.events[FALL_DUE] =
            (struct event){trial.life.answer_until_ns, trial.life.answer_until_ns, true, true};
    }
    if (!order_exists(&trial, 0, state_start(&trial.life))) {
        judgement->linearity = VIOLATION;
        text_put(judgement->reason, sizeof judgement->reason,
                 "no order of the operations explains their answers");
    }
}
