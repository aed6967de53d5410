#include "harness/adapters/mutant_store.h"

#include "reference/base/text.h"
#include "reference/store/store.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum { EVERY = 4 }; /* what happens now and then happens each fourth time */

/* What a fault holds of one interrupt. */
struct note {
    struct note *next;
    char id[HP_ID_SIZE];
    struct hp_interrupt *interrupt;
    pthread_t writer; /* the thread that made the note */
};

struct faulty_store;

/* What one fault does otherwise; NULL: as the inner store. */
struct store_fault {
    const char *name;
    enum hp_status (*create)(struct faulty_store *self, const struct hp_create *create,
                             struct hp_interrupt **created, struct hp_problem *problem);
    enum hp_status (*change)(struct faulty_store *self, const struct hp_change *change,
                             struct hp_interrupt **after, struct hp_problem *problem);
    /* The next four look at what the inner store answered. False: memory ran out. */
    bool (*shown)(struct faulty_store *self, const char *id, struct hp_interrupt **shown);
    bool (*listed)(struct faulty_store *self, struct hp_page *page);
    bool (*swept)(struct faulty_store *self, struct hp_id_list *ids);
    bool (*taken)(struct faulty_store *self, struct hp_event_list *events);
    /* What is told to the outbox in place of "delivered". */
    enum hp_delivery (*settled)(struct faulty_store *self);
};

struct faulty_store {
    struct hp_store store; /* first, so that a store is its faulty_store */
    struct hp_store *inner;
    const struct store_fault *fault;
    pthread_mutex_t mutex; /* guards what follows; never held while the inner store is called */
    struct note *written;  /* what the fault has written over the inner store, or has in a cache */
    size_t times;
};

static struct faulty_store *faulty_of(struct hp_store *store) {
    return (struct faulty_store *)store;
}

static void note_free(struct note *note) {
    hp_interrupt_free(note->interrupt);
    free(note);
}

/* Takes the note of that id out, when it is there and, for strangers_only, of another thread. The mutex is
 * held. */
static struct note *note_take(struct faulty_store *self, const char *id, bool strangers_only) {
    for (struct note **at = &self->written; *at; at = &(*at)->next) {
        struct note *note = *at;
        if (strcmp(note->id, id) == 0 && (!strangers_only || !pthread_equal(note->writer, pthread_self()))) {
            *at = note->next;
            return note;
        }
    }
    return NULL;
}

