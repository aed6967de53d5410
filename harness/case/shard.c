#include "harness/case/shard.h"

#include "harness/base/digest.h"

#include <stdlib.h>
#include <string.h>

/* A case on its way to a part. */
struct card {
    char hex[DIGEST_HEX_SIZE];
    size_t at; /* in the selection */
};

static bool read_number(const char **text, unsigned *number) {
    const char *at = *text;
    for (*number = 0; *at >= '0' && *at <= '9' && *number <= SHARDS_MAX; at++) {
        *number = *number * 10 + (unsigned)(*at - '0');
    }
    bool read = at > *text && *number >= 1 && *number <= SHARDS_MAX;
    *text = at;
    return read;
}

enum hp_status shard_read(const char *text, struct shard *shard, struct hp_problem *problem) {
    const char *at = text;
    struct shard read = {0};
    bool good = read_number(&at, &read.index) && *at++ == '/' && read_number(&at, &read.count) &&
                *at == '\0' && read.index <= read.count;
    if (!good) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "--shard takes I/N, the part and how many there are, as in 2/4 (N up to %d), "
                              "not \"%s\"",
                              SHARDS_MAX, text);
    }
    *shard = read;
    return HP_OK;
}

static int compare_cards(const void *one, const void *other) {
    const struct card *first = one, *second = other;
    int order = strcmp(first->hex, second->hex);
    return order ? order : (first->at > second->at) - (first->at < second->at);
}

static bool make_cards(struct card *cards, const struct test_case *const *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct digest *digest = digest_new();
        if (digest) {
            digest_add(digest, cases[i]->id, strlen(cases[i]->id));
        }
        cards[i].at = i;
        if (!digest_finish(digest, cards[i].hex)) {
            return false;
        }
    }
    return true;
}

/* Sorts each chapter by itself. */
static void shuffle(struct card *cards, const struct test_case *const *cases, size_t count) {
    for (size_t from = 0, until; from < count; from = until) {
        until = from + 1;
        while (until < count && strcmp(cases[until]->chapter, cases[from]->chapter) == 0) {
            until++;
        }
        qsort(cards + from, until - from, sizeof *cards, compare_cards);
    }
}

enum hp_status shard_take(const struct shard *shard, const struct test_case **cases, size_t *case_count,
                          struct hp_problem *problem) {
    size_t count = *case_count, kept = 0;
    if (shard->count == 0) {
        return HP_OK;
    }
    if (count < shard->count) {
        return hp_problem_set(
            problem, HP_INVALID, NULL,
            "%zu selected case%s cannot be dealt out to %u parts; use at most --shard N/%zu", count,
            count == 1 ? "" : "s", shard->count, count);
    }
    struct card *cards = calloc(count, sizeof *cards);
    bool *own = calloc(count, sizeof *own);
    bool done = cards && own && make_cards(cards, cases, count);
    if (done) {
        shuffle(cards, cases, count);
        for (size_t i = shard->index - 1; i < count; i += shard->count) {
            own[cards[i].at] = true;
        }
        for (size_t i = 0; i < count; i++) {
            if (own[i]) {
                cases[kept++] = cases[i];
            }
        }
        *case_count = kept;
    }
    free(cards);
    free(own);
    return done ? HP_OK : hp_problem_no_memory(problem);
}
