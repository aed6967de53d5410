/* Which pairs of a set and a state were seen. For one thread at a time. */
#ifndef HOLDPOINT_LAB_MEMO_H
#define HOLDPOINT_LAB_MEMO_H

#include "harness/lab/sequential.h"

/* Zeroed it is empty; keeps its memory until memo_release. */
struct memo {
    uint64_t *entries; /* each: the state, then the words of the set */
    size_t entry_count;
    size_t entry_room;
    size_t words;    /* of one entry */
    uint32_t *slots; /* open addressing: entry + 1, 0 for free */
    size_t slot_count;
    size_t cap_bytes;
};

enum memo_answer { MEMO_NEW, MEMO_SEEN, MEMO_FULL, MEMO_NO_MEMORY };

/* Forgets everything; from now on sets have that many words of 64 members, and cap_bytes bounds the entries. */
void memo_reset(struct memo *memo, size_t set_words, size_t cap_bytes);

/* Adds the pair. */
enum memo_answer memo_add(struct memo *memo, const uint64_t *set, struct state state);

/* What it holds, in bytes. */
size_t memo_bytes(const struct memo *memo);

void memo_release(struct memo *memo);

#endif
