#include "harness/adapters/without.h"

#include "harness/adapters/wrap.h"
#include "harness/base/method.h"

#include <stdlib.h>
#include <string.h>

enum { CAPABILITY_NAME_SIZE = 64 };

struct without {
    struct wrap wrap;
    char *list;
};

/* Hands out one name after the other; *at moves behind it. False at the end of the list. */
static bool next_name(const char **at, char name[CAPABILITY_NAME_SIZE]) {
    if (!*at) {
        return false;
    }
    size_t length = strcspn(*at, ",");
    size_t kept = length < CAPABILITY_NAME_SIZE ? length : CAPABILITY_NAME_SIZE - 1;
    memcpy(name, *at, kept);
    name[kept] = '\0';
    *at = (*at)[length] ? *at + length + 1 : NULL;
    return true;
}

static void hide(json_t *capabilities, const char *name) {
    for (size_t i = json_array_size(capabilities); i > 0; i--) {
        const char *declared = json_string_value(json_array_get(capabilities, i - 1));
        if (declared && strcmp(declared, name) == 0) {
            json_array_remove(capabilities, i - 1);
        }
    }
}

static enum hp_status without_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    const char *at = ((const struct without *)target)->list;
    char name[CAPABILITY_NAME_SIZE];
    enum hp_status status = wrap_hello(target, hello, problem);
    while (status == HP_OK && next_name(&at, name)) {
        hide(hello->capabilities, name);
    }
    return status;
}

static void without_free(struct target *target) {
    free(((struct without *)target)->list);
    wrap_free(target);
}

static const struct target_ops without_ops = {without_hello,  wrap_open,    wrap_restart, wrap_take_log,
                                              wrap_reproduce, without_free, wrap_set_gate};

static void add_known(struct text *text) {
    static const char *(*const parts[])(size_t index) = {capability_offered, capability_of_flows,
                                                         capability_over_http};
    const char *comma = "";
    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
        for (size_t i = 0; parts[part](i); i++) {
            text_addf(text, "%s%s", comma, parts[part](i));
            comma = ", ";
        }
    }
}

static enum hp_status check_list(const char *list, struct hp_problem *problem) {
    char name[CAPABILITY_NAME_SIZE];
    while (next_name(&list, name)) {
        if (!capability_is_known(name)) {
            struct text known = {0};
            add_known(&known);
            hp_problem_set(problem, HP_INVALID, NULL, "\"%s\" is no capability; known are %s", name,
                           known.bytes ? known.bytes : "");
            text_release(&known);
            return HP_INVALID;
        }
    }
    return HP_OK;
}

enum hp_status without_new(struct target *inner, const char *list, struct target **target,
                           struct hp_problem *problem) {
    enum hp_status status = check_list(list, problem);
    if (status != HP_OK) {
        return status;
    }
    struct without *without = calloc(1, sizeof *without);
    char *copy = text_copy(list);
    if (!without || !copy) {
        free(without);
        free(copy);
        return hp_problem_no_memory(problem);
    }
    *without = (struct without){{{&without_ops}, inner}, copy};
    *target = &without->wrap.target;
    return HP_OK;
}
