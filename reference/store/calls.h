/* What the rooms of the reference use of a store beside its public header: the calls of the vtable, and the
 * lists that stores fill. The library does not export it. */
#ifndef HOLDPOINT_STORE_CALLS_H
#define HOLDPOINT_STORE_CALLS_H

#include "reference/store/store.h"

/* Makes room for `more` ids behind those there are; false when memory runs out. */
bool id_list_reserve(struct hp_id_list *list, size_t more);

/* Makes room for `more` events behind those there are; false when memory runs out. */
bool event_list_reserve(struct hp_event_list *list, size_t more);

/* Makes room for `more` deliveries behind those there are; false when memory runs out. */
bool webhook_list_reserve(struct hp_webhook_list *list, size_t more);

/* Copies of the event and the subscription; the rest as in the draft. NULL when memory runs out. */
struct hp_webhook_delivery *webhook_delivery_new(const struct hp_webhook_delivery *draft);
void webhook_delivery_free(struct hp_webhook_delivery *delivery); /* NULL is allowed */

/* The operations of struct hp_store_ops, which documents them. */
enum hp_status store_create(struct hp_store *store, const struct hp_create *create,
                            struct hp_interrupt **created, struct hp_problem *problem);
enum hp_status store_get(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                         struct hp_problem *problem);
enum hp_status store_list(struct hp_store *store, const struct hp_query *query,
                          const struct hp_position *after, struct hp_page *page, struct hp_problem *problem);
enum hp_status store_change(struct hp_store *store, const struct hp_change *change,
                            struct hp_interrupt **after, struct hp_problem *problem);
enum hp_status store_expire_due(struct hp_store *store, struct hp_id_list *ids, struct hp_problem *problem);
enum hp_status store_outbox_take(struct hp_store *store, size_t max, struct hp_event_list *events,
                                 struct hp_problem *problem);
enum hp_status store_outbox_settle(struct hp_store *store, const struct hp_event *event,
                                   enum hp_delivery delivery, struct hp_problem *problem);
enum hp_status store_subscribe(struct hp_store *store, const struct hp_subscription *subscription,
                               char id[HP_ID_SIZE], struct hp_problem *problem);
enum hp_status store_webhooks_take(struct hp_store *store, const struct hp_webhook_appetite *appetite,
                                   struct hp_webhook_list *list, struct hp_problem *problem);
enum hp_status store_webhook_settle(struct hp_store *store, const struct hp_webhook_delivery *delivery,
                                    const struct hp_webhook_attempt *attempt, struct hp_problem *problem);
enum hp_status store_webhooks_dead(struct hp_store *store, struct hp_webhook_list *list,
                                   struct hp_problem *problem);

enum hp_status store_moment(struct hp_store *store, struct hp_moment *moment, struct hp_problem *problem);
enum hp_status store_flow_add(struct hp_store *store, const struct hp_flow *flow, struct hp_problem *problem);
enum hp_status store_flow_get(struct hp_store *store, const char *pid, struct hp_flow **flow,
                              struct hp_problem *problem);
enum hp_status store_flow_change(struct hp_store *store, const struct hp_flow *after,
                                 struct hp_problem *problem);
enum hp_status store_flow_resume(struct hp_store *store, const char *pid, const char *interrupt_id,
                                 const struct hp_flow *after, struct hp_problem *problem);
enum hp_status store_rate_set(struct hp_store *store, const struct hp_rate_rule *rule,
                              struct hp_problem *problem);
enum hp_status store_rate_check(struct hp_store *store, const struct hp_rate_call *call,
                                struct hp_rate_answer *answer, struct hp_problem *problem);

/* Deletes everything that a store made by hp_store_postgres_new keeps in its database, for conformance runs. */
enum hp_status postgres_empty(struct hp_store *store, struct hp_problem *problem);

/* How many records the sweeps of a store made by hp_store_memory_new have looked at since it was made, so that
 * their cost can be tested without a stopwatch. */
uint64_t memory_sweep_visits(struct hp_store *store);

#endif
