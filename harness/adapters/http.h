/* Targets over HTTP: anybody's service by a profile, the contract's routes at a URL, or the reference's own server. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_H
#define HOLDPOINT_ADAPTERS_HTTP_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/profile.h"

/* A service by its profile, which the target takes over, unless this fails. Its endpoints are the profile's servers. Each
 * session is a connection of its own, kept alive. A call that HTTP cannot say goes to the server's controls when it has
 * any, else it is ANSWER_UNSENDABLE. NULL when memory runs out.
 *
 * The hello asks each server for /healthz, and takes any answer at all for a sign of life; what it declares is the
 * profile's. */
struct target *http_new(struct profile *profile, unsigned timeout_ms);

/* `holdpoint serve --conformance` as a child process that starts with the hello: in memory, one server with two endpoints;
 * over a database, two servers, and a schema of their own that is dropped in the end. `store` is "memory", "postgres" (a
 * throwaway server) or "postgres:DSN". A restart starts them afresh. HP_INVALID for another store. */
enum hp_status http_reference_new(const char *store, unsigned timeout_ms, struct target **target,
                                  struct hp_problem *problem);

#endif