/* Notes a copy of the interrupt under the id, in place of an older note. False when memory runs out. */
static bool note_put(struct faulty_store *self, const char *id, const struct hp_interrupt *interrupt) {
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
static bool show_noted(struct faulty_store *self, const char *id, struct hp_interrupt **shown) {
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

static bool list_noted(struct faulty_store *self, struct hp_page *page) {
    for (size_t i = 0; i < page->count; i++) {
        if (!show_noted(self, page->interrupts[i]->id, &page->interrupts[i])) {
            return false;
        }
    }
    return true;
}

static bool is_nth_time(struct faulty_store *self, size_t every) {
    pthread_mutex_lock(&self->mutex);
    bool nth = ++self->times % every == 0;
    pthread_mutex_unlock(&self->mutex);
    return nth;
}

static enum hp_status get_inner(struct faulty_store *self, const char *id, struct hp_interrupt **shown,
                                struct hp_problem *problem) {
    return self->inner->ops->get(self->inner, id, shown, problem);
}

static enum hp_status change_inner(struct faulty_store *self, const struct hp_change *change,
                                   struct hp_interrupt **after, struct hp_problem *problem) {
    return self->inner->ops->change(self->inner, change, after, problem);
}

/* two-winners: reads and checks, then writes without checking again, so of two who have both read `pending`
 * both are told that they won, and what the later one wrote stays. */
static enum hp_status check_then_write(struct faulty_store *self, const struct hp_change *change,
                                       struct hp_interrupt **after, struct hp_problem *problem) {
    struct hp_interrupt *read = NULL, *mine = NULL;
    bool checked = get_inner(self, change->id, &read, NULL) == HP_OK &&
                   hp_transition(read, change, read->created_at_us, &mine, NULL) == HP_OK;
    sched_yield();
    enum hp_status status = change_inner(self, change, after, checked ? NULL : problem);
    if (status == HP_CONFLICT && checked) {
        *after = mine;
        status = note_put(self, change->id, mine) ? HP_OK : hp_problem_no_memory(problem);
        mine = status == HP_OK ? NULL : mine;
    } else if (checked && status != HP_OK) {
        hp_problem_set(problem, status, NULL, "%s", hp_status_sentence(status));
    }
    hp_interrupt_free(mine);
    hp_interrupt_free(read);
    return status;
}

/* stale-read: each thread has a cache that nobody else's change empties: once after another thread's change it
 * shows what was before. */
static enum hp_status change_behind_caches(struct faulty_store *self, const struct hp_change *change,
                                           struct hp_interrupt **after, struct hp_problem *problem) {
    struct hp_interrupt *before = NULL;
    bool read = get_inner(self, change->id, &before, NULL) == HP_OK;
    enum hp_status status = change_inner(self, change, after, problem);
    if (status == HP_OK && read && !note_put(self, change->id, before)) {
        hp_interrupt_free(*after);
        status = hp_problem_no_memory(problem);
    }
    hp_interrupt_free(before);
    return status;
}

static bool show_cached(struct faulty_store *self, const char *id, struct hp_interrupt **shown) {
    pthread_mutex_lock(&self->mutex);
    struct note *note = note_take(self, id, true);
    pthread_mutex_unlock(&self->mutex);
    if (note) {
        hp_interrupt_free(*shown);
        *shown = note->interrupt;
        free(note);
    }
    return true;
}

/* answer-after-expiry: takes an answer for whatever no sweep has stored as expired. */
static enum hp_status answer_overdue(struct faulty_store *self, const struct hp_change *change,
                                     struct hp_interrupt **after, struct hp_problem *problem) {
    struct hp_problem refusal = {0};
    struct hp_interrupt *shown = NULL;
    enum hp_status status = change_inner(self, change, after, &refusal);
    if (status == HP_CONFLICT && strcmp(refusal.interrupt_status, "expired") == 0 &&
        change->to == HP_RESOLVED && get_inner(self, change->id, &shown, NULL) == HP_OK) {
        struct hp_interrupt open = *shown;
        open.status = HP_PENDING;
        status = hp_transition(&open, change, open.expires_at_us, after, problem);
        if (status == HP_OK && !note_put(self, change->id, *after)) {
            hp_interrupt_free(*after);
            status = hp_problem_no_memory(problem);
        }
    } else if (status != HP_OK && problem && problem->status == HP_OK) {
        *problem = refusal;
    }
    hp_interrupt_free(shown);
    return status;
}

/* lost-update: a cancel writes data back from a copy that was read without it, so only the reason is left. */
static enum hp_status cancel_over_data(struct faulty_store *self, const struct hp_change *change,
                                       struct hp_interrupt **after, struct hp_problem *problem) {
    static const char member[] = "\"cancel_reason\"";
    enum hp_status status = change_inner(self, change, after, problem);
    const char *reason =
        status == HP_OK && change->to == HP_CANCELLED ? strstr((*after)->data, member) : NULL;
    if (!reason) {
        return status;
    }
    struct text data = {0};
    struct hp_interrupt draft = **after;
    /* The reference writes the reason last. */
    text_addf(&data, "{%s", reason);
    draft.data = data.bytes;
    struct hp_interrupt *written = data.failed ? NULL : hp_interrupt_new(&draft);
    text_release(&data);
    hp_interrupt_free(*after);
    *after = written;
    return written && note_put(self, change->id, written)
               ? HP_OK
               : (hp_interrupt_free(written), hp_problem_no_memory(problem));
}

/* event-twice: a worker ends between sending an event and marking it as sent. */
static enum hp_delivery forget_to_mark(struct faulty_store *self) {
    return is_nth_time(self, EVERY) ? HP_RETURNED : HP_DELIVERED;
}

/* event-missing: an event is written outside the transaction, and sometimes it is not. */
static bool lose_events(struct faulty_store *self, struct hp_event_list *events) {
    size_t kept = 0;
    for (size_t i = 0; i < events->count; i++) {
        if (is_nth_time(self, EVERY)) {
            self->inner->ops->outbox_settle(self->inner, events->events[i], HP_DELIVERED, NULL);
            hp_event_free(events->events[i]);
        } else {
            events->events[kept++] = events->events[i];
        }
    }
    events->count = kept;
    return true;
}

/* list-skips: the row that shows whether there is a next page is taken off, and one more with it. */
static bool skip_the_last(struct faulty_store *self, struct hp_page *page) {
    (void)self;
    if (page->next_cursor[0] && page->count > 1) {
        hp_interrupt_free(page->interrupts[--page->count]);
    }
    return true;
}

/* sweeps-the-resolved: `where expires_at < now`, and no word about the status. What was resolved is noted, and
 * swept with the next one that falls due after it. */
static enum hp_status note_resolved(struct faulty_store *self, const struct hp_change *change,
                                    struct hp_interrupt **after, struct hp_problem *problem) {
    enum hp_status status = change_inner(self, change, after, problem);
    if (status == HP_OK && (*after)->status == HP_RESOLVED && (*after)->expires_at_us != HP_INSTANT_NONE &&
        !note_put(self, change->id, *after)) {
        hp_interrupt_free(*after);
        return hp_problem_no_memory(problem);
    }
    return status;
}

static bool id_list_add(struct hp_id_list *ids, const char *id) {
    char(*grown)[HP_ID_SIZE] = realloc(ids->ids, (ids->count + 1) * sizeof *grown);
    if (!grown) {
        return false;
    }
    ids->ids = grown;
    ids->room = ids->count + 1;
    return text_put(ids->ids[ids->count++], HP_ID_SIZE, id);
}

/* An instant that has passed: the latest end among what the sweep found. */
static int64_t latest_end_us(struct faulty_store *self, const struct hp_id_list *ids) {
    int64_t latest_us = HP_INSTANT_NONE;
    for (size_t i = 0; i < ids->count; i++) {
        struct hp_interrupt *swept = NULL;
        if (get_inner(self, ids->ids[i], &swept, NULL) == HP_OK) {
            latest_us = swept->expires_at_us > latest_us ? swept->expires_at_us : latest_us;
        }
        hp_interrupt_free(swept);
    }
    return latest_us;
}

static bool sweep_resolved(struct faulty_store *self, struct hp_id_list *ids) {
    int64_t latest_us = latest_end_us(self, ids);
    bool complete = true;
    pthread_mutex_lock(&self->mutex);
    for (struct note *note = self->written; note && complete; note = note->next) {
        struct hp_interrupt *expired = note->interrupt;
        if (expired->status == HP_RESOLVED && expired->expires_at_us <= latest_us) {
            expired->status = HP_EXPIRED;
            expired->has_response = false;
            expired->resolved_at_us = HP_INSTANT_NONE;
            complete = id_list_add(ids, note->id);
        }
    }
    pthread_mutex_unlock(&self->mutex);
    return complete;
}

/* id-reused: ids come from a source that repeats itself; the later interrupt replaces the older one. */
static enum hp_status reuse_id(struct faulty_store *self, const struct hp_create *create,
                               struct hp_interrupt **created, struct hp_problem *problem) {
    char older[HP_ID_SIZE] = "";
    enum hp_status status = self->inner->ops->create(self->inner, create, created, problem);
    if (status != HP_OK) {
        return status;
    }
    bool again = is_nth_time(self, 2);
    pthread_mutex_lock(&self->mutex);
    if (again && self->written) {
        text_put(older, sizeof older, self->written->id);
    }
    pthread_mutex_unlock(&self->mutex);
    if (older[0]) {
        text_put((*created)->id, HP_ID_SIZE, older);
    }
    if (!note_put(self, (*created)->id, *created)) {
        hp_interrupt_free(*created);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

/* What was created under an id twice is shown as the later one while nobody has changed it. */
static bool show_reused(struct faulty_store *self, const char *id, struct hp_interrupt **shown) {
    return (*shown)->status != HP_PENDING || show_noted(self, id, shown);
}

static struct store_fault faults[] = {
    {.name = "two-winners", .change = check_then_write, .shown = show_noted, .listed = list_noted},
    {.name = "stale-read", .change = change_behind_caches, .shown = show_cached},
    {.name = "answer-after-expiry", .change = answer_overdue, .shown = show_noted, .listed = list_noted},
    {.name = "lost-update", .change = cancel_over_data, .shown = show_noted, .listed = list_noted},
    {.name = "event-twice", .settled = forget_to_mark},
    {.name = "event-missing", .taken = lose_events},
    {.name = "list-skips", .listed = skip_the_last},
    {.name = "sweeps-the-resolved",
     .change = note_resolved,
     .shown = show_noted,
     .listed = list_noted,
     .swept = sweep_resolved},
    {.name = "id-reused", .create = reuse_id, .shown = show_reused},
};

enum { FAULT_COUNT = sizeof faults / sizeof faults[0] };

static enum hp_status faulty_create(struct hp_store *store, const struct hp_create *create,
                                    struct hp_interrupt **created, struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    return self->fault->create ? self->fault->create(self, create, created, problem)
                               : self->inner->ops->create(self->inner, create, created, problem);
}

static enum hp_status faulty_get(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                                 struct hp_problem *problem) {
    struct faulty_store *self = faulty_of(store);
    enum hp_status status = get_inner(self, id, shown, problem);
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
    return self->fault->change ? self->fault->change(self, change, after, problem)
                               : change_inner(self, change, after, problem);
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

static void faulty_free(struct hp_store *store) {
    struct faulty_store *self = faulty_of(store);
    while (self->written) {
        struct note *note = self->written;
        self->written = note->next;
        note_free(note);
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
    .free = faulty_free,
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
    return index < FAULT_COUNT ? faults[index].name : NULL;
}

static struct store_fault *find_fault(const char *name) {
    for (size_t i = 0; i < FAULT_COUNT; i++) {
        if (strcmp(faults[i].name, name) == 0) {
            return &faults[i];
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
