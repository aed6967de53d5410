#include "harness/case/prepare.h"

#include "harness/base/value.h"
#include "harness/case/case.h"
#include "harness/case/expand.h"
#include "harness/case/operand.h"
#include "harness/case/scenario.h"
#include "reference/base/instant.h"

#include <string.h>
#include <time.h>

int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * HP_SECOND_US + now.tv_nsec / 1000;
}

/* Eight characters that differ from case to case and, by the nonce, from run to run. */
static void make_run(char run[SCOPE_RUN_SIZE], const struct rig *rig, const char *id) {
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    uint64_t hash = text_hash(TEXT_HASH_START, id, strlen(id));
    hash = text_hash(hash, &rig->plan->seed, sizeof rig->plan->seed);
    hash = text_hash(hash, &rig->nonce, sizeof rig->nonce);
    for (size_t i = 0; i + 1 < SCOPE_RUN_SIZE; i++) {
        run[i] = digits[hash % 36];
        hash /= 36;
    }
    run[SCOPE_RUN_SIZE - 1] = '\0';
}

/* The first cycle of 400 years in which the instant is not behind the clock. */
static bool find_cycle(int64_t start_us, int64_t clock_us, int64_t *moved_us, int64_t *cycles) {
    *moved_us = start_us;
    for (*cycles = 0; *moved_us < clock_us; ++*cycles) {
        if (!instant_move(moved_us, 1)) {
            return false;
        }
    }
    return true;
}

bool scenario_start(const struct rig *rig, const struct test_case *test_case, int64_t *start_us,
                    int64_t *cycles) {
    *start_us = test_case->start_us;
    *cycles = 0;
    if (rig->has_reset || rig->clock_us == HP_INSTANT_NONE || rig->clock_us <= *start_us) {
        return true;
    }
    if (test_case->fixed) {
        return find_cycle(test_case->start_us, rig->clock_us, start_us, cycles);
    }
    *start_us = rig->clock_us;
    return true;
}

/* Binds a row's value as it comes out for this run. */
static bool bind_row_value(struct scope *scope, const char *name, json_t *value) {
    struct surroundings none = {.fixed = true};
    const struct place nowhere = {0};
    struct template *template = NULL;
    json_t *made = NULL;
    bool bound = template_compile(value, &none, &nowhere, false, &template, NULL) == HP_OK &&
                 template_value(template, scope, &made, NULL) == HP_OK && scope_bind(scope, name, made);
    json_decref(made);
    template_free(template);
    return bound;
}

static void begin_scope(struct scenario *scenario) {
    struct rig *rig = scenario->rig;
    scope_clear(&rig->scope);
    make_run(rig->scope.run, rig, scenario->test_case->id);
}

/* After the start is known, for what a row reckons from it. */
static bool bind_row(struct scenario *scenario) {
    const char *name;
    json_t *value;
    json_object_foreach(scenario->test_case->row, name, value) {
        if (!bind_row_value(&scenario->rig->scope, name, value)) {
            return outcome_no_memory(scenario);
        }
    }
    return true;
}

/* Makes a call of the harness's own; NULL when memory ran out. */
static const struct record *call(struct scenario *scenario, int step, const char *method,
                                 const char *params) {
    struct record *record = rig_begin(scenario->rig, step, method);
    if (!record) {
        outcome_no_memory(scenario);
        return NULL;
    }
    text_add(&scenario->rig->params, params);
    rig_call(scenario->rig, record, 0);
    return record;
}

static bool judge_setup(struct scenario *scenario, const struct record *record) {
    if (record->answer.kind == ANSWER_BROKEN || record->answer.kind == ANSWER_UNSENDABLE) {
        return outcome_unanswered(scenario, record);
    }
    return record->answer.kind == ANSWER_RESULT ||
           outcome_set(scenario, VERDICT_UNTESTABLE, record, "%s was refused: %s (%s)", record->method,
                       record->answer.error_name, record->answer.detail);
}

