#include "reference/store/delivery_book.h"
#include "reference/base/text.h"
#include "reference/store/calls.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_SIZE = 21 };

struct posting {
    struct hp_webhook_delivery delivery; /* owns its event; the subscription is the subscriber's */
    struct subscriber *subscriber;
    char number[NUMBER_SIZE];  /* with leading zeroes: what is due at one instant goes out in this order */
    struct ordered_node *node; /* linked while it is pending and nothing stands before it */
    bool taken;                /* the latest take counts */
    struct posting_lane *lane;
    struct posting *lane_next;
    struct posting *next; /* of what was made together, of the taken, or of the dead */
};

void delivery_book_init(struct delivery_book *book) {
    *book = (struct delivery_book){0};
    atomic_init(&book->used, false);
    pthread_mutex_init(&book->mutex, NULL);
}

static void posting_free(struct posting *posting) {
    hp_event_free(posting->delivery.event);
    free(posting->node);
    free(posting);
}

void postings_free(struct posting *postings) {
    for (struct posting *next; postings; postings = next) {
        next = postings->next;
        posting_free(postings);
    }
}

/* What waits in a lane hangs behind what stands before it. */
static void free_due(struct subscriber *subscriber) {
    struct ordered_node *node;
    while ((node = ordered_first(&subscriber->due)) != NULL) {
        struct posting *posting = node->payload, **link = &posting->lane->first;
        ordered_remove(&subscriber->due, node);
        while (*link) {
            struct posting *at = *link;
            if (at->subscriber == subscriber) {
                *link = at->lane_next;
                posting_free(at);
            } else {
                link = &at->lane_next;
            }
        }
    }
}

void delivery_book_release(struct delivery_book *book) {
    postings_free(book->dead);
    for (struct subscriber *at = book->first, *next; at; at = next) {
        next = at->next;
        free_due(at);
        hp_subscription_free(at->subscription);
        free(at);
    }
    pthread_mutex_destroy(&book->mutex);
}

bool delivery_book_subscribe(struct delivery_book *book, const struct hp_subscription *subscription) {
    struct subscriber *subscriber = calloc(1, sizeof *subscriber);
    if (!subscriber) {
        return false;
    }
    subscriber->subscription = hp_subscription_new(subscription);
    if (!subscriber->subscription) {
        free(subscriber);
        return false;
    }
    ordered_init(&subscriber->due, false);
    pthread_mutex_lock(&book->mutex);
    *(book->last ? &book->last->next : &book->first) = subscriber;
    book->last = subscriber;
    atomic_store(&book->used, true);
    pthread_mutex_unlock(&book->mutex);
    return true;
}

static struct posting *posting_new(struct delivery_book *book, struct subscriber *subscriber,
                                   const struct hp_event *event) {
    struct posting *posting = calloc(1, sizeof *posting);
    if (!posting) {
        return NULL;
    }
    posting->subscriber = subscriber;
    posting->delivery.subscription = subscriber->subscription;
    posting->delivery.dead_at_us = HP_INSTANT_NONE;
    posting->delivery.event = hp_event_new(event->id, event->timestamp_us, event->interrupt);
    snprintf(posting->number, sizeof posting->number, "%020" PRIu64, ++book->number);
    posting->node = ordered_node_new(posting->number, posting);
    if (!posting->delivery.event || !posting->node) {
        posting_free(posting);
        return NULL;
    }
    posting->node->time_us = event->timestamp_us;
    return posting;
}

bool postings_new(struct delivery_book *book, const struct hp_event *event, struct posting **postings) {
    struct posting **end = postings;
    bool complete = true;
    *postings = NULL;
    if (!atomic_load(&book->used)) {
        return true;
    }
    pthread_mutex_lock(&book->mutex);
    for (struct subscriber *at = book->first; at && complete; at = at->next) {
        if (!hp_subscription_matches(at->subscription, event->type, event->interrupt->request_id)) {
            continue;
        }
        *end = posting_new(book, at, event);
        complete = *end != NULL;
        end = complete ? &(*end)->next : end;
    }
    pthread_mutex_unlock(&book->mutex);
    if (!complete) {
        postings_free(*postings);
        *postings = NULL;
    }
    return complete;
}

/* Puts it at the end of its lane; true when nothing of its subscription stands before it. */
static bool lane_append(struct posting_lane *lane, struct posting *posting) {
    struct posting **link = &lane->first;
    bool first = true;
    for (; *link; link = &(*link)->lane_next) {
        first = first && (*link)->subscriber != posting->subscriber;
    }
    posting->lane = lane;
    posting->lane_next = NULL;
    *link = posting;
    return first;
}

void delivery_book_append(struct delivery_book *book, struct posting_lane *lane, struct posting *postings) {
    if (!postings) {
        return;
    }
    pthread_mutex_lock(&book->mutex);
    for (struct posting *next; postings; postings = next) {
        next = postings->next;
        postings->next = NULL;
        if (lane_append(lane, postings)) {
            ordered_insert(&postings->subscriber->due, postings->node);
        }
    }
    pthread_mutex_unlock(&book->mutex);
}

static void move_to(struct posting *posting, int64_t time_us) {
    ordered_remove(&posting->subscriber->due, posting->node);
    posting->node->time_us = time_us;
    ordered_insert(&posting->subscriber->due, posting->node);
}

