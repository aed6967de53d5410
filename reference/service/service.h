/* The operations of an interrupt service, over any store. A service holds nothing of its own: two of them over
 * one store are two handlers of one server (REQ-STATE-1). Safe for any number of threads. docs/spec.md has the
 * requirements that are named here.
 *
 * Every operation returns HP_OK, HP_UNAVAILABLE, HP_INTERNAL or what is named with it; a refused one changes
 * nothing and emits nothing, and leaves its results untouched. `problem` may be NULL. What is handed out
 * belongs to the caller. */
#ifndef HOLDPOINT_SERVICE_SERVICE_H
#define HOLDPOINT_SERVICE_SERVICE_H

#include "reference/service/webhook.h"
#include "reference/store/store.h"

struct hp_service;

/* A service over a store, which is borrowed and outlives it. NULL when memory runs out. */
HP_API struct hp_service *hp_service_new(struct hp_store *store);
HP_API void hp_service_free(struct hp_service *service); /* NULL is allowed */

/* Creates an interrupt (REQ-CREATE-1 to 6): HP_INVALID naming the field. */
HP_API enum hp_status hp_service_create(struct hp_service *service, const struct hp_create *create,
                                        struct hp_interrupt **created, struct hp_problem *problem);

/* Reads one (REQ-GET-1 to 6). user_id NULL: a trusted caller; else HP_FORBIDDEN for another's. HP_NOT_FOUND
 * for an unknown or malformed id, HP_INVALID for an empty user_id. */
HP_API enum hp_status hp_service_get(struct hp_service *service, const char *id, const char *user_id,
                                     struct hp_interrupt **interrupt, struct hp_problem *problem);

/* Reads a page (REQ-LIST-1 to 14): HP_INVALID for bad filters. Release *page with hp_page_release. */
HP_API enum hp_status hp_service_list(struct hp_service *service, const struct hp_query *query,
                                      struct hp_page *page, struct hp_problem *problem);

/* The newest pending interrupt of a request, NULL when there is none; with a user_id, of that user's
 * (REQ-PENDING-1 to 3). */
HP_API enum hp_status hp_service_pending_for_request(struct hp_service *service, const char *request_id,
                                                     const char *user_id, struct hp_interrupt **interrupt,
                                                     struct hp_problem *problem);

/* Answers an interrupt as its owner (REQ-RESPOND-1 to 18): HP_INVALID, HP_NOT_FOUND, HP_FORBIDDEN,
 * HP_CONFLICT. A NULL or empty user_id is HP_INVALID, never "no check". Whether the flow may go on says
 * hp_request_can_resume. */
HP_API enum hp_status hp_service_respond(struct hp_service *service, const char *id, const char *user_id,
                                         const struct hp_response *response, struct hp_interrupt **interrupt,
                                         struct hp_problem *problem);

/* Cancels an interrupt as its owner (REQ-CANCEL-1 to 11), with the same errors. reason may be NULL. */
HP_API enum hp_status hp_service_cancel(struct hp_service *service, const char *id, const char *user_id,
                                        const char *reason, struct hp_interrupt **interrupt,
                                        struct hp_problem *problem);

/* respond and cancel for a caller inside the process that answers for its users, such as a kernel. Never reachable by a
 * wire. */
HP_API enum hp_status hp_service_respond_trusted(struct hp_service *service, const char *id,
                                                 const struct hp_response *response,
                                                 struct hp_interrupt **interrupt, struct hp_problem *problem);
HP_API enum hp_status hp_service_cancel_trusted(struct hp_service *service, const char *id,
                                                const char *reason, struct hp_interrupt **interrupt,
                                                struct hp_problem *problem);

/* Expires what is due and appends the ids (REQ-EXPIRE-2 to 7). Release *ids with hp_id_list_release. */
HP_API enum hp_status hp_service_expire_pending(struct hp_service *service, struct hp_id_list *ids,
                                                struct hp_problem *problem);

/* Takes every event of the operations answered before this call that nobody else holds, of one interrupt in
 * order (REQ-EVENT-5, REQ-EVENT-6). On an error nothing is held. Each is settled afterwards; until then it is
 * given to nobody else, nor is a later one of its interrupt. Release *events with hp_event_list_release. */
HP_API enum hp_status hp_service_take_events(struct hp_service *service, struct hp_event_list *events,
                                             struct hp_problem *problem);

/* Settles events that were taken: HP_DELIVERED, or HP_RETURNED to be taken again with the same id. */
HP_API enum hp_status hp_service_settle_events(struct hp_service *service, const struct hp_event_list *events,
                                               enum hp_delivery delivery, struct hp_problem *problem);

/* Adds a subscription, which gets the events of later operations (REQ-WEBHOOK-1 to 3), and writes its id. What is zero or
 * NULL takes its default: headers none, timeout_us, base_delay_us and max_tries those of subscription.h. HP_INVALID naming the
 * field. */
HP_API enum hp_status hp_service_subscribe(struct hp_service *service,
                                           const struct hp_subscription *subscription, char id[HP_ID_SIZE],
                                           struct hp_problem *problem);

/* The deliveries that were given up, the latest first, HP_WEBHOOK_DEAD_MAX at most. Release *list with
 * hp_webhook_list_release. */
HP_API enum hp_status hp_service_dead_webhooks(struct hp_service *service, struct hp_webhook_list *list,
                                               struct hp_problem *problem);

/* Gives the service its pipeline, where flows go on behind an interrupt, as JSON text {"stages": [...], "routes": {kind: stage}},
 * which is copied; NULL is the shipped one. HP_INVALID, naming the member, for an unknown kind or key, or a route to a stage
 * that the pipeline lacks. Before other threads use the service. */
HP_API enum hp_status hp_service_set_routes(struct hp_service *service, const char *routes,
                                            struct hp_problem *problem);

/* Lends it what delivers to its store's subscriptions, for hp_service_flush_webhooks; NULL takes that back. Before other
 * threads use the service. */
HP_API void hp_service_lend_webhooks(struct hp_service *service, struct hp_webhooks *webhooks);

/* As hp_webhooks_flush. HP_UNSUPPORTED when nothing was lent. */
HP_API enum hp_status hp_service_flush_webhooks(struct hp_service *service, struct hp_webhook_counts *counts,
                                                struct hp_problem *problem);

#endif
