#include "harness/case/scenario.h"

#include "harness/base/value.h"
#include "harness/case/expand.h"
#include "harness/case/fingerprint.h"
#include "harness/case/judge.h"
#include "harness/case/parity.h"
#include "harness/case/play.h"
#include "harness/case/prepare.h"
#include "harness/case/transcript.h"
#include "reference/base/instant.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* Waits in real time until so long after the case began, with little to spare. */
static void wait_until(const struct scenario *scenario, int64_t distance_us) {
    int64_t left_us;
    while ((left_us = scenario->began_us + distance_us - monotonic_us()) > 0) {
        poll(NULL, 0, (int)(left_us / 1000 > 60000 ? 60000 : left_us / 1000 + 1));
    }
}

/* Where a clock step leads, by the target's clock. */
static bool find_instant(struct scenario *scenario, const struct step *step, int64_t *instant_us) {
    const struct scope *scope = &scenario->rig->scope;
    int64_t distance_us;
    if (seconds_to_us(step->clock, &distance_us)) {
        *instant_us = scope->start_us + distance_us;
        return *instant_us <= HP_INSTANT_MAX;
    }
    return hp_instant_parse(json_string_value(step->clock), json_string_length(step->clock), instant_us) &&
           instant_move(instant_us, scope->cycles);
}

static bool run_clock(struct scenario *scenario, int index, const struct step *step) {
    int64_t instant_us, distance_us;
    if (!scenario->rig->has_clock && seconds_to_us(step->clock, &distance_us)) {
        wait_until(scenario, distance_us);
        return true;
    }
    if (!find_instant(scenario, step, &instant_us)) {
        return outcome_set(scenario, VERDICT_UNTESTABLE, NULL,
                           "step %d would set the clock past the year 9999", index + 1);
    }
    return clock_set(scenario, index, instant_us);
}

/* A case that sets the clock by a call of its own moves the clock of the run. */
static void follow_clock(struct rig *rig, const struct record *record) {
    if (record->answer.kind != ANSWER_RESULT || strcmp(record->method, "clock.set") != 0) {
        return;
    }
    json_t *params = json_loadb(rig->params.bytes + record->begin, record->length, 0, NULL);
    const json_t *now = json_object_get(params, "now");
    if (!json_is_string(now) ||
        !hp_instant_parse(json_string_value(now), json_string_length(now), &rig->clock_us)) {
        rig->clock_us = HP_INSTANT_NONE;
    }
    json_decref(params);
}

/* What a play shows; that of the latest one counts. */
static void keep_exhibit(struct scenario *scenario, struct text *exhibit) {
    if (exhibit->length_bytes > 0) {
        free(scenario->result->exhibit);
        scenario->result->exhibit = text_take(exhibit);
    }
    text_release(exhibit);
}

static void restart(void *rig) {
    rig_restart(rig);
}

/* What a play comes to, as an answer. False when the case ends here. */
static bool play(struct scenario *scenario, struct record *record) {
    struct rig *rig = scenario->rig;
    struct text exhibit = {0};
    const struct play_stage stage = {.target = rig->target,
                                     .hello = rig->hello,
                                     .fixtures = rig->plan->suite->directory,
                                     .seed = rig->plan->seed,
                                     .deadline_ms = rig->plan->deadline_ms,
                                     .case_id = scenario->test_case->id,
                                     .start_us = rig->scope.start_us,
                                     .clock_us = &rig->clock_us,
                                     .evidence = rig->plan->evidence,
                                     .exhibit = &exhibit,
                                     .restart = restart,
                                     .restarted = rig};
    struct hp_problem problem = {0};
    json_t *result = NULL;
    record->length = record->whole_length = rig->params.length_bytes - record->begin;
    json_t *args = json_loadb(rig->params.bytes + record->begin, record->length, 0, NULL);
    if (!args) {
        return outcome_no_memory(scenario);
    }
    enum play_end end = play_perform(record->method, &stage, args, &result, &problem);
    json_decref(args);
    keep_exhibit(scenario, &exhibit);
    record->answer.kind = end == PLAY_DONE ? ANSWER_RESULT : ANSWER_BROKEN;
    record->answer.result = result;
    text_put(record->answer.detail, sizeof record->answer.detail, problem.detail);
    if (end != PLAY_UNTESTABLE && end != PLAY_UNSUPPORTED) {
        return true;
    }
    return outcome_set(scenario, end == PLAY_UNTESTABLE ? VERDICT_UNTESTABLE : VERDICT_UNSUPPORTED, record,
                       "%s", problem.detail);
}

static bool run_once(struct scenario *scenario, int index, const struct step *step, unsigned time,
                     json_t *lists) {
    struct rig *rig = scenario->rig;
    struct hp_problem problem = {0};
    struct record *record = rig_begin(rig, index, step->method);
    if (!record) {
        return outcome_no_memory(scenario);
    }
    record->time = time;
    record->times = step->times;
    record->raw = step->raw != NULL;
    rig->scope.index = time;
    enum hp_status status = template_write(step->params, &rig->scope, &rig->params, &problem);
    if (status != HP_OK) {
        outcome_set(scenario, status == HP_INVALID ? VERDICT_UNTESTABLE : VERDICT_ERRORED, record,
                    "the params cannot be written: %s", problem.detail);
        rig->record_count--;
        return false;
    }
    if (step->kind == STEP_PLAY && !play(scenario, record)) {
        return false;
    }
    if (step->kind != STEP_PLAY) {
        rig_call(rig, record, step->endpoint);
        follow_clock(rig, record);
    }
    return judge_answer(scenario, step, record) && (!lists || judge_collect(scenario, step, record, lists));
}

