/* Who is left of a process group. */
#ifndef HOLDPOINT_ADAPTERS_GROUP_H
#define HOLDPOINT_ADAPTERS_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Counts the processes of the group that run, without its leader; those that have ended and are not reaped
 * yet do not run. False on a system that has no /proc to look at. */
bool group_count_followers(pid_t group, size_t *count);

#endif
