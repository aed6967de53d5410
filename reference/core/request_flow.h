/* The params of what is around an interrupt, read from JSON, as request.h does it: null equals absent, unknown members are
 * ignored, everything but HP_OK is HP_INVALID naming the field, or HP_INTERNAL. Texts and values are borrowed from the
 * params. */
#ifndef HOLDPOINT_CORE_REQUEST_FLOW_H
#define HOLDPOINT_CORE_REQUEST_FLOW_H

#include "reference/core/pipeline.h"
#include "reference/core/quota.h"
#include "reference/core/ratelimit.h"
#include "reference/core/request.h"

/* How a pipeline comes with a request, for conformance runs; NULL: the service's own. */
struct request_pipeline {
    const json_t *pipeline; /* checked */
    const json_t *effects;  /* checked against the pipeline, its own or the one of the service */
};

/* pipeline and effects. `own` is the text of the service's pipeline, NULL for the shipped one. */
enum hp_status request_read_pipeline(const json_t *params, const char *own, struct request_pipeline *pipeline,
                                     struct hp_problem *problem);

/* quota, an object; what it lacks is the default. */
enum hp_status request_read_quota(const json_t *params, struct quota_amounts *most,
                                  struct hp_problem *problem);

/* pid and what was used. */
enum hp_status request_read_record(const json_t *params, const char **pid, struct quota_amounts *used,
                                   struct hp_problem *problem);

/* pid and what is asked: kind, question, message, data, ttl_seconds. *data is the caller's to free. */
enum hp_status request_read_raise(const json_t *params, const char **pid, struct hp_create *create,
                                  char **data, struct hp_problem *problem);

/* pid alone; and with it a reason that may be NULL. */
enum hp_status request_read_pid(const json_t *params, const char **pid, struct hp_problem *problem);
enum hp_status request_read_reason(const json_t *params, const char **reason, struct hp_problem *problem);

/* An answer on which a flow goes on. */
struct request_resume {
    const char *interrupt_id;
    const struct hp_response *response; /* NULL: none came; else `given` */
    struct hp_response given;
    char *data; /* of the response, the reader's to free */
};

/* interrupt_id and response. Free resume->data in any case. */
enum hp_status request_read_resume(const json_t *params, struct request_resume *resume,
                                   struct hp_problem *problem);

/* user_id or endpoint, and per_minute, per_hour, per_day, of which an absent one is the default. */
enum hp_status request_read_rule(const json_t *params, struct hp_rate_rule *rule, struct hp_problem *problem);

/* user_id, endpoint, request_id, session_id, and record, which is true when absent. */
enum hp_status request_read_call(const json_t *params, struct hp_rate_call *call, const char **request_id,
                                 const char **session_id, struct hp_problem *problem);

#endif
