/* The kernel: the processes of flows, and what they wait for. A process waits for exactly one interrupt, which the service has, and
 * whether that is pending is asked of the service each time; so an answer, a cancellation or an expiry shows here at once. Any
 * number of kernels may stand over one store. Safe for any number of threads. The library does not export it.
 *
 * Each operation answers {pid, state, envelope, quota, usage}, which the caller owns. `user_id` NULL is a trusted caller; any other
 * must be the envelope's (HP_FORBIDDEN). Errors beside those named: HP_NOT_FOUND for an unknown pid, HP_CONFLICT for a move that the
 * state does not allow, HP_UNAVAILABLE, HP_INTERNAL. A refused operation changes nothing. */
#ifndef HOLDPOINT_SERVICE_KERNEL_H
#define HOLDPOINT_SERVICE_KERNEL_H

#include "reference/core/request_flow.h"
#include "reference/service/kernel_process.h"

/* A flow that is to run. */
struct kernel_submission {
    const json_t *envelope; /* as it came */
    const char *user_id;    /* NULL: a trusted caller */
    struct quota_amounts most;
    struct request_pipeline pipeline;
};

/* Makes a process of an envelope, whose id is the pid, and leaves it running. What its counters say was used already. HP_INVALID at
 * the member below /envelope; HP_CONFLICT when there is a process of that pid, or the flow is terminated or waits. */
enum hp_status kernel_submit(struct hp_service *service, const struct kernel_submission *submission,
                             json_t **answer, struct hp_problem *problem);

/* Raises an interrupt about a running flow, which waits then; a timeout and a resource_exhausted end the flow, and stay pending
 * for somebody to see. `create` has kind, question, message, data and ttl. */
enum hp_status kernel_interrupt(struct hp_service *service, const char *pid, const struct hp_create *create,
                                json_t **answer, struct hp_problem *problem);

/* Notes what a running flow used; crossing the quota raises resource_exhausted, and ends the flow. */
enum hp_status kernel_record(struct hp_service *service, const char *pid, const struct quota_amounts *used,
                             json_t **answer, struct hp_problem *problem);

/* Shows a process. One that waits for an interrupt that has expired or was cancelled is terminated first. */
enum hp_status kernel_get(struct hp_service *service, const char *pid, const char *user_id, json_t **answer,
                          struct hp_problem *problem);

/* Ends a flow that is not terminated; the interrupt that it waits for is cancelled too. The reason may be NULL. */
enum hp_status kernel_cancel(struct hp_service *service, const char *pid, const char *reason, json_t **answer,
                             struct hp_problem *problem);

/* Reads a process of that user; NULL: of whomever. One that waits in vain is terminated first, but a stranger changes nothing.
 * *interrupt is its own as it is shown now, NULL for none. The caller releases both in any case. */
enum hp_status kernel_read(struct hp_service *service, const char *pid, const char *user_id,
                           struct kernel_process *process, struct hp_interrupt **interrupt,
                           struct hp_problem *problem);

#endif
