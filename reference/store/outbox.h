/* The events of one shard of a memory store that are not yet delivered, in the order in which they came
 * about. Guarded by the lock of the shard. */
#ifndef HOLDPOINT_STORE_OUTBOX_H
#define HOLDPOINT_STORE_OUTBOX_H

#include "reference/store/delivery_book.h"
#include "reference/store/store.h"

/* The line in which the events of one interrupt stand: while some are taken, only the take that has them may
 * have more. Zeroed it is free. */
struct outbox_lane {
    size_t taken;
    uint64_t take; /* the number of the take that has them */
};

/* One event waiting. */
struct outbox_entry {
    struct hp_event *event;   /* owned */
    struct outbox_lane *lane; /* of its interrupt; borrowed */
    struct posting
        *postings; /* of the event, owned until they go to the book, as the entry goes to the outbox */
    bool taken;
    struct outbox_entry *previous;
    struct outbox_entry *next;
};

/* Zeroed it is empty. */
struct outbox {
    struct outbox_entry *first;
    struct outbox_entry *last;
    uint64_t takes; /* how many there were */
};

/* An entry that is in no outbox yet, with the event of the interrupt having become what it is. NULL when
 * memory runs out. */
struct outbox_entry *outbox_entry_new(const char *event_id, int64_t now_us,
                                      const struct hp_interrupt *interrupt, struct outbox_lane *lane);
void outbox_entry_free(struct outbox_entry *entry); /* NULL is allowed */

/* Appends an entry, which the outbox owns from now on. */
void outbox_append(struct outbox *outbox, struct outbox_entry *entry);

/* As outbox_take of the store, for this shard. HP_INTERNAL when memory runs out; what was appended before is
 * taken. */
enum hp_status outbox_take(struct outbox *outbox, size_t max, struct hp_event_list *events,
                           struct hp_problem *problem);

/* As outbox_settle of the store. HP_NOT_FOUND when no event of that id is taken. */
enum hp_status outbox_settle(struct outbox *outbox, const char *event_id, enum hp_delivery delivery,
                             struct hp_problem *problem);

void outbox_release(struct outbox *outbox);

#endif
