/* The points at which a call of the reference can be held up: before and after each call of its store, in the thread that
 * makes it. They are reached from outside, by a decorator around the store; the store knows nothing of them. */
#ifndef HOLDPOINT_ADAPTERS_YIELD_STORE_H
#define HOLDPOINT_ADAPTERS_YIELD_STORE_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/store_decorator.h"

#include <pthread.h>
#include <stdatomic.h>

/* What all stores of one target share; it outlives them. */
struct yield {
    _Atomic(struct gate *) gate; /* NULL: nobody is held up */
    pthread_rwlock_t lock;       /* a store's calls share it, but not while they stand at a point */
};

void yield_init(struct yield *yield);
void yield_release(struct yield *yield);

/* Wrap of a struct store_decorator whose context is a struct yield: the points of a call are its name, "create", "get",
 * "list", "change", "sweep", "take", "settle", "subscribe", "webhook.take", "webhook.settle", "webhook.dead", "moment", "flow.add",
 * "flow.get", "flow.change", "flow.resume", "rate.set" or "rate.check", and behind it
 * "create.done" and so on. */
struct hp_store *yield_store_wrap(struct hp_store *inner, void *yield);

#endif
