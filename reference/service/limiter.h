/* Limits on how often users call endpoints, and the interrupt about a limit that is reached. The library does not export it. */
#ifndef HOLDPOINT_SERVICE_LIMITER_H
#define HOLDPOINT_SERVICE_LIMITER_H

#include "reference/core/ratelimit.h"
#include "reference/service/service.h"

/* Sets limits. */
enum hp_status limiter_set(struct hp_service *service, const struct hp_rate_rule *rule,
                           struct hp_problem *problem);

/* Judges a call, and records it when it is allowed and counts. When it is refused and counts, *interrupt is the pending
 * resource_exhausted about this user and endpoint, which is raised when there is none, for that request and session; the caller
 * frees it. Else *interrupt is NULL. */
enum hp_status limiter_check(struct hp_service *service, const struct hp_rate_call *call,
                             const char *request_id, const char *session_id, struct hp_rate_verdict *verdict,
                             struct hp_interrupt **interrupt, struct hp_problem *problem);

#endif
