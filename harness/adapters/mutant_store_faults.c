#include "harness/adapters/mutant_store_parts.h"
#include "reference/base/text.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum { EVERY = 4 }; /* what happens now and then happens each fourth time */

static bool is_nth_time(struct faulty_store *self, size_t every) {
    pthread_mutex_lock(&self->mutex);
    bool nth = ++self->times % every == 0;
    pthread_mutex_unlock(&self->mutex);
    return nth;
}

static bool list_noted(struct faulty_store *self, struct hp_page *page) {
    for (size_t i = 0; i < page->count; i++) {
        if (!note_show(self, page->interrupts[i]->id, &page->interrupts[i])) {
            return false;
        }
    }
    return true;
}

/* two-winners: reads and checks, then writes without checking again, so of two who have both read `pending`
 * both are told that they won, and what the later one wrote stays. */
static enum hp_status check_then_write(struct faulty_store *self, const struct hp_change *change,
                                       struct hp_interrupt **after, struct hp_problem *problem) {
    struct hp_interrupt *read = NULL, *mine = NULL;
    bool checked = inner_get(self, change->id, &read, NULL) == HP_OK &&
                   hp_transition(read, change, read->created_at_us, &mine, NULL) == HP_OK;
    sched_yield();
    enum hp_status status = inner_change(self, change, after, checked ? NULL : problem);
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
    bool read = inner_get(self, change->id, &before, NULL) == HP_OK;
    enum hp_status status = inner_change(self, change, after, problem);
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
    enum hp_status status = inner_change(self, change, after, &refusal);
    if (status == HP_CONFLICT && strcmp(refusal.interrupt_status, "expired") == 0 &&
        change->to == HP_RESOLVED && inner_get(self, change->id, &shown, NULL) == HP_OK) {
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
    enum hp_status status = inner_change(self, change, after, problem);
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
    enum hp_status status = inner_change(self, change, after, problem);
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
        if (inner_get(self, ids->ids[i], &swept, NULL) == HP_OK) {
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
    return (*shown)->status != HP_PENDING || note_show(self, id, shown);
}

/* sweep-names-again: what is due is looked up before it is locked, so a sweep names what another one has just named. */
static bool sweep_again(struct faulty_store *self, struct hp_id_list *ids) {
    char again[HP_ID_SIZE] = "";
    pthread_mutex_lock(&self->mutex);
    text_put(again, sizeof again, self->swept);
    if (ids->count > 0) {
        text_put(self->swept, sizeof self->swept, ids->ids[ids->count - 1]);
    }
    pthread_mutex_unlock(&self->mutex);
    return !again[0] || id_list_add(ids, again);
}

/* write-behind: an answer is kept in memory, to be written when there is time. */
static enum hp_status write_later(struct faulty_store *self, const struct hp_change *change,
                                  struct hp_interrupt **after, struct hp_problem *problem) {
    struct hp_interrupt *read = NULL;
    enum hp_status status = inner_get(self, change->id, &read, problem);
    if (status == HP_OK && !note_show(self, change->id, &read)) {
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        status = hp_transition(read, change, read->created_at_us, after, problem);
    }
    hp_interrupt_free(read);
    if (status == HP_OK && !note_put(self, change->id, *after)) {
        hp_interrupt_free(*after);
        status = hp_problem_no_memory(problem);
    }
    return status;
}

/* Does to each of a page of the pending interrupts of a user what the change says. */
static void change_pending(struct faulty_store *self, const char *user_id, struct hp_change change) {
    const struct hp_query pending = {
        .user_id = user_id, .statuses = 1u << HP_PENDING, .kinds = HP_KINDS_ALL, .limit = HP_LIMIT_MAX};
    struct hp_page page = {0};
    if (self->inner->ops->list(self->inner, &pending, NULL, &page, NULL) != HP_OK) {
        return;
    }
    for (size_t i = 0; i < page.count; i++) {
        struct hp_interrupt *after = NULL;
        change.id = page.interrupts[i]->id;
        if (inner_change(self, &change, &after, NULL) == HP_OK) {
            hp_interrupt_free(after);
        }
    }
    hp_page_release(&page);
}

/* start-cancels: a start takes nobody to be waiting any more. */
static void cancel_pending(struct faulty_store *self, const char *user_id) {
    change_pending(self, user_id, (struct hp_change){.to = HP_CANCELLED});
}

/* start-completes: a start takes what is pending for an answer that broke off, and completes it. */
static void resolve_pending(struct faulty_store *self, const char *user_id) {
    const struct hp_response response = {.text = "yes"};
    change_pending(self, user_id, (struct hp_change){.to = HP_RESOLVED, .response = &response});
}

/* forgets-keys: nobody keeps which creation came under which key. */
static enum hp_status create_without_key(struct faulty_store *self, const struct hp_create *create,
                                         struct hp_interrupt **created, struct hp_problem *problem) {
    struct hp_create bare = *create;
    bare.idempotency = NULL;
    return self->inner->ops->create(self->inner, &bare, created, problem);
}

/* settles-at-take: a delivery is written down as made before it is. */
static bool settle_at_once(struct faulty_store *self, struct hp_webhook_list *list) {
    const struct hp_webhook_attempt made = {.end = HP_WEBHOOK_DELIVERED, .status = 200};
    for (size_t i = 0; i < list->count; i++) {
        self->inner->ops->webhook_settle(self->inner, list->deliveries[i], &made, NULL);
    }
    return true;
}

static struct store_fault faults[] = {
    {.name = "two-winners", .change = check_then_write, .shown = note_show, .listed = list_noted},
    {.name = "stale-read", .change = change_behind_caches, .shown = show_cached},
    {.name = "answer-after-expiry", .change = answer_overdue, .shown = note_show, .listed = list_noted},
    {.name = "lost-update", .change = cancel_over_data, .shown = note_show, .listed = list_noted},
    {.name = "event-twice", .settled = forget_to_mark},
    {.name = "event-missing", .taken = lose_events},
    {.name = "list-skips", .listed = skip_the_last},
    {.name = "sweeps-the-resolved",
     .change = note_resolved,
     .shown = note_show,
     .listed = list_noted,
     .swept = sweep_resolved},
    {.name = "sweep-names-again", .swept = sweep_again},
    {.name = "write-behind", .change = write_later, .shown = note_show, .listed = list_noted},
    {.name = "start-cancels", .started = cancel_pending},
    {.name = "start-completes", .started = resolve_pending},
    {.name = "forgets-keys", .create = create_without_key},
    {.name = "settles-at-take", .webhooks_taken = settle_at_once},
    {.name = "id-reused", .create = reuse_id, .shown = show_reused},
};

struct store_fault *store_fault_at(size_t index) {
    size_t count = sizeof faults / sizeof faults[0];
    return index < count ? &faults[index] : flow_fault_at(index - count);
}
