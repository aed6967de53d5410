/* One session over HTTP: calls that are requests by a profile's routes, and what HTTP has no way to say by the controls of
 * the server, when it has any. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_SESSION_H
#define HOLDPOINT_ADAPTERS_HTTP_SESSION_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/profile.h"
#include "harness/adapters/sluice.h"

/* What sessions share with their target; everything is borrowed. */
struct http_ground {
    struct target *target;
    const struct profile *profile;
    struct sluice *sluice; /* calls are inside; a reset or clock.set of several servers has all out */
    void (*pump)(
        struct target
            *target); /* called with each call: reads what the servers' processes wrote; may be NULL */
};

/* Opens one to a server of the profile; its URLs are copied. Nothing is connected yet. HP_INTERNAL without memory. */
enum hp_status http_session_open(const struct http_ground *ground, unsigned server, struct session **session,
                                 struct hp_problem *problem);

#endif
