/* The reference in the harness's own process, with two endpoints over one store. */
#ifndef HOLDPOINT_ADAPTERS_IN_PROCESS_H
#define HOLDPOINT_ADAPTERS_IN_PROCESS_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/store_decorator.h"

/* The reference on its memory store. Declares every capability of contract parts 1 and 2. NULL when memory
 * runs out. The caller frees it with target_free. */
struct target *in_process_memory_new(void);

/* The reference on PostgreSQL: two servers' worth of stores over one schema, which is made here and dropped
 * by target_free. conninfo names the database; NULL: a throwaway server of the target's own (cluster.h). The
 * capabilities are the same. HP_UNAVAILABLE when there is no such server. The caller frees *target. */
enum hp_status in_process_postgres_new(const char *conninfo, struct target **target,
                                       struct hp_problem *problem);

/* The same over the schema of another such target, of this process or another, which is neither made, claimed nor dropped:
 * further servers of the same state. Only the state is shared, not the clock: a reset empties the tables for both and
 * restarts the clock of this one. HP_INVALID when the schema is no name or holds no tables of the reference. */
enum hp_status in_process_postgres_attach(const char *conninfo, const char *schema, struct target **target,
                                          struct hp_problem *problem);

/* The same two with the decorators around each of their stores; NULL: none. */
struct target *in_process_memory_decorated_new(const struct store_decorator *decorator);
enum hp_status in_process_postgres_decorated_new(const char *conninfo,
                                                 const struct store_decorator *decorator,
                                                 struct target **target, struct hp_problem *problem);

struct hp_webhook_decorator; /* reference/service/webhook.h */

/* The one in memory, with a decorator for the webhooks of each of its two endpoints: an array of two, which outlives the
 * target. NULL when memory runs out. */
struct target *in_process_memory_webhooks_new(const struct hp_webhook_decorator *decorators);

#endif
