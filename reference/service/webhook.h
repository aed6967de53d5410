/* Webhooks: deliveries to the endpoints of subscriptions, by a thread in a server or on demand. docs/spec.md has the
 * requirements (REQ-WEBHOOK). */
#ifndef HOLDPOINT_SERVICE_WEBHOOK_H
#define HOLDPOINT_SERVICE_WEBHOOK_H

#include "reference/store/store.h"

/* The deliveries of one server over a store. Any number of servers share a database: each delivery is one server's at a
 * time. Safe for any number of threads. */
struct hp_webhooks;

struct webhook_message; /* webhook_message.h */

/* Stands between the deliveries and the network, for whoever traces or tests. Both are called by the thread that delivers. */
struct hp_webhook_decorator {
    void *context;
    /* May change what a try is about to send. False: nothing is sent, and *status is taken for the answer's; 0: there was
     * none. */
    bool (*sending)(void *context, const struct hp_webhook_delivery *delivery,
                    struct webhook_message *message, int *status);
    /* May change what is made of its end. */
    void (*judged)(void *context, const struct hp_webhook_delivery *delivery,
                   struct hp_webhook_attempt *attempt);
};

/* How they are made. Zeroed: for production, without jitter. */
struct hp_webhook_options {
    bool allow_private; /* endpoints may lie in private, loopback and reserved ranges */
    unsigned
        jitter_permille; /* a delay may be so many thousandths longer, by the seed; 100 is a good choice where
                                 many servers fail at once, 0 where delays are to be exact */
    uint64_t seed;       /* of the jitter */
    bool
        discard_events; /* the thread also takes every event from the outbox and forgets it: for a server whose
                                 events nobody takes, since the outbox keeps them for ever */
    unsigned poll_ms;   /* so often the thread looks for what is due; default 250 */
    const struct hp_webhook_decorator *decorator; /* borrowed, outlives them; NULL: none */
};

/* What was done: requests sent, and how many of them were accepted or not. */
struct hp_webhook_counts {
    size_t sent;
    size_t delivered;
    size_t failed;
};

/* options may be NULL. The store is borrowed and outlives it. NULL when memory runs out. */
HP_API struct hp_webhooks *hp_webhooks_new(struct hp_store *store, const struct hp_webhook_options *options);
HP_API void hp_webhooks_free(struct hp_webhooks *webhooks); /* stops first, without grace; NULL is allowed */

/* Delivers what is due now and what becomes due meanwhile, and returns when nothing is and nothing of this server is under
 * way: after that nothing more comes until a later event or a later time. HP_UNAVAILABLE, HP_INTERNAL. */
HP_API enum hp_status hp_webhooks_flush(struct hp_webhooks *webhooks, struct hp_webhook_counts *counts,
                                        struct hp_problem *problem);

/* Starts the thread that delivers by itself. HP_INTERNAL when there is none to be had, HP_CONFLICT when it runs. */
HP_API enum hp_status hp_webhooks_start(struct hp_webhooks *webhooks, struct hp_problem *problem);

/* Takes no more, waits up to grace_ms for what is under way, gives back the rest and ends the thread. */
HP_API void hp_webhooks_stop(struct hp_webhooks *webhooks, unsigned grace_ms);

#endif
