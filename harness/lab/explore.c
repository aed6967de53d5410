#include "harness/lab/explore.h"

#include "harness/lab/random.h"

#include <stdio.h>
#include <string.h>

/* Of so many runs one goes in turn, and so many by turns where that can be. */
enum { WAYS_OF = 8, IN_TURN_OF = 1, BY_TURNS_OF = 4, REPEAT_ONE_IN = 20 };
/* How a run is played is drawn apart from what is played, so that neither changes with the other. */
#define WAY_STREAM UINT64_C(0x5741590000000000)
#define TURN_STREAM UINT64_C(0x5455524e00000000)

void explore_init(struct explore *explore, struct arena *arena, unsigned clients) {
    const struct hello *hello = arena->hello;
    *explore = (struct explore){.arena = arena};
    explore->draw.endpoints = hello->endpoints;
    explore->has_points = target_set_gate(arena->target, NULL);
    explore->draw.clients = hello_declares(hello, "concurrent") ? clients : 1;
    for (unsigned kind = 0; kind < ACT_MODELLED; kind++) {
        explore->draw.offers[kind] = hello_declares(hello, act_kind_capability((enum act_kind)kind));
    }
}

/* The first line of each that is not in the other. */
static void tell_difference(const char *one, const char *other, char *sentence, size_t size_bytes) {
    size_t at = 0, line = 0;
    while (one[at] && one[at] == other[at]) {
        line = one[at++] == '\n' ? at : line;
    }
    if (one[at] != other[at]) {
        snprintf(sentence, size_bytes,
                 "the same script, played twice alike, was answered otherwise: %.*s, then %.*s",
                 (int)strcspn(one + line, "\n"), one + line, (int)strcspn(other + line, "\n"), other + line);
        text_trim_partial(sentence);
    }
}

/* Makes a run once more, and notes where it goes another way. */
static enum hp_status repeat(struct explore *explore, struct explored *run, struct hp_problem *problem) {
    struct attempt again;
    struct text one = {0}, other = {0};
    run->repeated = true;
    enum hp_status status =
        attempt_make(explore->arena, &run->script, run->way, &run->attempt.choices, &again, problem);
    if (status == HP_OK && (!attempt_add_words(&one, &run->attempt) || !attempt_add_words(&other, &again))) {
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK && one.bytes && other.bytes) {
        tell_difference(one.bytes, other.bytes, run->disagreement, sizeof run->disagreement);
    }
    text_release(&one);
    text_release(&other);
    attempt_release(&again);
    return status;
}

static enum way draw_way(const struct explore *explore, uint64_t *random) {
    uint64_t drawn = random_below(random, WAYS_OF);
    if (drawn < IN_TURN_OF) {
        return WAY_IN_TURN;
    }
    return drawn < IN_TURN_OF + BY_TURNS_OF && explore->has_points ? WAY_BY_TURNS : WAY_AT_ONCE;
}

/* True when the same must come of it again. Where others act between two pages of a list, the ids, which are chance,
 * decide who is on which. */
static bool is_exact(const struct explored *run) {
    bool paged = false;
    for (size_t i = 0; i < run->script.client_count; i++) {
        for (size_t j = 0; j < run->script.clients[i].act_count; j++) {
            paged = paged || run->script.clients[i].acts[j].limit > 0;
        }
    }
    return run->way == WAY_IN_TURN || (run->way == WAY_BY_TURNS && !paged);
}

enum hp_status explore_next(struct explore *explore, struct explored *run, struct hp_problem *problem) {
    *run = (struct explored){.number = explore->next++};
    uint64_t random = random_start(explore->arena->seed ^ WAY_STREAM, run->number);
    enum way way = draw_way(explore, &random);
    bool twice = random_below(&random, REPEAT_ONE_IN) == 0;
    enum hp_status status =
        script_draw(&explore->draw, explore->arena->seed, run->number, &run->script, problem);
    if (status == HP_OK) {
        run->way = script_way(&run->script, way);
        const struct choices chance = {.random =
                                           random_start(explore->arena->seed ^ TURN_STREAM, run->number)};
        status = attempt_make(explore->arena, &run->script, run->way, &chance, &run->attempt, problem);
    }
    bool whole = status == HP_OK && run->attempt.performance.lost == 0 && run->attempt.review.count == 0;
    return whole && twice && is_exact(run) ? repeat(explore, run, problem) : status;
}

void explored_release(struct explored *run) {
    attempt_release(&run->attempt);
    script_release(&run->script);
    *run = (struct explored){0};
}

void explore_count(struct explore_tally *tally, const struct explored *run) {
    const struct performance *performance = &run->attempt.performance;
    tally->runs++;
    tally->overlaps += performance->overlaps;
    tally->repeated += run->repeated;
    tally->by_clients[run->script.client_count]++;
    tally->by_way[run->way]++;
    for (size_t i = 0; performance->outcomes && i < run->script.client_count; i++) {
        for (size_t j = 0; j < run->script.clients[i].act_count; j++) {
            tally->operations += performance->outcomes[i][j].end != ACT_SKIPPED;
        }
    }
}
