#include "harness/case/play.h"

#include "harness/base/suggest.h"

#include <assert.h>
#include <string.h>

static struct {
    const char *name;
    const char *capability;
    play_function function; /* NULL until it is registered */
} plays[] = {
    {"drift.database", "database", NULL},   {"concurrency.race", "concurrent", NULL},
    {"concurrency.script", "create", NULL}, {"concurrency.schedule", "concurrent", NULL},
    {"webhook.receive", "webhooks", NULL},  {"webhook.nowhere", "webhooks", NULL},
    {"webhook.received", "webhooks", NULL}, {"webhook.meanwhile", "webhooks", NULL},
    {"durability.crash", "database", NULL}, {"durability.restart", "restart", NULL},
};

enum { PLAY_COUNT = sizeof plays / sizeof plays[0] };

static size_t find(const char *name) {
    size_t at = 0;
    while (at < PLAY_COUNT && strcmp(plays[at].name, name) != 0) {
        at++;
    }
    return at;
}

const char *play_capability(const char *name) {
    size_t at = find(name);
    return at < PLAY_COUNT ? plays[at].capability : NULL;
}

const char *play_nearest(const char *name) {
    const char *known[PLAY_COUNT];
    for (size_t i = 0; i < PLAY_COUNT; i++) {
        known[i] = plays[i].name;
    }
    return suggest_nearest(name, known, PLAY_COUNT);
}

void play_register(const char *name, play_function function) {
    size_t at = find(name);
    assert(at < PLAY_COUNT);
    plays[at].function = function;
}

enum play_end play_perform(const char *name, const struct play_stage *stage, const json_t *args,
                           json_t **result, struct hp_problem *problem) {
    size_t at = find(name);
    if (at == PLAY_COUNT || !plays[at].function) {
        hp_problem_set(problem, HP_UNSUPPORTED, NULL, "this program cannot carry out %s", name);
        return PLAY_BROKEN;
    }
    return plays[at].function(stage, args, result, problem);
}
