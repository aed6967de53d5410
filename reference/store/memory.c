#include "reference/store/memory.h"
#include "reference/base/text.h"
#include "reference/store/answer_book.h"
#include "reference/store/calls.h"
#include "reference/store/delivery_book.h"
#include "reference/store/index.h"
#include "reference/store/memory_flow.h"
#include "reference/store/ordered.h"
#include "reference/store/outbox.h"
#include "reference/store/table.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SHARDS = 16, INDEXES = 3, ID_TRIES = 16 };

/* Which index leads by what, the most selective first. */
enum { BY_REQUEST, BY_SESSION, BY_USER };

/* One interrupt and its places. Once it is stored it stays where it is until the store is freed, so that an
 * index may point at it. */
struct record {
    struct table_entry entry; /* first, so that an entry is its record */
    char id[HP_ID_SIZE];
    struct hp_interrupt *current; /* guarded by the shard; replaced as a whole, never changed */
    struct ordered_node *expiry;  /* linked while `may_expire` */
    bool may_expire;
    struct ordered_node *nodes[INDEXES]; /* one for each index */
    struct outbox_lane lane;             /* of its events */
    struct posting_lane postings;        /* of their deliveries; guarded by the book */
};

struct shard {
    pthread_mutex_t mutex;
    struct table records;
    struct ordered expiry; /* of pending records that expire by themselves, soonest first */
    struct outbox outbox;
    uint64_t sweep_visits; /* records that sweeps looked at */
};

struct memory_store {
    struct memory_flow flow; /* first, so that a store is its memory store, and its flows */
    struct hp_clock *clock;
    struct hp_ids *ids;
    struct shard shards[SHARDS];
    struct index indexes[INDEXES];
    struct answer_book answers;
    struct delivery_book deliveries;
};

static struct memory_store *memory_of(struct hp_store *store) {
    return (struct memory_store *)store;
}

/* The low bits of a hash choose the bucket, so the high ones choose the shard. */
static struct shard *shard_of(struct memory_store *memory, uint64_t hash) {
    return &memory->shards[hash >> 59 & (SHARDS - 1)];
}

static void record_free(struct record *record) {
    if (record) {
        hp_interrupt_free(record->current);
        free(record->expiry);
        for (size_t i = 0; i < INDEXES; i++) {
            free(record->nodes[i]);
        }
        free(record);
    }
}

static void free_entry(struct table_entry *entry) {
    record_free((struct record *)entry);
}

/* A record with all that its places need, so that storing it cannot fail half way. */
static struct record *record_new(const char *id) {
    struct record *record = calloc(1, sizeof *record);
    if (!record) {
        return NULL;
    }
    text_put(record->id, sizeof record->id, id);
    record->entry = (struct table_entry){.hash = table_hash(id), .key = record->id};
    record->expiry = ordered_node_new(record->id, record);
    bool complete = record->expiry != NULL;
    for (size_t i = 0; i < INDEXES; i++) {
        record->nodes[i] = ordered_node_new(record->id, record);
        complete = complete && record->nodes[i];
    }
    if (!complete) {
        record_free(record);
        return NULL;
    }
    return record;
}

/* An interrupt with the status that is shown at that instant, for the caller of an operation. */
static struct hp_interrupt *copy_shown(const struct hp_interrupt *current, int64_t now_us) {
    struct hp_interrupt draft = *current;
    draft.status = hp_interrupt_shown_status(current, now_us);
    return hp_interrupt_new(&draft);
}

/* Prepares the outbox's entry for an interrupt as it is about to become. */
static enum hp_status prepare_event(struct memory_store *memory, struct record *record,
                                    const struct hp_interrupt *after, int64_t now_us,
                                    struct outbox_entry **entry, struct hp_problem *problem) {
    char event_id[HP_ID_SIZE];
    enum hp_status status = hp_ids_next(memory->ids, event_id, problem);
    if (status != HP_OK) {
        return status;
    }
    struct outbox_entry *made = outbox_entry_new(event_id, now_us, after, &record->lane);
    if (!made || !postings_new(&memory->deliveries, made->event, &made->postings)) {
        outbox_entry_free(made);
        return hp_problem_no_memory(problem);
    }
    *entry = made;
    return HP_OK;
}

