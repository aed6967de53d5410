/* The one rule by which an interrupt leaves pending, pure: no clock, no store. */
#ifndef HOLDPOINT_CORE_TRANSITION_H
#define HOLDPOINT_CORE_TRANSITION_H

#include "reference/core/interrupt.h"

/* A wish to respond to or cancel an interrupt. Everything is borrowed. */
struct hp_change {
    const char *id;
    const char *user_id;                /* NULL: a trusted caller inside the process */
    enum hp_interrupt_status to;        /* HP_RESOLVED or HP_CANCELLED */
    const struct hp_response *response; /* for HP_RESOLVED; checked by hp_response_check before */
    const char *reason;                 /* for HP_CANCELLED: NULL or "" writes nothing (REQ-CANCEL-7) */
    struct hp_idempotency *idempotency; /* for HP_RESOLVED; NULL: every request is a new one */
};

/* Carries the wish out on what is stored now, in the contract's order: owner (HP_FORBIDDEN), still pending
 * (HP_CONFLICT with the status), fits the kind and the size (HP_INVALID) (REQ-RESPOND-6). On HP_OK *after is
 * the changed interrupt, which the caller owns; otherwise nothing is made. `current` is never changed. */
HP_API enum hp_status hp_transition(const struct hp_interrupt *current, const struct hp_change *change,
                                    int64_t now_us, struct hp_interrupt **after, struct hp_problem *problem);

/* The expired form of a due interrupt, for a sweep. NULL when memory runs out. */
HP_API struct hp_interrupt *hp_transition_expire(const struct hp_interrupt *current);

/* Whether the flow may go on after this answer: false for a denied confirmation, else true
 * (REQ-RESPOND-15). */
HP_API bool hp_request_can_resume(const struct hp_interrupt *resolved);

#endif
