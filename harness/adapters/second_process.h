/* A decorator that adds one endpoint to the reference on PostgreSQL: a server in another process over the same schema, so
 * that clients in two processes can race. */
#ifndef HOLDPOINT_ADAPTERS_SECOND_PROCESS_H
#define HOLDPOINT_ADAPTERS_SECOND_PROCESS_H

#include "harness/adapters/adapter.h"

/* Makes a target that has the endpoints of inner and one more, the last, and declares `processes`. inner says in its hello
 * where its database is, and carries each call out in start; the target takes it over, unless this fails.
 *
 * The other process is `holdpoint adapter attached:SCHEMA@CONNINFO`, started with the first session on the last endpoint
 * and not before; its hello may take timeout_ms. Holdpoint is this program itself (as Linux's /proc has it), or what the
 * environment variable HOLDPOINT names. It ends with the target; its stderr is the target's log.
 *
 * A reset or clock.set on any endpoint counts in both processes before it is answered, and a process that starts later is
 * told the clock. No call is under way meanwhile, but for those that stand at a gate: such a call waits for those on the last endpoint, and is refused as
 * `unavailable` when one of them takes too long. When the other process has died, sessions on the last endpoint are broken,
 * and so is every reset and clock.set, until target_restart.
 *
 * Messages do not show how the database is reached. HP_INVALID when inner does not say where its database is, else what
 * its hello returns. */
enum hp_status second_process_new(struct target *inner, unsigned timeout_ms, struct target **target,
                                  struct hp_problem *problem);

#endif