/* The event is told from now on. Cannot fail. */
static void append_event(struct memory_store *memory, struct shard *shard, struct record *record,
                         struct outbox_entry *entry) {
    delivery_book_append(&memory->deliveries, &record->postings, entry->postings);
    entry->postings = NULL;
    outbox_append(&shard->outbox, entry);
}

static bool prepare_lists(struct memory_store *memory, const struct hp_interrupt *interrupt,
                          struct index_list *lists[INDEXES]) {
    lists[BY_REQUEST] = index_prepare(&memory->indexes[BY_REQUEST], interrupt->request_id);
    lists[BY_SESSION] = index_prepare(&memory->indexes[BY_SESSION], interrupt->session_id);
    lists[BY_USER] = index_prepare(&memory->indexes[BY_USER], interrupt->user_id);
    return lists[BY_REQUEST] && lists[BY_SESSION] && lists[BY_USER];
}

/* Links a complete record into the shard and the indexes. */
static void store_record(struct memory_store *memory, struct shard *shard, struct record *record,
                         struct index_list *lists[INDEXES]) {
    const struct hp_interrupt *interrupt = record->current;
    table_insert(&shard->records, &record->entry);
    record->may_expire =
        hp_kind_rule(interrupt->kind)->auto_expires && interrupt->expires_at_us != HP_INSTANT_NONE;
    if (record->may_expire) {
        record->expiry->time_us = interrupt->expires_at_us;
        ordered_insert(&shard->expiry, record->expiry);
    }
    for (size_t i = 0; i < INDEXES; i++) {
        record->nodes[i]->time_us = interrupt->created_at_us;
        index_insert(&memory->indexes[i], lists[i], record->nodes[i]);
    }
}

/* What a creation brings along. */
struct steps {
    struct flow_step flow;
    struct rate_step rate;
};

static enum hp_status begin_steps(struct memory_store *memory, const struct hp_create *create, const char *id,
                                  struct steps *steps, struct hp_problem *problem) {
    *steps = (struct steps){0};
    if (create->flow) {
        return flow_book_begin(&memory->flow.flows, create->flow, id, &steps->flow, problem);
    }
    return create->rate ? rate_book_begin(&memory->flow.rates, create->rate, &steps->rate, problem) : HP_OK;
}

/* Builds the interrupt, its event and the caller's copy, and only then stores them. The shard is locked. */
static enum hp_status create_locked(struct memory_store *memory, struct shard *shard, struct record *record,
                                    const struct hp_create *create, struct answer_entry *answer,
                                    struct hp_interrupt **created, struct hp_problem *problem) {
    int64_t now_us = hp_clock_now(memory->clock);
    struct index_list *lists[INDEXES];
    struct outbox_entry *entry = NULL;
    struct steps steps;
    enum hp_status status = hp_interrupt_create(create, record->id, now_us, &record->current, problem);
    if (status != HP_OK) {
        return status;
    }
    status = prepare_event(memory, record, record->current, now_us, &entry, problem);
    if (status != HP_OK) {
        return status;
    }
    *created = copy_shown(record->current, now_us);
    if (!*created || !answer_prepare(answer, record->current, now_us) ||
        !prepare_lists(memory, record->current, lists) || !table_reserve(&shard->records)) {
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        status = begin_steps(memory, create, record->id, &steps, problem);
    }
    if (status != HP_OK) {
        hp_interrupt_free(*created);
        *created = NULL;
        outbox_entry_free(entry);
        return status;
    }
    store_record(memory, shard, record, lists);
    append_event(memory, shard, record, entry);
    flow_book_carry_out(&steps.flow);
    rate_book_carry_out(&steps.rate, record->id);
    return HP_OK;
}

