/* A store of interrupts: a small vtable, so that a service works over memory or a database alike, and so that
 * a decorator can stand between (faults, yield points).
 *
 * Every store promises the same, through any number of threads: operations on one interrupt are linearizable;
 * a refused operation changes nothing and emits nothing; each creation and each transition appends its event
 * to the outbox under the same lock or transaction, and there is no other way for an event to come about.
 * What a caller gets is a copy of his own.
 *
 * `now` is read once per operation, from the one clock of the store, and when depends on what it touches:
 * - get and change read it after their record is locked. Read before, it could be older than what another
 *   operation stored or showed while this one waited for the lock: an interrupt that was shown expired could
 *   then be answered. create reads it under the lock under which it stores; there is no record before.
 * - list and expire_due touch many records and read it once, at their begin, before any record. The clock
 *   never runs backwards, so that instant lies within the call and no earlier answer was given at a later
 *   one; each row of a list is one read of its interrupt within the call, which may be taken as made then; and
 *   a sweep promises only what was due at its start.
 *
 * A creation or response may bring a key (struct hp_idempotency). When it is carried out, the store keeps what it
 * returned under scope and key, under the lock or in the transaction of the transition itself, for HP_ANSWER_KEPT_US by
 * the store's clock; everybody over the same records shares what is kept. As long as it is kept the same request returns it
 * again, whatever became of the interrupt since, and changes and tells nothing; another request with the key is HP_INVALID.
 * A refused request keeps nothing. Of two at once with one key one is carried out, and the other is HP_CONFLICT or, when it
 * came late enough, a repetition. What is no longer kept goes with a later sweep.
 *
 * A creation may bring a process (struct hp_flow) or a claim (struct hp_rate_claim): both happen under the lock or in the
 * transaction of the creation, or neither does. HP_CONFLICT when the process is not at the version before, or when another
 * interrupt was raised since the one that the claim names.
 *
 * An event has several takers. One is whoever takes it from the outbox; each subscription that matches when the event is
 * appended is another, and has a delivery of its own, made under the same lock or in the same transaction: so none is lost
 * or invented, a subscription gets only what comes after it, and no taker waits for another.
 *
 * Errors beside those named: HP_UNAVAILABLE when the store cannot be reached, HP_INTERNAL when memory runs
 * out; the operation then happened whole or not at all. */
#ifndef HOLDPOINT_STORE_STORE_H
#define HOLDPOINT_STORE_STORE_H

#include "reference/base/clock.h"
#include "reference/core/event.h"
#include "reference/core/flow.h"
#include "reference/core/query.h"
#include "reference/core/ratelimit.h"
#include "reference/core/subscription.h"
#include "reference/core/transition.h"

/* Interrupts that the holder owns, in order. Zeroed it is empty; release it with hp_page_release. */
struct hp_page {
    struct hp_interrupt **interrupts;
    size_t count;
    size_t total;                     /* all matches, on this page or not */
    char next_cursor[HP_CURSOR_SIZE]; /* "" on the last page */
};

HP_API void hp_page_release(struct hp_page *page);

/* Ids that the holder owns. Zeroed it is empty; release it with hp_id_list_release. */
struct hp_id_list {
    char (*ids)[HP_ID_SIZE]; /* ids[i] is a string */
    size_t count;
    size_t room; /* how many ids the array has place for */
};

HP_API void hp_id_list_release(struct hp_id_list *list);

/* Events that the holder owns. Zeroed it is empty; release it with hp_event_list_release. */
struct hp_event_list {
    struct hp_event **events;
    size_t count;
    size_t room; /* as in struct hp_id_list */
};

HP_API void hp_event_list_release(struct hp_event_list *list);

/* What became of an event that was taken from the outbox. */
enum hp_delivery {
    HP_DELIVERED, /* it is done with, and forgotten */
    HP_RETURNED,  /* it is to be taken again */
};

/* The delivery of one event to one subscription. The holder of the list owns it. */
struct hp_webhook_delivery {
    struct hp_event *event;
    struct hp_subscription *subscription;
    unsigned tries;       /* how many failed before */
    int64_t take;         /* which take of it this is, so that only the latest can be settled */
    int64_t taken_at_us;  /* the store's now of the take */
    int last_status;      /* that the latest failed try was answered with; 0: there was no answer */
    char last_error[128]; /* why there was none, else "" */
    int64_t dead_at_us;   /* when it was given up; HP_INSTANT_NONE: it was not */
};

/* Deliveries that the holder owns. Zeroed it is empty; release it with hp_webhook_list_release. */
struct hp_webhook_list {
    struct hp_webhook_delivery **deliveries;
    size_t count;
    size_t room; /* as in struct hp_id_list */
};

HP_API void hp_webhook_list_release(struct hp_webhook_list *list);

/* How much to take. */
struct hp_webhook_appetite {
    size_t max;                     /* deliveries in all */
    size_t max_each;                /* of one subscription */
    const char (*busy)[HP_ID_SIZE]; /* subscriptions of which nothing is wanted now */
    size_t busy_count;
};

/* What became of a try. */
enum hp_webhook_end {
    HP_WEBHOOK_DELIVERED, /* it is done with, and forgotten */
    HP_WEBHOOK_LATER,     /* it failed, and is due again after a delay */
    HP_WEBHOOK_DEAD,      /* it failed for good, and is kept for people to see */
    HP_WEBHOOK_RETURNED,  /* it was not tried; it is due at once, as it was before */
};

struct hp_webhook_attempt {
    enum hp_webhook_end end;
    int64_t delay_us;  /* for HP_WEBHOOK_LATER, from the store's now on */
    int status;        /* as last_status */
    const char *error; /* as last_error; NULL: none */
};