static const struct record *call_clock(struct scenario *scenario, int step, int64_t instant_us) {
    char instant[HP_INSTANT_SIZE];
    char params[HP_INSTANT_SIZE + 16] = "{\"now\":\"";
    hp_instant_format(instant_us, instant);
    memcpy(params + 8, instant, HP_INSTANT_SIZE - 1);
    memcpy(params + 8 + HP_INSTANT_SIZE - 1, "\"}", 3);
    const struct record *record = call(scenario, step, "clock.set", params);
    if (record && record->answer.kind == ANSWER_RESULT) {
        scenario->rig->clock_us = instant_us;
    }
    return record;
}

bool clock_set(struct scenario *scenario, int step, int64_t instant_us) {
    const struct record *record = call_clock(scenario, step, instant_us);
    return record && judge_setup(scenario, record);
}

/* Learns where the clock of a target stands that was used before: an interrupt of nobody's shows its now. */
static bool probe_clock(struct scenario *scenario) {
    struct rig *rig = scenario->rig;
    char params[256] = "{\"kind\":\"checkpoint\",\"user_id\":\"holdpoint-probe\",\"session_id\":"
                       "\"holdpoint-probe\",\"request_id\":\"holdpoint-probe\"}";
    const struct record *record = call(scenario, RECORD_SETUP, "interrupt.create", params);
    const json_t *created = record ? value_at(record->answer.result, "/interrupt/created_at") : NULL;
    return record && judge_setup(scenario, record) &&
           ((json_is_string(created) &&
             hp_instant_parse(json_string_value(created), json_string_length(created), &rig->clock_us)) ||
            outcome_set(scenario, VERDICT_UNTESTABLE, record,
                        "the target refuses the case's start, and its creations do not tell its now"));
}

static bool find_start(struct scenario *scenario) {
    struct rig *rig = scenario->rig;
    return scenario_start(rig, scenario->test_case, &rig->scope.start_us, &rig->scope.cycles) ||
           outcome_set(scenario, VERDICT_UNTESTABLE, NULL,
                       "the target's clock is past the case's start in every cycle of 400 years before the "
                       "year 10000, and the target cannot be reset");
}

/* Sets the clock to the start. A target that cannot be reset may stand at a later time than anybody here
 * knows: then it refuses, is asked for its now, and the case starts there. */
static bool set_start(struct scenario *scenario) {
    struct rig *rig = scenario->rig;
    if (rig->has_reset || rig->clock_us != HP_INSTANT_NONE || !hello_declares(rig->hello, "create")) {
        return clock_set(scenario, RECORD_SETUP, rig->scope.start_us);
    }
    const struct record *record = call_clock(scenario, RECORD_SETUP, rig->scope.start_us);
    if (!record || record->answer.kind != ANSWER_REFUSED) {
        return record && judge_setup(scenario, record);
    }
    return probe_clock(scenario) && find_start(scenario) &&
           clock_set(scenario, RECORD_SETUP, rig->scope.start_us);
}

static bool needs(const struct test_case *test_case, const char *capability) {
    for (size_t i = 0; i < test_case->need_count; i++) {
        if (strcmp(test_case->needs[i], capability) == 0) {
            return true;
        }
    }
    return false;
}

/* A case that needs no clock is given its start all the same when an earlier one left the clock elsewhere: a
 * clock at the end of the calendar would refuse any TTL. And when targets are compared: clocks that run would show
 * each of them another time. */
static bool must_set_clock(const struct scenario *scenario) {
    const struct rig *rig = scenario->rig;
    if (!rig->has_clock) {
        return false;
    }
    return rig->plan->keep_parity || needs(scenario->test_case, "clock") || scenario->test_case->wall_clock ||
           (rig->clock_us != HP_INSTANT_NONE && rig->clock_us != rig->scope.start_us);
}

bool prepare(struct scenario *scenario) {
    struct rig *rig = scenario->rig;
    begin_scope(scenario);
    if (!find_start(scenario) || !bind_row(scenario)) {
        return false;
    }
    if (rig->has_reset) {
        const struct record *record = call(scenario, RECORD_SETUP, "reset", "{}");
        if (!record || !judge_setup(scenario, record)) {
            return false;
        }
    }
    return !must_set_clock(scenario) || set_start(scenario);
}
