/* One point of a store at which one call is held until it is let go: there the process can be killed. */
#ifndef HOLDPOINT_ADAPTERS_HOLD_H
#define HOLDPOINT_ADAPTERS_HOLD_H

#include "harness/adapters/yield_store.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Shared by the threads of all calls; outlives the stores. */
struct hold {
    struct gate gate; /* first, so that a gate is its hold */
    struct yield yield;
    const char *point; /* one of yield_store.h */
    uint64_t calls;    /* that pass before one is held */
    FILE *out;         /* is told */
    pthread_mutex_t mutex;
    pthread_cond_t let_go;
    bool open;
};

/* Holds the call that is the Nth to come to the point of `text`, "change.done:3", or the first, "change.done". When it
 * stands there `held at change.done` is printed to out, which is borrowed, and flushed. HP_INVALID for a point that
 * there is not; then there is nothing to release. */
enum hp_status hold_init(struct hold *hold, const char *text, FILE *out, struct hp_problem *problem);

/* The call that is held goes on, and no other is held any more. */
void hold_let_go(struct hold *hold);

/* When no call is under way. */
void hold_release(struct hold *hold);

/* As yield_store_wrap; the context is a struct hold. */
struct hp_store *hold_wrap(struct hp_store *inner, void *hold);

#endif
