/* What the faults of the store are made of: private to mutant_store.c, mutant_store_faults.c and mutant_store_flows.c. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_STORE_PARTS_H
#define HOLDPOINT_ADAPTERS_MUTANT_STORE_PARTS_H

#include "reference/store/store.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* What a fault holds of one interrupt. */
struct note {
    struct note *next;
    char id[HP_ID_SIZE];
    struct hp_interrupt *interrupt;
    pthread_t writer; /* the thread that made the note */
};

/* What a fault knows of resumptions behind one interrupt. */
struct mark {
    struct mark *next;
    char id[HP_ID_SIZE];
    bool made;          /* a flow went on behind it */
    bool met;           /* two were at it at once */
    unsigned under_way; /* so many are at it */
};

struct faulty_store;

/* What one fault does otherwise; NULL: as the inner store. */
struct store_fault {
    const char *name;
    /* Before the first operation of a server that names an owner. */
    void (*started)(struct faulty_store *self, const char *user_id);
    enum hp_status (*create)(struct faulty_store *self, const struct hp_create *create,
                             struct hp_interrupt **created, struct hp_problem *problem);
    enum hp_status (*change)(struct faulty_store *self, const struct hp_change *change,
                             struct hp_interrupt **after, struct hp_problem *problem);
    /* The next five look at what the inner store answered. False: memory ran out. */
    bool (*shown)(struct faulty_store *self, const char *id, struct hp_interrupt **shown);
    bool (*listed)(struct faulty_store *self, struct hp_page *page);
    bool (*swept)(struct faulty_store *self, struct hp_id_list *ids);
    bool (*taken)(struct faulty_store *self, struct hp_event_list *events);
    bool (*webhooks_taken)(struct faulty_store *self, struct hp_webhook_list *list);
    /* What is told to the outbox in place of "delivered". */
    enum hp_delivery (*settled)(struct faulty_store *self);
    enum hp_status (*flow_resume)(struct faulty_store *self, const char *pid, const char *interrupt_id,
                                  const struct hp_flow *after, struct hp_problem *problem);
    enum hp_status (*rate_check)(struct faulty_store *self, const struct hp_rate_call *call,
                                 struct hp_rate_answer *answer, struct hp_problem *problem);
    enum hp_status (*flow_add)(struct faulty_store *self, const struct hp_flow *flow,
                               struct hp_problem *problem);
    enum hp_status (*flow_get)(struct faulty_store *self, const char *pid, struct hp_flow **flow,
                               struct hp_problem *problem);
};

struct faulty_store {
    struct hp_store store; /* first, so that a store is its faulty_store */
    struct hp_store *inner;
    const struct store_fault *fault;
    pthread_mutex_t mutex; /* guards what follows; never held while the inner store is called */
    struct note *written;  /* what the fault has written over the inner store, or has in a cache */
    size_t times;
    bool begun;             /* the first operation came */
    char swept[HP_ID_SIZE]; /* what a sweep has named; "" when none has */
    struct mark *marks;     /* freed with the store, so one that was found stays */
    bool has_flows;         /* one was submitted here */
};

/* All faults, by number; NULL past the last one: those of interrupts, then those of flows and limits. */
struct store_fault *store_fault_at(size_t index);
struct store_fault *flow_fault_at(size_t index);

/* Takes the note of that id out, when it is there and, for strangers_only, of another thread; the caller frees
 * it. NULL when there is none. The mutex is held. */
struct note *note_take(struct faulty_store *self, const char *id, bool strangers_only);

/* Notes a copy of the interrupt under the id, in place of an older note. False when memory runs out. */
bool note_put(struct faulty_store *self, const char *id, const struct hp_interrupt *interrupt);
void note_free(struct note *note);

/* Replaces *shown by what is noted of the id, when something is. False when memory runs out. */
bool note_show(struct faulty_store *self, const char *id, struct hp_interrupt **shown);

/* The operations of the inner store. */
enum hp_status inner_get(struct faulty_store *self, const char *id, struct hp_interrupt **shown,
                         struct hp_problem *problem);
enum hp_status inner_change(struct faulty_store *self, const struct hp_change *change,
                            struct hp_interrupt **after, struct hp_problem *problem);

#endif
