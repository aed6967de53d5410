#include "harness/base/method.h"
#include "harness/base/suggest.h"
#include "harness/base/value.h"
#include "harness/case/expand.h"
#include "harness/case/expectation.h"
#include "harness/case/load_parts.h"
#include "harness/case/play.h"
#include "reference/base/instant.h"

#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *source, const char *key) {
    return json_string_value(json_object_get(source, key));
}

void need_add(struct case_body *body, const char *capability) {
    for (size_t i = 0; i < body->need_count; i++) {
        if (strcmp(body->needs[i], capability) == 0) {
            return;
        }
    }
    if (body->need_count < NEEDS_MAX) {
        body->needs[body->need_count++] = capability;
    }
}

static enum hp_status refuse_requirement(struct case_loader *loader, const char *id,
                                         const struct place *place) {
    const struct suite *suite = loader->suite;
    const char **known = calloc(suite->requirement_count, sizeof *known);
    if (!known) {
        return hp_problem_no_memory(loader->problem);
    }
    for (size_t i = 0; i < suite->requirement_count; i++) {
        known[i] = suite->requirements[i].id;
    }
    const char *nearest = suggest_nearest(id, known, suite->requirement_count);
    enum hp_status status =
        place_refuse(place, loader->problem, "requirements.json has no %s%s%s%s", id,
                     nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    free(known);
    return status;
}

static enum hp_status add_requirement(struct case_loader *loader, struct step *step, const json_t *id,
                                      const struct place *place) {
    const char *text = json_string_value(id);
    const struct requirement *requirement = suite_requirement(loader->suite, text);
    if (!requirement) {
        return refuse_requirement(loader, text, place);
    }
    if (requirement->excluded) {
        return place_refuse(place, loader->problem, "%s is excluded: %s", text, requirement->excluded);
    }
    step->requirements[step->requirement_count++] = requirement;
    return HP_OK;
}

static enum hp_status load_requirements(struct case_loader *loader, struct step *step, const json_t *source,
                                        const struct place *parent) {
    const struct place place = {parent, "requirement", 0};
    const json_t *named = json_object_get(source, "requirement");
    if (json_is_string(named)) {
        return add_requirement(loader, step, named, &place);
    }
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < json_array_size(named); i++) {
        const struct place below = {&place, NULL, i};
        status = add_requirement(loader, step, json_array_get(named, i), &below);
    }
    return status;
}

/* Makes the names that a step binds known from here on. */
static enum hp_status add_names(struct case_loader *loader, const struct step *step,
                                const struct place *parent) {
    struct surroundings *surroundings = &loader->surroundings;
    const struct place place = {parent, "bind", 0};
    const char *name;
    json_t *pointer;
    json_object_foreach(step->bind, name, pointer) {
        bool known = false;
        for (size_t i = 0; i < surroundings->name_count && !known; i++) {
            known = strcmp(surroundings->names[i], name) == 0;
        }
        if (known) {
            continue;
        }
        if (surroundings->name_count == SCOPE_BINDINGS_MAX) {
            return place_refuse(&place, loader->problem, "more than %d names in one case",
                                SCOPE_BINDINGS_MAX);
        }
        loader->names[surroundings->name_count++] = name;
    }
    return HP_OK;
}

static enum hp_status load_expectation(struct case_loader *loader, struct step *step,
                                       const struct place *parent) {
    const struct place place = {parent, "expect", 0};
    struct matcher *matcher = NULL;
    if (!step->expect) {
        return HP_OK;
    }
    enum hp_status status =
        expectation_compile(step->expect, &loader->surroundings, &place, &matcher, loader->problem);
    step->expectation = matcher;
    return status;
}

/* A name that a step binds first may stand in the step's own expectation, unless it collects a list. */
static enum hp_status load_outcome(struct case_loader *loader, struct step *step, const json_t *source,
                                   const struct place *place) {
    step->expect = json_object_get(source, "expect");
    step->bind = json_object_get(source, "bind");
    step->note = text_of(source, "note");
    if (step->refused && (step->expect || step->bind)) {
        return place_refuse(place, loader->problem, "a refusal has neither expect nor bind");
    }
    enum hp_status status = step->times == 1 ? add_names(loader, step, place) : HP_OK;
    if (status == HP_OK) {
        status = load_expectation(loader, step, place);
    }
    if (status == HP_OK) {
        status = add_names(loader, step, place);
    }
    return status == HP_OK ? load_requirements(loader, step, source, place) : status;
}

static enum hp_status load_params(struct case_loader *loader, struct step *step, const json_t *source,
                                  const struct place *parent) {
    const struct place args = {parent, "args", 0};
    const struct place raw = {parent, "raw", 0};
    struct template *template = NULL;
    step->args = json_object_get(source, "args");
    step->raw = text_of(source, "raw");
    if (!step->args == !step->raw) {
        return place_refuse(parent, loader->problem, "expected either args or raw");
    }
    enum hp_status status =
        step->args
            ? template_compile(step->args, &loader->surroundings, &args, true, &template, loader->problem)
            : template_compile_raw(step->raw, &loader->surroundings, &raw, &template, loader->problem);
    step->params = template;
    return status;
}

static enum hp_status load_refusal(struct case_loader *loader, struct step *step, const json_t *refused,
                                   const struct place *parent) {
    const struct place place = {parent, "refused", 0};
    const struct place below = {&place, "hides", 0};
    const json_t *hides = json_object_get(refused, "hides");
    struct template *template = NULL;
    step->refused = json_is_string(refused) ? json_string_value(refused) : text_of(refused, "name");
    step->refused_status = text_of(refused, "interrupt_status");
    step->refused_field = text_of(refused, "field");
    if (!hides) {
        return HP_OK;
    }
    enum hp_status status =
        template_compile(hides, &loader->surroundings, &below, false, &template, loader->problem);
    step->refused_hides = template;
    return status;
}

