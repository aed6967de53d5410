#include "harness/lab/exhaustive.h"

#include <stdlib.h>

/* Whether that choice takes the turn from one who could go on within its act. */
static bool preempts(const struct decision *decision, size_t actor) {
    return decision->inside && actor != decision->last;
}

/* Who is to be chosen first: who had the turn, when it is within its act; else the first that is ready. */
static size_t first_choice(const struct decision *decision) {
    size_t actor = 0;
    if (decision->inside) {
        return decision->last;
    }
    while (!(decision->ready & UINT64_C(1) << actor)) {
        actor++;
    }
    return actor;
}

static struct decision *add_decision(struct exhaustive *exhaustive) {
    if (exhaustive->count == exhaustive->room) {
        size_t room = exhaustive->room ? exhaustive->room * 2 : 32;
        struct decision *decisions = realloc(exhaustive->decisions, room * sizeof *decisions);
        if (!decisions) {
            return NULL;
        }
        exhaustive->decisions = decisions;
        exhaustive->room = room;
    }
    return &exhaustive->decisions[exhaustive->count++];
}

static uint64_t ready_bits(const struct scene *scene) {
    uint64_t bits = 0;
    for (size_t i = 0; i < scene->actor_count; i++) {
        bits |= scene->ready[i] ? UINT64_C(1) << i : 0;
    }
    return bits;
}

static size_t refuse(struct hp_problem *problem, size_t turn) {
    hp_problem_set(
        problem, HP_CONFLICT, NULL,
        "the same turns took another course this time, at turn %zu: the target is not played exactly",
        turn + 1);
    return TURN_NONE;
}

static size_t choose_next(struct director *director, const struct scene *scene, struct hp_problem *problem) {
    struct exhaustive *own = (struct exhaustive *)director;
    struct decision fresh = {.ready = ready_bits(scene),
                             .last = scene->last,
                             .inside = scene->inside,
                             .preemptions = scene->course->preemptions};
    if (own->at < own->count) {
        const struct decision *known = &own->decisions[own->at];
        bool same = known->ready == fresh.ready && known->last == fresh.last && known->inside == fresh.inside;
        return same ? own->decisions[own->at++].chosen : refuse(problem, own->at);
    }
    fresh.chosen = first_choice(&fresh);
    fresh.left = fresh.ready & ~(UINT64_C(1) << fresh.chosen);
    struct decision *added = add_decision(own);
    if (!added) {
        hp_problem_no_memory(problem);
        return TURN_NONE;
    }
    *added = fresh;
    own->at++;
    return fresh.chosen;
}

void exhaustive_init(struct exhaustive *exhaustive, unsigned bound) {
    *exhaustive = (struct exhaustive){.director = {choose_next}, .bound = bound};
}

void exhaustive_release(struct exhaustive *exhaustive) {
    free(exhaustive->decisions);
    *exhaustive = (struct exhaustive){0};
}

/* Another choice at this turn that keeps within the bound; false when there is none left. */
static bool choose_other(struct decision *decision, unsigned bound) {
    for (size_t actor = 0; actor < EXHAUSTIVE_ACTORS_MAX; actor++) {
        uint64_t bit = UINT64_C(1) << actor;
        if (!(decision->left & bit)) {
            continue;
        }
        decision->left &= ~bit;
        if (decision->preemptions + preempts(decision, actor) <= bound) {
            decision->chosen = actor;
            return true;
        }
    }
    return false;
}

bool exhaustive_next(struct exhaustive *exhaustive) {
    exhaustive->at = 0;
    while (exhaustive->count > 0) {
        if (choose_other(&exhaustive->decisions[exhaustive->count - 1], exhaustive->bound)) {
            return true;
        }
        exhaustive->count--;
    }
    return false;
}
