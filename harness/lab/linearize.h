/* Is there one order of the operations of an interrupt, each somewhere between its call and its return, in which one
 * after another they would have answered as they did? Herlihy and Wing called histories with such an order linearizable.
 * Interrupts are checked one by one: a history is linearizable if and only if that of each interrupt is.
 *
 * Intervals are closed, so what shares a nanosecond is concurrent. A lost operation may have happened at any time after
 * its call, or never. */
#ifndef HOLDPOINT_LAB_LINEARIZE_H
#define HOLDPOINT_LAB_LINEARIZE_H

#include "harness/lab/judgement.h"

/* Which layer judges. */
enum linearize_method {
    METHOD_DEFAULT,  /* the interval test, which decides every history of this vocabulary */
    METHOD_INTERVAL, /* harness/lab/interval.h */
    METHOD_SEARCH,   /* harness/lab/search.h */
    METHOD_BRUTE,    /* harness/lab/brute.h */
};

#define LINEARIZE_STEPS_DEFAULT UINT64_C(100000000)
#define LINEARIZE_MEMO_BYTES_DEFAULT ((size_t)256 * 1024 * 1024)

struct linearize_options {
    enum linearize_method method;
    int64_t clock_error_ns; /* 0 or more: how far the clock of the service may be from that of the history */
    uint64_t steps;         /* of the search, for one interrupt; 0: LINEARIZE_STEPS_DEFAULT */
    size_t memo_bytes;      /* of the search; 0: LINEARIZE_MEMO_BYTES_DEFAULT */
};

/* A checker, with the memory that it works in. One thread at a time; threads that check at the same time have one each,
 * and may share the history. */
struct linearizer;

struct linearizer *linearizer_new(const struct linearize_options *options); /* NULL when memory runs out */
void linearizer_free(struct linearizer *linearizer);                        /* NULL is allowed */

/* Checks one interrupt of a grouped history, keys[key]. A violation that the search or brute force found is explained by
 * the interval test where it can. HP_INTERNAL without memory. */
enum hp_status linearizer_check(struct linearizer *linearizer, const struct history *history, size_t key,
                                struct judgement *judgement, struct hp_problem *problem);

/* "interval": the layer that judges with these options; static. */
const char *linearizer_layer(const struct linearizer *linearizer);

/* Finds the method of that name: interval, search or brute. False when there is none. */
bool linearize_method_from_name(const char *name, enum linearize_method *method);

/* "ok", "illegal", "undecided"; static. */
const char *linearity_name(enum linearity linearity);

#endif
