/* The seven kinds of interrupts, the statuses and the decisions: the contract's words and the rules that hang
 * on them. */
#ifndef HOLDPOINT_CORE_KIND_H
#define HOLDPOINT_CORE_KIND_H

#include "reference/base/api.h"

#include <stdbool.h>
#include <stdint.h>

/* What a time to live may be beside a number of microseconds above 0. */
#define HP_TTL_NEVER INT64_C(-1)  /* the interrupt has no expiry */
#define HP_TTL_DEFAULT INT64_C(0) /* what the kind says */

/* One row a kind: constant, name, default time to live in seconds (-1: never), expires by itself, the field
 * that its response needs, and the event of its creation (REQ-KIND-1, REQ-KIND-7, REQ-TTL-1). The order is
 * the contract's. */
#define HP_KIND_LIST(X)                                                                                      \
    X(HP_CLARIFICATION, "clarification", 86400, true, HP_NEEDS_TEXT, "interrupt.clarification_needed")       \
    X(HP_CONFIRMATION, "confirmation", 3600, true, HP_NEEDS_APPROVED, "interrupt.confirmation_needed")       \
    X(HP_CRITIC_REVIEW, "critic_review", 1800, true, HP_NEEDS_DECISION, "interrupt.critic_review")           \
    X(HP_CHECKPOINT, "checkpoint", -1, false, HP_NEEDS_NOTHING, "interrupt.checkpoint")                      \
    X(HP_RESOURCE_EXHAUSTED, "resource_exhausted", 300, true, HP_NEEDS_NOTHING,                              \
      "interrupt.resource_exhausted")                                                                        \
    X(HP_TIMEOUT, "timeout", 300, true, HP_NEEDS_NOTHING, "interrupt.timeout")                               \
    X(HP_SYSTEM_ERROR, "system_error", 3600, true, HP_NEEDS_NOTHING, "interrupt.system_error")

/* HP_CLARIFICATION .. HP_SYSTEM_ERROR, numbered from 0 in the order of the list. */
enum hp_kind {
#define X(constant, name, ttl, expires, needs, event) constant,
    HP_KIND_LIST(X)
#undef X
        HP_KIND_COUNT
};

/* Every kind at once, in a mask of bits 1 << kind. */
#define HP_KINDS_ALL ((1u << HP_KIND_COUNT) - 1)

/* Which field a response of a kind must have. */
enum hp_needs { HP_NEEDS_NOTHING, HP_NEEDS_TEXT, HP_NEEDS_APPROVED, HP_NEEDS_DECISION };

/* What the contract says of one kind. */
struct hp_kind_rule {
    const char *name;       /* on the wire: "critic_review" */
    int64_t default_ttl_us; /* or HP_TTL_NEVER */
    bool auto_expires;      /* false: it stays pending past its expiry, should it have one */
    enum hp_needs needs;
    const char *created_event; /* the type of the event of its creation */
};

/* The rules of a kind; static, never NULL. */
HP_API const struct hp_kind_rule *hp_kind_rule(enum hp_kind kind);

/* Finds the kind of exactly that name (REQ-KIND-4); false, and *kind untouched, when there is none. */
HP_API bool hp_kind_from_name(const char *name, enum hp_kind *kind);

/* One row a status: constant, name, the event on entering it. Only pending may become another
 * (REQ-STATUS-1). */
#define HP_INTERRUPT_STATUS_LIST(X)                                                                          \
    X(HP_PENDING, "pending", NULL)                                                                           \
    X(HP_RESOLVED, "resolved", "interrupt.resolved")                                                         \
    X(HP_EXPIRED, "expired", "interrupt.expired")                                                            \
    X(HP_CANCELLED, "cancelled", "interrupt.cancelled")

/* HP_PENDING .. HP_CANCELLED, numbered from 0 in the order of the list. */
enum hp_interrupt_status {
#define X(constant, name, event) constant,
    HP_INTERRUPT_STATUS_LIST(X)
#undef X
        HP_INTERRUPT_STATUS_COUNT
};

/* Every status at once, in a mask of bits 1 << status. */
#define HP_STATUSES_ALL ((1u << HP_INTERRUPT_STATUS_COUNT) - 1)

/* The name on the wire ("pending"); static text, never NULL. */
HP_API const char *hp_interrupt_status_name(enum hp_interrupt_status status);

/* The type of the event of entering it ("interrupt.expired"); static text, NULL for pending. */
HP_API const char *hp_interrupt_status_event(enum hp_interrupt_status status);

/* Finds the status of exactly that name; false, and *status untouched, when there is none. */
HP_API bool hp_interrupt_status_from_name(const char *name, enum hp_interrupt_status *status);

/* What a critic may decide; HP_DECISION_NONE: no decision was given, null on the wire. */
#define HP_DECISION_LIST(X)                                                                                  \
    X(HP_DECISION_APPROVE, "approve")                                                                        \
    X(HP_DECISION_REJECT, "reject")                                                                          \
    X(HP_DECISION_MODIFY, "modify")

enum hp_decision {
    HP_DECISION_NONE,
#define X(constant, name) constant,
    HP_DECISION_LIST(X)
#undef X
        HP_DECISION_COUNT
};

/* The name on the wire ("approve"); static text, NULL for HP_DECISION_NONE. */
HP_API const char *hp_decision_name(enum hp_decision decision);

/* Finds the decision of exactly that name; false, and *decision untouched, when there is none. */
HP_API bool hp_decision_from_name(const char *name, enum hp_decision *decision);

#endif
