/* One interrupt as it must behave when operations come one after another: the tiny executable statement that the
 * search and the brute force judge by. Pure; any thread.
 *
 * Without a create in its history an interrupt is there from the start, pending, nobody knows its owner, and a sweep
 * may expire it at any time. With one, it is absent until the create, only its owner may answer, and its end rules:
 * from expires_ns - error on it may lapse by itself, until expires_ns + error it may be answered, never when it is a
 * checkpoint or has no end. A sweep then names what has lapsed, once. */
#ifndef HOLDPOINT_LAB_SEQUENTIAL_H
#define HOLDPOINT_LAB_SEQUENTIAL_H

#include "harness/lab/history.h"

/* What the operations of one interrupt agree on. */
struct life {
    const struct operation *creation; /* the first create; NULL: there from the start */
    bool expires;
    int64_t lapse_from_ns;   /* when it expires: the first moment at which it may have lapsed */
    int64_t answer_until_ns; /* and the last at which it may be answered */
};

/* Where an interrupt stands. */
enum phase {
    PHASE_ABSENT,
    PHASE_PENDING,
    PHASE_LAPSED, /* shown as expired; no sweep has named it yet */
    PHASE_RESOLVED,
    PHASE_CANCELLED,
    PHASE_EXPIRED,
};

struct state {
    enum phase phase;
    bool overdue; /* answer_until_ns has passed; false once it is final */
    uint32_t who; /* PHASE_RESOLVED: whose answer; else NAME_NONE */
};

/* Finds out about the life of one key. clock_error_ns, 0 or more: how far the service's clock and ours may be apart. */
void life_init(struct life *life, const struct operation *operations, size_t count, int64_t clock_error_ns);

/* Where it starts. */
struct state state_start(const struct life *life);

bool state_equals(struct state one, struct state other);

/* Carries one operation out: true when it may answer as it did, or, for a lost one, when it has an effect (one without
 * may as well never have happened). *next is where it leads. */
bool state_step(const struct life *life, struct state state, const struct operation *operation,
                struct state *next);

/* What time alone does. Lapsing may happen or not, once, from lapse_from_ns on; false where it cannot. Falling due
 * happens at answer_until_ns. */
bool state_lapse(struct state state, struct state *next);
struct state state_fall_due(struct state state);

/* True for an operation that, as it answered, changed nothing: whatever comes later, it may go first. */
bool operation_is_inert(const struct operation *operation);

#endif
