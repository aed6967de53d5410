/* A server of the reference, as a child process over a database, that is there to be killed. */
#ifndef HOLDPOINT_CHAPTERS_VICTIM_H
#define HOLDPOINT_CHAPTERS_VICTIM_H

#include "reference/base/problem.h"

#include <stdbool.h>

/* What such a server takes an operator by; its ports are on the loopback interface. */
#define VICTIM_TOKEN "conformance"

struct victim_options {
    const char *store;       /* "postgres:DSN", "memory" */
    const char *schema;      /* of its tables */
    const char *hold;        /* as --hold takes it; NULL: no call is held */
    const char *fault;       /* as --fault takes it; NULL: none */
    const char *legacy_zone; /* NULL: none */
};

/* One thread at a time. */
struct victim;

/* Starts it, and does not wait for it. HP_UNAVAILABLE, HP_INTERNAL. Whoever started it kills it; should we die, the shell
 * that keeps it does. */
enum hp_status victim_start(const struct victim_options *options, struct victim **victim,
                            struct hp_problem *problem);

/* Waits up to timeout_ms until it says where it listens. HP_UNAVAILABLE, with its last words, when it does not. */
enum hp_status victim_await(struct victim *victim, unsigned timeout_ms, struct hp_problem *problem);

/* Reads what it has written, waiting up to wait_ms for something. */
void victim_look(struct victim *victim, unsigned wait_ms);

bool victim_holds(const struct victim *victim); /* it has said that a call stands at its point */

/* Where the routes are, prefix included, and the controls. Borrowed; NULL before victim_await. */
const char *victim_url(const struct victim *victim);
const char *victim_controls(const struct victim *victim);

/* Kills it with SIGKILL, waits until it is dead, and frees it. NULL is allowed. */
void victim_kill(struct victim *victim);

#endif
