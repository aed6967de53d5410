/* The part of a PostgreSQL store that is about flows and limits. */
#ifndef HOLDPOINT_STORE_POSTGRES_FLOW_H
#define HOLDPOINT_STORE_POSTGRES_FLOW_H

#include "reference/store/postgres_connection.h"
#include "reference/store/store.h"

/* Adds pid, version, state, envelope and notes. */
void flow_add_process(struct parameters *parameters, const struct hp_flow *flow);

/* The operations of struct hp_store_ops, which documents them. */
enum hp_status postgres_moment(struct hp_store *store, struct hp_moment *moment, struct hp_problem *problem);
enum hp_status postgres_flow_add(struct hp_store *store, const struct hp_flow *flow,
                                 struct hp_problem *problem);
enum hp_status postgres_flow_get(struct hp_store *store, const char *pid, struct hp_flow **flow,
                                 struct hp_problem *problem);
enum hp_status postgres_flow_change(struct hp_store *store, const struct hp_flow *after,
                                    struct hp_problem *problem);
enum hp_status postgres_flow_resume(struct hp_store *store, const char *pid, const char *interrupt_id,
                                    const struct hp_flow *after, struct hp_problem *problem);
enum hp_status postgres_rate_set(struct hp_store *store, const struct hp_rate_rule *rule,
                                 struct hp_problem *problem);
enum hp_status postgres_rate_check(struct hp_store *store, const struct hp_rate_call *call,
                                   struct hp_rate_answer *answer, struct hp_problem *problem);

#endif
