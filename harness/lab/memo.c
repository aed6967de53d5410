#include "harness/lab/memo.h"

#include <stdlib.h>
#include <string.h>

/* A table that one history made large is not emptied for each of thousands of small ones. */
enum { FIRST_ENTRIES = 32, KEPT_SLOTS = 1024 };

static uint64_t pack(struct state state) {
    return (uint64_t)state.who << 8 | (uint64_t)state.phase << 1 | (state.overdue ? 1 : 0);
}

static uint64_t hash_of(const uint64_t *entry, size_t words) {
    uint64_t hash = 0;
    for (size_t i = 0; i < words; i++) {
        hash = (hash ^ entry[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash;
}

void memo_reset(struct memo *memo, size_t set_words, size_t cap_bytes) {
    if (memo->slot_count > KEPT_SLOTS) {
        free(memo->slots);
        memo->slots = NULL;
        memo->slot_count = 0;
    } else if (memo->entry_count > 0) {
        memset(memo->slots, 0, memo->slot_count * sizeof *memo->slots);
    }
    /* The entries are counted in entries of the old size. */
    memo->entry_room = memo->entry_room * memo->words / (set_words + 1);
    memo->words = set_words + 1;
    memo->entry_count = 0;
    memo->cap_bytes = cap_bytes;
}

static bool grow_entries(struct memo *memo) {
    size_t room = memo->entry_room ? memo->entry_room * 2 : FIRST_ENTRIES;
    uint64_t *entries = realloc(memo->entries, room * memo->words * sizeof *entries);
    if (!entries) {
        return false;
    }
    memo->entries = entries;
    memo->entry_room = room;
    return true;
}

static uint32_t *slot_of(const struct memo *memo, const uint64_t *entry) {
    size_t mask = memo->slot_count - 1;
    for (size_t at = (size_t)hash_of(entry, memo->words) & mask;; at = (at + 1) & mask) {
        uint32_t held = memo->slots[at];
        if (held == 0 ||
            memcmp(memo->entries + (held - 1) * memo->words, entry, memo->words * sizeof *entry) == 0) {
            return &memo->slots[at];
        }
    }
}

static bool grow_slots(struct memo *memo) {
    size_t count = memo->slot_count ? memo->slot_count * 2 : 2 * FIRST_ENTRIES;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots) {
        return false;
    }
    free(memo->slots);
    memo->slots = slots;
    memo->slot_count = count;
    for (size_t i = 0; i < memo->entry_count; i++) {
        *slot_of(memo, memo->entries + i * memo->words) = (uint32_t)i + 1;
    }
    return true;
}

enum memo_answer memo_add(struct memo *memo, const uint64_t *set, struct state state) {
    bool room = memo->entry_count < memo->entry_room || grow_entries(memo);
    if (!room || (memo->entry_count >= memo->slot_count / 2 && !grow_slots(memo))) {
        return MEMO_NO_MEMORY;
    }
    uint64_t *entry = memo->entries + memo->entry_count * memo->words;
    entry[0] = pack(state);
    memcpy(entry + 1, set, (memo->words - 1) * sizeof *entry);
    uint32_t *slot = slot_of(memo, entry);
    if (*slot != 0) {
        return MEMO_SEEN;
    }
    if ((memo->entry_count + 1) * memo->words * sizeof *entry > memo->cap_bytes) {
        return MEMO_FULL;
    }
    *slot = (uint32_t)++memo->entry_count;
    return MEMO_NEW;
}

size_t memo_bytes(const struct memo *memo) {
    return memo->entry_room * memo->words * sizeof *memo->entries + memo->slot_count * sizeof *memo->slots;
}

void memo_release(struct memo *memo) {
    free(memo->entries);
    free(memo->slots);
    *memo = (struct memo){0};
}
