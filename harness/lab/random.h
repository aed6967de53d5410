/* Numbers that look like chance and come again from the same seed: SplitMix64 (Steele, Lea, Flood: "Fast Splittable
 * Pseudorandom Number Generators", OOPSLA 2014). Any thread, each with a state of its own. */
#ifndef HOLDPOINT_LAB_RANDOM_H
#define HOLDPOINT_LAB_RANDOM_H

#include <stdint.h>

/* The state for a stream of a seed; streams of one seed have nothing to do with each other. */
uint64_t random_start(uint64_t seed, uint64_t stream);

/* The next number. */
uint64_t random_next(uint64_t *state);

/* One of 0 .. count - 1; count is at least 1. */
uint64_t random_below(uint64_t *state, uint64_t count);

#endif
