/* The operations by the names and shapes of the wire: params as JSON text in, a result as JSON out. Every
 * transport (in process, stdio, HTTP) comes in by this door, so all of them read and refuse alike. */
#ifndef HOLDPOINT_SERVICE_DOOR_H
#define HOLDPOINT_SERVICE_DOOR_H

#include "reference/service/service.h"

#include <jansson.h>

/* Carries out interrupt.create, get, list, respond, cancel, expire_pending, pending_for_request, events.drain,
 * webhook.subscribe, webhook.dead, webhook.flush (HP_UNSUPPORTED unless the service was lent webhooks) or describe. HP_UNSUPPORTED for any other method, HP_INVALID for params that are no JSON object or break a
 * rule, else what the operation returns. On HP_OK the caller owns *result. HP_INTERNAL says that memory ran
 * out; the operation was then carried out whole, and only its answer is missing, or not at all. Safe for any
 * number of threads. */
enum hp_status door_call(struct hp_service *service, const char *method, const char *params,
                         size_t params_length_bytes, json_t **result, struct hp_problem *problem);

/* The vocabulary that the service believes in: kinds, statuses, decisions. NULL when memory runs out. */
json_t *door_describe(void);

#endif
