/* What stands behind a server: a store with its clock and its ids, and a service over it. */
#ifndef HOLDPOINT_SERVER_DEPLOYMENT_H
#define HOLDPOINT_SERVER_DEPLOYMENT_H

#include "reference/service/service.h"
#include "reference/store/postgres.h"

/* Safe for any number of threads. */
struct deployment;

/* An empty one in memory. NULL when memory runs out. The caller frees it, after the servers over it. */
struct deployment *deployment_memory_new(void);

/* One over a database whose tables hp_postgres_migrate made; `schema` NULL: "public". Nothing is connected before the
 * first operation. NULL when memory runs out. */
struct deployment *deployment_postgres_new(const char *conninfo, const char *schema);

/* Puts a store of its own around `inner` and takes it over. NULL when memory runs out; the inner one is freed then too. */
typedef struct hp_store *(*deployment_wrap)(struct hp_store *inner, void *context);

/* Has everything go through what wrap puts around the store, and around each that a reset makes. Once, before
 * deployment_deliver. HP_INTERNAL without memory: then the deployment can only be freed. */
enum hp_status deployment_decorate(struct deployment *deployment, deployment_wrap wrap, void *context,
                                   struct hp_problem *problem);

/* Gives its service, and each that a reset makes, its pipeline, as hp_service_set_routes does; the text is copied. After
 * deployment_decorate, before it is used. */
enum hp_status deployment_set_routes(struct deployment *deployment, const char *routes,
                                     struct hp_problem *problem);

/* Lets it deliver to the subscriptions of its store, as webhook.flush tells it to and, with `by_itself`, by a thread of its
 * own. Once, before it is used. HP_INTERNAL without memory or thread. */
enum hp_status deployment_deliver(struct deployment *deployment, const struct hp_webhook_options *options,
                                  bool by_itself, struct hp_problem *problem);

/* Ends the thread, waiting up to grace_ms for requests that are under way; the servers are stopped before. */
void deployment_stop_delivering(struct deployment *deployment, unsigned grace_ms);

void deployment_free(struct deployment *deployment); /* NULL is allowed */

/* Lends the service for one operation, and takes it back. Meanwhile neither a reset nor a new time comes between. */
struct hp_service *deployment_enter(struct deployment *deployment);
void deployment_leave(struct deployment *deployment);

/* Forgets every interrupt, event and kept answer, and lets the clock run freely again, when no operation is under way.
 * In a database this empties the tables for everybody. HP_UNAVAILABLE, HP_INTERNAL. */
enum hp_status deployment_reset(struct deployment *deployment, struct hp_problem *problem);

/* As hp_clock_set, when no operation is under way. */
enum hp_status deployment_set_clock(struct deployment *deployment, int64_t now_us,
                                    struct hp_problem *problem);

#endif
