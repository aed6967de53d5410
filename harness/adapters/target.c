#include "harness/adapters/adapter.h"
#include "harness/adapters/in_process.h"
#include "harness/adapters/null.h"
#include "harness/adapters/stdio.h"

#include <string.h>

static enum hp_status make_memory(const char *rest, unsigned timeout_ms, struct target **target,
                                  struct hp_problem *problem) {
    (void)rest;
    (void)timeout_ms;
    *target = in_process_memory_new();
    return *target ? HP_OK : hp_problem_no_memory(problem);
}

static enum hp_status make_stdio(const char *rest, unsigned timeout_ms, struct target **target,
                                 struct hp_problem *problem) {
    if (rest[strspn(rest, " \t")] == '\0') {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "the target stdio: names no command; write stdio:'python3 my_adapter.py'");
    }
    *target = stdio_new(rest, timeout_ms);
    return *target ? HP_OK : hp_problem_no_memory(problem);
}

static enum hp_status make_null(const char *rest, unsigned timeout_ms, struct target **target,
                                struct hp_problem *problem) {
    (void)timeout_ms;
    return null_new(rest, target, problem);
}

/* Every form that a command line may name. One that ends with a colon takes what follows it. */
static const struct form {
    const char *name;
    const char *shown;
    enum hp_status (*make)(const char *rest, unsigned timeout_ms, struct target **target,
                           struct hp_problem *problem);
} forms[] = {{"memory", "memory", make_memory},
             {"stdio:", "stdio:COMMAND", make_stdio},
             {"null:", "null:NAME", make_null}};

enum { FORM_COUNT = sizeof forms / sizeof forms[0], NEAREST_MAX = 64 };

static bool form_matches(const struct form *form, const char *name) {
    size_t length = strlen(form->name);
    return form->name[length - 1] == ':' ? strncmp(form->name, name, length) == 0
                                         : strcmp(form->name, name) == 0;
}

static size_t smallest(size_t one, size_t two, size_t three) {
    size_t least = one < two ? one : two;
    return least < three ? least : three;
}

/* How many letters must be put in, taken out or changed (Levenshtein); text past NEAREST_MAX is not looked
 * at. */
static size_t edit_distance(const char *from, size_t from_length, const char *to, size_t to_length) {
    size_t row[NEAREST_MAX + 1];
    from_length = from_length < NEAREST_MAX ? from_length : NEAREST_MAX;
    to_length = to_length < NEAREST_MAX ? to_length : NEAREST_MAX;
    for (size_t j = 0; j <= to_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= from_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= to_length; j++) {
            size_t above = row[j];
            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (from[i - 1] != to[j - 1]));
            diagonal = above;
        }
    }
    return row[to_length];
}

/* The form whose first part is most like that of the name. */
static const struct form *nearest_form(const char *name) {
    const struct form *nearest = &forms[0];
    size_t least = NEAREST_MAX + 1;
    for (size_t i = 0; i < FORM_COUNT; i++) {
        size_t distance = edit_distance(name, strcspn(name, ":"), forms[i].name, strcspn(forms[i].name, ":"));
        if (distance < least) {
            least = distance;
            nearest = &forms[i];
        }
    }
    return nearest;
}

enum hp_status target_from_name(const char *name, unsigned timeout_ms, struct target **target,
                                struct hp_problem *problem) {
    struct text known = {0};
    for (size_t i = 0; i < FORM_COUNT; i++) {
        if (form_matches(&forms[i], name)) {
            text_release(&known);
            return forms[i].make(name + strlen(forms[i].name), timeout_ms, target, problem);
        }
        text_addf(&known, "%s%s", i > 0 ? ", " : "", forms[i].shown);
    }
    hp_problem_set(problem, HP_INVALID, NULL, "there is no target \"%.80s\"; known are %s; nearest is %s",
                   name, known.bytes ? known.bytes : "", nearest_form(name)->shown);
    text_release(&known);
    return HP_INVALID;
}