/* Tries one id. *taken says that it is in use. */
static enum hp_status create_with_id(struct memory_store *memory, const char *id,
                                     const struct hp_create *create, struct answer_entry *answer,
                                     struct hp_interrupt **created, bool *taken, struct hp_problem *problem) {
    struct record *record = record_new(id);
    if (!record) {
        return hp_problem_no_memory(problem);
    }
    struct shard *shard = shard_of(memory, record->entry.hash);
    enum hp_status status = HP_OK;
    pthread_mutex_lock(&shard->mutex);
    *taken = table_find(&shard->records, id, record->entry.hash) != NULL;
    if (!*taken) {
        status = create_locked(memory, shard, record, create, answer, created, problem);
    }
    pthread_mutex_unlock(&shard->mutex);
    if (*taken || status != HP_OK) {
        record_free(record);
    }
    return status;
}

static enum hp_status create_new(struct memory_store *memory, const struct hp_create *create,
                                 struct answer_entry *answer, struct hp_interrupt **created,
                                 struct hp_problem *problem) {
    for (int i = 0; i < ID_TRIES; i++) {
        char id[HP_ID_SIZE];
        bool taken = false;
        enum hp_status status = hp_ids_next(memory->ids, id, problem);
        if (status == HP_OK) {
            status = create_with_id(memory, id, create, answer, created, &taken, problem);
        }
        if (status != HP_OK || !taken) {
            return status;
        }
    }
    return hp_problem_set(problem, HP_INTERNAL, NULL, "the source of ids repeats itself");
}

static enum hp_status memory_create(struct hp_store *store, const struct hp_create *create,
                                    struct hp_interrupt **created, struct hp_problem *problem) {
    struct memory_store *memory = memory_of(store);
    struct answer_entry *answer = NULL;
    enum hp_status status =
        answer_begin(&memory->answers, create->idempotency, memory->clock, &answer, created, problem);
    if (status != HP_OK || (create->idempotency && !answer)) {
        return status;
    }
    status = create_new(memory, create, answer, created, problem);
    answer_end(&memory->answers, answer, status == HP_OK);
    return status;
}

/* Finds the record of an id and locks its shard; NULL, and nothing locked, when there is none. */
static struct record *find_locked(struct memory_store *memory, const char *id, struct shard **shard) {
    uint64_t hash = table_hash(id);
    *shard = shard_of(memory, hash);
    pthread_mutex_lock(&(*shard)->mutex);
    struct record *record = (struct record *)table_find(&(*shard)->records, id, hash);
    if (!record) {
        pthread_mutex_unlock(&(*shard)->mutex);
    }
    return record;
}

static enum hp_status refuse_unknown(struct hp_problem *problem) {
    return hp_problem_set(problem, HP_NOT_FOUND, NULL, "there is no such interrupt");
}

static enum hp_status memory_get(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                                 struct hp_problem *problem) {
    struct memory_store *memory = memory_of(store);
    struct shard *shard;
    struct record *record = find_locked(memory, id, &shard);
    if (!record) {
        return refuse_unknown(problem);
    }
    *shown = copy_shown(record->current, hp_clock_now(memory->clock));
    pthread_mutex_unlock(&shard->mutex);
    return *shown ? HP_OK : hp_problem_no_memory(problem);
}

/* Puts the changed interrupt in the place of the current one; it is final, so it can expire no more. */
static void replace(struct memory_store *memory, struct shard *shard, struct record *record,
                    struct hp_interrupt *after, struct outbox_entry *entry) {
    if (record->may_expire) {
        ordered_remove(&shard->expiry, record->expiry);
        record->may_expire = false;
    }
    hp_interrupt_free(record->current);
    record->current = after;
    append_event(memory, shard, record, entry);
}

