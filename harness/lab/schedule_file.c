#include "harness/lab/schedule_file.h"

#include "harness/base/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTER_SIZE = 96 };

static const char *const holder_acts[] = {[HOLDER_HOLDS] = "hold", [HOLDER_LETS_GO] = "let-go"};

static const json_t *member(const struct schedule *schedule, const char *key) {
    return json_object_get(schedule->document.root, key);
}

static const char *name_of(const json_t *object) {
    return json_string_value(json_object_get(object, "name"));
}

/* A step as an act of a script: all but its name. json_copy would leave out what it has no memory for. */
static json_t *make_act(const json_t *step) {
    json_t *act = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)step, key, value) {
        if (strcmp(key, "name") != 0 && json_object_set(act, key, value) != 0) {
            json_decref(act);
            return NULL;
        }
    }
    return act;
}

static json_t *make_client(const json_t *session) {
    json_t *acts = json_array();
    const json_t *steps = json_object_get(session, "steps");
    for (size_t i = 0; i < json_array_size(steps); i++) {
        if (json_array_append_new(acts, make_act(json_array_get(steps, i))) != 0) {
            json_decref(acts);
            return NULL;
        }
    }
    return json_pack("{s:O*, s:o}", "endpoint", json_object_get(session, "endpoint"), "acts", acts);
}

/* The sessions as a script's JSON; NULL when memory runs out. */
static json_t *make_script(const struct schedule *schedule) {
    const json_t *sessions = member(schedule, "sessions");
    json_t *clients = json_array();
    for (size_t i = 0; i < json_array_size(sessions); i++) {
        if (json_array_append_new(clients, make_client(json_array_get(sessions, i))) != 0) {
            json_decref(clients);
            return NULL;
        }
    }
    return json_pack("{s:O, s:o}", "interrupts", member(schedule, "interrupts"), "clients", clients);
}

/* Where in the file stands what is at that pointer of the script. */
static void put_pointer(char pointer[POINTER_SIZE], const char *of_script) {
    unsigned client, act;
    int read = 0;
    text_put(pointer, POINTER_SIZE, of_script);
    if (sscanf(of_script, "/clients/%u/acts/%u%n", &client, &act, &read) == 2 && read > 0) {
        snprintf(pointer, POINTER_SIZE, "/sessions/%u/steps/%u%.40s", client, act, of_script + read);
    }
}

static enum hp_status read_script(struct schedule *schedule, struct hp_problem *problem) {
    struct hp_problem found = {0};
    char pointer[POINTER_SIZE];
    json_t *made = make_script(schedule);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = script_decode(made, &schedule->script, &found);
    json_decref(made);
    if (status == HP_OK) {
        return HP_OK;
    }
    if (status != HP_INVALID) {
        return hp_problem_set(problem, status, found.field, "%s", found.detail);
    }
    const char *expected = strstr(found.detail, "expected");
    put_pointer(pointer, found.field);
    return document_fault(&schedule->document, pointer, problem, "%s", expected ? expected : found.detail);
}

/* Room for the labels of all actors. */
static bool make_labels(struct schedule *schedule) {
    size_t count = schedule->actor_count;
    schedule->labels.actors = calloc(count + 1, sizeof *schedule->labels.actors);
    schedule->labels.acts = calloc(count + 1, sizeof *schedule->labels.acts);
    schedule->act_counts = calloc(count + 1, sizeof *schedule->act_counts);
    return schedule->labels.actors && schedule->labels.acts && schedule->act_counts;
}

static bool is_taken(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static enum hp_status label_actor(struct schedule *schedule, size_t actor, const char *name,
                                  const char *pointer, struct hp_problem *problem) {
    const char **actors = (const char **)schedule->labels.actors;
    if (is_taken(actors, actor, name)) {
        return document_fault(&schedule->document, pointer, problem,
                              "expected a name of its own, got \"%s\" again", name);
    }
    actors[actor] = name;
    return HP_OK;
}

static enum hp_status label_steps(struct schedule *schedule, size_t session, const json_t *steps,
                                  struct hp_problem *problem) {
    const char **names = calloc(json_array_size(steps) + 1, sizeof *names);
    char pointer[POINTER_SIZE];
    if (!names) {
        return hp_problem_no_memory(problem);
    }
    ((const char *const **)schedule->labels.acts)[session] = names;
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const char *name = name_of(json_array_get(steps, i));
        snprintf(pointer, sizeof pointer, "/sessions/%zu/steps/%zu/name", session, i);
        if (is_taken(names, i, name)) {
            return document_fault(&schedule->document, pointer, problem,
                                  "expected a name of its own, got \"%s\" again", name);
        }
        names[i] = name;
    }
    schedule->act_counts[session] = json_array_size(steps);
    return HP_OK;
}

static enum hp_status read_sessions(struct schedule *schedule, struct hp_problem *problem) {
    const json_t *sessions = member(schedule, "sessions");
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < json_array_size(sessions); i++) {
        const json_t *session = json_array_get(sessions, i);
        char pointer[POINTER_SIZE];
        snprintf(pointer, sizeof pointer, "/sessions/%zu/name", i);
        status = label_actor(schedule, i, name_of(session), pointer, problem);
        if (status == HP_OK) {
            status = label_steps(schedule, i, json_object_get(session, "steps"), problem);
        }
    }
    return status;
}

