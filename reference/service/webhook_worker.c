#include "reference/service/webhook_worker.h"
#include "reference/base/text.h"
#include "reference/core/retry.h"
#include "reference/service/webhook_sender.h"
#include "reference/store/calls.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 128, SLOTS_EACH = 4 };

/* A delivery under way, or, when it has ended, until that is settled. */
struct slot {
    struct hp_webhook_delivery *delivery; /* NULL: the slot is free */
    bool ended;
    struct hp_webhook_attempt attempt; /* once it has ended */
};

struct webhook_worker {
    struct hp_store *store;
    struct webhook_sender *sender;
    const struct hp_webhook_decorator *decorator;
    unsigned jitter_permille;
    uint64_t seed;
    struct slot slots[SLOTS];
    char busy[SLOTS][HP_ID_SIZE];
};

struct webhook_worker *webhook_worker_new(struct hp_store *store, const struct hp_webhook_options *options) {
    struct webhook_worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        return NULL;
    }
    worker->store = store;
    worker->decorator = options->decorator;
    worker->jitter_permille = options->jitter_permille;
    worker->seed = options->seed;
    worker->sender = webhook_sender_new(options->allow_private);
    if (!worker->sender) {
        free(worker);
        return NULL;
    }
    return worker;
}

static void clear(struct slot *slot) {
    webhook_delivery_free(slot->delivery);
    *slot = (struct slot){0};
}

void webhook_worker_free(struct webhook_worker *worker) {
    if (worker) {
        webhook_sender_free(worker->sender);
        for (size_t i = 0; i < SLOTS; i++) {
            clear(&worker->slots[i]);
        }
        free(worker);
    }
}

/* Different for each try, the same for whoever repeats it with the same seed. */
static uint64_t random_of(const struct webhook_worker *worker, const struct hp_webhook_delivery *delivery) {
    uint64_t hash = text_hash(TEXT_HASH_START, &worker->seed, sizeof worker->seed);
    hash = text_hash(hash, &delivery->tries, sizeof delivery->tries);
    hash = text_hash(hash, delivery->subscription->id, strlen(delivery->subscription->id));
    return text_hash(hash, delivery->event->id, strlen(delivery->event->id));
}

/* An address that may not be reached stays one, so there is no second try. */
static struct hp_webhook_attempt judge(const struct webhook_worker *worker,
                                       const struct hp_webhook_delivery *delivery, int status, bool refused,
                                       const char *error) {
    struct hp_webhook_attempt attempt = {.status = status, .error = error};
    enum retry_verdict verdict = refused ? RETRY_NEVER : retry_judge(status);
    unsigned tries = delivery->tries + 1;
    if (verdict == RETRY_DELIVERED) {
        attempt.end = HP_WEBHOOK_DELIVERED;
    } else if (verdict == RETRY_NEVER || tries >= delivery->subscription->max_tries) {
        attempt.end = HP_WEBHOOK_DEAD;
    } else {
        attempt.end = HP_WEBHOOK_LATER;
        attempt.delay_us = retry_delay_us(delivery->subscription->base_delay_us, tries,
                                          worker->jitter_permille, random_of(worker, delivery));
    }
    return attempt;
}

static void end(struct webhook_worker *worker, struct slot *slot, int status, bool refused,
                const char *error) {
    slot->ended = true;
    slot->attempt = judge(worker, slot->delivery, status, refused, error);
    if (worker->decorator) {
        worker->decorator->judged(worker->decorator->context, slot->delivery, &slot->attempt);
    }
}

/* Whether it goes out; else *status is its answer's. */
static bool is_to_be_sent(const struct webhook_worker *worker, const struct slot *slot,
                          struct webhook_message *message, int *status) {
    const struct hp_webhook_decorator *decorator = worker->decorator;
    return !decorator || decorator->sending(decorator->context, slot->delivery, message, status);
}

/* What cannot even be sent has failed like what was not answered. */
static void send_one(struct webhook_worker *worker, struct slot *slot) {
    struct webhook_message message;
    struct hp_problem problem = {0};
    int status = 0;
    if (webhook_message_init(&message, slot->delivery, &problem) != HP_OK) {
        end(worker, slot, 0, false, "the request could not be made");
        return;
    }
    if (!is_to_be_sent(worker, slot, &message, &status)) {
        end(worker, slot, status, false, status ? NULL : "the request was not sent");
    } else if (webhook_sender_start(worker->sender, &message, slot, &problem) != HP_OK) {
        end(worker, slot, 0, false, "the request could not be started");
    }
    webhook_message_release(&message);
}

