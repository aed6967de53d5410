#include "harness/adapters/database.h"
#include "harness/adapters/in_process.h"
#include "harness/adapters/mutant.h"
#include "harness/adapters/mutant_store.h"
#include "harness/adapters/mutant_target.h"
#include "harness/adapters/second_process.h"
#include "harness/base/fixtures_folder.h"
#include "harness/base/suggest.h"

#include <stdlib.h>
#include <string.h>

enum { NEAREST_MAX = 3 };

/* The DSN behind "postgres:"; NULL for a throwaway server. False when the base is no such target. */
static bool is_postgres(const char *base, const char **conninfo) {
    *conninfo = strncmp(base, "postgres:", strlen("postgres:")) == 0 ? base + strlen("postgres:") : NULL;
    return *conninfo || strcmp(base, "postgres") == 0;
}

static enum hp_status refuse_base(const struct mutant *mutant, const char *base, struct hp_problem *problem) {
    return hp_problem_set(problem, HP_INVALID, NULL,
                          "the mutant %s is one of the reference's %s; it cannot be made of %.200s",
                          mutant->id, mutant_where_name(mutant->where), base);
}

/* The second process of such a target is the reference as it is. */
static enum hp_status make_store_on_postgres(struct mutant_target *self, const char *conninfo,
                                             unsigned timeout_ms, struct hp_problem *problem) {
    struct target *inner = NULL;
    enum hp_status status = in_process_postgres_decorated_new(conninfo, &self->decorator, &inner, problem);
    if (status == HP_OK) {
        status = second_process_new(inner, timeout_ms, &self->wrap.inner, problem);
    }
    if (status != HP_OK) {
        target_free(inner);
    }
    return status;
}

static enum hp_status make_store(struct mutant_target *self, const char *base, unsigned timeout_ms,
                                 struct hp_problem *problem) {
    const char *conninfo;
    self->decorator = mutant_store_decorator(self->mutant->store);
    if (strcmp(base, "memory") == 0) {
        self->wrap.inner = in_process_memory_decorated_new(&self->decorator);
        return self->wrap.inner ? HP_OK : hp_problem_no_memory(problem);
    }
    return is_postgres(base, &conninfo) ? make_store_on_postgres(self, conninfo, timeout_ms, problem)
                                        : refuse_base(self->mutant, base, problem);
}

static enum hp_status make_webhooks(struct mutant_target *self, const char *base,
                                    struct hp_problem *problem) {
    if (strcmp(base, "memory") != 0) {
        return refuse_base(self->mutant, base, problem);
    }
    self->webhooks = mutant_webhooks_new(self->mutant, &self->shadow);
    self->wrap.inner =
        self->webhooks ? in_process_memory_webhooks_new(mutant_webhooks_decorators(self->webhooks)) : NULL;
    return self->wrap.inner ? HP_OK : hp_problem_no_memory(problem);
}

/* The statements run in the schema of the target's tables. */
static enum hp_status alter(const struct mutant *mutant, const struct hello *hello,
                            struct hp_problem *problem) {
    struct database *database = NULL;
    struct text sql = {0};
    text_addf(&sql, "set search_path to %s; ", hello->schema ? hello->schema : "public");
    for (size_t i = 0; i < json_array_size(mutant->sql); i++) {
        text_addf(&sql, "%s; ", json_string_value(json_array_get(mutant->sql, i)));
    }
    enum hp_status status =
        sql.failed ? hp_problem_no_memory(problem) : database_open(hello->database, &database, problem);
    if (status == HP_OK) {
        status = database_run(database, sql.bytes, problem);
    }
    database_close(database);
    text_release(&sql);
    return status;
}

static enum hp_status make_database(struct mutant_target *self, const char *base,
                                    struct hp_problem *problem) {
    const char *conninfo;
    struct hello hello = {0};
    if (!is_postgres(base, &conninfo)) {
        return refuse_base(self->mutant, base, problem);
    }
    enum hp_status status = in_process_postgres_new(conninfo, &self->wrap.inner, problem);
    if (status == HP_OK) {
        status = target_hello(self->wrap.inner, &hello, problem);
    }
    if (status == HP_OK) {
        status = alter(self->mutant, &hello, problem);
    }
    hello_release(&hello);
    return status;
}

enum hp_status mutant_make(const struct mutant *mutant, const char *base, unsigned timeout_ms,
                           struct target **target, struct hp_problem *problem) {
    struct mutant_target *self = NULL;
    enum hp_status status = mutant_target_new(mutant, &self, problem);
    if (status != HP_OK) {
        return status;
    }
    switch (mutant->where) {
    case MUTANT_ADAPTER:
    case MUTANT_HTTP:
        status = target_from_name(base, timeout_ms, &self->wrap.inner, problem);
        break;
    case MUTANT_WEBHOOK:
        status = make_webhooks(self, base, problem);
        break;
    case MUTANT_STORE:
        status = make_store(self, base, timeout_ms, problem);
        break;
    case MUTANT_DATABASE:
        status = make_database(self, base, problem);
        break;
    }
    if (status != HP_OK) {
        target_free(&self->wrap.target);
        return status;
    }
    *target = &self->wrap.target;
    return HP_OK;
}

static enum hp_status refuse_unknown(const struct mutants *mutants, const char *id,
                                     struct hp_problem *problem) {
    const char **ids = calloc(mutants->count + 1, sizeof *ids);
    const char *nearest[NEAREST_MAX];
    struct text text = {0};
    size_t count = 0;
    for (size_t i = 0; ids && i < mutants->count; i++) {
        ids[i] = mutants->items[i].id;
    }
    if (ids) {
        count = suggest_several(id, ids, mutants->count, nearest, NEAREST_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        text_addf(&text, "%s%s", i > 0 ? ", " : "; did you mean ", nearest[i]);
    }
    hp_problem_set(problem, HP_INVALID, NULL, "there is no mutant \"%.80s\"%s%s", id,
                   text.bytes ? text.bytes : "; `holdpoint mutants --list` names them", count ? "?" : "");
    text_release(&text);
    free(ids);
    return HP_INVALID;
}

/* The target of ours of which such a mutant is made when nobody names one. */
static const char *default_base(const struct mutant *mutant) {
    bool on_postgres = mutant->where == MUTANT_DATABASE || mutant->on_postgres;
    return mutant->where == MUTANT_HTTP ? "http:memory" : on_postgres ? "postgres" : "memory";
}

enum hp_status mutant_new(const char *id, unsigned timeout_ms, struct target **target,
                          struct hp_problem *problem) {
    char *folder = NULL;
    struct mutants *mutants = NULL;
    enum hp_status status = fixtures_find(NULL, &folder, problem);
    if (status == HP_OK) {
        status = mutants_load(folder, &mutants, problem);
    }
    const struct mutant *mutant = status == HP_OK ? mutants_find(mutants, id) : NULL;
    if (status == HP_OK) {
        status = mutant ? mutant_make(mutant, default_base(mutant), timeout_ms, target, problem)
                        : refuse_unknown(mutants, id, problem);
    }
    if (status == HP_OK) {
        ((struct mutant_target *)*target)->owned = mutants;
    } else {
        mutants_free(mutants);
    }
    free(folder);
    return status;
}
