/* Plays a script so that exactly one client acts at a time: it goes on to the next point at which a call of the target can
 * be held up (struct gate of harness/adapters/adapter.h), or to the end of its act, and gives the turn back. So one list
 * of turns gives one order of everything that happens, again and again.
 *
 * Threads: as crew_play; each client is a thread. */
#ifndef HOLDPOINT_LAB_SCHEDULE_H
#define HOLDPOINT_LAB_SCHEDULE_H

#include "harness/lab/choices.h"
#include "harness/lab/crew.h"

/* Plays the script by turns; crew->in_turn is not looked at, folder is as for crew_play. First the turns that choices
 * holds, where one of a client that cannot go on is passed over; then one of the clients that can, by chance. Afterwards
 * choices holds all turns in order: playing the script with the same plays it the same. Errors as crew_play, and
 * HP_UNSUPPORTED when the target has no such points; HP_UNAVAILABLE when a client neither comes to the next one nor to the
 * end of its act within crew->deadline_ms. */
enum hp_status schedule_play(const struct crew *crew, const struct script *script, const char *folder,
                             struct choices *choices, struct performance *performance,
                             struct hp_problem *problem);

#endif