static enum hp_status change_locked(struct memory_store *memory, struct shard *shard, struct record *record,
                                    const struct hp_change *change, struct answer_entry *answer,
                                    struct hp_interrupt **after, struct hp_problem *problem) {
    int64_t now_us = hp_clock_now(memory->clock);
    struct hp_interrupt *changed = NULL;
    struct outbox_entry *entry = NULL;
    enum hp_status status = hp_transition(record->current, change, now_us, &changed, problem);
    if (status == HP_OK) {
        status = prepare_event(memory, record, changed, now_us, &entry, problem);
    }
    if (status == HP_OK) {
        *after = answer_prepare(answer, changed, now_us) ? hp_interrupt_new(changed) : NULL;
        status = *after ? HP_OK : hp_problem_no_memory(problem);
    }
    if (status != HP_OK) {
        hp_interrupt_free(changed);
        outbox_entry_free(entry);
        return status;
    }
    replace(memory, shard, record, changed, entry);
    return HP_OK;
}

static enum hp_status change_record(struct memory_store *memory, const struct hp_change *change,
                                    struct answer_entry *answer, struct hp_interrupt **after,
                                    struct hp_problem *problem) {
    struct shard *shard;
    struct record *record = find_locked(memory, change->id, &shard);
    if (!record) {
        return refuse_unknown(problem);
    }
    enum hp_status status = change_locked(memory, shard, record, change, answer, after, problem);
    pthread_mutex_unlock(&shard->mutex);
    return status;
}

static enum hp_status memory_change(struct hp_store *store, const struct hp_change *change,
                                    struct hp_interrupt **after, struct hp_problem *problem) {
    struct memory_store *memory = memory_of(store);
    struct hp_idempotency *idempotency = change->to == HP_RESOLVED ? change->idempotency : NULL;
    struct answer_entry *answer = NULL;
    enum hp_status status =
        answer_begin(&memory->answers, idempotency, memory->clock, &answer, after, problem);
    if (status != HP_OK || (idempotency && !answer)) {
        return status;
    }
    status = change_record(memory, change, answer, after, problem);
    answer_end(&memory->answers, answer, status == HP_OK);
    return status;
}

static enum hp_status expire_record(struct memory_store *memory, struct shard *shard, struct record *record,
                                    int64_t now_us, struct hp_id_list *ids, struct hp_problem *problem) {
    struct outbox_entry *entry = NULL;
    struct hp_interrupt *after = id_list_reserve(ids, 1) ? hp_transition_expire(record->current) : NULL;
    enum hp_status status =
        after ? prepare_event(memory, record, after, now_us, &entry, problem) : hp_problem_no_memory(problem);
    if (status != HP_OK) {
        hp_interrupt_free(after);
        return status;
    }
    text_put(ids->ids[ids->count++], HP_ID_SIZE, record->id);
    replace(memory, shard, record, after, entry);
    return HP_OK;
}

static enum hp_status expire_shard(struct memory_store *memory, struct shard *shard, int64_t now_us,
                                   struct hp_id_list *ids, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    pthread_mutex_lock(&shard->mutex);
    for (;;) {
        struct ordered_node *soonest = ordered_first(&shard->expiry);
        shard->sweep_visits += soonest != NULL;
        if (status != HP_OK || !soonest || soonest->time_us >= now_us) {
            break;
        }
        status = expire_record(memory, shard, soonest->payload, now_us, ids, problem);
    }
    pthread_mutex_unlock(&shard->mutex);
    return status;
}

static enum hp_status memory_expire_due(struct hp_store *store, struct hp_id_list *ids,
                                        struct hp_problem *problem) {
    struct memory_store *memory = memory_of(store);
    int64_t now_us = hp_clock_now(memory->clock);
    size_t before = ids->count;
    enum hp_status status = HP_OK;
    answer_book_forget(&memory->answers, now_us);
    for (size_t i = 0; status == HP_OK && i < SHARDS; i++) {
        status = expire_shard(memory, &memory->shards[i], now_us, ids, problem);
    }
    if (status != HP_OK && ids->count > before) {
        hp_problem_clear(problem);
        return HP_OK;
    }
    return status;
}

