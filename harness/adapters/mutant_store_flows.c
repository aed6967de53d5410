#include "harness/adapters/mutant_store_parts.h"
#include "reference/base/text.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENDPOINT_SIZE = 512 };

/* The mark of that interrupt, made when there is none; NULL when memory runs out. The mutex is held. */
static struct mark *mark_of(struct faulty_store *self, const char *interrupt_id) {
    struct mark *mark = self->marks;
    while (mark && strcmp(mark->id, interrupt_id) != 0) {
        mark = mark->next;
    }
    if (!mark && (mark = calloc(1, sizeof *mark))) {
        text_put(mark->id, sizeof mark->id, interrupt_id);
        mark->next = self->marks;
        self->marks = mark;
    }
    return mark;
}

static enum hp_status refuse_gone(struct hp_problem *problem) {
    return hp_problem_set(problem, HP_CONFLICT, NULL, "the flow has gone on behind this interrupt");
}

static enum hp_status inner_resume(struct faulty_store *self, const char *pid, const char *interrupt_id,
                                   const struct hp_flow *after, struct hp_problem *problem) {
    return self->inner->ops->flow_resume(self->inner, pid, interrupt_id, after, problem);
}

/* flow-twice: looks whether the flow has gone on, and marks it without looking again, so of two who have both looked both run it. What
 * was seen is this server's own. */
static enum hp_status look_then_mark(struct faulty_store *self, const char *pid, const char *interrupt_id,
                                     const struct hp_flow *after, struct hp_problem *problem) {
    pthread_mutex_lock(&self->mutex);
    struct mark *mark = mark_of(self, interrupt_id);
    bool made = mark && mark->made;
    pthread_mutex_unlock(&self->mutex);
    if (!mark) {
        return hp_problem_no_memory(problem);
    }
    if (made || after) {
        return inner_resume(self, pid, interrupt_id, after, problem);
    }
    sched_yield();
    enum hp_status status = inner_resume(self, pid, interrupt_id, NULL, NULL);
    pthread_mutex_lock(&self->mutex);
    mark->made = true;
    pthread_mutex_unlock(&self->mutex);
    return status == HP_OK || status == HP_CONFLICT
               ? HP_OK
               : hp_problem_set(problem, status, NULL, "%s", hp_status_sentence(status));
}

/* flow-nobody: whoever finds another at it leaves it to him, and so does the other. */
static enum hp_status leave_it_to_others(struct faulty_store *self, const char *pid, const char *interrupt_id,
                                         const struct hp_flow *after, struct hp_problem *problem) {
    pthread_mutex_lock(&self->mutex);
    struct mark *mark = mark_of(self, interrupt_id);
    bool met = mark && mark->under_way++ > 0;
    if (met) {
        mark->met = true;
    }
    pthread_mutex_unlock(&self->mutex);
    if (!mark) {
        return hp_problem_no_memory(problem);
    }
    sched_yield();
    enum hp_status status =
        met ? refuse_gone(problem) : inner_resume(self, pid, interrupt_id, after, problem);
    pthread_mutex_lock(&self->mutex);
    mark->under_way--;
    met = mark->met;
    pthread_mutex_unlock(&self->mutex);
    return met && status == HP_OK ? refuse_gone(problem) : status;
}

/* rate-count-then-record: counts, and records without counting again, so of two who have both found room both are let through. */
static enum hp_status count_then_record(struct faulty_store *self, const struct hp_rate_call *call,
                                        struct hp_rate_answer *answer, struct hp_problem *problem) {
    struct hp_rate_call look = *call;
    struct hp_rate_answer recorded;
    look.record = false;
    enum hp_status status = self->inner->ops->rate_check(self->inner, &look, answer, problem);
    if (status != HP_OK || !call->record || !answer->verdict.allowed) {
        return status;
    }
    sched_yield();
    return self->inner->ops->rate_check(self->inner, call, &recorded, problem);
}

/* rate-of-each-server: what was let through is counted by each server for itself. */
static enum hp_status count_alone(struct faulty_store *self, const struct hp_rate_call *call,
                                  struct hp_rate_answer *answer, struct hp_problem *problem) {
    char endpoint[ENDPOINT_SIZE];
    struct hp_rate_call own = *call;
    snprintf(endpoint, sizeof endpoint, "%.200s#%p", call->endpoint, (void *)self);
    own.endpoint = endpoint;
    return self->inner->ops->rate_check(self->inner, &own, answer, problem);
}

/* rate-tells-each: whoever is held back raises an interrupt, and does not look whether there is one. */
static enum hp_status create_without_claim(struct faulty_store *self, const struct hp_create *create,
                                           struct hp_interrupt **created, struct hp_problem *problem) {
    struct hp_create bare = *create;
    bare.rate = NULL;
    return self->inner->ops->create(self->inner, &bare, created, problem);
}

/* flows-in-memory: a server knows the flows that were submitted to it. */
static enum hp_status add_own(struct faulty_store *self, const struct hp_flow *flow,
                              struct hp_problem *problem) {
    pthread_mutex_lock(&self->mutex);
    self->has_flows = true;
    pthread_mutex_unlock(&self->mutex);
    return self->inner->ops->flow_add(self->inner, flow, problem);
}

static enum hp_status get_own(struct faulty_store *self, const char *pid, struct hp_flow **flow,
                              struct hp_problem *problem) {
    pthread_mutex_lock(&self->mutex);
    bool has_flows = self->has_flows;
    pthread_mutex_unlock(&self->mutex);
    return has_flows ? self->inner->ops->flow_get(self->inner, pid, flow, problem)
                     : hp_problem_set(problem, HP_NOT_FOUND, NULL, "there is no such process");
}

static struct store_fault faults[] = {
    {.name = "flow-twice", .flow_resume = look_then_mark},
    {.name = "flow-nobody", .flow_resume = leave_it_to_others},
    {.name = "flows-in-memory", .flow_add = add_own, .flow_get = get_own},
    {.name = "rate-count-then-record", .rate_check = count_then_record},
    {.name = "rate-of-each-server", .rate_check = count_alone},
    {.name = "rate-tells-each", .create = create_without_claim},
};

struct store_fault *flow_fault_at(size_t index) {
    return index < sizeof faults / sizeof faults[0] ? &faults[index] : NULL;
}
