/* Why no order explains what was answered, as one sentence that a person understands. Times are told from the first
 * call of the interrupt's history on. Any thread. */
#ifndef HOLDPOINT_LAB_BLAME_H
#define HOLDPOINT_LAB_BLAME_H

#include "harness/lab/judgement.h"

/* What an operation, or time alone, says about the moments at which an interrupt began and ended. Each is half of a
 * sentence. */
enum role {
    /* Not before: */
    ROLE_CREATE_CALLED,
    ROLE_STILL_ABSENT,
    ROLE_ENDER_CALLED, /* the call that ended it */
    ROLE_STILL_OPEN,   /* not ended when this was called */
    ROLE_MAY_LAPSE,    /* no operation: it could not expire before */
    /* Not after: */
    ROLE_CREATE_ANSWERED,
    ROLE_SEEN_PRESENT,
    ROLE_ENDER_ANSWERED,
    ROLE_SEEN_ENDED,
    ROLE_DEADLINE, /* no operation: it could not be answered later */
};

/* A bound of a moment, and who sets it. */
struct bound {
    int64_t at_ns;
    enum role role;
    const struct operation *by; /* NULL: nobody, or time alone */
};

/* What one operation, or two, did that cannot be. The owner is named where it matters. */
enum fault {
    FAULT_STRANGER_SERVED, /* another than the owner was not refused */
    FAULT_OWNER_REFUSED,   /* the owner, or a trusted caller, was */
    FAULT_NEVER_ABSENT,    /* not found, though it was there from the start */
    FAULT_OUTSIDE_FILTER,  /* a list showed what it was not asked for */
    FAULT_NEVER_EXPIRES,   /* a sweep named what has no end */
    FAULT_NOBODY_ENDED_IT, /* shown as ended, and no call could have done it */
    FAULT_CREATED_TWICE,   /* two */
    FAULT_TWO_WINNERS,     /* two */
    FAULT_NAMED_TWICE,     /* two: sweeps */
    FAULT_DIFFERENT_ENDS,  /* two */
};

/* Everything a sentence needs. */
struct blame {
    const struct history *history;
    int64_t start_ns;                 /* the first call of the key */
    const struct operation *creation; /* NULL: there is none */
};

/* Each makes *judgement a violation. */
void blame_fault(const struct blame *blame, enum fault fault, const struct operation *one,
                 const struct operation *other, struct judgement *judgement);

/* The lower bound lies behind the upper one. */
void blame_bounds(const struct blame *blame, const struct bound *from, const struct bound *until,
                  struct judgement *judgement);

/* An operation found it absent or ended, though it was called after it was there (by present) and was answered before
 * it ended (by open). */
void blame_between(const struct blame *blame, const struct operation *operation, const struct bound *present,
                   const struct bound *open, struct judgement *judgement);

/* "+30 ns", "+75.926 us", "-2.000000 ms". */
void blame_add_time(struct text *text, int64_t time_ns);

#endif
