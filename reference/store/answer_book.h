/* What a memory store answered to requests with a key, and which of them are under way. Safe for any number of
 * threads. */
#ifndef HOLDPOINT_STORE_ANSWER_BOOK_H
#define HOLDPOINT_STORE_ANSWER_BOOK_H

#include "reference/base/clock.h"
#include "reference/core/interrupt.h"
#include "reference/store/table.h"

#include <pthread.h>

/* One key: its answer once the request was carried out, none while it is under way. */
struct answer_entry {
    struct table_entry entry; /* first, so that an entry of the table is one of the book */
    char *name;               /* scope and key */
    char *request;
    struct hp_interrupt *answer; /* owned */
    int64_t until_us;            /* how long it is kept */
    bool done;                   /* guarded by the mutex; the rest belongs to the request until then */
    struct answer_entry *next;   /* kept after this one */
};

struct answer_book {
    pthread_mutex_t mutex;
    struct table entries;
    struct answer_entry *first; /* kept the longest */
    struct answer_entry *last;
};

void answer_book_init(struct answer_book *book);
void answer_book_release(struct answer_book *book);

/* Begins a request, and writes the outcome of its key. HP_OK with *entry when it is to be carried out: every such entry
 * is ended. HP_OK with *kept, a copy for the caller, when it was carried out before. HP_INVALID and HP_CONFLICT as
 * struct hp_idempotency says; HP_INTERNAL without memory. A key of NULL gives HP_OK and neither. */
enum hp_status answer_begin(struct answer_book *book, struct hp_idempotency *idempotency,
                            struct hp_clock *clock, struct answer_entry **entry, struct hp_interrupt **kept,
                            struct hp_problem *problem);

/* Writes HP_KEY_TAKEN or HP_KEY_BUSY, and refuses the request for it as every store does. */
enum hp_status answer_refuse(struct hp_idempotency *idempotency, enum hp_key_outcome outcome,
                             struct hp_problem *problem);

/* Makes the copy that will be kept, before anything changes; `now_us` is the operation's. An entry of NULL wants none.
 * False when memory runs out. */
bool answer_prepare(struct answer_entry *entry, const struct hp_interrupt *answer, int64_t now_us);

/* Keeps the answer that was prepared when the request was carried out, else forgets the key. NULL is allowed. */
void answer_end(struct answer_book *book, struct answer_entry *entry, bool carried_out);

/* Drops what is no longer kept. */
void answer_book_forget(struct answer_book *book, int64_t now_us);

#endif
