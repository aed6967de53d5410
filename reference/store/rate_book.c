#include "reference/store/rate_book.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { INSTANTS_FIRST = 16 };

struct rule_entry {
    struct table_entry entry; /* first, so that an entry is its rule_entry */
    char *key;
    struct hp_rate_limits limits;
};

struct call_entry {
    struct table_entry entry;
    char *key;
    int64_t *instants_us; /* of allowed calls, ascending; those of the last day, and perhaps some before */
    size_t count, room;
    char interrupt_id[HP_ID_SIZE];
};

void rate_book_init(struct rate_book *book) {
    *book = (struct rate_book){0};
    pthread_mutex_init(&book->mutex, NULL);
}

static void free_rule(struct table_entry *entry) {
    free(((struct rule_entry *)entry)->key);
    free(entry);
}

static void free_call(struct table_entry *entry) {
    free(((struct call_entry *)entry)->key);
    free(((struct call_entry *)entry)->instants_us);
    free(entry);
}

void rate_book_release(struct rate_book *book) {
    table_release(&book->rules, free_rule);
    table_release(&book->calls, free_call);
    pthread_mutex_destroy(&book->mutex);
}

/* A key that no other pair has; NULL when memory runs out. */
static char *key_of(const char *user_id, const char *endpoint) {
    struct text key = {0};
    text_addf(&key, "%zu %s %s", user_id ? strlen(user_id) : 0, user_id ? user_id : "",
              endpoint ? endpoint : "");
    return text_take(&key);
}

static struct rule_entry *find_rule(const struct rate_book *book, const char *key) {
    return (struct rule_entry *)table_find(&book->rules, key, table_hash(key));
}

/* Takes the key over. */
static struct rule_entry *add_rule(struct rate_book *book, char *key) {
    struct rule_entry *entry = calloc(1, sizeof *entry);
    if (!entry || !table_reserve(&book->rules)) {
        free(entry);
        free(key);
        return NULL;
    }
    entry->key = key;
    entry->entry = (struct table_entry){.hash = table_hash(key), .key = key};
    table_insert(&book->rules, &entry->entry);
    return entry;
}

enum hp_status rate_book_set(struct rate_book *book, const struct hp_rate_rule *rule,
                             struct hp_problem *problem) {
    char *key = key_of(rule->user_id, rule->endpoint);
    if (!key) {
        return hp_problem_no_memory(problem);
    }
    pthread_mutex_lock(&book->mutex);
    struct rule_entry *entry = find_rule(book, key);
    if (entry) {
        free(key);
    } else {
        entry = add_rule(book, key);
    }
    if (entry) {
        entry->limits = rule->limits;
    }
    pthread_mutex_unlock(&book->mutex);
    return entry ? HP_OK : hp_problem_no_memory(problem);
}

static struct call_entry *find_call(const struct rate_book *book, const char *key) {
    return (struct call_entry *)table_find(&book->calls, key, table_hash(key));
}

/* Takes the key over. */
static struct call_entry *add_call(struct rate_book *book, char *key) {
    struct call_entry *entry = calloc(1, sizeof *entry);
    if (!entry || !table_reserve(&book->calls)) {
        free(entry);
        free(key);
        return NULL;
    }
    entry->key = key;
    entry->entry = (struct table_entry){.hash = table_hash(key), .key = key};
    table_insert(&book->calls, &entry->entry);
    return entry;
}

/* Makes room for one more, first by forgetting what no window sees any more. False when memory runs out. */
static bool reserve_instant(struct call_entry *entry, int64_t now_us) {
    if (entry->count < entry->room) {
        return true;
    }
    int64_t begin_us = now_us - hp_rate_window_us(HP_RATE_DAY);
    size_t past = 0;
    while (past < entry->count && entry->instants_us[past] <= begin_us) {
        past++;
    }
    if (past > 0 && past >= entry->count / 2) {
        entry->count -= past;
        memmove(entry->instants_us, entry->instants_us + past, entry->count * sizeof *entry->instants_us);
        return true;
    }
    size_t room = entry->room ? entry->room * 2 : INSTANTS_FIRST;
    int64_t *grown = realloc(entry->instants_us, room * sizeof *grown);
    if (!grown) {
        return false;
    }
    entry->instants_us = grown;
    entry->room = room;
    return true;
}

/* What limits a call, by precedence. */
struct rule_keys {
    char *endpoint, *user;
};

static struct hp_rate_limits limits_of(const struct rate_book *book, const struct rule_keys *keys) {
    const struct rule_entry *endpoint = find_rule(book, keys->endpoint);
    const struct rule_entry *user = find_rule(book, keys->user);
    return endpoint ? endpoint->limits : user ? user->limits : hp_rate_limits_default();
}

/* The book is locked. Takes the key over. */
static bool check_locked(struct rate_book *book, const struct hp_rate_call *call, char *key,
                         const struct rule_keys *keys, int64_t now_us, struct hp_rate_answer *answer) {
    struct hp_rate_limits limits = limits_of(book, keys);
    struct call_entry *entry = find_call(book, key);
    if (entry) {
        free(key);
    } else {
        entry = add_call(book, key);
    }
    if (!entry || !reserve_instant(entry, now_us)) {
        return false;
    }
    struct hp_rate_facts facts = hp_rate_count(entry->instants_us, entry->count, now_us, &limits);
    answer->verdict = hp_rate_judge(&facts, &limits, now_us);
    text_put(answer->interrupt_id, sizeof answer->interrupt_id, entry->interrupt_id);
    if (answer->verdict.allowed && call->record) {
        entry->instants_us[entry->count++] = now_us;
    }
    return true;
}

enum hp_status rate_book_check(struct rate_book *book, const struct hp_rate_call *call,
                               struct hp_clock *clock, struct hp_rate_answer *answer,
                               struct hp_problem *problem) {
    char *key = key_of(call->user_id, call->endpoint);
    struct rule_keys keys = {key_of(NULL, call->endpoint), key_of(call->user_id, NULL)};
    bool done = key && keys.endpoint && keys.user;
    if (done) {
        pthread_mutex_lock(&book->mutex);
        done = check_locked(book, call, key, &keys, hp_clock_now(clock), answer);
        pthread_mutex_unlock(&book->mutex);
    } else {
        free(key);
    }
    free(keys.endpoint);
    free(keys.user);
    return done ? HP_OK : hp_problem_no_memory(problem);
}

enum hp_status rate_book_begin(struct rate_book *book, const struct hp_rate_claim *claim,
                               struct rate_step *step, struct hp_problem *problem) {
    char *key = key_of(claim->user_id, claim->endpoint);
    if (!key) {
        return hp_problem_no_memory(problem);
    }
    pthread_mutex_lock(&book->mutex);
    struct call_entry *entry = find_call(book, key);
    free(key);
    if (entry && strcmp(entry->interrupt_id, claim->before) == 0) {
        *step = (struct rate_step){book, entry};
        return HP_OK;
    }
    pthread_mutex_unlock(&book->mutex);
    return hp_problem_set(problem, HP_CONFLICT, NULL, "another interrupt about this limit was raised");
}

void rate_book_carry_out(struct rate_step *step, const char *interrupt_id) {
    if (step->book) {
        text_put(step->entry->interrupt_id, sizeof step->entry->interrupt_id, interrupt_id);
        pthread_mutex_unlock(&step->book->mutex);
        *step = (struct rate_step){0};
    }
}

void rate_book_drop(struct rate_step *step) {
    if (step->book) {
        pthread_mutex_unlock(&step->book->mutex);
        *step = (struct rate_step){0};
    }
}
