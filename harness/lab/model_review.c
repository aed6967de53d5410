#include "harness/lab/model_review.h"

#include "harness/base/value.h"
#include "harness/lab/model.h"
#include "harness/lab/review_parts.h"
#include "reference/base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_BYTES = 100, WHERE_SIZE = 64 };

/* Where the comparison stands. */
struct comparison {
    const struct performance *performance;
    struct model *model;
    struct review *review;
    struct hp_problem *problem;
    enum hp_status status;
    bool parted; /* a finding was added, or an answer was lost */
};

/* The first difference of two values, and where it lies. */
struct difference {
    char where[WHERE_SIZE]; /* a JSON Pointer */
    const json_t *expected, *got;
};

/* Two texts that are read as one instant are the same time. */
static bool is_same(const json_t *expected, const json_t *got) {
    int64_t one_us, other_us;
    if (json_is_string(expected) && json_is_string(got) &&
        hp_instant_parse(json_string_value(expected), json_string_length(expected), &one_us) &&
        hp_instant_parse(json_string_value(got), json_string_length(got), &other_us)) {
        return one_us == other_us;
    }
    return value_equals(expected, got) || (json_is_null(expected) && !got);
}

static bool differs(const json_t *expected, const json_t *got, const char *where,
                    struct difference *difference);

static bool members_differ(const json_t *expected, const json_t *got, const char *where,
                           struct difference *difference) {
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)expected, key, member) {
        char below[WHERE_SIZE];
        snprintf(below, sizeof below, "%.40s/%.20s", where, key);
        if (differs(member, json_object_get(got, key), below, difference)) {
            return true;
        }
    }
    return false;
}

static bool elements_differ(const json_t *expected, const json_t *got, const char *where,
                            struct difference *difference) {
    for (size_t i = 0; i < json_array_size(expected); i++) {
        char below[WHERE_SIZE];
        snprintf(below, sizeof below, "%.40s/%zu", where, i);
        if (differs(json_array_get(expected, i), json_array_get(got, i), below, difference)) {
            return true;
        }
    }
    return false;
}

/* What callers store is compared in full; of everything else the members that are expected, since others are no fault. */
static bool differs(const json_t *expected, const json_t *got, const char *where,
                    struct difference *difference) {
    bool has_fields = json_object_get(expected, "status") || json_object_get(expected, "received_at") ||
                      json_object_get(expected, "interrupt") || json_object_get(expected, "interrupts") ||
                      json_object_get(expected, "event_type");
    if (has_fields && json_is_object(got)) {
        return members_differ(expected, got, where, difference);
    }
    if (json_is_array(expected) && json_array_size(expected) == json_array_size(got) && json_is_array(got)) {
        return elements_differ(expected, got, where, difference);
    }
    if (is_same(expected, got)) {
        return false;
    }
    *difference = (struct difference){.expected = expected, .got = got};
    text_put(difference->where, sizeof difference->where, where);
    return true;
}

/* Adds the finding: who did what, and what is expected and got. */
static void part(struct comparison *comparison, const char *who, const struct act *act, const char *where,
                 const char *expected, const char *got) {
    struct text words = {0};
    act_add_words(&words, act);
    review_add(comparison->review, FINDING_MODEL, act->kind <= ACT_GET ? act->slot : SCRIPT_SLOTS_MAX,
               "%s, %s: expected %s%s%s, got %s", who, words.bytes ? words.bytes : "", where,
               *where ? " " : "", expected ? expected : "", got ? got : "");
    text_release(&words);
    comparison->parted = true;
}

/* Which interrupts an answer shows is told by their slots; what it shows of one, by the value. */
static bool is_of_slots(const struct difference *difference) {
    size_t length = strlen(difference->where);
    return strcmp(difference->where, "/interrupts") == 0 || strcmp(difference->where, "/interrupt") == 0 ||
           (length > 3 && strcmp(difference->where + length - 3, "/id") == 0);
}

static void part_slots(struct comparison *comparison, const char *who, const struct act *act,
                       const json_t *expected, const json_t *got) {
    const struct stage *stage = &comparison->performance->stage;
    struct text should = {0}, is = {0};
    outcome_add_word(&should, stage, act, &(struct outcome){.end = ACT_DONE, .result = (json_t *)expected});
    outcome_add_word(&is, stage, act, &(struct outcome){.end = ACT_DONE, .result = (json_t *)got});
    part(comparison, who, act, "", should.bytes, is.bytes);
    text_release(&should);
    text_release(&is);
}

static void part_values(struct comparison *comparison, const char *who, const struct act *act,
                        const struct difference *difference) {
    char *expected = value_show(difference->expected, SHOWN_BYTES);
    char *got = value_show(difference->got, SHOWN_BYTES);
    part(comparison, who, act, difference->where, expected, got);
    free(expected);
    free(got);
}

