/* An order that somebody wrote down, "a.answer:change b.answer a.answer": each word says who goes on, and how far. A word
 * without a point goes to the end of its step. Who is held up on the way waits, and the next word is played; it goes to where
 * it should as soon as it can. What no word is about is played in the end, one actor after another. */
#ifndef HOLDPOINT_LAB_PERMUTATION_H
#define HOLDPOINT_LAB_PERMUTATION_H

#include "harness/lab/schedule_parts.h"

/* One word. */
struct step {
    size_t actor;
    size_t act;
    const char *point; /* NULL: to the end of the act */
};

/* Zeroed it is empty; release it with permutation_release. */
struct permutation {
    char *words; /* the order, cut into its words; what points and a refusal's words are taken from */
    struct step *steps;
    size_t count;
};

/* Reads an order. act_counts tells how many acts each of the actors has. HP_INVALID, naming the word and what is known, for
 * one that names no step, and for a step that comes before one that it follows. */
enum hp_status permutation_parse(const char *order, const struct labels *labels, const size_t *act_counts,
                                 size_t actor_count, struct permutation *permutation,
                                 struct hp_problem *problem);
void permutation_release(struct permutation *permutation);

/* True when a step stops at a point. */
bool permutation_has_points(const struct permutation *permutation);

/* A director that plays it once. HP_CONFLICT when a word's actor is still held up by something else than a lock that a later
 * word lets go, so that the order cannot be played. */
struct permutation_director {
    struct director director; /* first */
    const struct permutation *permutation;
    const struct labels *labels;
    size_t at;    /* the word that is played */
    size_t since; /* how many moves there were when its turn came */
};

void permutation_director_init(struct permutation_director *director, const struct permutation *permutation,
                               const struct labels *labels);

#endif