static enum hp_status load_call(struct case_loader *loader, const json_t *source, struct step *step,
                                const struct place *place) {
    const struct place op = {place, "op", 0};
    const json_t *times = json_object_get(source, "times");
    step->kind = STEP_CALL;
    step->name = text_of(source, "name");
    step->method = text_of(source, "op");
    step->times = times ? (unsigned)json_number_value(times) : 1;
    step->endpoint = (unsigned)json_number_value(json_object_get(source, "endpoint"));
    const char *capability = method_capability(step->method);
    if (!capability) {
        const char *nearest = method_nearest(step->method);
        return place_refuse(&op, loader->problem, "%s is no method for cases%s%s%s", step->method,
                            nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    }
    need_add(loader->body, capability);
    if (step->endpoint >= loader->body->endpoints) {
        loader->body->endpoints = step->endpoint + 1;
    }
    enum hp_status status = load_refusal(loader, step, json_object_get(source, "refused"), place);
    if (status == HP_OK) {
        status = load_params(loader, step, source, place);
    }
    return status == HP_OK ? load_outcome(loader, step, source, place) : status;
}

static enum hp_status load_play(struct case_loader *loader, const json_t *source, struct step *step,
                                const struct place *place) {
    const struct place play = {place, "play", 0};
    step->kind = STEP_PLAY;
    step->name = text_of(source, "name");
    step->method = text_of(source, "play");
    step->times = 1;
    const char *capability = play_capability(step->method);
    if (!capability) {
        const char *nearest = play_nearest(step->method);
        return place_refuse(&play, loader->problem, "%s is no play%s%s%s", step->method,
                            nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    }
    need_add(loader->body, capability);
    enum hp_status status = load_params(loader, step, source, place);
    return status == HP_OK ? load_outcome(loader, step, source, place) : status;
}

static enum hp_status load_clock(struct case_loader *loader, const json_t *source, struct step *step,
                                 const struct place *parent) {
    const struct place place = {parent, "clock", 0};
    int64_t ignored;
    step->kind = STEP_CLOCK;
    step->times = 1;
    step->clock = json_object_get(source, "clock");
    step->note = text_of(source, "note");
    if (!loader->body->wall_clock) {
        need_add(loader->body, "clock");
    }
    if (json_is_number(step->clock)) {
        return seconds_to_us(step->clock, &ignored)
                   ? HP_OK
                   : place_refuse(&place, loader->problem, "so many seconds lead out of the calendar");
    }
    if (!loader->body->fixed) {
        return place_refuse(&place, loader->problem,
                            "an instant is for cases with \"fixed\": true; write seconds after start");
    }
    return hp_instant_parse(json_string_value(step->clock), json_string_length(step->clock), &ignored)
               ? HP_OK
               : place_refuse(&place, loader->problem, "expected an RFC 3339 time with an offset");
}

/* Finds the refused step that a twin repeats. */
static enum hp_status find_base(struct case_loader *loader, const json_t *source, struct step *step,
                                const struct place *parent) {
    const struct place place = {parent, "twin_of", 0};
    const char *name = text_of(source, "twin_of");
    size_t own = (size_t)(step - loader->body->steps);
    for (size_t i = 0; i < own; i++) {
        const struct step *base = &loader->body->steps[i];
        if (base->name && strcmp(base->name, name) == 0) {
            step->twin_of = i;
            return base->refused ? HP_OK
                                 : place_refuse(&place, loader->problem, "the step %s is not refused", name);
        }
    }
    return place_refuse(&place, loader->problem, "no earlier step has the name %s", name);
}

static enum hp_status load_twin(struct case_loader *loader, const json_t *source, struct step *step,
                                const struct place *place) {
    step->kind = STEP_TWIN;
    step->times = 1;
    enum hp_status status = find_base(loader, source, step, place);
    if (status == HP_OK) {
        const struct step *base = &loader->body->steps[step->twin_of];
        step->method = base->method;
        step->endpoint = base->endpoint;
        status = twin_load(loader, source, step, place);
    }
    return status == HP_OK ? load_outcome(loader, step, source, place) : status;
}

static enum hp_status refuse_same_name(struct case_loader *loader, const struct step *step,
                                       const struct place *parent) {
    const struct place place = {parent, "name", 0};
    for (const struct step *other = loader->body->steps; other < step; other++) {
        if (step->name && other->name && strcmp(other->name, step->name) == 0) {
            return place_refuse(&place, loader->problem, "two steps have the name %s", step->name);
        }
    }
    return HP_OK;
}

static enum hp_status load_step(struct case_loader *loader, const json_t *source, struct step *step,
                                const struct place *place) {
    enum hp_status status;
    if (json_object_get(source, "clock")) {
        status = load_clock(loader, source, step, place);
    } else if (json_object_get(source, "twin_of")) {
        status = load_twin(loader, source, step, place);
    } else if (json_object_get(source, "play")) {
        status = load_play(loader, source, step, place);
    } else {
        status = load_call(loader, source, step, place);
    }
    return status == HP_OK ? refuse_same_name(loader, step, place) : status;
}

enum hp_status steps_load(struct case_loader *loader) {
    const struct place steps = {&loader->place, "steps", 0};
    const json_t *sources = json_object_get(loader->source, "steps");
    size_t count = json_array_size(sources);
    struct case_body *body = loader->body;
    body->steps = calloc(count, sizeof *body->steps);
    if (!body->steps) {
        return hp_problem_no_memory(loader->problem);
    }
    body->step_count = count;
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        const struct place place = {&steps, NULL, i};
        status = load_step(loader, json_array_get(sources, i), &body->steps[i], &place);
    }
    return status;
}
