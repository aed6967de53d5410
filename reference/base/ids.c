#include "reference/base/ids.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UUID_BYTES = 16, UUID_CHARACTERS = 36, POOL_BYTES = 256 * UUID_BYTES };

struct hp_ids {
    pthread_mutex_t mutex;
    bool seeded;
    uint64_t state; /* of a seeded source */
    /* Of a random one: bytes read ahead, so that few ids cost a system call. */
    unsigned char pool[POOL_BYTES];
    size_t pool_left;
};

static struct hp_ids *ids_new(bool seeded, uint64_t seed) {
    struct hp_ids *ids = malloc(sizeof *ids);
    if (ids) {
        ids->seeded = seeded;
        ids->state = seed;
        ids->pool_left = 0;
        pthread_mutex_init(&ids->mutex, NULL);
    }
    return ids;
}

struct hp_ids *hp_ids_random_new(void) {
    return ids_new(false, 0);
}

struct hp_ids *hp_ids_seeded_new(uint64_t seed) {
    return ids_new(true, seed);
}

void hp_ids_free(struct hp_ids *ids) {
    if (ids) {
        pthread_mutex_destroy(&ids->mutex);
        free(ids);
    }
}

/* SplitMix64 (Steele, Lea, Flood, 2014). */
static uint64_t split_mix(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static bool pool_fill(struct hp_ids *ids) {
    FILE *random = fopen("/dev/urandom", "rb");
    if (!random) {
        return false;
    }
    setvbuf(random, NULL, _IONBF, 0);
    bool filled = fread(ids->pool, 1, POOL_BYTES, random) == POOL_BYTES;
    fclose(random);
    ids->pool_left = filled ? POOL_BYTES : 0;
    return filled;
}

static bool draw(struct hp_ids *ids, unsigned char bytes[UUID_BYTES]) {
    if (ids->seeded) {
        uint64_t halves[] = {split_mix(&ids->state), split_mix(&ids->state)};
        memcpy(bytes, halves, UUID_BYTES);
        return true;
    }
    if (ids->pool_left == 0 && !pool_fill(ids)) {
        return false;
    }
    ids->pool_left -= UUID_BYTES;
    memcpy(bytes, ids->pool + ids->pool_left, UUID_BYTES);
    return true;
}

static bool has_hyphen_before(size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

static void format(const unsigned char bytes[UUID_BYTES], char id[HP_ID_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    char *at = id;
    for (size_t i = 0; i < UUID_BYTES; i++) {
        if (has_hyphen_before(i)) {
            *at++ = '-';
        }
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 15];
    }
    *at = '\0';
}

enum hp_status hp_ids_next(struct hp_ids *ids, char id[HP_ID_SIZE], struct hp_problem *problem) {
    unsigned char bytes[UUID_BYTES];
    pthread_mutex_lock(&ids->mutex);
    bool drawn = draw(ids, bytes);
    pthread_mutex_unlock(&ids->mutex);
    if (!drawn) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "the system gives no random bytes (/dev/urandom)");
    }
    bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40); /* version 4 */
    bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80); /* the variant of RFC 9562 */
    format(bytes, id);
    return HP_OK;
}

bool hp_id_is_canonical(const char *text) {
    if (strlen(text) != UUID_CHARACTERS) {
        return false;
    }
    for (size_t i = 0; i < UUID_CHARACTERS; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (hyphen ? text[i] != '-' : !digit) {
            return false;
        }
    }
    return true;
}
