/* Delivers what is due, a step at a time: takes from the store, sends, judges, settles. Its only clock is the store's, so
 * tests drive it without waiting. For one thread at a time, but webhook_worker_wake. */
#ifndef HOLDPOINT_SERVICE_WEBHOOK_WORKER_H
#define HOLDPOINT_SERVICE_WEBHOOK_WORKER_H

#include "reference/service/webhook.h"

struct webhook_worker;

/* The store is borrowed. NULL when memory runs out. */
struct webhook_worker *webhook_worker_new(struct hp_store *store, const struct hp_webhook_options *options);

/* Ends what is under way; it is due again when its lease ends. NULL is allowed. */
void webhook_worker_free(struct webhook_worker *worker);

/* One step: takes what is due as long as there is room (with `take`), goes on with what is under way, if there is any
 * waiting up to wait_ms for something to happen, and settles what has ended, adding to *counts. *idle says that nothing is under way and nothing
 * was to be taken. HP_UNAVAILABLE or HP_INTERNAL when the store fails: what could not be settled is kept for the next
 * step. */
enum hp_status webhook_worker_step(struct webhook_worker *worker, bool take, unsigned wait_ms,
                                   struct hp_webhook_counts *counts, bool *idle, struct hp_problem *problem);

/* Gives back what is under way: it is due again at once. */
void webhook_worker_abandon(struct webhook_worker *worker);

/* Ends the wait of a step, from any thread. */
void webhook_worker_wake(struct webhook_worker *worker);

#endif