/* Binds the lists that a step of several times has collected. */
static bool bind_lists(struct scenario *scenario, json_t *lists) {
    const char *name;
    json_t *list;
    json_object_foreach(lists, name, list) {
        const char *stable = NULL; /* the key in lists goes away with them */
        const struct step *steps = scenario->test_case->steps;
        for (size_t i = 0; i < scenario->test_case->step_count && !stable; i++) {
            void *at = steps[i].bind ? json_object_iter_at(steps[i].bind, name) : NULL;
            stable = at ? json_object_iter_key(at) : NULL;
        }
        if (!stable || !scope_bind(&scenario->rig->scope, stable, list)) {
            return outcome_no_memory(scenario);
        }
    }
    return true;
}

static bool run_call(struct scenario *scenario, int index, const struct step *step) {
    json_t *lists = NULL;
    if (step->times > 1 && step->bind && !(lists = json_object())) {
        return outcome_no_memory(scenario);
    }
    bool going = true;
    for (unsigned time = 0; going && time < step->times; time++) {
        going = run_once(scenario, index, step, time, lists);
    }
    going = going && (!lists || bind_lists(scenario, lists));
    json_decref(lists);
    return going;
}

static bool run_steps(struct scenario *scenario) {
    const struct test_case *test_case = scenario->test_case;
    for (size_t i = 0; i < test_case->step_count; i++) {
        const struct step *step = &test_case->steps[i];
        bool going =
            step->kind == STEP_CLOCK ? run_clock(scenario, (int)i, step) : run_call(scenario, (int)i, step);
        if (!going) {
            return false;
        }
    }
    scenario->result->verdict = VERDICT_PASSED;
    return true;
}

static bool is_stand_in(const struct hello *hello, const struct step *step) {
    for (size_t i = 0; step->method && i < json_array_size(hello->stand_ins); i++) {
        if (strcmp(json_string_value(json_array_get(hello->stand_ins, i)), step->method) == 0) {
            return true;
        }
    }
    return false;
}

/* What somebody else does in the service's place says nothing of the service. */
static bool is_own(struct scenario *scenario) {
    const struct test_case *test_case = scenario->test_case;
    for (size_t i = 0; i < test_case->step_count; i++) {
        const struct step *step = &test_case->steps[i];
        bool judges = step->requirement_count > 0 || step->refused || step->kind == STEP_TWIN;
        if (judges && is_stand_in(scenario->rig->hello, step)) {
            return outcome_set(scenario, VERDICT_UNSUPPORTED, NULL,
                               "step %zu judges %s, which is not carried out by the service itself", i + 1,
                               step->method);
        }
    }
    return true;
}

static bool is_supported(struct scenario *scenario) {
    const struct test_case *test_case = scenario->test_case;
    const struct hello *hello = scenario->rig->hello;
    for (size_t i = 0; i < test_case->need_count; i++) {
        const char *need = test_case->needs[i];
        if (strcmp(need, "endpoints") != 0 && !hello_declares(hello, need)) {
            return outcome_set(scenario, VERDICT_UNSUPPORTED, NULL,
                               "needs the capability %s, which the target does not declare", need);
        }
    }
    if (test_case->endpoints > hello->endpoints) {
        return outcome_set(scenario, VERDICT_UNSUPPORTED, NULL, "needs %u endpoints, the target has %u",
                           test_case->endpoints, hello->endpoints);
    }
    return is_own(scenario);
}

/* Takes what the target wrote meanwhile, kept only for a case that somebody will look into. */
static void take_log(struct scenario *scenario, bool keep) {
    struct text log = {0};
    target_take_log(scenario->rig->target, &log);
    if (keep && log.length_bytes) {
        scenario->result->log = text_take(&log);
    }
    text_release(&log);
}

static void finish(struct scenario *scenario) {
    struct case_result *result = scenario->result;
    bool passed = result->verdict == VERDICT_PASSED;
    if (!passed) {
        transcript_make(scenario->rig, result);
    }
    if (result->verdict == VERDICT_FAILED || result->verdict == VERDICT_UNTESTABLE ||
        result->verdict == VERDICT_ERRORED) {
        fingerprint_make(result, scenario->rig->scope.run);
    }
    if (result->verdict == VERDICT_ERRORED) {
        rig_restart(scenario->rig);
    }
    if (scenario->rig->plan->keep_parity && verdict_is_comparable(result->verdict)) {
        result->parity = parity_side_new(scenario->rig, scenario->test_case);
    }
    take_log(scenario, !passed);
    rig_clear(scenario->rig);
    scope_clear(&scenario->rig->scope);
}

void scenario_run(struct rig *rig, const struct test_case *test_case, struct case_result *result) {
    struct scenario scenario = {rig, test_case, result, monotonic_us()};
    result->test_case = test_case;
    if (is_supported(&scenario)) {
        if (prepare(&scenario)) {
            run_steps(&scenario);
        }
        finish(&scenario);
    }
    result->duration_us = monotonic_us() - scenario.began_us;
}