static int compare_ids(const void *one, const void *other) {
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* The ids of this script in an answer, sorted, for a sweep tells them in any order. NULL when memory runs out. */
static json_t *sorted_ids(const struct stage *stage, const json_t *answer) {
    const json_t *list = json_object_get(answer, "ids");
    const char **ids = calloc(json_array_size(list) + 1, sizeof *ids);
    json_t *sorted = json_array();
    size_t count = 0, index;
    json_t *id;
    bool whole = ids && sorted;
    json_array_foreach(list, index, id) {
        if (ids && stage_find(stage, json_string_value(id)) < SCRIPT_SLOTS_MAX) {
            ids[count++] = json_string_value(id);
        }
    }
    if (ids) {
        qsort(ids, count, sizeof *ids, compare_ids);
    }
    for (size_t i = 0; whole && i < count; i++) {
        whole = json_array_append_new(sorted, json_string(ids[i])) == 0;
    }
    free(ids);
    if (!whole) {
        json_decref(sorted);
        return NULL;
    }
    return sorted;
}

static void compare_sweep(struct comparison *comparison, const char *who, const struct act *act,
                          const json_t *expected, const json_t *got) {
    json_t *wanted = sorted_ids(&comparison->performance->stage, expected);
    json_t *named = sorted_ids(&comparison->performance->stage, got);
    if (!wanted || !named) {
        comparison->status = hp_problem_no_memory(comparison->problem);
    } else if (!value_equals(wanted, named)) {
        json_t *right = json_pack("{s:O}", "ids", wanted);
        json_t *wrong = json_pack("{s:O}", "ids", named);
        part_slots(comparison, who, act, right, wrong);
        json_decref(right);
        json_decref(wrong);
    }
    json_decref(wanted);
    json_decref(named);
}

/* "ok", "conflict:resolved": how an act ended, without what it shows. */
static void put_end(const struct outcome *outcome, char *word, size_t size_bytes) {
    if (outcome->end == ACT_REFUSED) {
        snprintf(word, size_bytes, "%s%s%s", outcome->error_name, outcome->interrupt_status[0] ? ":" : "",
                 outcome->interrupt_status);
    } else {
        snprintf(word, size_bytes, "%s", outcome->end == ACT_SKIPPED ? "nothing to work on" : "ok");
    }
}

static void compare(struct comparison *comparison, const char *who, const struct act *act,
                    const struct forecast *forecast, const struct outcome *outcome) {
    struct outcome right = {.end = forecast->skipped   ? ACT_SKIPPED
                                   : forecast->refused ? ACT_REFUSED
                                                       : ACT_DONE};
    struct difference difference;
    char expected[ADAPTER_NAME_SIZE * 2], got[ADAPTER_NAME_SIZE * 2];
    text_put(right.error_name, sizeof right.error_name, forecast->refused ? forecast->refused : "");
    text_put(right.interrupt_status, sizeof right.interrupt_status,
             forecast->interrupt_status ? forecast->interrupt_status : "");
    put_end(&right, expected, sizeof expected);
    put_end(outcome, got, sizeof got);
    if (outcome->end == ACT_LOST) {
        comparison->parted = true;
    } else if (strcmp(expected, got) != 0) {
        part(comparison, who, act, "", expected, got);
    } else if (act->kind == ACT_SWEEP) {
        compare_sweep(comparison, who, act, forecast->result, outcome->result);
    } else if (forecast->result && differs(forecast->result, outcome->result, "", &difference)) {
        if (is_of_slots(&difference)) {
            part_slots(comparison, who, act, forecast->result, outcome->result);
        } else {
            part_values(comparison, who, act, &difference);
        }
    }
}

/* Without a clock to set, an answer says what the time was. */
static void learn_time(struct comparison *comparison, const struct outcome *outcome) {
    static const char *const times[] = {"/interrupt/resolved_at", "/interrupt/created_at"};
    int64_t now_us;
    for (size_t i = 0; !comparison->performance->stage.has_clock && i < sizeof times / sizeof times[0]; i++) {
        const json_t *time = value_at(outcome->result, times[i]);
        if (json_is_string(time) &&
            hp_instant_parse(json_string_value(time), json_string_length(time), &now_us)) {
            model_set_now(comparison->model, now_us);
            return;
        }
    }
}

static void take_turn(struct comparison *comparison, const char *who, const struct act *act,
                      const struct outcome *outcome) {
    struct forecast forecast;
    if (comparison->parted || comparison->status != HP_OK) {
        return;
    }
    if (act->kind == ACT_CREATE || act->kind == ACT_RESPOND) {
        learn_time(comparison, outcome);
    }
    comparison->status = model_perform(comparison->model, act, outcome->by, &forecast, comparison->problem);
    if (comparison->status == HP_OK) {
        compare(comparison, who, act, &forecast, outcome);
        forecast_release(&forecast);
    }
}

/* "interrupt.checkpoint, interrupt.cancelled" */
static void add_types(struct text *text, const json_t *events) {
    size_t index;
    json_t *event;
    json_array_foreach((json_t *)events, index, event) {
        const char *type = json_string_value(json_object_get(event, "event_type"));
        text_addf(text, "%s%s", index > 0 ? ", " : "", type ? type : "one without a type");
    }
    text_add(text, json_array_size(events) == 0 ? "none" : "");
}

static void part_events(struct comparison *comparison, unsigned slot, const json_t *expected,
                        const json_t *got) {
    struct text should = {0}, are = {0};
    add_types(&should, expected);
    add_types(&are, got);
    review_add(comparison->review, FINDING_MODEL, slot, "the events of #%u: expected %s; got %s", slot,
               should.bytes ? should.bytes : "", are.bytes ? are.bytes : "");
    text_release(&should);
    text_release(&are);
    comparison->parted = true;
}

/* The events of one interrupt, in their order. Without a clock nobody knows their times. */
static void compare_events(struct comparison *comparison, unsigned slot, const json_t *got) {
    const json_t *expected = model_events(comparison->model, slot);
    if (json_array_size(expected) != json_array_size(got)) {
        part_events(comparison, slot, expected, got);
    }
    for (size_t i = 0; !comparison->parted && i < json_array_size(expected); i++) {
        struct difference difference;
        json_t *event = value_copy(json_array_get(expected, i));
        if (!event) {
            comparison->status = hp_problem_no_memory(comparison->problem);
            return;
        }
        if (!comparison->performance->stage.has_clock) {
            json_object_del(event, "timestamp");
        }
        if (differs(event, json_array_get(got, i), "", &difference)) {
            char *wanted = value_show(difference.expected, SHOWN_BYTES);
            char *shown = value_show(difference.got, SHOWN_BYTES);
            review_add(comparison->review, FINDING_MODEL, slot, "event %zu of #%u: expected %s %s, got %s",
                       i + 1, slot, difference.where, wanted ? wanted : "", shown ? shown : "");
            comparison->parted = true;
            free(wanted);
            free(shown);
        }
        json_decref(event);
    }
}

static void compare_all_events(struct comparison *comparison) {
    const struct performance *performance = comparison->performance;
    for (unsigned slot = 0; performance->has_events && slot < performance->stage.slot_count; slot++) {
        json_t *ours = json_array();
        size_t index;
        json_t *event;
        bool whole = ours != NULL;
        json_array_foreach(performance->events, index, event) {
            bool is_about =
                stage_find(&performance->stage, json_string_value(value_at(event, "/data/id"))) == slot;
            whole = whole && (!is_about || json_array_append(ours, event) == 0);
        }
        if (!whole) {
            comparison->status = hp_problem_no_memory(comparison->problem);
        } else if (!comparison->parted && comparison->status == HP_OK) {
            compare_events(comparison, slot, ours);
        }
        json_decref(ours);
    }
}

static void take_client(struct comparison *comparison, size_t client, size_t act) {
    const struct performance *performance = comparison->performance;
    char who[64];
    snprintf(who, sizeof who, "client %zu, act %zu", client + 1, act + 1);
    take_turn(comparison, who, &performance->stage.script->clients[client].acts[act],
              &performance->outcomes[client][act]);
}

static void take_clients_in_turn(struct comparison *comparison) {
    const struct script *script = comparison->performance->stage.script;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            take_client(comparison, i, j);
        }
    }
}

