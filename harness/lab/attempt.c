#include "harness/lab/attempt.h"

#include "harness/lab/model_review.h"
#include "harness/lab/random.h"
#include "harness/lab/review_parts.h"
#include "harness/lab/schedule.h"

#include <stdlib.h>
#include <string.h>

/* Nothing that a script makes lives longer by itself, so what is left of one attempt is over in the next. */
#define ATTEMPT_STEP_US (INT64_C(2) * 86400 * 1000000)

enum way script_way(const struct script *script, enum way way) {
    return script->client_count == 1 ? WAY_IN_TURN : way;
}

const char *way_name(enum way way) {
    static const char *const names[] = {
        [WAY_IN_TURN] = "in turn", [WAY_AT_ONCE] = "at once", [WAY_BY_TURNS] = "by turns"};
    return names[way];
}

static enum hp_status judge(struct attempt *attempt, enum way way, struct hp_problem *problem) {
    enum hp_status status = review_make(&attempt->performance, 0, &attempt->review, problem);
    if (status == HP_OK && way == WAY_IN_TURN) {
        status = model_review(&attempt->performance, NULL, 0, &attempt->review, problem);
    }
    return status;
}

static enum hp_status copy_choices(const struct choices *choices, struct attempt *attempt,
                                   struct hp_problem *problem) {
    bool whole = true;
    for (size_t i = 0; choices && whole && i < choices->count; i++) {
        whole = choices_add(&attempt->choices, choices->turns[i]);
    }
    return whole ? HP_OK : hp_problem_no_memory(problem);
}

/* Plays the script in that way. */
static enum hp_status play(const struct crew *crew, const struct script *script, enum way way,
                           const struct choices *choices, struct attempt *attempt,
                           struct hp_problem *problem) {
    if (way != WAY_BY_TURNS) {
        return crew_play(crew, script, NULL, &attempt->performance, problem);
    }
    attempt->choices.random = choices ? choices->random : random_start(crew->seed, crew->number);
    enum hp_status status = copy_choices(choices, attempt, problem);
    return status == HP_OK
               ? schedule_play(crew, script, NULL, &attempt->choices, &attempt->performance, problem)
               : status;
}

enum hp_status attempt_make(struct arena *arena, const struct script *script, enum way way,
                            const struct choices *choices, struct attempt *attempt,
                            struct hp_problem *problem) {
    struct hp_problem refusal = {0};
    bool resets = hello_declares(arena->hello, "reset");
    way = script_way(script, way);
    const struct crew crew = {.target = arena->target,
                              .hello = arena->hello,
                              .deadline_ms = arena->deadline_ms,
                              .seed = arena->seed,
                              .number = arena->plays++,
                              .start_us = arena->start_us,
                              .reset = resets,
                              .in_turn = way == WAY_IN_TURN};
    *attempt = (struct attempt){0};
    enum hp_status status = play(&crew, script, way, choices, attempt, &refusal);
    arena->start_us += resets ? 0 : ATTEMPT_STEP_US;
    if (status == HP_OK) {
        return judge(attempt, way, problem);
    }
    if (status == HP_INVALID) {
        review_add(&attempt->review, FINDING_ANSWER, SCRIPT_SLOTS_MAX, "%s", refusal.detail);
        return attempt->review.failed ? hp_problem_no_memory(problem) : HP_OK;
    }
    return hp_problem_set(problem, status, refusal.field, "%s", refusal.detail);
}

