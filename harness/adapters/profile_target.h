/* The target `profile:FILE`. */
#ifndef HOLDPOINT_ADAPTERS_PROFILE_TARGET_H
#define HOLDPOINT_ADAPTERS_PROFILE_TARGET_H

#include "harness/adapters/adapter.h"

/* A service over HTTP by its profile (http.h), and who else carries out what it has no route for: `postgres:DSN` writes and
 * reads the service's table in its place (postgres.h), `stdio:COMMAND` is code of the service's own. Statuses as
 * profile_read. The caller frees *target. */
enum hp_status profile_target_new(const char *path, unsigned timeout_ms, struct target **target,
                                  struct hp_problem *problem);

#endif
