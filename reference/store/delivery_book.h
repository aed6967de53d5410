/* The subscriptions of a memory store and the deliveries that are owed to them. Safe for any number of threads; its lock
 * is taken inside the lock of a shard, never around it. */
#ifndef HOLDPOINT_STORE_DELIVERY_BOOK_H
#define HOLDPOINT_STORE_DELIVERY_BOOK_H

#include "reference/base/clock.h"
#include "reference/store/ordered.h"
#include "reference/store/store.h"

#include <pthread.h>
#include <stdatomic.h>

/* One delivery: pending until it is settled, then gone or among the dead. */
struct posting;

/* The pending deliveries of one interrupt, in the order of its events, of whatever subscription. Zeroed it is empty; it
 * stays where it is while there are any. */
struct posting_lane {
    struct posting *first;
};

/* One subscription, and what of it may be taken, by the instant from which on: not what waits for an earlier event. */
struct subscriber {
    struct hp_subscription *subscription; /* owned */
    struct ordered due;                   /* of postings */
    struct subscriber *next;
};

struct delivery_book {
    pthread_mutex_t mutex;
    atomic_bool used; /* there is a subscription; without one an event costs nothing here */
    struct subscriber *first;
    struct subscriber *last;
    uint64_t number;       /* of the latest posting */
    struct posting *taken; /* those of which a take counts */
    struct posting *dead;  /* the latest first */
};

void delivery_book_init(struct delivery_book *book);
void delivery_book_release(struct delivery_book *book);

/* Adds a copy of the subscription. False when memory runs out. */
bool delivery_book_subscribe(struct delivery_book *book, const struct hp_subscription *subscription);

/* Makes a posting of the event for each subscription that it matches, before anything changes; NULL when there is none.
 * False, and none made, when memory runs out. */
bool postings_new(struct delivery_book *book, const struct hp_event *event, struct posting **postings);
void postings_free(struct posting *postings); /* NULL is allowed */

/* Appends what postings_new made, which the book owns from now on. Cannot fail. */
void delivery_book_append(struct delivery_book *book, struct posting_lane *lane, struct posting *postings);

/* As the operations of the store; HP_INTERNAL without memory. */
enum hp_status delivery_book_take(struct delivery_book *book, const struct hp_webhook_appetite *appetite,
                                  int64_t now_us, struct hp_webhook_list *list, struct hp_problem *problem);
enum hp_status delivery_book_settle(struct delivery_book *book, const struct hp_webhook_delivery *delivery,
                                    const struct hp_webhook_attempt *attempt, int64_t now_us,
                                    struct hp_problem *problem);
enum hp_status delivery_book_dead(struct delivery_book *book, struct hp_webhook_list *list,
                                  struct hp_problem *problem);

#endif
