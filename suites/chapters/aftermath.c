#include "suites/chapters/aftermath.h"

#include "harness/base/value.h"
#include "suites/chapters/webhook.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DRAINS_MAX = 16, PARAMS_SIZE = 160 };

static enum hp_status put(json_t *object, const char *name, json_t *value, struct hp_problem *problem) {
    return json_object_set_new(object, name, value) == 0 ? HP_OK : hp_problem_no_memory(problem);
}

/* Counts one more under that name. */
static bool tally(json_t *counts, const char *name) {
    json_int_t before = json_integer_value(json_object_get(counts, name));
    return name && json_object_set_new(counts, name, json_integer(before + 1)) == 0;
}

/* As it is shown now; *shown is NULL when it is not. */
static enum hp_status show(const struct aftermath *aftermath, size_t at, json_t **shown,
                           struct hp_problem *problem) {
    char params[PARAMS_SIZE];
    struct hp_problem refused = {0};
    snprintf(params, sizeof params, "{\"id\":\"%s\",\"user_id\":\"ann\"}", aftermath->crash->ids[at]);
    enum hp_status status = crash_call(aftermath->crash, "interrupt.get", params, shown, &refused);
    if (status == HP_INTERNAL && strstr(refused.detail, "not_found")) {
        return HP_OK;
    }
    return status == HP_OK ? HP_OK : hp_problem_set(problem, status, NULL, "%s", refused.detail);
}

static enum hp_status put_shown(const struct aftermath *aftermath, json_t *result,
                                struct hp_problem *problem) {
    json_t *shown = NULL;
    enum hp_status status = aftermath->crash->interrupts > 0 ? show(aftermath, 0, &shown, problem) : HP_OK;
    json_t *word = json_incref(value_at(shown, "/interrupt/status"));
    json_decref(shown);
    enum hp_status kept = put(result, "shown", word ? word : json_null(), problem);
    return status == HP_OK ? kept : status;
}

static enum hp_status repeat(const struct aftermath *aftermath, json_t *result, struct hp_problem *problem) {
    struct http_reply reply = {0};
    enum hp_status status = aftermath->again ? crash_repeat(aftermath->crash, &reply, problem) : HP_OK;
    if (status == HP_OK) {
        bool replayed = reply.head.length_bytes > 0 && strstr(reply.head.bytes, "Idempotency-Replayed: true");
        status = put(result, "again", aftermath->again ? json_integer(reply.status) : json_null(), problem);
        status = status == HP_OK ? put(result, "replayed", json_boolean(replayed), problem) : status;
    }
    http_reply_release(&reply);
    return status;
}

/* What the client has acted on may have changed, the rest not. */
static enum hp_status put_changed(const struct aftermath *aftermath, json_t *result,
                                  struct hp_problem *problem) {
    const struct crash *crash = aftermath->crash;
    bool acted = crash->act == CRASH_RESPOND || crash->act == CRASH_CANCEL;
    size_t due = crash->act == CRASH_SWEEP ? crash->interrupts - crash->answered : acted ? 1 : 0;
    json_int_t changed = 0;
    enum hp_status status = HP_OK;
    for (size_t i = due; status == HP_OK && i < crash->interrupts; i++) {
        json_t *shown = NULL;
        status = show(aftermath, i, &shown, problem);
        changed += !shown || !value_equals(shown, crash->known[i]);
        json_decref(shown);
    }
    return status == HP_OK ? put(result, "changed", json_integer(changed), problem) : status;
}

static enum hp_status put_rows(const struct aftermath *aftermath, json_t *result,
                               struct hp_problem *problem) {
    char sql[PARAMS_SIZE];
    int64_t rows = 0;
    enum hp_status status = HP_OK;
    if (!aftermath->crash->in_memory) {
        snprintf(sql, sizeof sql, "select count(*) from %s.flow_interrupts", aftermath->crash->schema);
        status = database_ask(aftermath->crash->database, sql, &rows, problem);
    }
    return status == HP_OK ? put(result, "rows", json_integer(rows), problem) : status;
}

static enum hp_status put_statuses(const struct aftermath *aftermath, json_t *result,
                                   struct hp_problem *problem) {
    json_t *list = NULL, *counts = json_object(), *interrupt;
    size_t index;
    enum hp_status status =
        crash_call(aftermath->crash, "interrupt.list",
                   "{\"user_id\":\"ann\",\"status\":\"all\",\"limit\":200}", &list, problem);
    json_array_foreach(json_object_get(list, "interrupts"), index, interrupt) {
        if (!tally(counts, json_string_value(json_object_get(interrupt, "status")))) {
            status = hp_problem_no_memory(problem);
        }
    }
    json_decref(list);
    enum hp_status kept = put(result, "statuses", counts, problem);
    return status == HP_OK ? kept : status;
}

