/* The part of the door that is about flows and limits: envelope.roundtrip, flow.resume, kernel.submit, interrupt, record, resume,
 * cancel, get, ratelimit.set, check. */
#ifndef HOLDPOINT_SERVICE_DOOR_FLOW_H
#define HOLDPOINT_SERVICE_DOOR_FLOW_H

#include "reference/core/json.h"
#include "reference/service/service.h"

/* Carries the method out, as door_call does. False, and nothing done, when it is none of these. */
bool door_flow_call(struct hp_service *service, const char *method, const json_t *params, json_t **result,
                    enum hp_status *status, struct hp_problem *problem);

/* Whether it is one of these. */
bool door_flow_has(const char *method);

#endif
