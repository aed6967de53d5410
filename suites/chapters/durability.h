/* The chapter `durability`: servers of the reference that are killed, as a play for cases. */
#ifndef HOLDPOINT_CHAPTERS_DURABILITY_H
#define HOLDPOINT_CHAPTERS_DURABILITY_H

#include "harness/case/play.h"

/* durability.crash: kills a server with SIGKILL while a call stands at a point, starts another over the same tables, and
 * counts what is there. The servers are the reference's, in a schema of their own on the database that the target's hello
 * names, with its fault if it has one. args:
 *   interrupts  so many are created first (default 1, up to 16); the first is the one that is acted on
 *   answered    of these so many are answered first, from the last on
 *   webhook     true: everything is subscribed to first; after the restart, when leases have run out, what is due is
 *               delivered
 *   act         "create", "respond", "cancel", "sweep" (then all of them are due), "flush" (of webhooks), or "start"
 *   hold        the point of the store at which the act is held (harness/adapters/yield_store.h); or
 *   lock        what a second connection holds until the server waits for it: "row" (of the first interrupt), "migrations" (of
 *               a start), "legacy" (one of the old tables, fixtures/legacy, that a start carries over)
 *   again       true: after the restart the client repeats the act, with its Idempotency-Key where the route takes one
 *   store       "memory": the servers keep nothing in the database, so that the play can be seen to notice it
 * The result is
 *   shown       the status of the first interrupt after the restart; null when it is not there
 *   again       the HTTP status of the repetition, or null; replayed: whether it says that it is the first answer
 *   rows        how many interrupts the database holds; statuses: {status: how many}, as a list shows them
 *   changed     how many others are not exactly what was acknowledged before
 *   events      {event_type: how many}; doubled: how many of them tell once more what another told
 *   deliveries  what the endpoint got: {count, distinct}, by the events' ids
 *
 * Unsupported when the target is not the reference, since nobody has said how another's server is started; untestable when
 * the point is not reached. */
enum play_end durability_crash_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                    struct hp_problem *problem);

/* durability.restart: ends the target's servers and starts them anew, as an operator does, and sets their clock to where it stood.
 * Nothing is killed within a call. Takes no args. The result is
 *   same        whether the target says of itself what it said before
 * Only for a target that declares `restart`: that what it has answered is kept. Broken when it does not come back. */
enum play_end durability_restart_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                      struct hp_problem *problem);

/* Registers the plays. */
void chapter_durability_register(void);

#endif