void attempt_release(struct attempt *attempt) {
    review_release(&attempt->review);
    performance_release(&attempt->performance);
    choices_release(&attempt->choices);
    *attempt = (struct attempt){0};
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* Rows of one instant by their slots, since their ids are chance; all others stay where they are. The keys of what is
 * sorted. */
struct place {
    const json_t *row;
    const char *created_at;
    unsigned slot;
    size_t at; /* of the first row of its instant */
};

static int compare_places(const void *one, const void *other) {
    const struct place *first = one, *second = other;
    if (first->at != second->at) {
        return first->at < second->at ? -1 : 1;
    }
    return first->slot < second->slot ? -1 : first->slot > second->slot;
}

/* The elements of a list, interrupts or ids, in an order that is no chance. NULL when memory runs out. */
static json_t *settled(const struct stage *stage, const json_t *list) {
    size_t count = json_array_size(list);
    struct place *places = calloc(count + 1, sizeof *places);
    json_t *sorted = json_array();
    bool whole = places && sorted;
    for (size_t i = 0; whole && i < count; i++) {
        const json_t *row = json_array_get(list, i);
        bool is_id = json_is_string(row);
        places[i] =
            (struct place){.row = row, .created_at = is_id ? "" : text_of(row, "created_at"), .at = i};
        places[i].slot = stage_find(stage, is_id ? json_string_value(row) : text_of(row, "id"));
        if (i > 0 && strcmp(places[i].created_at, places[i - 1].created_at) == 0) {
            places[i].at = places[i - 1].at;
        }
    }
    if (whole) {
        qsort(places, count, sizeof *places, compare_places);
    }
    for (size_t i = 0; whole && i < count; i++) {
        /* Ids of other scripts say nothing of this one. */
        if (places[i].slot < SCRIPT_SLOTS_MAX || json_is_object(places[i].row)) {
            whole = json_array_append(sorted, (json_t *)places[i].row) == 0;
        }
    }
    free(places);
    if (!whole) {
        json_decref(sorted);
        return NULL;
    }
    return sorted;
}

/* Of several pending ones of one instant the id decides which is the newest. */
static bool add_pending(struct text *text, const struct attempt *attempt, const struct act *act,
                        const struct outcome *outcome) {
    const struct performance *performance = &attempt->performance;
    const json_t *interrupt = json_object_get(outcome->result, "interrupt");
    for (unsigned i = 0; json_is_object(interrupt) && i < performance->stage.slot_count; i++) {
        const json_t *other = review_created(performance, i);
        if (other && strcmp(text_of(other, "id"), text_of(interrupt, "id")) != 0 &&
            strcmp(text_of(other, "created_at"), text_of(interrupt, "created_at")) == 0) {
            return text_add(text, "one of several");
        }
    }
    return outcome_add_word(text, &performance->stage, act, outcome);
}

static bool add_word(struct text *text, const struct attempt *attempt, const struct act *act,
                     const struct outcome *outcome) {
    const char *key = act->kind == ACT_LIST ? "interrupts" : act->kind == ACT_SWEEP ? "ids" : NULL;
    struct outcome calm = *outcome;
    if (act->kind == ACT_PENDING && outcome->end == ACT_DONE) {
        return add_pending(text, attempt, act, outcome);
    }
    if (!key || outcome->end != ACT_DONE) {
        return outcome_add_word(text, &attempt->performance.stage, act, outcome);
    }
    json_t *list = settled(&attempt->performance.stage, json_object_get(outcome->result, key));
    calm.result = list ? json_pack("{s:O}", key, list) : NULL;
    bool whole = calm.result && outcome_add_word(text, &attempt->performance.stage, act, &calm);
    text->failed = text->failed || !whole;
    json_decref(calm.result);
    json_decref(list);
    return whole;
}

bool attempt_add_words(struct text *text, const struct attempt *attempt) {
    const struct performance *performance = &attempt->performance;
    const struct script *script = performance->stage.script;
    for (size_t i = 0; performance->outcomes && i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            text_addf(text, "client %zu: ", i + 1);
            act_add_words(text, &script->clients[i].acts[j]);
            text_add(text, " -> ");
            add_word(text, attempt, &script->clients[i].acts[j], &performance->outcomes[i][j]);
            text_add(text, "\n");
        }
    }
    return !text->failed;
}
