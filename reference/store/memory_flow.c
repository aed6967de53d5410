#include "reference/store/memory_flow.h"

static struct memory_flow *memory_of(struct hp_store *store) {
    return (struct memory_flow *)store;
}

void memory_flow_init(struct memory_flow *memory, const struct hp_store_ops *ops, struct hp_clock *clock,
                      struct hp_ids *ids) {
    memory->store.ops = ops;
    memory->clock = clock;
    memory->ids = ids;
    flow_book_init(&memory->flows);
    rate_book_init(&memory->rates);
}

void memory_flow_release(struct memory_flow *memory) {
    flow_book_release(&memory->flows);
    rate_book_release(&memory->rates);
}

enum hp_status memory_moment(struct hp_store *store, struct hp_moment *moment, struct hp_problem *problem) {
    struct memory_flow *memory = memory_of(store);
    enum hp_status status = HP_OK;
    moment->now_us = hp_clock_now(memory->clock);
    for (size_t i = 0; status == HP_OK && i < HP_MOMENT_IDS; i++) {
        status = hp_ids_next(memory->ids, moment->ids[i], problem);
    }
    return status;
}

enum hp_status memory_flow_add(struct hp_store *store, const struct hp_flow *flow,
                               struct hp_problem *problem) {
    return flow_book_add(&memory_of(store)->flows, flow, problem);
}

enum hp_status memory_flow_get(struct hp_store *store, const char *pid, struct hp_flow **flow,
                               struct hp_problem *problem) {
    return flow_book_get(&memory_of(store)->flows, pid, flow, problem);
}

enum hp_status memory_flow_change(struct hp_store *store, const struct hp_flow *after,
                                  struct hp_problem *problem) {
    return flow_book_change(&memory_of(store)->flows, after, problem);
}

enum hp_status memory_flow_resume(struct hp_store *store, const char *pid, const char *interrupt_id,
                                  const struct hp_flow *after, struct hp_problem *problem) {
    return flow_book_resume(&memory_of(store)->flows, pid, interrupt_id, after, problem);
}

enum hp_status memory_rate_set(struct hp_store *store, const struct hp_rate_rule *rule,
                               struct hp_problem *problem) {
    return rate_book_set(&memory_of(store)->rates, rule, problem);
}

enum hp_status memory_rate_check(struct hp_store *store, const struct hp_rate_call *call,
                                 struct hp_rate_answer *answer, struct hp_problem *problem) {
    struct memory_flow *memory = memory_of(store);
    return rate_book_check(&memory->rates, call, memory->clock, answer, problem);
}
