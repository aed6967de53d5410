#include "harness/lab/random.h"

static uint64_t mix(uint64_t z) {
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint64_t random_start(uint64_t seed, uint64_t stream) {
    return mix(seed ^ mix(stream + 1));
}

uint64_t random_next(uint64_t *state) {
    *state += UINT64_C(0x9E3779B97F4A7C15);
    return mix(*state);
}

uint64_t random_below(uint64_t *state, uint64_t count) {
    return random_next(state) % count;
}
