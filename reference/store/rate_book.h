/* Who called which endpoint when, in a memory store, and the limits. Safe for any number of threads; its locks are taken inside
 * the lock of a shard, never around it. */
#ifndef HOLDPOINT_STORE_RATE_BOOK_H
#define HOLDPOINT_STORE_RATE_BOOK_H

#include "reference/base/clock.h"
#include "reference/core/ratelimit.h"
#include "reference/store/table.h"

#include <pthread.h>

struct rate_book {
    pthread_mutex_t mutex;
    struct table rules; /* of struct rule_entry, by user or endpoint */
    struct table calls; /* of struct call_entry, by user and endpoint */
};

/* A claim that is granted: while it is, the book is locked, and carrying it out cannot fail. Zeroed it is none. */
struct rate_step {
    struct rate_book *book;
    struct call_entry *entry;
};

void rate_book_init(struct rate_book *book);
void rate_book_release(struct rate_book *book);

/* As the operations of the store; HP_INTERNAL without memory. The clock is read under the lock. */
enum hp_status rate_book_set(struct rate_book *book, const struct hp_rate_rule *rule,
                             struct hp_problem *problem);
enum hp_status rate_book_check(struct rate_book *book, const struct hp_rate_call *call,
                               struct hp_clock *clock, struct hp_rate_answer *answer,
                               struct hp_problem *problem);

/* Grants a claim; nothing is granted unless it returns HP_OK. It is carried out, with the id of the interrupt, or dropped
 * afterwards, by the same thread. */
enum hp_status rate_book_begin(struct rate_book *book, const struct hp_rate_claim *claim,
                               struct rate_step *step, struct hp_problem *problem);
void rate_book_carry_out(struct rate_step *step, const char *interrupt_id); /* a step of none is allowed */
void rate_book_drop(struct rate_step *step);

#endif
