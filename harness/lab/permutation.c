#include "harness/lab/permutation.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 1000 };

/* The labels of all steps, "a.answer", for a refusal. */
static bool add_known(struct text *text, const struct labels *labels, const size_t *act_counts,
                      size_t actor_count) {
    for (size_t i = 0; i < actor_count; i++) {
        for (size_t j = 0; j < act_counts[i]; j++) {
            text_addf(text, "%s%s.%s", text->length_bytes > 0 ? " " : "", labels->actors[i],
                      labels->acts[i][j]);
        }
    }
    return !text->failed;
}

/* Which actor and act a word names before its colon; false when none. */
static bool find_step(const char *word, size_t length, const struct labels *labels, const size_t *act_counts,
                      size_t actor_count, struct step *step) {
    for (step->actor = 0; step->actor < actor_count; step->actor++) {
        const char *actor = labels->actors[step->actor];
        size_t actor_length = strlen(actor);
        if (length <= actor_length || strncmp(word, actor, actor_length) != 0 || word[actor_length] != '.') {
            continue;
        }
        const char *rest = word + actor_length + 1;
        size_t rest_length = length - actor_length - 1;
        for (step->act = 0; step->act < act_counts[step->actor]; step->act++) {
            const char *act = labels->acts[step->actor][step->act];
            if (strlen(act) == rest_length && strncmp(act, rest, rest_length) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool add_step(struct permutation *permutation, const struct step *step) {
    struct step *steps = permutation->count < STEPS_MAX
                             ? realloc(permutation->steps, (permutation->count + 1) * sizeof *steps)
                             : NULL;
    if (steps) {
        steps[permutation->count++] = *step;
        permutation->steps = steps;
    }
    return steps != NULL;
}

/* A session does one step after the other. */
static bool comes_too_early(const struct permutation *permutation, const struct step *step) {
    size_t next = 0;
    for (size_t i = 0; i < permutation->count; i++) {
        const struct step *other = &permutation->steps[i];
        if (other->actor == step->actor) {
            next = other->act + (other->point ? 0 : 1);
        }
    }
    return step->act != next;
}

enum hp_status permutation_parse(const char *order, const struct labels *labels, const size_t *act_counts,
                                 size_t actor_count, struct permutation *permutation,
                                 struct hp_problem *problem) {
    char *rest = NULL;
    *permutation = (struct permutation){.words = text_copy(order)};
    if (!permutation->words) {
        return hp_problem_no_memory(problem);
    }
    for (char *word = strtok_r(permutation->words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        size_t length = strcspn(word, ":");
        struct step step = {.point = word[length] ? word + length + 1 : NULL};
        if (!find_step(word, length, labels, act_counts, actor_count, &step)) {
            struct text known = {0};
            add_known(&known, labels, act_counts, actor_count);
            hp_problem_set(problem, HP_INVALID, NULL, "\"%.60s\" names no step; there are %s", word,
                           known.bytes ? known.bytes : "none");
            text_release(&known);
            return HP_INVALID;
        }
        if (comes_too_early(permutation, &step)) {
            return hp_problem_set(problem, HP_INVALID, NULL,
                                  "\"%.60s\" is out of turn: a session does its steps in their order", word);
        }
        if (!add_step(permutation, &step)) {
            return hp_problem_no_memory(problem);
        }
    }
    return HP_OK;
}

void permutation_release(struct permutation *permutation) {
    free(permutation->steps);
    free(permutation->words);
    *permutation = (struct permutation){0};
}

bool permutation_has_points(const struct permutation *permutation) {
    for (size_t i = 0; i < permutation->count; i++) {
        if (permutation->steps[i].point) {
            return true;
        }
    }
    return false;
}

/* Whether a move, made since the word's turn came, is what the word was to come to. */
static bool is_reached(const struct step *step, const struct move *move) {
    if (move->actor != step->actor) {
        return false;
    }
    return move->end == MOVE_WAITS || (move->end == MOVE_DONE && move->act >= step->act) ||
           (move->end == MOVE_POINT && move->act == step->act && step->point &&
            strcmp(move->point, step->point) == 0);
}

static bool is_played(const struct permutation_director *own, const struct scene *scene) {
    const struct step *step = &own->permutation->steps[own->at];
    if (scene->acts[step->actor] > step->act) {
        return true;
    }
    for (size_t i = own->since; i < scene->course->count; i++) {
        if (is_reached(step, &scene->course->moves[i])) {
            return true;
        }
    }
    return false;
}

/* Where an actor came to last; NULL before its first turn. */
static const struct move *last_move(const struct course *course, size_t actor) {
    for (size_t i = course->count; i > 0; i--) {
        if (course->moves[i - 1].actor == actor) {
            return &course->moves[i - 1];
        }
    }
    return NULL;
}

/* True when a word said that the actor goes on to the end of that act, and has been played. */
static bool was_to_end(const struct permutation_director *own, const struct move *move) {
    for (size_t i = 0; i < own->at; i++) {
        const struct step *step = &own->permutation->steps[i];
        if (step->actor == move->actor && step->act == move->act && !step->point) {
            return true;
        }
    }
    return false;
}

/* Who was held up, has come on, and has still to go to the end of its step; the count of actors when nobody has. */
static size_t find_late(const struct permutation_director *own, const struct scene *scene) {
    for (size_t actor = 0; actor < scene->actor_count; actor++) {
        const struct move *move = last_move(scene->course, actor);
        if (move && move->end == MOVE_POINT && was_to_end(own, move)) {
            return actor;
        }
    }
    return scene->actor_count;
}

static size_t choose_word(struct director *director, const struct scene *scene, struct hp_problem *problem) {
    struct permutation_director *own = (struct permutation_director *)director;
    while (own->at < own->permutation->count && is_played(own, scene)) {
        own->at++;
        own->since = scene->course->count;
    }
    size_t late = find_late(own, scene);
    if (late < scene->actor_count) {
        return late;
    }
    if (own->at == own->permutation->count) {
        size_t actor = 0;
        while (!scene->ready[actor]) {
            actor++;
        }
        return actor;
    }
    const struct step *step = &own->permutation->steps[own->at];
    const struct move *last = last_move(scene->course, step->actor);
    if (!scene->ready[step->actor] && last && last->end == MOVE_WAITS) {
        hp_problem_set(problem, HP_CONFLICT, NULL,
                       "%s.%s is next, but %s still waits: no word before it lets it go on",
                       own->labels->actors[step->actor], own->labels->acts[step->actor][step->act],
                       own->labels->actors[step->actor]);
        return TURN_NONE;
    }
    return step->actor;
}

void permutation_director_init(struct permutation_director *director, const struct permutation *permutation,
                               const struct labels *labels) {
    *director = (struct permutation_director){
        .director = {choose_word}, .permutation = permutation, .labels = labels};
}
