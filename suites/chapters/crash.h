/* One crash of a server, step by step: what a client of it does before, and over the next one. */
#ifndef HOLDPOINT_CHAPTERS_CRASH_H
#define HOLDPOINT_CHAPTERS_CRASH_H

#include "harness/adapters/database.h"
#include "harness/adapters/http_line.h"
#include "suites/chapters/victim.h"

#include <jansson.h>
#include <stddef.h>

enum { CRASH_INTERRUPTS_MAX = 16, CRASH_ID_SIZE = 64, CRASH_SCHEMA_SIZE = 64 };

enum crash_act {
    CRASH_CREATE,
    CRASH_RESPOND,
    CRASH_CANCEL,
    CRASH_SWEEP,
    CRASH_FLUSH,
    CRASH_START,
    CRASH_ACT_COUNT
};

enum crash_lock { CRASH_NO_LOCK, CRASH_LOCK_ROW, CRASH_LOCK_MIGRATIONS, CRASH_LOCK_LEGACY, CRASH_LOCK_COUNT };

/* Zeroed but for what stands first; release it with crash_release. One thread at a time. */
struct crash {
    /* What is wanted; borrowed. */
    const char *conninfo;
    const char *fixtures;
    const char *hold;     /* NULL: no point */
    const char *endpoint; /* of a webhook; NULL: none */
    const char *fault;    /* of the servers' store; NULL: none */
    bool in_memory;
    enum crash_act act;
    enum crash_lock lock;
    size_t interrupts, answered;
    unsigned deadline_ms;
    /* What there is. */
    char schema[CRASH_SCHEMA_SIZE];
    struct database *database;
    struct victim *victim;
    struct http_line *line;
    char ids[CRASH_INTERRUPTS_MAX][CRASH_ID_SIZE];
    json_t *known[CRASH_INTERRUPTS_MAX]; /* as they were shown before the crash */
};

/* Makes the schema, and a server and what the act needs. HP_UNAVAILABLE, HP_INTERNAL. */
enum hp_status crash_prepare(struct crash *crash, struct hp_problem *problem);

/* Begins the act, waits until it stands where it should, kills the server and lets go what was locked. HP_CONFLICT when it
 * was never there. */
enum hp_status crash_happen(struct crash *crash, struct hp_problem *problem);

/* Starts the next server, later by the clock. */
enum hp_status crash_resume(struct crash *crash, struct hp_problem *problem);

/* Makes the act once more, as a client that got no answer. The caller releases *reply. */
enum hp_status crash_repeat(struct crash *crash, struct http_reply *reply, struct hp_problem *problem);

/* One call of a method by the controls, params as JSON text; the caller owns *result. HP_INTERNAL when it is refused. */
enum hp_status crash_call(struct crash *crash, const char *method, const char *params, json_t **result,
                          struct hp_problem *problem);

/* Kills the server, drops the schema. */
void crash_release(struct crash *crash);

#endif
