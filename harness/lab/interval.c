#include "harness/lab/interval.h"

#include "harness/lab/blame.h"

/* Where an operation may have happened: before the interrupt was there, while it was pending, after its end. */
enum { BEFORE = 1, DURING = 2, AFTER = 4 };

/* How the interrupt ended, as one attempt has it. */
struct fate {
    enum shown shown;              /* SHOWN_NOTHING: it never did */
    uint32_t who;                  /* SHOWN_RESOLVED: whose answer; NAME_NONE for anybody's */
    const struct operation *proof; /* what says so; NULL when nothing does */
    const struct operation *ender; /* what did it; NULL: time */
    struct bound from, until;      /* when */
};

/* One key under check, and what one pass over it found. */
struct check {
    struct blame blame;
    const struct operation *operations;
    size_t count;
    const struct operation *creation;
    bool expires;
    int64_t lapse_from_ns;
    int64_t answer_until_ns;
    struct judgement *judgement;
    const struct operation *ended;  /* an operation that ended it and was told so */
    const struct operation *shown;  /* one that tells the end */
    const struct operation *answer; /* one that tells whose answer it was */
    const struct operation *named;  /* a sweep that named it after its lapse */
    bool lost;                      /* there are lost operations */
};

static void find_creation(struct check *check, int64_t clock_error_ns) {
    const struct operation *creation = NULL;
    for (size_t i = 0; i < check->count && !creation; i++) {
        creation = check->operations[i].kind == OPERATION_CREATE ? &check->operations[i] : NULL;
    }
    check->creation = check->blame.creation = creation;
    if (creation && !creation->checkpoint && creation->expires_ns != HISTORY_NEVER) {
        int64_t latest = INT64_MAX - 1 - clock_error_ns;
        check->expires = true;
        check->lapse_from_ns = creation->expires_ns - clock_error_ns;
        check->answer_until_ns =
            (creation->expires_ns < latest ? creation->expires_ns : latest) + clock_error_ns;
    }
}

static bool fault(struct check *check, enum fault fault, const struct operation *one,
                  const struct operation *other) {
    blame_fault(&check->blame, fault, one, other, check->judgement);
    return false;
}

/* Keeps the first; the second of its kind is a fault. */
static bool keep(struct check *check, const struct operation **first, const struct operation *operation,
                 enum fault twice) {
    if (*first) {
        return fault(check, twice, *first, operation);
    }
    *first = operation;
    return true;
}

static bool see_answer(struct check *check, const struct operation *operation) {
    bool refused = operation->result == RESULT_FORBIDDEN;
    bool stranger =
        check->creation && operation->user != NAME_NONE && operation->user != check->creation->who;
    if (operation->result == RESULT_NOT_FOUND) {
        return check->creation ? true : fault(check, FAULT_NEVER_ABSENT, operation, NULL);
    }
    if (stranger && !refused) {
        return fault(check, FAULT_STRANGER_SERVED, operation, NULL);
    }
    if (refused && !stranger && (check->creation || operation->user == NAME_NONE)) {
        return fault(check, FAULT_OWNER_REFUSED, operation, NULL);
    }
    if (operation->result == RESULT_CONFLICT && operation->shown != SHOWN_NOTHING) {
        check->shown = operation;
    }
    return operation->result == RESULT_OK ? keep(check, &check->ended, operation, FAULT_TWO_WINNERS) : true;
}

static bool see_sweep(struct check *check, const struct operation *operation) {
    if (operation->result != RESULT_OK) {
        return true;
    }
    if (!check->creation) {
        return keep(check, &check->ended, operation, FAULT_TWO_WINNERS);
    }
    if (!check->expires) {
        return fault(check, FAULT_NEVER_EXPIRES, operation, NULL);
    }
    check->shown = operation;
    return keep(check, &check->named, operation, FAULT_NAMED_TWICE);
}

static bool see_read(struct check *check, const struct operation *operation) {
    if (operation->result != RESULT_SHOWN) {
        return true;
    }
    if (operation->shown == SHOWN_ABSENT) {
        return check->creation ? true : fault(check, FAULT_NEVER_ABSENT, operation, NULL);
    }
    if (operation->kind == OPERATION_LIST && !(operation->filter & (1u << operation->shown))) {
        return fault(check, FAULT_OUTSIDE_FILTER, operation, NULL);
    }
    if (operation->shown != SHOWN_PENDING) {
        check->shown = operation;
        check->answer = operation->shown == SHOWN_RESOLVED ? operation : check->answer;
    }
    return true;
}

