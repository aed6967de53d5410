/* Rows of flow_interrupts that the harness itself holds locked in a target's database, as a transaction under way would, and
 * how many sessions wait for them. Threads: one at a time. */
#ifndef HOLDPOINT_ADAPTERS_ROW_LOCKS_H
#define HOLDPOINT_ADAPTERS_ROW_LOCKS_H

#include "reference/base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROW_LOCKS_MAX = 8 };

/* A session of its own for each lock, and one to look on. */
struct row_locks;

/* Opens count sessions, 1 .. ROW_LOCKS_MAX. schema NULL: the table is found by the search path. HP_UNAVAILABLE when the server
 * does not let us in. The caller closes *locks. */
enum hp_status row_locks_open(const char *conninfo, const char *schema, size_t count,
                              struct row_locks **locks, struct hp_problem *problem);

/* Lets all go. NULL is allowed. */
void row_locks_close(struct row_locks *locks);

/* Begins a transaction in session `at` and locks the row of that id. HP_INVALID when there is none, or somebody else has it
 * locked; HP_INTERNAL in the server's words. */
enum hp_status row_locks_hold(struct row_locks *locks, size_t at, const char *id, struct hp_problem *problem);

/* Ends it; nothing was changed. Nothing happens when it holds none. */
enum hp_status row_locks_let_go(struct row_locks *locks, size_t at, struct hp_problem *problem);

/* True while any is held. */
bool row_locks_any(const struct row_locks *locks);

/* How many sessions of the server wait for these locks, or for others that wait for them. */
enum hp_status row_locks_count_waiting(struct row_locks *locks, int64_t *count, struct hp_problem *problem);

#endif
