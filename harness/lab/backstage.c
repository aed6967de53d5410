#include "harness/base/value.h"
#include "harness/lab/crew_parts.h"
#include "reference/base/instant.h"

#include <stdio.h>
#include <string.h>

/* A target whose events never end would keep us here for ever. */
enum { DRAINS_MAX = 10000 };

/* One call of the set-up. The caller releases *answer; a refusal is HP_INVALID, no answer HP_UNAVAILABLE. */
static enum hp_status call(const struct backstage *backstage, const char *method, const char *params,
                           struct answer *answer, struct hp_problem *problem) {
    const struct request request = {method, params, strlen(params), false};
    session_call(backstage->player.session, &request, backstage->crew->deadline_ms, answer);
    if (answer->kind == ANSWER_RESULT) {
        return HP_OK;
    }
    return hp_problem_set(problem, answer->kind == ANSWER_REFUSED ? HP_INVALID : HP_UNAVAILABLE, NULL,
                          "%s of the set-up: %s%s%s", method, answer->error_name,
                          answer->error_name[0] ? ": " : "", answer->detail);
}

static enum hp_status call_once(const struct backstage *backstage, const char *method, const char *params,
                                struct hp_problem *problem) {
    struct answer answer = {0};
    enum hp_status status = call(backstage, method, params, &answer, problem);
    answer_release(&answer);
    return status;
}

static bool is_ours(const struct stage *stage, const json_t *event) {
    const json_t *id = value_at(event, "/data/id");
    return stage_find(stage, json_string_value(id)) < SCRIPT_SLOTS_MAX;
}

/* Keeps what is about this script; false when memory runs out. */
static bool keep_events(const struct backstage *backstage, const json_t *drained, json_t *kept) {
    size_t index;
    json_t *event;
    json_array_foreach((json_t *)drained, index, event) {
        if (is_ours(&backstage->performance->stage, event) && json_array_append(kept, event) != 0) {
            return false;
        }
    }
    return true;
}

/* Drains until nothing comes; what belongs to this script is kept. */
static enum hp_status drain(const struct backstage *backstage, json_t *kept, struct hp_problem *problem) {
    size_t count = 1;
    enum hp_status status = HP_OK;
    for (unsigned drains = 0; status == HP_OK && count > 0; drains++) {
        struct answer answer = {0};
        status = call(backstage, "events.drain", "{}", &answer, problem);
        const json_t *events = json_object_get(answer.result, "events");
        count = status == HP_OK ? json_array_size(events) : 0;
        if (status == HP_OK && !keep_events(backstage, events, kept)) {
            status = hp_problem_no_memory(problem);
        }
        answer_release(&answer);
        if (drains == DRAINS_MAX) {
            return hp_problem_set(problem, HP_INVALID, NULL, "%d drains, and there are still events", drains);
        }
    }
    return status;
}

static enum hp_status set_clock(struct backstage *backstage, struct hp_problem *problem) {
    struct stage *stage = &backstage->performance->stage;
    char now[HP_INSTANT_SIZE];
    struct text params = {0};
    stage->start_us = backstage->crew->start_us;
    hp_instant_format(stage->start_us, now);
    text_addf(&params, "{\"now\":\"%s\"}", now);
    enum hp_status status = params.failed ? hp_problem_no_memory(problem)
                                          : call_once(backstage, "clock.set", params.bytes, problem);
    text_release(&params);
    return status;
}

enum hp_status backstage_open(struct backstage *backstage, const struct crew *crew, struct recorder *recorder,
                              struct performance *performance, struct hp_problem *problem) {
    *backstage = (struct backstage){crew, performance, {.stage = &performance->stage}};
    performance->has_events = hello_declares(crew->hello, "events");
    performance->events = json_array();
    enum hp_status status = performance->events ? HP_OK : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = target_open(crew->target, 0, &backstage->player.session, problem);
    }
    if (status == HP_OK) {
        status = recording_open(recorder, &backstage->player.recording, problem);
    }
    if (status == HP_OK && crew->reset && hello_declares(crew->hello, "reset")) {
        status = call_once(backstage, "reset", "{}", problem);
    }
    if (status == HP_OK && performance->stage.has_clock) {
        status = set_clock(backstage, problem);
    }
    if (status == HP_OK && performance->has_events) {
        status = drain(backstage, performance->events, problem);
    }
    return status;
}

/* What the set-up asks for must come about. */
static enum hp_status insist(const struct outcome *outcome, const char *what, struct hp_problem *problem) {
    if (outcome->end == ACT_LOST) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", what, outcome->detail);
    }
    if (outcome->end == ACT_REFUSED) {
        return hp_problem_set(problem, HP_INVALID, NULL, "%s was refused: %s: %s", what, outcome->error_name,
                              outcome->detail);
    }
    return HP_OK;
}

/* How many checks of each owner are let through; of an hour and a day as many as there are. */
static enum hp_status set_limits(struct backstage *backstage, struct hp_problem *problem) {
    const struct stage *stage = &backstage->performance->stage;
    enum hp_status status = HP_OK;
    for (unsigned owner = 0; status == HP_OK && owner < OWNER_COUNT && stage->script->per_minute > 0;
         owner++) {
        char name[STAGE_NAME_SIZE], params[STAGE_NAME_SIZE + 96];
        stage_put_name(stage, owner_name((enum owner)owner), name);
        snprintf(params, sizeof params, "{\"user_id\":\"%s\",\"per_minute\":%u,\"per_hour\":0,\"per_day\":0}",
                 name, stage->script->per_minute);
        status = call_once(backstage, "ratelimit.set", params, problem);
    }
    return status;
}

enum hp_status backstage_seed(struct backstage *backstage, struct hp_problem *problem) {
    const struct stage *stage = &backstage->performance->stage;
    enum hp_status status = set_limits(backstage, problem);
    for (unsigned i = 0; status == HP_OK && i < stage->script->seed_count; i++) {
        const struct act act = {.kind = ACT_CREATE, .slot = i, .seed = stage->script->seeds[i]};
        act_perform(&backstage->player, &act, &backstage->performance->seeding[i]);
        status = insist(&backstage->performance->seeding[i], "a creation of the set-up", problem);
        if (status == HP_OK && !stage_knows(stage, i)) {
            status = hp_problem_set(problem, HP_INVALID, "/interrupt/id", "a creation answered no id");
        }
    }
    return status;
}

enum hp_status backstage_read(struct backstage *backstage, struct hp_problem *problem) {
    struct performance *performance = backstage->performance;
    enum hp_status status = HP_OK;
    for (unsigned i = 0; status == HP_OK && i < performance->stage.slot_count; i++) {
        const struct act act = {.kind = ACT_GET, .slot = i};
        act_perform(&backstage->player, &act, &performance->closing[i]);
        if (performance->closing[i].end == ACT_LOST) {
            status = insist(&performance->closing[i], "the closing get", problem);
        }
    }
    if (status == HP_OK && performance->has_events) {
        status = drain(backstage, performance->events, problem);
    }
    return status;
}

enum hp_status backstage_close(struct backstage *backstage, struct hp_problem *problem) {
    session_close(backstage->player.session);
    return recording_close(backstage->player.recording, problem);
}
