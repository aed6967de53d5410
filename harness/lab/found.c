#include "harness/lab/found.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The requirement that a finding of each class breaks. */
static const char *const requirements[] = {
    [FINDING_ORDER] = "REQ-RACE-1",  [FINDING_FIELD] = "REQ-RACE-8", [FINDING_EVENT] = "REQ-RACE-3",
    [FINDING_ID] = "REQ-RACE-4",     [FINDING_LIST] = "REQ-RACE-5",  [FINDING_ANSWER] = "REQ-RACE-1",
    [FINDING_FLOW] = "REQ-RESUME-6", [FINDING_LIMIT] = "REQ-RACE-9", [FINDING_MODEL] = "REQ-RACE-1"};

void found_name(enum finding_class class, uint64_t seed, uint64_t number, char name[FOUND_NAME_SIZE]) {
    snprintf(name, FOUND_NAME_SIZE, "%s-s%" PRIu64 "-r%" PRIu64, finding_class_name(class), seed, number);
}

static bool add_need(json_t *needs, const char *capability) {
    size_t index;
    json_t *need;
    json_array_foreach(needs, index, need) {
        const char *known = json_string_value(need);
        if (known && strcmp(known, capability) == 0) {
            return true;
        }
    }
    return json_array_append_new(needs, json_string(capability)) == 0;
}

/* The capabilities without which the script cannot be played as it is meant. */
static json_t *encode_needs(const struct script *script, enum way way) {
    json_t *needs = json_array();
    bool whole = needs && add_need(needs, "create") && add_need(needs, "get");
    for (size_t i = 0; whole && i < script->client_count; i++) {
        for (size_t j = 0; whole && j < script->clients[i].act_count; j++) {
            whole = add_need(needs, act_kind_capability(script->clients[i].acts[j].kind));
        }
    }
    whole = whole && (way == WAY_IN_TURN || add_need(needs, "concurrent"));
    whole = whole && (script_endpoints(script) == 1 || add_need(needs, "endpoints"));
    if (!whole) {
        json_decref(needs);
        return NULL;
    }
    return needs;
}

static json_t *encode_step(const struct found *found) {
    json_t *script = script_encode(found->script);
    json_t *args = json_pack("{s:o}", "script", script);
    bool whole = args && json_object_set_new(args, "rounds", json_integer(found->rounds)) == 0;
    if (whole && found->way == WAY_IN_TURN) {
        whole = json_object_set_new(args, "in_turn", json_true()) == 0;
    }
    if (whole && found->way == WAY_BY_TURNS) {
        whole = json_object_set_new(args, "turns", choices_encode(found->choices)) == 0;
    }
    json_t *step = whole ? json_pack("{s:s, s:O, s:{s:[]}, s:s}", "play", "concurrency.script", "args", args,
                                     "expect", "violations", "requirement", requirements[found->class])
                         : NULL;
    json_decref(args);
    return step;
}

json_t *found_encode(const struct found *found) {
    char id[FOUND_NAME_SIZE + 32], title[128], why[FINDING_SENTENCE_SIZE + 256];
    size_t acts = script_acts(found->script), clients = found->script->client_count;
    snprintf(id, sizeof id, "concurrency.found.%s", found->name);
    snprintf(title, sizeof title, "Found by chance: %zu act%s of %zu client%s %s", acts, acts == 1 ? "" : "s",
             clients, clients == 1 ? "" : "s", way_name(found->way));
    snprintf(why, sizeof why, "%s (%s)", found->sentence, found->origin);
    json_t *one =
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:[o]}", "id", id, "level", "MUST", "title", title, "why", why,
                  "needs", encode_needs(found->script, found->way), "steps", encode_step(found));
    return json_pack("{s:s, s:[o]}", "$schema", "../../schema/case.json", "cases", one);
}