uint64_t memory_sweep_visits(struct hp_store *store) {
    struct memory_store *memory = memory_of(store);
    uint64_t visits = 0;
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_lock(&memory->shards[i].mutex);
        visits += memory->shards[i].sweep_visits;
        pthread_mutex_unlock(&memory->shards[i].mutex);
    }
    return visits;
}

/* The records that the most selective index of the query names, newest first; the caller frees *records. */
static bool collect(struct memory_store *memory, const struct hp_query *query, void ***records,
                    size_t *count) {
    const char *keys[INDEXES] = {query->request_id, query->session_id, query->user_id};
    size_t by = keys[BY_REQUEST] ? BY_REQUEST : keys[BY_SESSION] ? BY_SESSION : BY_USER;
    return index_collect(&memory->indexes[by], keys[by], records, count);
}

/* True when the row stands behind the position, newest first. */
static bool is_after(const struct hp_interrupt *row, const struct hp_position *position) {
    if (row->created_at_us != position->created_at_us) {
        return row->created_at_us < position->created_at_us;
    }
    return strcmp(row->id, position->id) < 0;
}

/* Puts one matching row on the page, or, when that is full, makes the cursor that leads to it. */
static bool page_add(struct hp_page *page, const struct hp_query *query, const struct hp_interrupt *row,
                     int64_t now_us) {
    if (page->count < query->limit) {
        page->interrupts[page->count] = copy_shown(row, now_us);
        return page->interrupts[page->count++] != NULL;
    }
    if (page->next_cursor[0] == '\0') {
        const struct hp_interrupt *last = page->interrupts[page->count - 1];
        struct hp_position position = {.created_at_us = last->created_at_us};
        text_put(position.id, sizeof position.id, last->id);
        hp_cursor_write(query, &position, page->next_cursor);
    }
    return true;
}

static bool list_record(struct memory_store *memory, struct record *record, const struct hp_query *query,
                        const struct hp_position *after, int64_t now_us, struct hp_page *page) {
    struct shard *shard = shard_of(memory, record->entry.hash);
    bool done = true;
    pthread_mutex_lock(&shard->mutex);
    const struct hp_interrupt *row = record->current;
    if (hp_query_matches(query, row, now_us)) {
        page->total++;
        done = (after && !is_after(row, after)) || page_add(page, query, row, now_us);
    }
    pthread_mutex_unlock(&shard->mutex);
    return done;
}

