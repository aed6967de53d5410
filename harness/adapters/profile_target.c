#include "harness/adapters/profile_target.h"

#include "harness/adapters/environment.h"
#include "harness/adapters/http.h"
#include "harness/adapters/postgres.h"
#include "harness/adapters/relay.h"
#include "harness/adapters/stdio.h"
#include "harness/adapters/unshown.h"

#include <string.h>

static const char sql_form[] = "postgres:";
static const char stdio_form[] = "stdio:";

/* The others that were made so far, by their names in the profile: one name is one target. */
struct others {
    const char *names[RELAY_METHODS_MAX];
    struct target *targets[RELAY_METHODS_MAX];
    size_t count;
};

static struct target *find_other(const struct others *others, const char *name) {
    for (size_t i = 0; i < others->count; i++) {
        if (strcmp(others->names[i], name) == 0) {
            return others->targets[i];
        }
    }
    return NULL;
}

static enum hp_status make_other(const char *name, unsigned timeout_ms, struct target **other,
                                 struct hp_problem *problem) {
    bool sql = strncmp(name, sql_form, strlen(sql_form)) == 0;
    struct text rest = {0};
    enum hp_status status = environment_expand(name + strlen(sql ? sql_form : stdio_form), &rest, problem);
    if (status == HP_OK) {
        *other = sql ? postgres_new(rest.bytes) : stdio_new_named(rest.bytes, name, timeout_ms);
        status = *other ? HP_OK : hp_problem_no_memory(problem);
    }
    text_release(&rest);
    return status;
}

static enum hp_status add_other(struct target *relay, struct others *others, const char *method,
                                const char *name, unsigned timeout_ms, struct hp_problem *problem) {
    struct target *other = find_other(others, name);
    bool made = !other;
    enum hp_status status = made ? make_other(name, timeout_ms, &other, problem) : HP_OK;
    if (status != HP_OK) {
        return status;
    }
    if (!relay_add(relay, method, other, strncmp(name, sql_form, strlen(sql_form)) == 0)) {
        target_free(made ? other : NULL);
        return hp_problem_no_memory(problem);
    }
    others->names[others->count] = name;
    others->targets[others->count++] = other;
    return HP_OK;
}

static enum hp_status add_relay(struct target **target, const struct profile *profile, struct others *others,
                                unsigned timeout_ms, struct hp_problem *problem) {
    const char *method;
    json_t *name;
    enum hp_status status = HP_OK;
    struct target *relay = relay_new(*target);
    if (!relay) {
        return hp_problem_no_memory(problem);
    }
    *target = relay;
    json_object_foreach((json_t *)profile->by, method, name) {
        if (status == HP_OK) {
            status = add_other(relay, others, method, json_string_value(name), timeout_ms, problem);
        }
    }
    return status;
}

static enum hp_status add_stored(struct target **target, const struct profile *profile, unsigned timeout_ms,
                                 struct hp_problem *problem) {
    struct target *other = NULL;
    if (!profile->stored_by) {
        return HP_OK;
    }
    enum hp_status status = make_other(profile->stored_by, timeout_ms, &other, problem);
    if (status != HP_OK) {
        return status;
    }
    struct target *unshown = unshown_new(*target, other, profile->stored_fields, timeout_ms);
    if (!unshown) {
        target_free(other);
        return hp_problem_no_memory(problem);
    }
    *target = unshown;
    return HP_OK;
}

enum hp_status profile_target_new(const char *path, unsigned timeout_ms, struct target **target,
                                  struct hp_problem *problem) {
    struct profile *profile = NULL;
    struct others others = {0};
    enum hp_status status = profile_read(path, &profile, problem);
    if (status != HP_OK) {
        return status;
    }
    struct target *made = http_new(profile, timeout_ms);
    if (!made) {
        profile_free(profile);
        return hp_problem_no_memory(problem);
    }
    status = add_stored(&made, profile, timeout_ms, problem);
    if (status == HP_OK && profile->by) {
        status = add_relay(&made, profile, &others, timeout_ms, problem);
    }
    if (status != HP_OK) {
        target_free(made);
        return status;
    }
    *target = made;
    return HP_OK;
}