static bool take_posting(struct delivery_book *book, struct posting *posting, int64_t now_us,
                         struct hp_webhook_list *list) {
    struct hp_webhook_delivery draft = posting->delivery;
    draft.take++;
    draft.taken_at_us = now_us;
    struct hp_webhook_delivery *copy = webhook_list_reserve(list, 1) ? webhook_delivery_new(&draft) : NULL;
    if (!copy) {
        return false;
    }
    list->deliveries[list->count++] = copy;
    posting->delivery.take = draft.take;
    if (!posting->taken) {
        posting->taken = true;
        posting->next = book->taken;
        book->taken = posting;
    }
    move_to(posting, now_us + posting->delivery.subscription->timeout_us + HP_WEBHOOK_LEASE_US);
    return true;
}

static bool is_busy(const struct hp_webhook_appetite *appetite, const char *id) {
    for (size_t i = 0; i < appetite->busy_count; i++) {
        if (strcmp(appetite->busy[i], id) == 0) {
            return true;
        }
    }
    return false;
}

/* What is taken moves behind now, so the first is always the next. */
static bool take_of(struct delivery_book *book, struct subscriber *subscriber, size_t max, int64_t now_us,
                    struct hp_webhook_list *list) {
    for (; max > 0; max--) {
        struct ordered_node *soonest = ordered_first(&subscriber->due);
        if (!soonest || soonest->time_us > now_us) {
            return true;
        }
        if (!take_posting(book, soonest->payload, now_us, list)) {
            return false;
        }
    }
    return true;
}

enum hp_status delivery_book_take(struct delivery_book *book, const struct hp_webhook_appetite *appetite,
                                  int64_t now_us, struct hp_webhook_list *list, struct hp_problem *problem) {
    size_t before = list->count;
    bool complete = true;
    if (!atomic_load(&book->used)) {
        return HP_OK;
    }
    pthread_mutex_lock(&book->mutex);
    for (struct subscriber *at = book->first; at && complete && list->count - before < appetite->max;
         at = at->next) {
        size_t left = appetite->max - (list->count - before);
        if (!is_busy(appetite, at->subscription->id)) {
            complete = take_of(book, at, left < appetite->max_each ? left : appetite->max_each, now_us, list);
        }
    }
    pthread_mutex_unlock(&book->mutex);
    return complete || list->count > before ? HP_OK : hp_problem_no_memory(problem);
}

static struct posting **find_taken(struct delivery_book *book, const struct hp_webhook_delivery *delivery) {
    for (struct posting **link = &book->taken; *link; link = &(*link)->next) {
        const struct hp_webhook_delivery *found = &(*link)->delivery;
        if (found->take == delivery->take && strcmp(found->event->id, delivery->event->id) == 0 &&
            strcmp(found->subscription->id, delivery->subscription->id) == 0) {
            return link;
        }
    }
    return NULL;
}

/* Takes it out of its lane; the next of its subscription, if there is one, is due at once. */
static void leave_lane(struct posting *posting, int64_t now_us) {
    struct posting **link = &posting->lane->first;
    ordered_remove(&posting->subscriber->due, posting->node);
    while (*link != posting) {
        link = &(*link)->lane_next;
    }
    *link = posting->lane_next;
    struct posting *next = posting->lane_next;
    while (next && next->subscriber != posting->subscriber) {
        next = next->lane_next;
    }
    if (next) {
        next->node->time_us = now_us;
        ordered_insert(&next->subscriber->due, next->node);
    }
}

static void settle(struct delivery_book *book, struct posting *posting,
                   const struct hp_webhook_attempt *attempt, int64_t now_us) {
    struct hp_webhook_delivery *delivery = &posting->delivery;
    if (attempt->end == HP_WEBHOOK_DELIVERED) {
        leave_lane(posting, now_us);
        posting_free(posting);
        return;
    }
    if (attempt->end == HP_WEBHOOK_RETURNED) {
        move_to(posting, now_us);
        return;
    }
    delivery->tries++;
    delivery->last_status = attempt->status;
    text_put(delivery->last_error, sizeof delivery->last_error, attempt->error ? attempt->error : "");
    if (attempt->end == HP_WEBHOOK_LATER) {
        move_to(posting, now_us + attempt->delay_us);
        return;
    }
    leave_lane(posting, now_us);
    delivery->dead_at_us = now_us;
    posting->next = book->dead;
    book->dead = posting;
}

enum hp_status delivery_book_settle(struct delivery_book *book, const struct hp_webhook_delivery *delivery,
                                    const struct hp_webhook_attempt *attempt, int64_t now_us,
                                    struct hp_problem *problem) {
    pthread_mutex_lock(&book->mutex);
    struct posting **link = find_taken(book, delivery);
    struct posting *posting = link ? *link : NULL;
    if (posting) {
        *link = posting->next;
        posting->next = NULL;
        posting->taken = false;
        settle(book, posting, attempt, now_us);
    }
    pthread_mutex_unlock(&book->mutex);
    return posting ? HP_OK
                   : hp_problem_set(problem, HP_NOT_FOUND, NULL, "that take of event %s no longer counts",
                                    delivery->event->id);
}

enum hp_status delivery_book_dead(struct delivery_book *book, struct hp_webhook_list *list,
                                  struct hp_problem *problem) {
    bool complete = true;
    pthread_mutex_lock(&book->mutex);
    size_t count = 0;
    for (const struct posting *at = book->dead; at && complete && count < HP_WEBHOOK_DEAD_MAX;
         at = at->next, count++) {
        struct hp_webhook_delivery *copy =
            webhook_list_reserve(list, 1) ? webhook_delivery_new(&at->delivery) : NULL;
        complete = copy != NULL;
        if (complete) {
            list->deliveries[list->count++] = copy;
        }
    }
    pthread_mutex_unlock(&book->mutex);
    return complete ? HP_OK : hp_problem_no_memory(problem);
}
