/* The part of a memory store that is about flows and limits. */
#ifndef HOLDPOINT_STORE_MEMORY_FLOW_H
#define HOLDPOINT_STORE_MEMORY_FLOW_H

#include "reference/store/flow_book.h"
#include "reference/store/rate_book.h"
#include "reference/store/store.h"

struct memory_flow {
    struct hp_store store; /* first, so that a store is its memory_flow */
    struct hp_clock *clock;
    struct hp_ids *ids;
    struct flow_book flows;
    struct rate_book rates;
};

void memory_flow_init(struct memory_flow *memory, const struct hp_store_ops *ops, struct hp_clock *clock,
                      struct hp_ids *ids);
void memory_flow_release(struct memory_flow *memory);

/* The operations of struct hp_store_ops, which documents them. */
enum hp_status memory_moment(struct hp_store *store, struct hp_moment *moment, struct hp_problem *problem);
enum hp_status memory_flow_add(struct hp_store *store, const struct hp_flow *flow,
                               struct hp_problem *problem);
enum hp_status memory_flow_get(struct hp_store *store, const char *pid, struct hp_flow **flow,
                               struct hp_problem *problem);
enum hp_status memory_flow_change(struct hp_store *store, const struct hp_flow *after,
                                  struct hp_problem *problem);
enum hp_status memory_flow_resume(struct hp_store *store, const char *pid, const char *interrupt_id,
                                  const struct hp_flow *after, struct hp_problem *problem);
enum hp_status memory_rate_set(struct hp_store *store, const struct hp_rate_rule *rule,
                               struct hp_problem *problem);
enum hp_status memory_rate_check(struct hp_store *store, const struct hp_rate_call *call,
                                 struct hp_rate_answer *answer, struct hp_problem *problem);

#endif