/* Each event has an id of its own, and tells of an interrupt what no other tells. */
static bool count_event(const json_t *event, json_t *counts, json_t *seen, json_int_t *doubled) {
    char told[PARAMS_SIZE];
    const char *id = json_string_value(json_object_get(event, "event_id"));
    const char *type = json_string_value(json_object_get(event, "event_type"));
    const char *about = json_string_value(value_at(event, "/data/id"));
    if (!id || !type || !about || !tally(counts, type)) {
        return false;
    }
    snprintf(told, sizeof told, "%.60s %.60s", type, about);
    *doubled += json_object_get(seen, id) || json_object_get(seen, told);
    return json_object_set_new(seen, id, json_true()) == 0 &&
           json_object_set_new(seen, told, json_true()) == 0;
}

/* Until a drain brings nothing. */
static enum hp_status drain(const struct aftermath *aftermath, json_t *counts, json_int_t *doubled,
                            struct hp_problem *problem) {
    json_t *seen = json_object();
    size_t got = 1;
    enum hp_status status = seen ? HP_OK : hp_problem_no_memory(problem);
    for (int i = 0; status == HP_OK && got > 0 && i < DRAINS_MAX; i++) {
        json_t *drained = NULL, *event;
        size_t index;
        status = crash_call(aftermath->crash, "events.drain", "{}", &drained, problem);
        const json_t *events = json_object_get(drained, "events");
        got = json_array_size(events);
        json_array_foreach((json_t *)events, index, event) {
            if (!count_event(event, counts, seen, doubled)) {
                status = hp_problem_set(problem, HP_INTERNAL, NULL, "an event could not be counted");
            }
        }
        json_decref(drained);
    }
    json_decref(seen);
    return status;
}

static enum hp_status put_events(const struct aftermath *aftermath, json_t *result,
                                 struct hp_problem *problem) {
    json_t *counts = json_object();
    json_int_t doubled = 0;
    enum hp_status status = drain(aftermath, counts, &doubled, problem);
    enum hp_status kept = put(result, "events", counts, problem);
    status = status == HP_OK ? kept : status;
    return status == HP_OK ? put(result, "doubled", json_integer(doubled), problem) : status;
}

static json_t *count_requests(const json_t *received) {
    json_t *seen = json_object(), *request;
    size_t index;
    json_array_foreach(json_object_get(received, "requests"), index, request) {
        tally(seen, json_string_value(json_object_get(request, "event_id")));
    }
    json_t *counts = json_pack("{s:O, s:I}", "count", json_object_get(received, "count"), "distinct",
                               (json_int_t)json_object_size(seen));
    json_decref(seen);
    return counts;
}

/* Delivers what is due, and counts what came in all. */
static enum hp_status put_deliveries(const struct aftermath *aftermath, json_t *result,
                                     struct hp_problem *problem) {
    json_t *flushed = NULL, *received = NULL;
    if (!aftermath->box) {
        return put(result, "deliveries", json_null(), problem);
    }
    enum hp_status status = crash_call(aftermath->crash, "webhook.flush", "{}", &flushed, problem);
    if (status == HP_OK &&
        webhook_received_play(aftermath->stage, aftermath->box, &received, problem) != PLAY_DONE) {
        status = HP_INTERNAL;
    }
    if (status == HP_OK) {
        status = put(result, "deliveries", count_requests(received), problem);
    }
    json_decref(flushed);
    json_decref(received);
    return status;
}

enum hp_status aftermath_count(const struct aftermath *aftermath, json_t **result,
                               struct hp_problem *problem) {
    static enum hp_status (*const steps[])(const struct aftermath *, json_t *, struct hp_problem *) = {
        put_shown, repeat, put_changed, put_rows, put_statuses, put_deliveries, put_events};
    json_t *made = json_object();
    enum hp_status status = made ? HP_OK : hp_problem_no_memory(problem);
    for (size_t i = 0; status == HP_OK && i < sizeof steps / sizeof steps[0]; i++) {
        status = steps[i](aftermath, made, problem);
    }
    if (status != HP_OK) {
        json_decref(made);
        return status;
    }
    *result = made;
    return HP_OK;
}
