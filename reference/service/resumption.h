/* How a flow goes on behind its interrupt, once whatever happens twice or at once. The library does not export it.
 *
 * A pending interrupt is answered through the service as the owner; the answer of a resolved one is used. Then the flow is marked as
 * going on behind this interrupt, which the store lets happen once; only who marked it runs it. A denied confirmation ends the flow.
 *
 * Errors: HP_CONFLICT when the flow does not wait for that interrupt, or when that has expired or was cancelled, with its status; the
 * errors of a response; HP_INVALID at /response when a pending one gets none. A refused resumption changes nothing, except that it
 * shows a flow terminated that waits in vain. */
#ifndef HOLDPOINT_SERVICE_RESUMPTION_H
#define HOLDPOINT_SERVICE_RESUMPTION_H

#include "reference/core/request_flow.h"
#include "reference/service/service.h"

/* Resumes a process: waiting -> ready -> running, at the stage that the route says, which is executed; it answers as the kernel
 * does. `user_id` NULL: a trusted caller. HP_NOT_FOUND for an unknown pid. */
enum hp_status resume_process(struct hp_service *service, const char *pid, const char *user_id,
                              const struct request_resume *resume, json_t **answer,
                              struct hp_problem *problem);

/* Resumes a flow by its envelope, and runs it to its end; *envelope is how it is then. Where the kernel has a process of it, that
 * one is resumed and its envelope counts. HP_INVALID also at the member below /envelope. */
enum hp_status resume_flow(struct hp_service *service, const json_t *given,
                           const struct request_resume *resume, const struct request_pipeline *pipeline,
                           json_t **envelope, struct hp_problem *problem);

#endif
