#include "reference/store/outbox.h"
#include "reference/store/calls.h"

#include <stdlib.h>
#include <string.h>

struct outbox_entry *outbox_entry_new(const char *event_id, int64_t now_us,
                                      const struct hp_interrupt *interrupt, struct outbox_lane *lane) {
    struct outbox_entry *entry = calloc(1, sizeof *entry);
    if (!entry) {
        return NULL;
    }
    entry->lane = lane;
    entry->event = hp_event_new(event_id, now_us, interrupt);
    if (!entry->event) {
        free(entry);
        return NULL;
    }
    return entry;
}

void outbox_entry_free(struct outbox_entry *entry) {
    if (entry) {
        postings_free(entry->postings);
        hp_event_free(entry->event);
        free(entry);
    }
}

void outbox_append(struct outbox *outbox, struct outbox_entry *entry) {
    entry->previous = outbox->last;
    entry->next = NULL;
    *(outbox->last ? &outbox->last->next : &outbox->first) = entry;
    outbox->last = entry;
}

static void unlink_entry(struct outbox *outbox, struct outbox_entry *entry) {
    *(entry->previous ? &entry->previous->next : &outbox->first) = entry->next;
    *(entry->next ? &entry->next->previous : &outbox->last) = entry->previous;
}

static void give_back(struct outbox_entry *entry) {
    entry->taken = false;
    entry->lane->taken--;
}

/* Puts a copy of the event on the list, so that its reader needs no lock. */
static bool take_entry(struct outbox_entry *entry, uint64_t take, struct hp_event_list *events) {
    struct hp_event *copy = NULL;
    if (event_list_reserve(events, 1)) {
        copy = hp_event_new(entry->event->id, entry->event->timestamp_us, entry->event->interrupt);
    }
    if (!copy) {
        return false;
    }
    events->events[events->count++] = copy;
    entry->taken = true;
    entry->lane->taken++;
    entry->lane->take = take;
    return true;
}

enum hp_status outbox_take(struct outbox *outbox, size_t max, struct hp_event_list *events,
                           struct hp_problem *problem) {
    uint64_t take = ++outbox->takes;
    size_t before = events->count;
    for (struct outbox_entry *entry = outbox->first; entry && events->count - before < max;
         entry = entry->next) {
        bool held = entry->lane->taken > 0 && entry->lane->take != take;
        if (held || take_entry(entry, take, events)) {
            continue;
        }
        for (struct outbox_entry *back = outbox->first; back != entry; back = back->next) {
            if (back->taken && back->lane->take == take) {
                give_back(back);
                hp_event_free(events->events[--events->count]);
            }
        }
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

enum hp_status outbox_settle(struct outbox *outbox, const char *event_id, enum hp_delivery delivery,
                             struct hp_problem *problem) {
    for (struct outbox_entry *entry = outbox->first; entry; entry = entry->next) {
        if (!entry->taken || strcmp(entry->event->id, event_id) != 0) {
            continue;
        }
        give_back(entry);
        if (delivery == HP_DELIVERED) {
            unlink_entry(outbox, entry);
            outbox_entry_free(entry);
        }
        return HP_OK;
    }
    return hp_problem_set(problem, HP_NOT_FOUND, NULL, "event %s is not taken", event_id);
}

void outbox_release(struct outbox *outbox) {
    for (struct outbox_entry *entry = outbox->first, *next; entry; entry = next) {
        next = entry->next;
        outbox_entry_free(entry);
    }
    *outbox = (struct outbox){0};
}
