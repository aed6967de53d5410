#include "harness/lab/race.h"

#include "harness/base/value.h"
#include "harness/lab/random.h"

#include <string.h>

/* A round while it is drawn. */
struct round {
    uint64_t random;
    json_int_t next_slot; /* for the next create */
    json_int_t seed_count;
    unsigned endpoints; /* of the target */
    json_t *clients;
};

static bool needs_slot(const char *what) {
    for (unsigned kind = 0; kind < ACT_KINDS; kind++) {
        if (strcmp(what, act_kind_name((enum act_kind)kind)) == 0) {
            return act_kind_works((enum act_kind)kind);
        }
    }
    return false;
}

/* The act with its slot; NULL when memory runs out. */
static json_t *draw_act(struct round *round, const json_t *act) {
    json_t *drawn = value_copy(act);
    const char *what = json_string_value(json_object_get(act, "do"));
    json_t *slot = NULL;
    if (!drawn || !what || json_object_get(act, "on")) {
        return drawn;
    }
    if (strcmp(what, "create") == 0) {
        slot = json_integer(round->next_slot++);
    } else if (needs_slot(what) && round->seed_count > 0) {
        slot = json_integer((json_int_t)random_below(&round->random, (uint64_t)round->seed_count));
    } else {
        return drawn;
    }
    if (json_object_set_new(drawn, "on", slot) != 0) {
        json_decref(drawn);
        return NULL;
    }
    return drawn;
}

/* What one client of a lane does; NULL when memory runs out. */
static json_t *draw_acts(struct round *round, const json_t *lane) {
    const json_t *acts = json_object_get(lane, "acts");
    const json_t *pick = json_object_get(lane, "pick");
    size_t count = json_array_size(acts);
    size_t wanted = pick ? (size_t)json_integer_value(pick) : count;
    json_t *drawn = json_array();
    for (size_t i = 0; drawn && i < wanted && count > 0; i++) {
        size_t at = pick ? (size_t)random_below(&round->random, count) : i;
        if (json_array_append_new(drawn, draw_act(round, json_array_get(acts, at))) != 0) {
            json_decref(drawn);
            drawn = NULL;
        }
    }
    return drawn;
}

/* Where the lane's client of that number calls. */
static json_int_t endpoint_of(const struct round *round, const json_t *lane, json_int_t client) {
    const json_t *endpoints = json_object_get(lane, "endpoints");
    if (json_is_string(endpoints)) {
        return client % (json_int_t)round->endpoints;
    }
    size_t count = json_array_size(endpoints);
    return count > 0 ? json_integer_value(json_array_get(endpoints, (size_t)client % count)) : 0;
}

static bool draw_lane(struct round *round, const json_t *lane) {
    json_int_t clients = json_integer_value(json_object_get(lane, "clients"));
    for (json_int_t i = 0; i < clients; i++) {
        json_t *client =
            json_pack("{s:I, s:o}", "endpoint", endpoint_of(round, lane, i), "acts", draw_acts(round, lane));
        if (!client || json_array_append_new(round->clients, client) != 0) {
            return false;
        }
    }
    return true;
}

static bool names_endpoints(const json_t *endpoints) {
    size_t index;
    json_t *endpoint;
    if (!endpoints || json_is_string(endpoints)) {
        return !endpoints || strcmp(json_string_value(endpoints), "all") == 0;
    }
    json_array_foreach((json_t *)endpoints, index, endpoint) {
        if (!json_is_integer(endpoint)) {
            return false;
        }
    }
    return json_is_array(endpoints);
}

static enum hp_status check_lane(const json_t *lane, size_t at, struct hp_problem *problem) {
    static const char *const known[] = {"clients", "endpoints", "pick", "acts", "note"};
    const json_t *clients = json_object_get(lane, "clients");
    const json_t *pick = json_object_get(lane, "pick");
    const char *key;
    json_t *value;
    if (!json_is_integer(clients) || json_integer_value(clients) < 1 ||
        json_integer_value(clients) > SCRIPT_CLIENTS_MAX) {
        return hp_problem_set(problem, HP_INVALID, "/lanes",
                              "at /lanes/%zu/clients: expected 1 to %d clients", at, SCRIPT_CLIENTS_MAX);
    }
    if (pick && (!json_is_integer(pick) || json_integer_value(pick) < 1 ||
                 json_integer_value(pick) > SCRIPT_ACTS_MAX)) {
        return hp_problem_set(problem, HP_INVALID, "/lanes", "at /lanes/%zu/pick: expected 1 to %d acts", at,
                              SCRIPT_ACTS_MAX);
    }
    if (!names_endpoints(json_object_get(lane, "endpoints"))) {
        return hp_problem_set(problem, HP_INVALID, "/lanes",
                              "at /lanes/%zu/endpoints: expected a list of numbers, or \"all\"", at);
    }
    json_object_foreach((json_t *)lane, key, value) {
        size_t i = 0;
        while (i < sizeof known / sizeof known[0] && strcmp(known[i], key) != 0) {
            i++;
        }
        if (i == sizeof known / sizeof known[0]) {
            return hp_problem_set(problem, HP_INVALID, "/lanes", "at /lanes/%zu/%s: no such member", at, key);
        }
    }
    return HP_OK;
}

static enum hp_status check_race(const json_t *race, struct hp_problem *problem) {
    const json_t *lanes = json_object_get(race, "lanes");
    enum hp_status status = HP_OK;
    if (json_array_size(lanes) == 0) {
        return hp_problem_set(problem, HP_INVALID, "/lanes",
                              "at /lanes: expected a list of at least one lane");
    }
    for (size_t i = 0; status == HP_OK && i < json_array_size(lanes); i++) {
        status = check_lane(json_array_get(lanes, i), i, problem);
    }
    return status;
}

enum hp_status race_expand(const json_t *race, uint64_t seed, unsigned round_number, unsigned endpoints,
                           struct script *script, struct hp_problem *problem) {
    json_t *seeds = json_object_get(race, "interrupts");
    const json_t *lanes = json_object_get(race, "lanes");
    struct round round = {.random = random_start(seed, round_number),
                          .next_slot = (json_int_t)json_array_size(seeds),
                          .seed_count = (json_int_t)json_array_size(seeds),
                          .endpoints = endpoints,
                          .clients = json_array()};
    *script = (struct script){0};
    enum hp_status status = check_race(race, problem);
    bool whole = round.clients != NULL;
    for (size_t i = 0; status == HP_OK && whole && i < json_array_size(lanes); i++) {
        whole = draw_lane(&round, json_array_get(lanes, i));
    }
    json_t *drawn = json_pack("{s:O*, s:O*, s:O}", "per_minute", json_object_get(race, "per_minute"),
                              "interrupts", seeds, "clients", round.clients);
    if (status == HP_OK) {
        status = whole && drawn ? script_decode(drawn, script, problem) : hp_problem_no_memory(problem);
    }
    json_decref(drawn);
    json_decref(round.clients);
    return status;
}