/* What can be said without a look at times. False: a violation. */
static bool look(struct check *check) {
    const struct operation *created = NULL;
    for (size_t i = 0; i < check->count; i++) {
        const struct operation *operation = &check->operations[i];
        bool right = true;
        if (operation->result == RESULT_UNKNOWN) {
            check->lost = true;
            continue;
        }
        switch (operation->kind) {
        case OPERATION_CREATE:
            right = keep(check, &created, operation, FAULT_CREATED_TWICE);
            break;
        case OPERATION_RESPOND:
        case OPERATION_CANCEL:
            right = see_answer(check, operation);
            break;
        case OPERATION_EXPIRE:
            right = see_sweep(check, operation);
            break;
        default:
            right = see_read(check, operation);
        }
        if (!right) {
            return false;
        }
    }
    return true;
}

static unsigned places_of_answer(const struct operation *operation, const struct fate *fate) {
    if (operation->result == RESULT_NOT_FOUND) {
        return BEFORE;
    }
    if (operation->result == RESULT_FORBIDDEN) {
        return DURING | AFTER;
    }
    return operation->shown == SHOWN_NOTHING || operation->shown == fate->shown ? AFTER : 0;
}

static unsigned places_of_sweep(const struct check *check, const struct operation *operation,
                                const struct fate *fate) {
    if (!check->creation) {
        return AFTER;
    }
    if (operation->result == RESULT_OK) {
        return fate->shown == SHOWN_EXPIRED ? AFTER : 0;
    }
    bool overdue = check->expires && operation->invoke_ns > check->answer_until_ns;
    return overdue ? BEFORE | AFTER : BEFORE | DURING | AFTER;
}

static unsigned places_of_read(const struct operation *operation, const struct fate *fate) {
    if (operation->result == RESULT_OMITTED) {
        unsigned during = operation->filter & (1u << SHOWN_PENDING) ? 0 : DURING;
        return BEFORE | during | (operation->filter & (1u << fate->shown) ? 0 : AFTER);
    }
    if (operation->shown == SHOWN_ABSENT) {
        return BEFORE;
    }
    if (operation->shown == SHOWN_PENDING) {
        return DURING;
    }
    bool same = operation->shown == fate->shown;
    bool same_answer = operation->shown != SHOWN_RESOLVED || operation->who == fate->who;
    return same && same_answer ? AFTER : 0;
}

/* Where this operation may have happened, if the interrupt ended so. */
static unsigned places_of(const struct check *check, const struct operation *operation,
                          const struct fate *fate) {
    unsigned places;
    switch (operation->kind) {
    case OPERATION_RESPOND:
    case OPERATION_CANCEL:
        places = places_of_answer(operation, fate);
        break;
    case OPERATION_EXPIRE:
        places = places_of_sweep(check, operation, fate);
        break;
    default:
        places = places_of_read(operation, fate);
    }
    places &= check->creation ? ~0u : ~(unsigned)BEFORE;
    return fate->shown == SHOWN_NOTHING ? places & ~(unsigned)AFTER : places;
}

/* The two moments: when the interrupt came, and when it ended. */
struct moments {
    struct bound created_from, created_until;
    struct bound ended_from, ended_until;
    bool gaps; /* there are operations that happened before or after, but not during */
};

static void not_before(struct bound *bound, enum role role, const struct operation *by) {
    if (by->invoke_ns > bound->at_ns) {
        *bound = (struct bound){by->invoke_ns, role, by};
    }
}

static void not_after(struct bound *bound, enum role role, const struct operation *by) {
    if (by->return_ns < bound->at_ns) {
        *bound = (struct bound){by->return_ns, role, by};
    }
}

