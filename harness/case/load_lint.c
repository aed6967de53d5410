#include "harness/base/value.h"
#include "harness/case/load_parts.h"
#include "reference/base/instant.h"

#include <string.h>

/* Looks for {run} anywhere in a template: a generator may hold it. */
static bool holds_run(const json_t *template) {
    const char *key;
    json_t *member;
    size_t index;
    if (json_is_string(template)) {
        return strstr(json_string_value(template), "{run}") != NULL;
    }
    json_object_foreach((json_t *)template, key, member) {
        if (holds_run(member)) {
            return true;
        }
    }
    json_array_foreach((json_t *)template, index, member) {
        if (holds_run(member)) {
            return true;
        }
    }
    return false;
}

/* What is no text at all cannot be accepted as an id anyway. */
static bool lacks_run(const json_t *id) {
    return (json_is_string(id) || json_is_object(id)) && !holds_run(id);
}

/* True when a bound id is taken from rows one of which lacks {run}. What a step has bound is no fault: an
 * earlier creation was checked for it. */
static bool some_row_lacks_run(const struct case_loader *loader, const struct reference *reference) {
    const char *row_name;
    json_t *row;
    json_object_foreach((json_t *)loader->rows, row_name, row) {
        const json_t *value = json_object_getn(row, reference->name, reference->name_length);
        if (lacks_run(value_at(value, reference->pointer))) {
            return true;
        }
    }
    return false;
}

/* True when an id can be that of another case's row too. */
static bool can_be_shared(const struct case_loader *loader, const json_t *id) {
    struct reference reference;
    return json_is_string(id) && reference_read(json_string_value(id), json_string_length(id), &reference)
               ? some_row_lacks_run(loader, &reference)
               : lacks_run(id);
}

/* What a step would create with; NULL when it is no creation. By HTTP those of the body that are there. */
static const json_t *creation_of(const struct step *step) {
    if (strcmp(step->method, "http.request") == 0) {
        return json_object_get(step->args, "json");
    }
    return strcmp(step->method, "interrupt.create") == 0 ? step->args : NULL;
}

/* The ids of an accepted creation must hold {run}. */
static enum hp_status lint_creation(struct case_loader *loader, const struct step *step,
                                    const struct place *place) {
    static const char *const keys[] = {"user_id", "session_id", "request_id"};
    const json_t *creation = creation_of(step);
    if (step->refused) {
        return HP_OK;
    }
    if (step->raw && strcmp(step->method, "interrupt.create") == 0) {
        return strstr(step->raw, "{run}")
                   ? HP_OK
                   : place_refuse(place, loader->problem, "the ids of a creation must hold {run}");
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (can_be_shared(loader, json_object_get(creation, keys[i]))) {
            return place_refuse(
                place, loader->problem,
                "the %s of a creation must hold {run}, so that cases do not see each other's rows", keys[i]);
        }
    }
    return HP_OK;
}

static enum hp_status lint_refusal(struct case_loader *loader, size_t at, const struct place *place) {
    const struct case_body *body = loader->body;
    if (!body->steps[at].refused) {
        return HP_OK;
    }
    for (size_t i = at + 1; i < body->step_count; i++) {
        if (body->steps[i].kind == STEP_TWIN && body->steps[i].twin_of == at) {
            return HP_OK;
        }
    }
    return place_refuse(
        place, loader->problem,
        "a refused step needs a twin later in its case: {\"twin_of\": its name, \"set\": {...}}");
}

/* Within a case the clock goes on: a target may refuse to set it back. */
static enum hp_status lint_clock(struct case_loader *loader, const struct step *step,
                                 const struct place *place, int64_t *clock_us) {
    int64_t next_us = 0;
    if (step->kind != STEP_CLOCK) {
        return HP_OK;
    }
    if (json_is_number(step->clock)) {
        seconds_to_us(step->clock, &next_us);
        next_us += loader->body->start_us;
    } else {
        hp_instant_parse(json_string_value(step->clock), json_string_length(step->clock), &next_us);
    }
    if (next_us < *clock_us) {
        return place_refuse(place, loader->problem, "the clock would go back");
    }
    if (next_us > HP_INSTANT_MAX) {
        return place_refuse(place, loader->problem, "the clock would pass the year 9999");
    }
    *clock_us = next_us;
    return HP_OK;
}

static enum hp_status lint_steps(struct case_loader *loader) {
    const struct place steps = {&loader->place, "steps", 0};
    int64_t clock_us = loader->body->start_us;
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < loader->body->step_count; i++) {
        const struct step *step = &loader->body->steps[i];
        const struct place place = {&steps, NULL, i};
        status = lint_clock(loader, step, &place, &clock_us);
        if (status == HP_OK && step->kind != STEP_CLOCK) {
            status = lint_creation(loader, step, &place);
        }
        if (status == HP_OK) {
            status = lint_refusal(loader, i, &place);
        }
    }
    return status;
}

/* The level of a case is that of at least one of the requirements that it proves. */
static enum hp_status lint_level(struct case_loader *loader) {
    const char *level = json_string_value(json_object_get(loader->source, "level"));
    const char *other = NULL;
    for (size_t i = 0; i < loader->body->step_count; i++) {
        const struct step *step = &loader->body->steps[i];
        for (size_t j = 0; j < step->requirement_count; j++) {
            if (strcmp(step->requirements[j]->level, level) == 0) {
                return HP_OK;
            }
            other = step->requirements[j]->level;
        }
    }
    if (!other) {
        return place_refuse(&loader->place, loader->problem,
                            "no step names a requirement, so the case proves nothing");
    }
    return place_refuse(&loader->place, loader->problem, "the case is %s, but all its requirements are %s",
                        level, other);
}

static enum hp_status lint_start(struct case_loader *loader) {
    bool start = json_object_get(loader->source, "start") != NULL;
    if (loader->body->wall_clock && (start || loader->body->fixed)) {
        return place_refuse(&loader->place, loader->problem,
                            "a wall_clock case begins whenever it is run: it has neither start nor fixed");
    }
    return HP_OK;
}

enum hp_status case_lint(struct case_loader *loader) {
    enum hp_status status = lint_start(loader);
    if (status == HP_OK) {
        status = lint_steps(loader);
    }
    return status == HP_OK ? lint_level(loader) : status;
}
