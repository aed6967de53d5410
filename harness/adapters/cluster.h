/* A PostgreSQL server of our own: made in a temporary folder, reached by a Unix socket in it and by nothing
 * else, run as another user when we are root, and gone without a trace when we are gone, however we go.
 *
 * A shell of its own session keeps the server and holds the other end of a pipe of ours: when that closes, by
 * cluster_stop or because this process died, it stops the server and removes the folder. Folders that lost
 * their shell too are removed by the next start. Not for more than one thread at a time. */
#ifndef HOLDPOINT_ADAPTERS_CLUSTER_H
#define HOLDPOINT_ADAPTERS_CLUSTER_H

#include "reference/base/problem.h"

struct cluster;

/* Makes and starts one; takes about a second. settings are further options of the server ("-c
 * timezone=Asia/Tokyo"), NULL: none; they may not hold quotes. HP_UNAVAILABLE, in the server's words, when it
 * does not come up. The caller stops *cluster. */
enum hp_status cluster_start(const char *settings, struct cluster **cluster, struct hp_problem *problem);

/* How it is reached, in libpq's form; borrowed. The user is its superuser. */
const char *cluster_conninfo(const struct cluster *cluster);

/* The folder; borrowed. */
const char *cluster_folder(const struct cluster *cluster);

/* Kills the server as a crash would, and starts it again. HP_UNAVAILABLE when it cannot be done. */
enum hp_status cluster_crash(struct cluster *cluster, struct hp_problem *problem);
enum hp_status cluster_resume(struct cluster *cluster, struct hp_problem *problem);

/* Stops the server, removes everything and waits until that is done. NULL is allowed. */
void cluster_stop(struct cluster *cluster);

#endif