/* A taken delivery that is not settled this long after its subscription's time limit may be taken again: whoever had it is
 * taken to have died. */
#define HP_WEBHOOK_LEASE_US (30 * HP_SECOND_US)

/* At most so many of the dead are listed, the latest. */
enum { HP_WEBHOOK_DEAD_MAX = 1000 };

struct hp_store;

/* What a store has to offer, for whoever writes one or a decorator; callers use a service. */
struct hp_store_ops {
    /* Stores a new interrupt with a fresh id, and its event. The request was checked before. HP_INVALID when
     * it would end after the year 9999 or is too large. */
    enum hp_status (*create)(struct hp_store *store, const struct hp_create *create,
                             struct hp_interrupt **created, struct hp_problem *problem);
    /* Reads one, with the status that is shown now. HP_NOT_FOUND for an unknown or malformed id. */
    enum hp_status (*get)(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                          struct hp_problem *problem);
    /* Reads up to query->limit matches behind `after` (NULL: from the newest), newest first, of one instant
     * by id descending. The query was checked; its cursor is ignored, next_cursor is written. Each row is one
     * read of its interrupt within the call. */
    enum hp_status (*list)(struct hp_store *store, const struct hp_query *query,
                           const struct hp_position *after, struct hp_page *page, struct hp_problem *problem);
    /* Carries out a change by the rule of hp_transition. HP_NOT_FOUND, or what that returns. */
    enum hp_status (*change)(struct hp_store *store, const struct hp_change *change,
                             struct hp_interrupt **after, struct hp_problem *problem);
    /* Expires what is due, and appends the ids. Waits for records that others hold: when it returns, nothing
     * that was due at its start is pending. When memory runs out after some were expired it returns HP_OK
     * with these; the others wait for the next sweep. */
    enum hp_status (*expire_due)(struct hp_store *store, struct hp_id_list *ids, struct hp_problem *problem);
    /* Marks up to `max` events as taken and appends them: of one interrupt in order, and none while an
     * earlier take holds one of it that is not settled. An empty result means that nothing can be taken now.
     * When memory runs out after some were taken it returns HP_OK with these. */
    enum hp_status (*outbox_take)(struct hp_store *store, size_t max, struct hp_event_list *events,
                                  struct hp_problem *problem);
    /* Says what became of a taken event. HP_NOT_FOUND when it is not taken. */
    enum hp_status (*outbox_settle)(struct hp_store *store, const struct hp_event *event,
                                    enum hp_delivery delivery, struct hp_problem *problem);
    /* Adds a subscription, which was checked, and writes its fresh id. */
    enum hp_status (*subscribe)(struct hp_store *store, const struct hp_subscription *subscription,
                                char id[HP_ID_SIZE], struct hp_problem *problem);
    /* Takes deliveries that are due, by the store's now, and appends them: none that somebody has, and none while an
     * earlier one of its interrupt and subscription is neither delivered nor dead. An empty result means that there is
     * nothing to be taken now. When memory runs out after some were taken it returns HP_OK with these. */
    enum hp_status (*webhooks_take)(struct hp_store *store, const struct hp_webhook_appetite *appetite,
                                    struct hp_webhook_list *list, struct hp_problem *problem);
    /* Says what became of a taken delivery. HP_NOT_FOUND when that take no longer counts: it was settled, or the delivery
     * was taken again meanwhile. */
    enum hp_status (*webhook_settle)(struct hp_store *store, const struct hp_webhook_delivery *delivery,
                                     const struct hp_webhook_attempt *attempt, struct hp_problem *problem);
    /* Appends the dead, the latest first. */
    enum hp_status (*webhooks_dead)(struct hp_store *store, struct hp_webhook_list *list,
                                    struct hp_problem *problem);
    /* Frees the store and everything in it. */
    void (*free)(struct hp_store *store);
    /* Reads the clock, and makes ids. */
    enum hp_status (*moment)(struct hp_store *store, struct hp_moment *moment, struct hp_problem *problem);
    /* Adds a process of version 1. HP_CONFLICT when there is one of that pid. */
    enum hp_status (*flow_add)(struct hp_store *store, const struct hp_flow *flow,
                               struct hp_problem *problem);
    /* Reads one. HP_NOT_FOUND. The caller frees *flow. */
    enum hp_status (*flow_get)(struct hp_store *store, const char *pid, struct hp_flow **flow,
                               struct hp_problem *problem);
    /* Puts the process in the place of the version before it. HP_CONFLICT when that is not the present one. */
    enum hp_status (*flow_change)(struct hp_store *store, const struct hp_flow *after,
                                  struct hp_problem *problem);
    /* Marks an interrupt as the one behind which this flow went on, for ever. With a process it is changed in the same step, as
     * by flow_change; without (NULL) there must be none of that pid. HP_CONFLICT when somebody marked that interrupt before, or the
     * process is not as it should be. So of any number of resumptions one happens. */
    enum hp_status (*flow_resume)(struct hp_store *store, const char *pid, const char *interrupt_id,
                                  const struct hp_flow *after, struct hp_problem *problem);
    /* Sets limits, in the place of earlier ones. */
    enum hp_status (*rate_set)(struct hp_store *store, const struct hp_rate_rule *rule,
                               struct hp_problem *problem);
    /* Judges a call and, where it counts, records it: one step for each user and endpoint. */
    enum hp_status (*rate_check)(struct hp_store *store, const struct hp_rate_call *call,
                                 struct hp_rate_answer *answer, struct hp_problem *problem);
};

/* The first member of every store. */
struct hp_store {
    const struct hp_store_ops *ops;
};

/* Frees the store and everything in it, when no operation is under way. NULL is allowed. */
HP_API void hp_store_free(struct hp_store *store);

#endif
