/* Watches over the connections of a server from a thread of its own: drops those whose request takes too long to come, and
 * reads on for a while from those that were closed before all was read, so that the last answer is not lost to a
 * reset. */
#ifndef HOLDPOINT_SERVER_WATCH_H
#define HOLDPOINT_SERVER_WATCH_H

#include "reference/base/problem.h"

#include <stdbool.h>

/* Safe for any number of threads. */
struct watch;

/* One connection. */
struct watched;

/* Starts the thread. HP_INTERNAL without memory or threads. The caller stops it when no connection is left. */
enum hp_status watch_start(unsigned request_seconds, struct watch **watch, struct hp_problem *problem);
void watch_stop(struct watch *watch); /* NULL is allowed */

/* A new connection, which waits for its first request. The descriptor is borrowed until watch_remove. NULL when memory
 * runs out: nobody watches that one. */
struct watched *watch_add(struct watch *watch, int descriptor);

/* From now on it waits for a request; or has one, and may take its time. NULL is allowed. */
void watch_waiting(struct watched *watched);
void watch_busy(struct watched *watched);

/* When it is removed there will still be something that nobody has read. NULL is allowed. */
void watch_unread(struct watched *watched);

/* The connection is about to be closed. NULL is allowed. */
void watch_remove(struct watch *watch, struct watched *watched);

#endif
