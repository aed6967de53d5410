#include "harness/adapters/mutant_store.h"

#include "harness/adapters/mutant_store_parts.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

static struct faulty_store *faulty_of(struct hp_store *store) {
    return (struct faulty_store *)store;
}

void note_free(struct note *note) {
    hp_interrupt_free(note->interrupt);
    free(note);
}

struct note *note_take(struct faulty_store *self, const char *id, bool strangers_only) {
    for (struct note **at = &self->written; *at; at = &(*at)->next) {
        struct note *note = *at;
        if (strcmp(note->id, id) == 0 && (!strangers_only || !pthread_equal(note->writer, pthread_self()))) {
            *at = note->next;
            return note;
        }
    }
    return NULL;
}

bool note_put(struct faulty_store *self, const char *id, const struct hp_interrupt *interrupt) {
    struct note *note = calloc(1, sizeof *note);
    struct hp_interrupt *copy = note ? hp_interrupt_new(interrupt) : NULL;
    if (!copy) {
        free(note);
        return false;
    }
    note->interrupt = copy;
    note->writer = pthread_self();
    text_put(note->id, sizeof note->id, id);
    pthread_mutex_lock(&self->mutex);
    struct note *old = note_take(self, id, false);
    note->next = self->written;
    self->written = note;
    pthread_mutex_unlock(&self->mutex);
    if (old) {
        note_free(old);
    }
    return true;
}

/* Replaces *shown by what is noted of the id, when something is. False when memory runs out. */
bool note_show(struct faulty_store *self, const char *id, struct hp_interrupt **shown) {
    struct hp_interrupt *copy = NULL;
    pthread_mutex_lock(&self->mutex);
    struct note *note = self->written;
    while (note && strcmp(note->id, id) != 0) {
        note = note->next;
    }
    copy = note ? hp_interrupt_new(note->interrupt) : NULL;
    pthread_mutex_unlock(&self->mutex);
    if (copy) {
        hp_interrupt_free(*shown);
        *shown = copy;
    }
    return !note || copy;
}

enum hp_status inner_get(struct faulty_store *self, const char *id, struct hp_interrupt **shown,
                         struct hp_problem *problem) {
    return self->inner->ops->get(self->inner, id, shown, problem);
}

enum hp_status inner_change(struct faulty_store *self, const struct hp_change *change,
                            struct hp_interrupt **after, struct hp_problem *problem) {
    return self->inner->ops->change(self->inner, change, after, problem);
}

/* Not when the store is made: its clock may still be set then. */
static void begin(struct faulty_store *self, const char *user_id) {
    pthread_mutex_lock(&self->mutex);
    bool first = !self->begun && user_id;
    self->begun = self->begun || user_id;
    pthread_mutex_unlock(&self->mutex);
    if (first && self->fault->started) {
        self->fault->started(self, user_id);
    }
}

static void begin_with(struct faulty_store *self, const char *id) {
    struct hp_interrupt *shown = NULL;
    if (self->fault->started && inner_get(self, id, &shown, NULL) == HP_OK) {
        begin(self, shown->user_id);
        hp_interrupt_free(shown);
    }
}

static enum hp_status faulty_create(struct hp_store *store, const struct hp_create *create,
                                    struct hp_interrupt **created, struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    begin(self, create->user_id);
    return self->fault->create ? self->fault->create(self, create, created, problem)
                               : self->inner->ops->create(self->inner, create, created, problem);
}

static enum hp_status faulty_get(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                                 struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    begin_with(self, id);
    enum hp_status status = inner_get(self, id, shown, problem);
    if (status == HP_OK && self->fault->shown && !self->fault->shown(self, id, shown)) {
        hp_interrupt_free(*shown);
        return hp_problem_no_memory(problem);
    }
    return status;
}

static enum hp_status faulty_list(struct hp_store *store, const struct hp_query *query,
                                  const struct hp_position *after, struct hp_page *page,
                                  struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    begin(self, query->user_id);
    enum hp_status status = self->inner->ops->list(self->inner, query, after, page, problem);
    if (status == HP_OK && self->fault->listed && !self->fault->listed(self, page)) {
        hp_page_release(page);
        return hp_problem_no_memory(problem);
    }
    return status;
}

static enum hp_status faulty_change(struct hp_store *store, const struct hp_change *change,
                                    struct hp_interrupt **after, struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    begin_with(self, change->id);
    return self->fault->change ? self->fault->change(self, change, after, problem)
                               : inner_change(self, change, after, problem);
}

static enum hp_status faulty_expire_due(struct hp_store *store, struct hp_id_list *ids,
                                        struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    enum hp_status status = self->inner->ops->expire_due(self->inner, ids, problem);
    if (status == HP_OK && self->fault->swept && !self->fault->swept(self, ids)) {
        return hp_problem_no_memory(problem);
    }
    return status;
}

static enum hp_status faulty_outbox_take(struct hp_store *store, size_t max, struct hp_event_list *events,
                                         struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    enum hp_status status = self->inner->ops->outbox_take(self->inner, max, events, problem);
    if (status == HP_OK && self->fault->taken && !self->fault->taken(self, events)) {
        return hp_problem_no_memory(problem);
    }
    return status;
}

