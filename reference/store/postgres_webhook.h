/* Subscriptions and deliveries of a PostgreSQL store: the operations of struct hp_store_ops, which documents them. */
#ifndef HOLDPOINT_STORE_POSTGRES_WEBHOOK_H
#define HOLDPOINT_STORE_POSTGRES_WEBHOOK_H

#include "reference/store/store.h"

enum hp_status postgres_subscribe(struct hp_store *store, const struct hp_subscription *subscription,
                                  char id[HP_ID_SIZE], struct hp_problem *problem);
enum hp_status postgres_webhooks_take(struct hp_store *store, const struct hp_webhook_appetite *appetite,
                                      struct hp_webhook_list *list, struct hp_problem *problem);
enum hp_status postgres_webhook_settle(struct hp_store *store, const struct hp_webhook_delivery *delivery,
                                       const struct hp_webhook_attempt *attempt, struct hp_problem *problem);
enum hp_status postgres_webhooks_dead(struct hp_store *store, struct hp_webhook_list *list,
                                      struct hp_problem *problem);

#endif