static enum hp_status memory_list(struct hp_store *store, const struct hp_query *query,
                                  const struct hp_position *after, struct hp_page *page,
                                  struct hp_problem *problem) {
    struct memory_store *memory = memory_of(store);
    void **records = NULL;
    size_t count = 0;
    *page = (struct hp_page){.interrupts = calloc(query->limit + 1, sizeof *page->interrupts)};
    bool done = page->interrupts && collect(memory, query, &records, &count);
    int64_t now_us = hp_clock_now(memory->clock);
    for (size_t i = 0; done && i < count; i++) {
        done = list_record(memory, records[i], query, after, now_us, page);
    }
    free(records);
    if (!done) {
        hp_page_release(page);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

static enum hp_status memory_outbox_take(struct hp_store *store, size_t max, struct hp_event_list *events,
                                         struct hp_problem *problem) {
    struct memory_store *memory = memory_of(store);
    size_t before = events->count;
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < SHARDS && events->count - before < max; i++) {
        struct shard *shard = &memory->shards[i];
        pthread_mutex_lock(&shard->mutex);
        status = outbox_take(&shard->outbox, max - (events->count - before), events, problem);
        pthread_mutex_unlock(&shard->mutex);
    }
    if (status != HP_OK && events->count > before) {
        /* What the shards before gave is taken, so it is handed out; the rest waits for the next take. */
        hp_problem_clear(problem);
        return HP_OK;
    }
    return status;
}

static enum hp_status memory_outbox_settle(struct hp_store *store, const struct hp_event *event,
                                           enum hp_delivery delivery, struct hp_problem *problem) {
    struct shard *shard = shard_of(memory_of(store), table_hash(event->interrupt->id));
    pthread_mutex_lock(&shard->mutex);
    enum hp_status status = outbox_settle(&shard->outbox, event->id, delivery, problem);
    pthread_mutex_unlock(&shard->mutex);
    return status;
}

static enum hp_status memory_subscribe(struct hp_store *store, const struct hp_subscription *subscription,
                                       char id[HP_ID_SIZE], struct hp_problem *problem) {
    struct memory_store *memory = memory_of(store);
    struct hp_subscription draft = *subscription;
    enum hp_status status = hp_ids_next(memory->ids, draft.id, problem);
    if (status == HP_OK && !delivery_book_subscribe(&memory->deliveries, &draft)) {
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        text_put(id, HP_ID_SIZE, draft.id);
    }
    return status;
}

static enum hp_status memory_webhooks_take(struct hp_store *store, const struct hp_webhook_appetite *appetite,
                                           struct hp_webhook_list *list, struct hp_problem *problem) {
    struct memory_store *memory = memory_of(store);
    return delivery_book_take(&memory->deliveries, appetite, hp_clock_now(memory->clock), list, problem);
}

static enum hp_status memory_webhook_settle(struct hp_store *store,
                                            const struct hp_webhook_delivery *delivery,
                                            const struct hp_webhook_attempt *attempt,
                                            struct hp_problem *problem) {
    struct memory_store *memory = memory_of(store);
    return delivery_book_settle(&memory->deliveries, delivery, attempt, hp_clock_now(memory->clock), problem);
}

static enum hp_status memory_webhooks_dead(struct hp_store *store, struct hp_webhook_list *list,
                                           struct hp_problem *problem) {
    return delivery_book_dead(&memory_of(store)->deliveries, list, problem);
}

static void memory_free(struct hp_store *store) {
    struct memory_store *memory = memory_of(store);
    delivery_book_release(&memory->deliveries); /* before the records, in which its lanes begin */
    for (size_t i = 0; i < SHARDS; i++) {
        outbox_release(&memory->shards[i].outbox);
        table_release(&memory->shards[i].records, free_entry);
        pthread_mutex_destroy(&memory->shards[i].mutex);
    }
    for (size_t i = 0; i < INDEXES; i++) {
        index_release(&memory->indexes[i]);
    }
    answer_book_release(&memory->answers);
    memory_flow_release(&memory->flow);
    free(memory);
}

static const struct hp_store_ops memory_ops = {
    .create = memory_create,
    .get = memory_get,
    .list = memory_list,
    .change = memory_change,
    .expire_due = memory_expire_due,
    .outbox_take = memory_outbox_take,
    .outbox_settle = memory_outbox_settle,
    .subscribe = memory_subscribe,
    .webhooks_take = memory_webhooks_take,
    .webhook_settle = memory_webhook_settle,
    .webhooks_dead = memory_webhooks_dead,
    .free = memory_free,
    .moment = memory_moment,
    .flow_add = memory_flow_add,
    .flow_get = memory_flow_get,
    .flow_change = memory_flow_change,
    .flow_resume = memory_flow_resume,
    .rate_set = memory_rate_set,
    .rate_check = memory_rate_check,
};

struct hp_store *hp_store_memory_new(struct hp_clock *clock, struct hp_ids *ids) {
    struct memory_store *memory = calloc(1, sizeof *memory);
    if (!memory) {
        return NULL;
    }
    memory_flow_init(&memory->flow, &memory_ops, clock, ids);
    memory->clock = clock;
    memory->ids = ids;
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_init(&memory->shards[i].mutex, NULL);
        ordered_init(&memory->shards[i].expiry, false);
    }
    for (size_t i = 0; i < INDEXES; i++) {
        index_init(&memory->indexes[i]);
    }
    answer_book_init(&memory->answers);
    delivery_book_init(&memory->deliveries);
    return &memory->flow.store;
}