static struct slot *free_slot(struct webhook_worker *worker) {
    for (size_t i = 0; i < SLOTS; i++) {
        if (!worker->slots[i].delivery) {
            return &worker->slots[i];
        }
    }
    return NULL;
}

/* Subscriptions that have their share of slots, so that endpoints that are slow leave room for the others. */
static void find_busy(struct webhook_worker *worker, struct hp_webhook_appetite *appetite) {
    struct hp_webhook_appetite found = {.max_each = SLOTS_EACH, .busy = worker->busy};
    for (size_t i = 0; i < SLOTS; i++) {
        const struct hp_webhook_delivery *delivery = worker->slots[i].delivery;
        found.max += delivery == NULL;
        size_t before = 0, same = 0;
        for (size_t j = 0; delivery && j < SLOTS; j++) {
            const struct hp_webhook_delivery *other = worker->slots[j].delivery;
            bool is_same = other && strcmp(other->subscription->id, delivery->subscription->id) == 0;
            before += is_same && j < i;
            same += is_same;
        }
        if (same >= SLOTS_EACH && before == 0) {
            text_put(worker->busy[found.busy_count++], HP_ID_SIZE, delivery->subscription->id);
        }
    }
    *appetite = found;
}

static enum hp_status take(struct webhook_worker *worker, size_t *taken, struct hp_webhook_counts *counts,
                           struct hp_problem *problem) {
    struct hp_webhook_appetite appetite;
    struct hp_webhook_list list = {0};
    find_busy(worker, &appetite);
    if (appetite.max == 0) {
        return HP_OK;
    }
    enum hp_status status = store_webhooks_take(worker->store, &appetite, &list, problem);
    *taken = list.count;
    for (size_t i = 0; i < list.count; i++) {
        struct slot *slot = free_slot(worker);
        slot->delivery = list.deliveries[i];
        counts->sent++;
        send_one(worker, slot);
    }
    list.count = 0;
    hp_webhook_list_release(&list);
    return status;
}

static void gather(struct webhook_worker *worker) {
    struct webhook_report report;
    while (webhook_sender_next(worker->sender, &report)) {
        end(worker, report.context, report.status, report.refused, report.error);
    }
}

/* Settles what has ended. When a take no longer counts somebody else has it, and what he makes of it holds. */
static enum hp_status settle(struct webhook_worker *worker, struct hp_webhook_counts *counts,
                             struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *slot = &worker->slots[i];
        if (!slot->delivery || !slot->ended) {
            continue;
        }
        struct hp_problem cause = {0};
        enum hp_status one = store_webhook_settle(worker->store, slot->delivery, &slot->attempt, &cause);
        if (one != HP_OK && one != HP_NOT_FOUND) {
            status = hp_problem_set(problem, one, NULL, "%s", cause.detail);
            continue;
        }
        counts->delivered += slot->attempt.end == HP_WEBHOOK_DELIVERED;
        counts->failed += slot->attempt.end != HP_WEBHOOK_DELIVERED;
        clear(slot);
    }
    return status;
}

static bool is_idle(const struct webhook_worker *worker) {
    for (size_t i = 0; i < SLOTS; i++) {
        if (worker->slots[i].delivery) {
            return false;
        }
    }
    return true;
}

/* Something is under way whose end is not known yet. */
static bool is_waiting(const struct webhook_worker *worker) {
    for (size_t i = 0; i < SLOTS; i++) {
        if (worker->slots[i].delivery && !worker->slots[i].ended) {
            return true;
        }
    }
    return false;
}

enum hp_status webhook_worker_step(struct webhook_worker *worker, bool may_take, unsigned wait_ms,
                                   struct hp_webhook_counts *counts, bool *idle, struct hp_problem *problem) {
    size_t taken = 0;
    bool was_idle = is_idle(worker); /* what is settled here may let something else go */
    enum hp_status status = may_take ? take(worker, &taken, counts, problem) : HP_OK;
    webhook_sender_run(worker->sender, taken == 0 && is_waiting(worker) ? wait_ms : 0);
    gather(worker);
    enum hp_status settled = settle(worker, counts, problem);
    *idle = was_idle && taken == 0;
    return status == HP_OK ? settled : status;
}

void webhook_worker_abandon(struct webhook_worker *worker) {
    const struct hp_webhook_attempt returned = {.end = HP_WEBHOOK_RETURNED};
    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *slot = &worker->slots[i];
        if (slot->delivery && !slot->ended) {
            store_webhook_settle(worker->store, slot->delivery, &returned, NULL);
        }
    }
}

void webhook_worker_wake(struct webhook_worker *worker) {
    webhook_sender_wake(worker->sender);
}