static void moments_init(struct moments *moments, const struct check *check, const struct fate *fate) {
    const struct operation *creation = check->creation;
    *moments = (struct moments){.ended_from = fate->from, .ended_until = fate->until};
    if (creation) {
        moments->created_from = (struct bound){creation->invoke_ns, ROLE_CREATE_CALLED, creation};
        moments->created_until = (struct bound){creation->return_ns, ROLE_CREATE_ANSWERED, creation};
    } else {
        moments->created_from.at_ns = INT64_MIN;
        moments->created_until.at_ns = INT64_MIN;
    }
}

/* Lets an operation move the bounds. False when it cannot have happened at all. */
static bool narrow(struct moments *moments, const struct operation *operation, unsigned places) {
    switch (places) {
    case 0:
        return false;
    case BEFORE:
        not_before(&moments->created_from, ROLE_STILL_ABSENT, operation);
        return true;
    case BEFORE | DURING:
        not_before(&moments->ended_from, ROLE_STILL_OPEN, operation);
        return true;
    case DURING:
        not_before(&moments->ended_from, ROLE_STILL_OPEN, operation);
        not_after(&moments->created_until, ROLE_SEEN_PRESENT, operation);
        return true;
    case DURING | AFTER:
        not_after(&moments->created_until, ROLE_SEEN_PRESENT, operation);
        return true;
    case AFTER:
        not_after(&moments->ended_until, ROLE_SEEN_ENDED, operation);
        return true;
    case BEFORE | AFTER:
        moments->gaps = true;
        return true;
    default:
        return true;
    }
}

static bool is_weighed(const struct operation *operation, const struct fate *fate) {
    return operation->result != RESULT_UNKNOWN && operation->kind != OPERATION_CREATE &&
           operation != fate->ender;
}

static bool narrow_all(struct check *check, const struct fate *fate, struct moments *moments) {
    for (size_t i = 0; i < check->count; i++) {
        const struct operation *operation = &check->operations[i];
        if (!is_weighed(operation, fate) || narrow(moments, operation, places_of(check, operation, fate))) {
            continue;
        }
        return fate->proof && fate->proof != operation
                   ? fault(check, FAULT_DIFFERENT_ENDS, fate->proof, operation)
                   : fault(check, FAULT_NOBODY_ENDED_IT, operation, NULL);
    }
    return true;
}

static bool in_order(struct check *check, const struct bound *from, const struct bound *until) {
    if (from->at_ns <= until->at_ns) {
        return true;
    }
    blame_bounds(&check->blame, from, until, check->judgement);
    return false;
}

/* The later it came and the sooner it ended, the more of the rest fits. Coming and ending at one moment leaves no
 * gap at all. */
static bool fill_gaps(struct check *check, const struct fate *fate, const struct moments *moments) {
    if (!moments->gaps) {
        return true;
    }
    for (size_t i = 0; i < check->count; i++) {
        const struct operation *operation = &check->operations[i];
        bool gap = is_weighed(operation, fate) && places_of(check, operation, fate) == (BEFORE | AFTER);
        if (gap && operation->invoke_ns > moments->created_until.at_ns &&
            operation->return_ns < moments->ended_from.at_ns) {
            blame_between(&check->blame, operation, &moments->created_until, &moments->ended_from,
                          check->judgement);
            return false;
        }
    }
    return true;
}

/* Can it all have happened, if it ended so? */
static bool attempt(struct check *check, const struct fate *fate) {
    struct moments moments;
    judgement_clear(check->judgement);
    moments_init(&moments, check, fate);
    return narrow_all(check, fate, &moments) &&
           in_order(check, &moments.created_from, &moments.created_until) &&
           in_order(check, &moments.ended_from, &moments.ended_until) &&
           in_order(check, &moments.created_from, &moments.ended_until) && fill_gaps(check, fate, &moments);
}

/* The end that this operation brought, told to its client or not. */
static struct fate fate_by(const struct check *check, const struct operation *ender) {
    static const enum shown ends[OPERATION_KINDS] = {[OPERATION_RESPOND] = SHOWN_RESOLVED,
                                                     [OPERATION_CANCEL] = SHOWN_CANCELLED,
                                                     [OPERATION_EXPIRE] = SHOWN_EXPIRED};
    struct fate fate = {.shown = ends[ender->kind], .who = ender->who, .ender = ender};
    fate.from = (struct bound){ender->invoke_ns, ROLE_ENDER_CALLED, ender};
    fate.until = (struct bound){ender->return_ns, ROLE_ENDER_ANSWERED, ender};
    if (check->expires && fate.until.at_ns > check->answer_until_ns) {
        fate.until = (struct bound){check->answer_until_ns, ROLE_DEADLINE, NULL};
    }
    return fate;
}

