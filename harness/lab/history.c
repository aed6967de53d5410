#include "harness/lab/history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 256 };

static const char *const kind_names[OPERATION_KINDS] = {"create", "respond", "cancel",
                                                        "expire", "get",     "list"};
static const char *const shown_names[SHOWN_COUNT] = {"",         "absent",    "pending",
                                                     "resolved", "cancelled", "expired"};
static const char *const result_names[] = {"ok",        "conflict", "none",    "forbidden",
                                           "not_found", "",         "omitted", "unknown"};

const char *operation_kind_name(unsigned kind) {
    return kind < OPERATION_KINDS ? kind_names[kind] : "?";
}

const char *shown_name(unsigned shown) {
    return shown < SHOWN_COUNT ? shown_names[shown] : "?";
}

bool operation_result_add(struct text *text, const struct history *history,
                          const struct operation *operation) {
    text_add(text, result_names[operation->result]);
    if (operation->shown != SHOWN_NOTHING) {
        text_addf(text, "%s%s", operation->result == RESULT_CONFLICT ? ":" : "",
                  shown_name(operation->shown));
    }
    if (operation->result == RESULT_SHOWN && operation->shown == SHOWN_RESOLVED) {
        text_addf(text, ":%s", names_text(&history->clients, operation->who));
    }
    return !text->failed;
}

enum hp_status history_add(struct history *history, const struct operation *operation,
                           struct hp_problem *problem) {
    if (history->count >= HISTORY_OPERATIONS_MAX) {
        return hp_problem_set(problem, HP_INVALID, NULL, "more than %d operations", HISTORY_OPERATIONS_MAX);
    }
    if (history->count == history->room) {
        size_t room = history->room ? history->room * 2 : FIRST_ROOM;
        struct operation *operations = realloc(history->operations, room * sizeof *operations);
        if (!operations) {
            return hp_problem_no_memory(problem);
        }
        history->operations = operations;
        history->room = room;
    }
    history->operations[history->count++] = *operation;
    return HP_OK;
}

/* Where each interrupt's operations begin, by counting them. */
static void count_keys(struct history *history) {
    uint32_t first = 0;
    for (size_t i = 0; i < history->count; i++) {
        history->keys[history->operations[i].key].count++;
    }
    for (size_t i = 0; i < history->key_count; i++) {
        history->keys[i].name = (uint32_t)i;
        history->keys[i].first = first;
        first += history->keys[i].count;
        history->keys[i].count = 0;
    }
}

static bool stands_before(const struct history *history, const struct operation *one,
                          const struct operation *other) {
    if (one->invoke_ns != other->invoke_ns) {
        return one->invoke_ns < other->invoke_ns;
    }
    return names_compare(&history->clients, one->client, other->client) < 0;
}

/* Merges two sorted neighbours of up to half of the operations each by way of spare. */
static void merge(const struct history *history, struct operation *operations, size_t half, size_t count,
                  struct operation *spare) {
    if (!stands_before(history, &operations[half], &operations[half - 1])) {
        return;
    }
    memcpy(spare, operations, half * sizeof *spare);
    size_t left = 0;
    size_t right = half;
    for (size_t at = 0; left < half; at++) {
        bool take_right = right < count && stands_before(history, &operations[right], &spare[left]);
        operations[at] = take_right ? operations[right++] : spare[left++];
    }
}

/* A merge sort from below, so operations that nothing orders stay as they were: files are sorted as a rule, and then this only looks. */
static void sort(const struct history *history, struct operation *operations, size_t count,
                 struct operation *spare) {
    for (size_t half = 1; half < count; half *= 2) {
        for (size_t at = 0; at + half < count; at += 2 * half) {
            size_t both = count - at < 2 * half ? count - at : 2 * half;
            merge(history, operations + at, half, both, spare);
        }
    }
}

/* The second create of a key of which one is lost; NULL when there is none. */
static const struct operation *find_doubtful_creation(const struct history *history) {
    for (size_t i = 0; i < history->key_count; i++) {
        const struct operation *first = NULL;
        for (uint32_t at = history->keys[i].first; at < history->keys[i].first + history->keys[i].count;
             at++) {
            const struct operation *operation = &history->operations[at];
            if (operation->kind != OPERATION_CREATE) {
                continue;
            }
            if (first && (first->return_ns == HISTORY_LOST || operation->return_ns == HISTORY_LOST)) {
                return operation;
            }
            first = operation;
        }
    }
    return NULL;
}

enum hp_status history_group(struct history *history, struct hp_problem *problem) {
    struct operation *grouped = malloc((history->count + 1) * sizeof *grouped);
    history->key_count = history->key_names.count;
    history->keys = calloc(history->key_count + 1, sizeof *history->keys);
    if (!grouped || !history->keys) {
        free(grouped);
        return hp_problem_no_memory(problem);
    }
    count_keys(history);
    for (size_t i = 0; i < history->count; i++) {
        struct history_key *key = &history->keys[history->operations[i].key];
        grouped[key->first + key->count++] = history->operations[i];
    }
    struct operation *spare = history->operations;
    history->operations = grouped;
    history->room = history->count + 1;
    for (size_t i = 0; i < history->key_count; i++) {
        sort(history, grouped + history->keys[i].first, history->keys[i].count, spare);
    }
    free(spare);
    const struct operation *doubtful = find_doubtful_creation(history);
    if (doubtful) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "line %" PRIu32
                              ": %s is created a second time, and one of its creates is lost; "
                              "expected a lost create to have a key of its own",
                              doubtful->line, names_text(&history->key_names, doubtful->key));
    }
    return HP_OK;
}

const char *history_key_name(const struct history *history, size_t key) {
    return names_text(&history->key_names, history->keys[key].name);
}

void history_release(struct history *history) {
    names_release(&history->key_names);
    names_release(&history->clients);
    names_release(&history->users);
    free(history->operations);
    free(history->keys);
    *history = (struct history){0};
}
