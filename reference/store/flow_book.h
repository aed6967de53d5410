/* The processes of a memory store, and the interrupts behind which flows went on. Safe for any number of threads; its lock is
 * taken inside the lock of a shard, never around it. */
#ifndef HOLDPOINT_STORE_FLOW_BOOK_H
#define HOLDPOINT_STORE_FLOW_BOOK_H

#include "reference/base/problem.h"
#include "reference/core/flow.h"
#include "reference/store/table.h"

#include <pthread.h>

struct flow_book {
    pthread_mutex_t mutex;
    struct table flows;   /* of struct flow_entry, by pid */
    struct table resumed; /* of struct resumed_entry, by interrupt */
};

/* A change that is prepared: while it is, the book is locked, and carrying it out cannot fail. Zeroed it is none. */
struct flow_step {
    struct flow_book *book; /* NULL: none is prepared */
    struct flow_entry *entry;
    struct hp_flow *after;
};

void flow_book_init(struct flow_book *book);
void flow_book_release(struct flow_book *book);

/* As the operations of the store; HP_INTERNAL without memory. */
enum hp_status flow_book_add(struct flow_book *book, const struct hp_flow *flow, struct hp_problem *problem);
enum hp_status flow_book_get(struct flow_book *book, const char *pid, struct hp_flow **flow,
                             struct hp_problem *problem);
enum hp_status flow_book_change(struct flow_book *book, const struct hp_flow *after,
                                struct hp_problem *problem);
enum hp_status flow_book_resume(struct flow_book *book, const char *pid, const char *interrupt_id,
                                const struct hp_flow *after, struct hp_problem *problem);

/* Prepares a change to the process `after` with that interrupt; nothing is prepared unless it returns HP_OK. The step is carried
 * out or dropped afterwards, by the same thread. */
enum hp_status flow_book_begin(struct flow_book *book, const struct hp_flow *after, const char *interrupt_id,
                               struct flow_step *step, struct hp_problem *problem);
void flow_book_carry_out(struct flow_step *step); /* a step of none is allowed, here and below */
void flow_book_drop(struct flow_step *step);

#endif
