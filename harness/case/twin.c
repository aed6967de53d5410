#include "harness/base/value.h"
#include "harness/case/expand.h"
#include "harness/case/load_parts.h"

#include <stdlib.h>
#include <string.h>

/* One change under way: where the case writes it, and where it leads. */
struct change {
    struct case_loader *loader;
    const struct place *place;
    const char *pointer;
};

/* Takes one token of a pointer without its escapes; the caller frees it. */
static char *take_token(const char **pointer) {
    struct text token = {0};
    const char *at = *pointer + 1;
    for (; *at && *at != '/'; at++) {
        if (*at == '~') {
            at++;
            text_add_byte(&token, *at == '0' ? '~' : '/');
        } else {
            text_add_byte(&token, *at);
        }
    }
    *pointer = at;
    return text_take(&token);
}

/* A shallow copy whose member or element under the token is replaced; a NULL value removes it. Takes value
 * over in every case. */
static json_t *with_child(const json_t *parent, const char *token, json_t *value) {
    json_t *copy = value_copy(parent);
    int failed = copy == NULL;
    if (!failed && json_is_object(copy)) {
        failed = value ? json_object_set_nocheck(copy, token, value) : json_object_del(copy, token);
    } else if (!failed) {
        size_t index = (size_t)strtoul(token, NULL, 10);
        failed = value ? json_array_set(copy, index, value) : json_array_remove(copy, index);
    }
    json_decref(value);
    if (failed) {
        json_decref(copy);
        return NULL;
    }
    return copy;
}

/* The value with what the pointer leads to set or, with NULL, removed. NULL when memory runs out. */
static json_t *changed(const json_t *root, const char *pointer, json_t *value) {
    if (!*pointer) {
        return json_incref(value);
    }
    char *token = take_token(&pointer);
    if (!token) {
        return NULL;
    }
    const json_t *child = json_is_array(root) ? json_array_get(root, (size_t)strtoul(token, NULL, 10))
                                              : json_object_get(root, token);
    json_t *inner = *pointer ? changed(child, pointer, value) : json_incref(value);
    json_t *result = inner || (!*pointer && !value) ? with_child(root, token, inner) : NULL;
    free(token);
    return result;
}

/* The pointer's parent must be there, and a change must change something. */
static enum hp_status check_change(struct change *change, const json_t *args, const json_t *value) {
    struct hp_problem *problem = change->loader->problem;
    const char *last = strrchr(change->pointer, '/');
    if (!last) {
        return place_refuse(change->place, problem, "a twin differs in one member, not in all");
    }
    char *parent_pointer = text_copy_bytes(change->pointer, (size_t)(last - change->pointer));
    if (!parent_pointer) {
        return hp_problem_no_memory(problem);
    }
    const json_t *parent = value_at(args, parent_pointer);
    free(parent_pointer);
    const json_t *old = value_at(args, change->pointer);
    if (!json_is_object(parent) && !(json_is_array(parent) && old)) {
        return place_refuse(change->place, problem,
                            "%s leads nowhere in the args of the step that it repeats", change->pointer);
    }
    if (!value && !old) {
        return place_refuse(change->place, problem, "there is no %s to remove", change->pointer);
    }
    if (value && value_equals(old, value)) {
        return place_refuse(change->place, problem,
                            "the twin changes nothing: %s has this value in the refused call too",
                            change->pointer);
    }
    return HP_OK;
}

static enum hp_status change_args(struct case_loader *loader, struct step *step, const struct step *base,
                                  const struct place *place) {
    struct change change = {loader, place, step->twin_pointer};
    struct template *template = NULL;
    enum hp_status status = check_change(&change, base->args, step->twin_value);
    if (status != HP_OK) {
        return status;
    }
    step->args = changed(base->args, step->twin_pointer, step->twin_value);
    if (!step->args) {
        return hp_problem_no_memory(loader->problem);
    }
    status = template_compile(step->args, &loader->surroundings, place, true, &template, loader->problem);
    step->params = template;
    return status;
}

static enum hp_status change_raw(struct case_loader *loader, struct step *step, const struct step *base,
                                 const struct place *parent) {
    const struct place place = {parent, "raw", 0};
    struct template *template = NULL;
    if (!step->raw) {
        return place_refuse(parent, loader->problem, "the twin of a raw step has raw");
    }
    if (strcmp(step->raw, base->raw) == 0) {
        return place_refuse(&place, loader->problem, "the twin changes nothing");
    }
    enum hp_status status =
        template_compile_raw(step->raw, &loader->surroundings, &place, &template, loader->problem);
    step->params = template;
    return status;
}

enum hp_status twin_load(struct case_loader *loader, const json_t *source, struct step *step,
                         const struct place *parent) {
    const struct step *base = &loader->body->steps[step->twin_of];
    const json_t *set = json_object_get(source, "set");
    const json_t *remove = json_object_get(source, "remove");
    step->raw = json_string_value(json_object_get(source, "raw"));
    if ((set != NULL) + (remove != NULL) + (step->raw != NULL) != 1) {
        return place_refuse(parent, loader->problem, "a twin has exactly one of set, remove and raw");
    }
    if (base->raw) {
        return change_raw(loader, step, base, parent);
    }
    if (step->raw) {
        return place_refuse(parent, loader->problem, "raw is for the twin of a raw step");
    }
    const struct place place = {parent, set ? "set" : "remove", 0};
    step->twin_pointer =
        set ? json_object_iter_key(json_object_iter((json_t *)set)) : json_string_value(remove);
    step->twin_value = set ? json_object_get(set, step->twin_pointer) : NULL;
    return change_args(loader, step, base, &place);
}