static bool is_modelled(const struct script *script) {
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            if (script->clients[i].acts[j].kind >= ACT_MODELLED) {
                return false;
            }
        }
    }
    return true;
}

enum hp_status model_review(const struct performance *performance, const struct turn *turns,
                            size_t turn_count, struct review *review, struct hp_problem *problem) {
    const struct script *script = performance->stage.script;
    struct comparison comparison = {.performance = performance,
                                    .model = model_new(&performance->stage),
                                    .review = review,
                                    .problem = problem};
    if (comparison.model && !is_modelled(script)) {
        model_free(comparison.model);
        return HP_OK;
    }
    if (!comparison.model) {
        return hp_problem_no_memory(problem);
    }
    for (unsigned i = 0; i < script->seed_count; i++) {
        const struct act act = {.kind = ACT_CREATE, .slot = i, .seed = script->seeds[i]};
        take_turn(&comparison, "the set-up", &act, &performance->seeding[i]);
    }
    for (size_t i = 0; turns && i < turn_count; i++) {
        take_client(&comparison, turns[i].client, turns[i].act);
    }
    if (!turns) {
        take_clients_in_turn(&comparison);
    }
    for (unsigned i = 0; i < performance->stage.slot_count; i++) {
        const struct act act = {.kind = ACT_GET, .slot = i};
        take_turn(&comparison, "the closing read", &act, &performance->closing[i]);
    }
    compare_all_events(&comparison);
    model_free(comparison.model);
    return comparison.status == HP_OK && review->failed ? hp_problem_no_memory(problem) : comparison.status;
}
