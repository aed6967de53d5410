#include "harness/adapters/adapter.h"
#include "harness/adapters/http.h"
#include "harness/adapters/in_process.h"
#include "harness/adapters/mutant.h"
#include "harness/adapters/null.h"
#include "harness/adapters/profile_target.h"
#include "harness/adapters/second_process.h"
#include "harness/adapters/stdio.h"
#include "harness/base/suggest.h"

#include <string.h>

enum { ATTACHED_SCHEMA_SIZE = 64 };

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

static enum hp_status make_postgres(const char *rest, unsigned timeout_ms, struct target **target,
                                    struct hp_problem *problem) {
    struct target *inner = NULL;
    enum hp_status status = in_process_postgres_new(*rest ? rest : NULL, &inner, problem);
    if (status == HP_OK) {
        status = second_process_new(inner, timeout_ms, target, problem);
    }
    if (status != HP_OK) {
        target_free(inner);
    }
    return status;
}

static enum hp_status make_postgres_at(const char *rest, unsigned timeout_ms, struct target **target,
                                       struct hp_problem *problem) {
    if (rest[strspn(rest, " \t")] == '\0') {
        return hp_problem_set(
            problem, HP_INVALID, NULL,
            "the target postgres: names no database; write postgres:'host=/run/postgresql dbname=test'");
    }
    return make_postgres(rest, timeout_ms, target, problem);
}

static enum hp_status make_served(const char *rest, unsigned timeout_ms, struct target **target,
                                  struct hp_problem *problem) {
    (void)rest;
    return http_reference_new("memory", timeout_ms, target, problem);
}

static bool is_url(const char *text) {
    return strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
}

static enum hp_status make_at(const char *url, unsigned timeout_ms, struct target **target,
                              struct hp_problem *problem) {
    struct profile *profile = NULL;
    enum hp_status status = profile_of_contract(url, NULL, &profile, problem);
    if (status != HP_OK) {
        return status;
    }
    *target = http_new(profile, timeout_ms);
    if (!*target) {
        profile_free(profile);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

/* A URL, which may stand there without its "http:" before it, or a store of our own. */
static enum hp_status make_http(const char *rest, unsigned timeout_ms, struct target **target,
                                struct hp_problem *problem) {
    const char *url = strncmp(rest, "//", 2) == 0 ? rest - strlen("http:") : rest;
    return is_url(url) ? make_at(url, timeout_ms, target, problem)
                       : http_reference_new(rest, timeout_ms, target, problem);
}

static enum hp_status make_https(const char *rest, unsigned timeout_ms, struct target **target,
                                 struct hp_problem *problem) {
    return make_at(rest - strlen("https:"), timeout_ms, target, problem);
}

static enum hp_status make_profile(const char *rest, unsigned timeout_ms, struct target **target,
                                   struct hp_problem *problem) {
    return profile_target_new(rest, timeout_ms, target, problem);
}

static enum hp_status make_mutant(const char *rest, unsigned timeout_ms, struct target **target,
                                  struct hp_problem *problem) {
    return mutant_new(rest, timeout_ms, target, problem);
}

/* How a second process of ours reaches the schema of the first. */
static enum hp_status make_attached(const char *rest, unsigned timeout_ms, struct target **target,
                                    struct hp_problem *problem) {
    (void)timeout_ms;
    char schema[ATTACHED_SCHEMA_SIZE];
    size_t length = strcspn(rest, "@");
    if (rest[length] != '@' || length >= sizeof schema) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "the target attached: is written attached:SCHEMA@DSN");
    }
    memcpy(schema, rest, length);
    schema[length] = '\0';
    return in_process_postgres_attach(rest + length + 1, schema, target, problem);
}

/* Every form that a command line may name. One that ends with a colon takes what follows it. What is not shown stands
 * last: nobody but ourselves needs it. */
static const struct form {
    const char *name;
    const char *first_part;
    const char *shown;
    enum hp_status (*make)(const char *rest, unsigned timeout_ms, struct target **target,
                           struct hp_problem *problem);
} forms[] = {{"memory", "memory", "memory", make_memory},
             {"postgres", "postgres", "postgres", make_postgres},
             {"postgres:", "postgres", "postgres:DSN", make_postgres_at},
             {"http", "http", "http", make_served},
             {"http:", "http", "http:URL", make_http},
             {"https:", "https", "https:URL", make_https},
             {"profile:", "profile", "profile:FILE", make_profile},
             {"stdio:", "stdio", "stdio:COMMAND", make_stdio},
             {"null:", "null", "null:NAME", make_null},
             {"mutant:", "mutant", "mutant:NAME", make_mutant},
             {"attached:", NULL, NULL, make_attached}};

enum { FORM_COUNT = sizeof forms / sizeof forms[0], SHOWN_COUNT = FORM_COUNT - 1, FIRST_PART_SIZE = 64 };

static bool form_matches(const struct form *form, const char *name) {
    size_t length = strlen(form->name);
    return form->name[length - 1] == ':' ? strncmp(form->name, name, length) == 0
                                         : strcmp(form->name, name) == 0;
}

/* The form whose first part is most like that of the name; NULL when none is. */
static const char *nearest_form(const char *name) {
    const char *words[SHOWN_COUNT];
    char first[FIRST_PART_SIZE] = "";
    size_t length = strcspn(name, ":");
    memcpy(first, name, length < sizeof first ? length : sizeof first - 1);
    for (size_t i = 0; i < SHOWN_COUNT; i++) {
        words[i] = forms[i].first_part;
    }
    const char *nearest = suggest_nearest(first, words, SHOWN_COUNT);
    for (size_t i = 0; nearest && i < SHOWN_COUNT; i++) {
        if (nearest == forms[i].first_part) {
            return forms[i].shown;
        }
    }
    return NULL;
}

enum hp_status target_from_name(const char *name, unsigned timeout_ms, struct target **target,
                                struct hp_problem *problem) {
    struct text known = {0};
    for (size_t i = 0; i < FORM_COUNT; i++) {
        if (form_matches(&forms[i], name)) {
            text_release(&known);
            return forms[i].make(name + strlen(forms[i].name), timeout_ms, target, problem);
        }
        if (forms[i].shown) {
            text_addf(&known, "%s%s", i > 0 ? ", " : "", forms[i].shown);
        }
    }
    const char *nearest = nearest_form(name);
    hp_problem_set(problem, HP_INVALID, NULL, "there is no target \"%.80s\"; known are %s%s%s%s", name,
                   known.bytes ? known.bytes : "", nearest ? "; did you mean " : "", nearest ? nearest : "",
                   nearest ? "?" : "");
    text_release(&known);
    return HP_INVALID;
}