static enum hp_status faulty_outbox_settle(struct hp_store *store, const struct hp_event *event,
                                           enum hp_delivery delivery, struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    if (delivery == HP_DELIVERED && self->fault->settled) {
        delivery = self->fault->settled(self);
    }
    return self->inner->ops->outbox_settle(self->inner, event, delivery, problem);
}

static enum hp_status faulty_subscribe(struct hp_store *store, const struct hp_subscription *subscription,
                                       char id[HP_ID_SIZE], struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->inner->ops->subscribe(self->inner, subscription, id, problem);
}

static enum hp_status faulty_webhooks_take(struct hp_store *store, const struct hp_webhook_appetite *appetite,
                                           struct hp_webhook_list *list, struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    enum hp_status status = self->inner->ops->webhooks_take(self->inner, appetite, list, problem);
    if (status == HP_OK && self->fault->webhooks_taken && !self->fault->webhooks_taken(self, list)) {
        return hp_problem_no_memory(problem);
    }
    return status;
}

static enum hp_status faulty_webhook_settle(struct hp_store *store,
                                            const struct hp_webhook_delivery *delivery,
                                            const struct hp_webhook_attempt *attempt,
                                            struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->inner->ops->webhook_settle(self->inner, delivery, attempt, problem);
}

static enum hp_status faulty_webhooks_dead(struct hp_store *store, struct hp_webhook_list *list,
                                           struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->inner->ops->webhooks_dead(self->inner, list, problem);
}

static enum hp_status faulty_moment(struct hp_store *store, struct hp_moment *moment,
                                    struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->inner->ops->moment(self->inner, moment, problem);
}

static enum hp_status faulty_flow_add(struct hp_store *store, const struct hp_flow *flow,
                                      struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->fault->flow_add ? self->fault->flow_add(self, flow, problem)
                                 : self->inner->ops->flow_add(self->inner, flow, problem);
}

static enum hp_status faulty_flow_get(struct hp_store *store, const char *pid, struct hp_flow **flow,
                                      struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->fault->flow_get ? self->fault->flow_get(self, pid, flow, problem)
                                 : self->inner->ops->flow_get(self->inner, pid, flow, problem);
}

static enum hp_status faulty_flow_change(struct hp_store *store, const struct hp_flow *after,
                                         struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->inner->ops->flow_change(self->inner, after, problem);
}

static enum hp_status faulty_flow_resume(struct hp_store *store, const char *pid, const char *interrupt_id,
                                         const struct hp_flow *after, struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->fault->flow_resume
               ? self->fault->flow_resume(self, pid, interrupt_id, after, problem)
               : self->inner->ops->flow_resume(self->inner, pid, interrupt_id, after, problem);
}

static enum hp_status faulty_rate_set(struct hp_store *store, const struct hp_rate_rule *rule,
                                      struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->inner->ops->rate_set(self->inner, rule, problem);
}

static enum hp_status faulty_rate_check(struct hp_store *store, const struct hp_rate_call *call,
                                        struct hp_rate_answer *answer, struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->fault->rate_check ? self->fault->rate_check(self, call, answer, problem)
                                   : self->inner->ops->rate_check(self->inner, call, answer, problem);
}

static void faulty_free(struct hp_store *store) {
    struct faulty_store *self = faulty_of(store);
    while (self->written) {
        struct note *note = self->written;
        self->written = note->next;
        note_free(note);
    }
    while (self->marks) {
        struct mark *mark = self->marks;
        self->marks = mark->next;
        free(mark);
    }
    hp_store_free(self->inner);
    pthread_mutex_destroy(&self->mutex);
    free(self);
}

static const struct hp_store_ops faulty_operations = {
    .create = faulty_create,
    .get = faulty_get,
    .list = faulty_list,
    .change = faulty_change,
    .expire_due = faulty_expire_due,
    .outbox_take = faulty_outbox_take,
    .outbox_settle = faulty_outbox_settle,
    .subscribe = faulty_subscribe,
    .webhooks_take = faulty_webhooks_take,
    .webhook_settle = faulty_webhook_settle,
    .webhooks_dead = faulty_webhooks_dead,
    .free = faulty_free,
    .moment = faulty_moment,
    .flow_add = faulty_flow_add,
    .flow_get = faulty_flow_get,
    .flow_change = faulty_flow_change,
    .flow_resume = faulty_flow_resume,
    .rate_set = faulty_rate_set,
    .rate_check = faulty_rate_check,
};

static struct hp_store *wrap_faulty(struct hp_store *inner, void *context) {
    struct faulty_store *self = calloc(1, sizeof *self);
    if (!self) {
        hp_store_free(inner);
        return NULL;
    }
    self->store.ops = &faulty_operations;
    self->inner = inner;
    self->fault = context;
    pthread_mutex_init(&self->mutex, NULL);
    return &self->store;
}

const char *mutant_store_name(size_t index) {
    const struct store_fault *fault = store_fault_at(index);
    return fault ? fault->name : NULL;
}

static struct store_fault *find_fault(const char *name) {
    struct store_fault *fault;
    for (size_t i = 0; (fault = store_fault_at(i)); i++) {
        if (strcmp(fault->name, name) == 0) {
            return fault;
        }
    }
    return NULL;
}

bool mutant_store_is_known(const char *name) {
    return find_fault(name) != NULL;
}

struct store_decorator mutant_store_decorator(const char *name) {
    return (struct store_decorator){.wrap = wrap_faulty, .context = find_fault(name)};
}