static enum hp_status read_holders(struct schedule *schedule, struct hp_problem *problem) {
    const json_t *holders = member(schedule, "holders");
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < json_array_size(holders); i++) {
        const json_t *holder = json_array_get(holders, i);
        size_t actor = schedule->script.client_count + i;
        char pointer[POINTER_SIZE];
        unsigned slot = (unsigned)json_integer_value(json_object_get(holder, "on"));
        snprintf(pointer, sizeof pointer, "/holders/%zu/on", i);
        if (slot >= schedule->script.seed_count) {
            return document_fault(&schedule->document, pointer, problem,
                                  "expected one of the interrupts that are there at the begin");
        }
        snprintf(pointer, sizeof pointer, "/holders/%zu/name", i);
        status = label_actor(schedule, actor, name_of(holder), pointer, problem);
        schedule->held[schedule->holder_count++] = slot;
        schedule->act_counts[actor] = HOLDER_ACTS;
        ((const char *const **)schedule->labels.acts)[actor] = holder_acts;
    }
    return status;
}

static enum hp_status read_orders(struct schedule *schedule, struct hp_problem *problem) {
    const json_t *orders = member(schedule, "permutations");
    enum hp_status status = HP_OK;
    schedule->orders = calloc(json_array_size(orders) + 1, sizeof *schedule->orders);
    if (!schedule->orders) {
        return hp_problem_no_memory(problem);
    }
    for (size_t i = 0; status == HP_OK && i < json_array_size(orders); i++) {
        const json_t *object = json_array_get(orders, i);
        struct planned_order *order = &schedule->orders[schedule->order_count++];
        struct hp_problem found = {0};
        char pointer[POINTER_SIZE];
        order->words = json_string_value(json_object_get(object, "order"));
        order->shows = json_object_get(object, "shows");
        snprintf(pointer, sizeof pointer, "/permutations/%zu/order", i);
        status = permutation_parse(order->words, &schedule->labels, schedule->act_counts,
                                   schedule->actor_count, &order->permutation, &found);
        if (status == HP_INVALID) {
            document_fault(&schedule->document, pointer, problem, "%s", found.detail);
        } else if (status != HP_OK) {
            hp_problem_no_memory(problem);
        }
    }
    return status;
}

static void read_counts(struct schedule *schedule) {
    const json_t *exhaustive = member(schedule, "exhaustive");
    const json_t *random = member(schedule, "random");
    schedule->is_exhaustive = exhaustive != NULL;
    schedule->preemptions = (unsigned)json_integer_value(json_object_get(exhaustive, "preemptions"));
    schedule->random_count = (unsigned)json_integer_value(json_object_get(random, "count"));
}

static enum hp_status read_all(struct schedule *schedule, struct hp_problem *problem) {
    schedule->actor_count =
        json_array_size(member(schedule, "sessions")) + json_array_size(member(schedule, "holders"));
    enum hp_status status = make_labels(schedule) ? HP_OK : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = read_script(schedule, problem);
    }
    if (status == HP_OK) {
        status = read_sessions(schedule, problem);
    }
    if (status == HP_OK) {
        status = read_holders(schedule, problem);
    }
    if (status == HP_OK) {
        status = read_orders(schedule, problem);
    }
    read_counts(schedule);
    return status;
}

/* Reads the file and holds it against its schema. */
static enum hp_status read_document(const char *fixtures, const char *name, struct document *document,
                                    struct hp_problem *problem) {
    struct text path = {0}, schema_path = {0};
    struct schema *schema = NULL;
    text_addf(&path, "%s/schedules/%s.json", fixtures, name);
    text_addf(&schema_path, "%s/schema/schedule.json", fixtures);
    enum hp_status status = path.failed || schema_path.failed ? hp_problem_no_memory(problem) : HP_OK;
    if (status == HP_OK) {
        status = document_read_schema(schema_path.bytes, &schema, problem);
    }
    if (status == HP_OK) {
        status = document_read_regular(path.bytes, document, problem);
    }
    if (status == HP_OK) {
        status = document_check(document, schema, problem);
    }
    schema_free(schema);
    text_release(&path);
    text_release(&schema_path);
    return status;
}

enum hp_status schedule_load(const char *fixtures, const char *name, struct schedule *schedule,
                             struct hp_problem *problem) {
    *schedule = (struct schedule){0};
    if (!*name || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")]) {
        return hp_problem_set(problem, HP_INVALID, "/schedule",
                              "\"%.60s\" is no schedule; expected the name of a file in schedules, as "
                              "respond-respond",
                              name);
    }
    enum hp_status status = read_document(fixtures, name, &schedule->document, problem);
    return status == HP_OK ? read_all(schedule, problem) : status;
}

void schedule_release(struct schedule *schedule) {
    size_t sessions = json_array_size(member(schedule, "sessions"));
    for (size_t i = 0; schedule->labels.acts && i < sessions; i++) {
        free((void *)schedule->labels.acts[i]);
    }
    free((void *)schedule->labels.acts);
    free((void *)schedule->labels.actors);
    free(schedule->act_counts);
    for (size_t i = 0; i < schedule->order_count; i++) {
        permutation_release(&schedule->orders[i].permutation);
    }
    free(schedule->orders);
    script_release(&schedule->script);
    document_release(&schedule->document);
    *schedule = (struct schedule){0};
}
