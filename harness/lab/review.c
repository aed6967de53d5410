#include "harness/lab/review.h"

#include "harness/base/value.h"
#include "harness/lab/review_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FINDINGS_MAX = 100 };

static const char *const class_names[] = {
    [FINDING_ORDER] = "order", [FINDING_FIELD] = "field", [FINDING_EVENT] = "event",
    [FINDING_ID] = "id",       [FINDING_LIST] = "list",   [FINDING_ANSWER] = "answer",
    [FINDING_FLOW] = "flow",   [FINDING_LIMIT] = "limit", [FINDING_MODEL] = "model"};

const char *finding_class_name(enum finding_class class) {
    return class_names[class];
}

bool finding_class_from_name(const char *name, enum finding_class *class) {
    for (unsigned i = 0; i < FINDING_CLASSES; i++) {
        if (strcmp(class_names[i], name) == 0) {
            *class = (enum finding_class)i;
            return true;
        }
    }
    return false;
}

static struct finding *add_finding(struct review *review, enum finding_class class, unsigned slot) {
    if (review->count == review->room) {
        size_t room = review->room ? review->room * 2 : 4;
        struct finding *findings = realloc(review->findings, room * sizeof *findings);
        if (!findings) {
            review->failed = true;
            return NULL;
        }
        review->findings = findings;
        review->room = room;
    }
    struct finding *finding = &review->findings[review->count++];
    *finding = (struct finding){.class = class, .slot = slot, .key = SIZE_MAX};
    return finding;
}

void review_add(struct review *review, enum finding_class class, unsigned slot, const char *format, ...) {
    struct finding *finding = review->count < FINDINGS_MAX ? add_finding(review, class, slot) : NULL;
    if (finding) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(finding->sentence, sizeof finding->sentence, format, arguments);
        va_end(arguments);
        text_trim_partial(finding->sentence);
    }
}

void review_visit(const struct performance *performance, outcome_visit visit, struct review *review) {
    const struct script *script = performance->stage.script;
    for (unsigned i = 0; i < script->seed_count; i++) {
        const struct act act = {.kind = ACT_CREATE, .slot = i, .seed = script->seeds[i]};
        visit(performance, &act, &performance->seeding[i], review);
    }
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            visit(performance, &script->clients[i].acts[j], &performance->outcomes[i][j], review);
        }
    }
    for (unsigned i = 0; i < performance->stage.slot_count; i++) {
        const struct act act = {.kind = ACT_GET, .slot = i};
        visit(performance, &act, &performance->closing[i], review);
    }
}

const char *review_status(const json_t *interrupt) {
    const char *status = json_string_value(json_object_get(interrupt, "status"));
    return status ? status : "";
}

unsigned review_slot(const struct performance *performance, const json_t *interrupt) {
    return stage_find(&performance->stage, json_string_value(json_object_get(interrupt, "id")));
}

const json_t *review_final(const struct performance *performance, unsigned slot) {
    const json_t *interrupt = json_object_get(performance->closing[slot].result, "interrupt");
    return json_is_object(interrupt) ? interrupt : NULL;
}

const json_t *review_ended(const struct performance *performance, unsigned slot) {
    const struct script *script = performance->stage.script;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            bool ends = act->kind == ACT_RESPOND || act->kind == ACT_CANCEL;
            const json_t *left = json_object_get(performance->outcomes[i][j].result, "interrupt");
            if (ends && act->slot == slot && json_is_object(left)) {
                return left;
            }
        }
    }
    return NULL;
}

const struct outcome *review_creation(const struct performance *performance, unsigned slot) {
    const struct script *script = performance->stage.script;
    if (slot < script->seed_count) {
        return &performance->seeding[slot];
    }
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            if (act->kind == ACT_CREATE && act->slot == slot) {
                return &performance->outcomes[i][j];
            }
        }
    }
    return NULL;
}

const json_t *review_created(const struct performance *performance, unsigned slot) {
    const struct outcome *creation = review_creation(performance, slot);
    return creation ? json_object_get(creation->result, "interrupt") : NULL;
}

/* One interrupt's operations against the checker. */
static enum hp_status check_key(const struct performance *performance, size_t key, struct review *review,
                                struct hp_problem *problem) {
    const struct history *history = &performance->history;
    unsigned slot = stage_find(&performance->stage, history_key_name(history, key));
    const struct linearize_options options = {
        .clock_error_ns =
            slot < performance->stage.slot_count ? performance_clock_error_ns(performance, slot) : 0};
    struct linearizer *linearizer = linearizer_new(&options);
    struct judgement judgement;
    if (!linearizer) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = linearizer_check(linearizer, history, key, &judgement, problem);
    linearizer_free(linearizer);
    if (status == HP_OK && judgement.linearity == UNDECIDED) {
        review->undecided = true;
    }
    if (status == HP_OK && judgement.linearity == VIOLATION) {
        struct finding *finding = add_finding(review, FINDING_ORDER, slot);
        if (finding) {
            finding->key = key;
            finding->judgement = judgement;
            text_put(finding->sentence, sizeof finding->sentence, judgement.reason);
        }
    }
    return status;
}

static enum hp_status review_order(const struct performance *performance, struct review *review,
                                   struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (size_t key = 0; status == HP_OK && key < performance->history.key_count; key++) {
        status = check_key(performance, key, review, problem);
    }
    return status;
}

/* Two creations with one id: the slots know whose they are. */
static void review_ids(const struct performance *performance, struct review *review) {
    const struct stage *stage = &performance->stage;
    for (unsigned i = 0; i < stage->slot_count; i++) {
        for (unsigned j = i + 1; j < stage->slot_count && stage->slots[i].id[0]; j++) {
            if (strcmp(stage->slots[i].id, stage->slots[j].id) == 0) {
                review_add(review, FINDING_ID, j, "the creations of #%u and #%u were both given the id %s", i,
                           j, stage->slots[i].id);
            }
        }
    }
}

static bool is_wanted(unsigned classes, enum finding_class class) {
    return classes == 0 || (classes & 1u << class);
}

enum hp_status review_make(const struct performance *performance, unsigned classes, struct review *review,
                           struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    *review = (struct review){0};
    if (is_wanted(classes, FINDING_ID)) {
        review_ids(performance, review);
    }
    if (is_wanted(classes, FINDING_ORDER)) {
        status = review_order(performance, review, problem);
    }
    if (is_wanted(classes, FINDING_FIELD)) {
        review_fields(performance, review);
    }
    if (is_wanted(classes, FINDING_EVENT) && performance->has_events) {
        review_events(performance, review);
    }
    if (is_wanted(classes, FINDING_LIST)) {
        review_lists(performance, review);
    }
    if (is_wanted(classes, FINDING_ANSWER)) {
        review_answers(performance, review);
    }
    if (is_wanted(classes, FINDING_FLOW)) {
        review_flows(performance, review);
    }
    if (is_wanted(classes, FINDING_LIMIT)) {
        review_limits(performance, review);
    }
    return status == HP_OK && review->failed ? hp_problem_no_memory(problem) : status;
}

void review_release(struct review *review) {
    free(review->findings);
    *review = (struct review){0};
}

const struct finding *review_find(const struct review *review, enum finding_class class) {
    for (size_t i = 0; i < review->count; i++) {
        if (review->findings[i].class == class) {
            return &review->findings[i];
        }
    }
    return NULL;
}
