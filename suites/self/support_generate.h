/* Histories made up from a seed: the large ones of fixtures/histories, byte for byte, and small ones of all kinds.
 * A failure of memory ends the process. */
#ifndef HOLDPOINT_SELF_SUPPORT_GENERATE_H
#define HOLDPOINT_SELF_SUPPORT_GENERATE_H

#include "harness/lab/history.h"

/* What fixtures/histories/README.md asks of its generator. */
struct generate_order {
    uint64_t seed;
    unsigned keys;
    unsigned operations; /* of each key */
    unsigned clients;    /* of each lane */
    unsigned lanes;
    unsigned head;              /* operations that are reads at the begin of each key */
    unsigned unknown_per_mille; /* lost answers */
    bool bad;                   /* with two winners in one key */
};

/* Fills an empty history, not grouped yet. Its lines are in the order in which the file has those of equal times. */
void generate(const struct generate_order *order, struct history *history);

/* The orders that the files of fixtures/histories have names for: a_1000x20_c8, ...; ".ok" and ".bad" apart. */
struct generate_file {
    const char *name;
    struct generate_order order;
};
extern const struct generate_file generate_files[];
extern const size_t generate_file_count;

/* A small history of one key, "x", from a seed: up to 8 operations of every kind, with owners, an end, lists, lost
 * answers, and results that are true, or, in about half of them, changed in one or two places. Grouped. */
void generate_small(uint64_t seed, struct history *history);

/* The clock error that the history of this seed is to be judged with. */
int64_t generate_small_clock_error_ns(uint64_t seed);

#endif