static struct fate fate_by_time(const struct check *check) {
    return (struct fate){.shown = SHOWN_EXPIRED,
                         .who = NAME_NONE,
                         .from = {check->lapse_from_ns, ROLE_MAY_LAPSE, NULL},
                         .until = {INT64_MAX, ROLE_DEADLINE, NULL}};
}

/* It never ended. */
static struct fate fate_none(void) {
    return (struct fate){.who = NAME_NONE, .from.at_ns = INT64_MIN, .until.at_ns = INT64_MAX};
}

/* The first lost operation that may have brought the end: it may have happened at any time after its call, so the first
 * fits wherever a later one does. who: NAME_NONE for anybody. NULL when there is none. */
static const struct operation *find_lost(const struct check *check, enum shown shown, uint32_t who) {
    static const enum operation_kind enders[SHOWN_COUNT] = {[SHOWN_RESOLVED] = OPERATION_RESPOND,
                                                            [SHOWN_CANCELLED] = OPERATION_CANCEL,
                                                            [SHOWN_EXPIRED] = OPERATION_EXPIRE};
    for (size_t i = 0; check->lost && i < check->count; i++) {
        const struct operation *operation = &check->operations[i];
        bool stranger =
            check->creation && operation->user != NAME_NONE && operation->user != check->creation->who;
        if (operation->result == RESULT_UNKNOWN && operation->kind == enders[shown] && !stranger &&
            (who == NAME_NONE || operation->who == who)) {
            return operation;
        }
    }
    return NULL;
}

/* Finds what brought that end. False when nothing can have. */
static bool fate_find(const struct check *check, enum shown shown, uint32_t who, struct fate *fate) {
    if (shown == SHOWN_EXPIRED && check->creation) {
        *fate = fate_by_time(check);
        return check->expires;
    }
    const struct operation *lost = find_lost(check, shown, who);
    if (lost) {
        *fate = fate_by(check, lost);
    }
    return lost != NULL;
}

static enum shown end_told_by(const struct operation *operation) {
    return operation->kind == OPERATION_EXPIRE ? SHOWN_EXPIRED : operation->shown;
}

/* Somebody tells how it ended, and nobody was told that it was he. */
static void attempt_told(struct check *check) {
    const struct operation *told = check->answer ? check->answer : check->shown;
    uint32_t who = check->answer ? check->answer->who : NAME_NONE;
    struct fate fate;
    if (!fate_find(check, end_told_by(told), who, &fate)) {
        fault(check, FAULT_NOBODY_ENDED_IT, told, NULL);
        return;
    }
    fate.proof = told;
    attempt(check, &fate);
}

/* Nobody tells how it ended, if it did: one attempt for each way. */
static void attempt_each(struct check *check) {
    static const enum shown ends[] = {SHOWN_RESOLVED, SHOWN_CANCELLED, SHOWN_EXPIRED};
    struct fate fate = fate_none();
    if (attempt(check, &fate)) {
        return;
    }
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (fate_find(check, ends[i], NAME_NONE, &fate) && attempt(check, &fate)) {
            return;
        }
    }
}

void interval_check(const struct history *history, size_t key, int64_t clock_error_ns,
                    struct judgement *judgement) {
    const struct history_key *group = &history->keys[key];
    judgement_clear(judgement);
    if (group->count == 0) {
        return;
    }
    struct check check = {.operations = history->operations + group->first, .count = group->count};
    check.judgement = judgement;
    check.blame.history = history;
    check.blame.start_ns = check.operations[0].invoke_ns;
    find_creation(&check, clock_error_ns);
    if (!look(&check)) {
        return;
    }
    if (check.ended) {
        struct fate fate = fate_by(&check, check.ended);
        fate.proof = check.ended;
        attempt(&check, &fate);
    } else if (check.shown) {
        attempt_told(&check);
    } else {
        attempt_each(&check);
    }
}
