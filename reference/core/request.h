/* The params of each operation, read from JSON: the checks of the request by itself, before anything is
 * looked up.
 *
 * Null equals absent, except for ttl_seconds; unknown members are ignored (REQ-SHAPE-5, REQ-SHAPE-6).
 * Everything but HP_OK is HP_INVALID naming the field, or HP_INTERNAL when memory ran out. Texts are borrowed
 * from the params. */
#ifndef HOLDPOINT_CORE_REQUEST_H
#define HOLDPOINT_CORE_REQUEST_H

#include "reference/core/query.h"
#include "reference/core/subscription.h"
#include "reference/core/transition.h"

#include <jansson.h>

/* Reads the text of params: an object of at most 1 MiB as compact JSON; no text at all is an empty one. The
 * caller owns *params. */
enum hp_status request_read(const char *bytes, size_t length_bytes, json_t **params,
                            struct hp_problem *problem);

/* *data is the text of data that `create` borrows; the caller frees it. */
enum hp_status request_read_create(const json_t *params, struct hp_create *create, char **data,
                                   struct hp_problem *problem);

/* id is any text; whether it is canonical is not asked here. *user_id is NULL when absent. */
enum hp_status request_read_get(const json_t *params, const char **id, const char **user_id,
                                struct hp_problem *problem);

enum hp_status request_read_list(const json_t *params, struct hp_query *query, struct hp_problem *problem);

/* request_id is required, *user_id NULL when absent. */
enum hp_status request_read_pending(const json_t *params, const char **request_id, const char **user_id,
                                    struct hp_problem *problem);

/* *response is where change->response points; *data is the text of its data, for the caller to free. */
enum hp_status request_read_respond(const json_t *params, struct hp_change *change,
                                    struct hp_response *response, char **data, struct hp_problem *problem);

/* The member response, which must be there; as request_read_respond. */
enum hp_status request_read_response(const json_t *params, struct hp_response *response, char **data,
                                     struct hp_problem *problem);

/* Of a creation only kind, question, message, data and ttl_seconds; the rest stays empty and is not checked. */
enum hp_status request_read_question(const json_t *params, struct hp_create *create, char **data,
                                     struct hp_problem *problem);

enum hp_status request_read_cancel(const json_t *params, struct hp_change *change,
                                   struct hp_problem *problem);

/* A subscription by itself, with the defaults in place of what is absent. *texts holds events and headers, which the
 * subscription borrows, for the caller to free. */
enum hp_status request_read_subscribe(const json_t *params, struct hp_subscription *subscription,
                                      char **texts, struct hp_problem *problem);

/* HP_INVALID at /headers unless the text is a JSON object of what a subscription may send as headers. */
enum hp_status request_check_headers(const char *headers, struct hp_problem *problem);

/* The instant of clock.set, member "now". */
enum hp_status request_read_clock(const json_t *params, int64_t *now_us, struct hp_problem *problem);

#endif
