#include "reference/store/answer_book.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

void answer_book_init(struct answer_book *book) {
    *book = (struct answer_book){0};
    pthread_mutex_init(&book->mutex, NULL);
}

static void entry_free(struct answer_entry *entry) {
    if (entry) {
        free(entry->name);
        free(entry->request);
        hp_interrupt_free(entry->answer);
        free(entry);
    }
}

static void free_linked(struct table_entry *entry) {
    entry_free((struct answer_entry *)entry);
}

void answer_book_release(struct answer_book *book) {
    table_release(&book->entries, free_linked);
    pthread_mutex_destroy(&book->mutex);
}

static struct answer_entry *entry_new(const struct hp_idempotency *idempotency) {
    struct text name = {0};
    struct answer_entry *entry = calloc(1, sizeof *entry);
    if (!entry) {
        return NULL;
    }
    text_addf(&name, "%s\n%s", idempotency->scope, idempotency->key);
    entry->name = text_take(&name);
    entry->request = text_copy(idempotency->request);
    if (!entry->name || !entry->request) {
        entry_free(entry);
        return NULL;
    }
    entry->entry = (struct table_entry){.hash = table_hash(entry->name), .key = entry->name};
    return entry;
}

/* The clock of a store never runs backwards, so they were kept in the order in which they end, but for requests that
 * overtook each other on their way from the record to the book; such a one goes a little later. */
static void forget_locked(struct answer_book *book, int64_t now_us) {
    while (book->first && book->first->until_us < now_us) {
        struct answer_entry *entry = book->first;
        book->first = entry->next;
        book->last = book->first ? book->last : NULL;
        table_remove(&book->entries, &entry->entry);
        entry_free(entry);
    }
}

void answer_book_forget(struct answer_book *book, int64_t now_us) {
    pthread_mutex_lock(&book->mutex);
    forget_locked(book, now_us);
    pthread_mutex_unlock(&book->mutex);
}

enum hp_status answer_refuse(struct hp_idempotency *idempotency, enum hp_key_outcome outcome,
                             struct hp_problem *problem) {
    idempotency->outcome = outcome;
    if (outcome == HP_KEY_BUSY) {
        return hp_problem_set(problem, HP_CONFLICT, NULL, "a request with this key is under way; try again");
    }
    return hp_problem_set(problem, HP_INVALID, NULL, "the key was used for another request");
}

static enum hp_status answer_again(const struct answer_entry *found, struct hp_idempotency *idempotency,
                                   struct hp_interrupt **kept, struct hp_problem *problem) {
    if (!found->done) {
        return answer_refuse(idempotency, HP_KEY_BUSY, problem);
    }
    if (strcmp(found->request, idempotency->request) != 0) {
        return answer_refuse(idempotency, HP_KEY_TAKEN, problem);
    }
    idempotency->outcome = HP_KEY_REPLAYED;
    *kept = hp_interrupt_new(found->answer);
    return *kept ? HP_OK : hp_problem_no_memory(problem);
}

/* The new entry goes into the book, unless there is one of its name. */
static enum hp_status begin_locked(struct answer_book *book, struct answer_entry *fresh,
                                   struct hp_idempotency *idempotency, struct answer_entry **entry,
                                   struct hp_interrupt **kept, struct hp_problem *problem) {
    const struct answer_entry *found =
        (const struct answer_entry *)table_find(&book->entries, fresh->name, fresh->entry.hash);
    if (found) {
        return answer_again(found, idempotency, kept, problem);
    }
    if (!table_reserve(&book->entries)) {
        return hp_problem_no_memory(problem);
    }
    table_insert(&book->entries, &fresh->entry);
    *entry = fresh;
    return HP_OK;
}

enum hp_status answer_begin(struct answer_book *book, struct hp_idempotency *idempotency,
                            struct hp_clock *clock, struct answer_entry **entry, struct hp_interrupt **kept,
                            struct hp_problem *problem) {
    *entry = NULL;
    if (!idempotency) {
        return HP_OK;
    }
    struct answer_entry *fresh = entry_new(idempotency);
    if (!fresh) {
        return hp_problem_no_memory(problem);
    }
    idempotency->outcome = HP_KEY_FIRST;
    pthread_mutex_lock(&book->mutex);
    forget_locked(book, hp_clock_now(clock));
    enum hp_status status = begin_locked(book, fresh, idempotency, entry, kept, problem);
    pthread_mutex_unlock(&book->mutex);
    if (!*entry) {
        entry_free(fresh);
    }
    return status;
}

bool answer_prepare(struct answer_entry *entry, const struct hp_interrupt *answer, int64_t now_us) {
    if (!entry) {
        return true;
    }
    hp_interrupt_free(entry->answer);
    entry->answer = hp_interrupt_new(answer);
    entry->until_us = now_us + HP_ANSWER_KEPT_US;
    return entry->answer != NULL;
}

void answer_end(struct answer_book *book, struct answer_entry *entry, bool carried_out) {
    if (!entry) {
        return;
    }
    pthread_mutex_lock(&book->mutex);
    if (carried_out) {
        entry->done = true;
        *(book->last ? &book->last->next : &book->first) = entry;
        book->last = entry;
    } else {
        table_remove(&book->entries, &entry->entry);
    }
    pthread_mutex_unlock(&book->mutex);
    if (!carried_out) {
        entry_free(entry);
    }
}
