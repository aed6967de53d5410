#include "suites/chapters/concurrency.h"

#include "harness/lab/model_review.h"
#include "harness/lab/race.h"
#include "harness/lab/review.h"
#include "harness/lab/schedule.h"
#include "harness/report/exhibit.h"
#include "reference/base/instant.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS_DEFAULT = 20, ROUNDS_MAX = 1000000, PATIENCE = 20, NOTE_SIZE = 160 };

/* One play under way. */
struct contest {
    const struct play_stage *stage;
    const json_t *args;
    struct hp_problem *problem;
    bool is_race;
    bool in_turn;
    unsigned rounds;
    size_t overlaps_wanted;
    unsigned classes;
    uint64_t seed;
    size_t overlaps; /* until now */
    int64_t start_us;
    json_t *violations;
    struct choices choices; /* empty: not by turns */
};

static enum play_end no_memory(struct contest *contest) {
    hp_problem_no_memory(contest->problem);
    return PLAY_BROKEN;
}

static enum play_end misuse(struct contest *contest, const char *key, const char *expected) {
    hp_problem_set(contest->problem, HP_INVALID, NULL, "at /args/%s of the play: expected %s", key, expected);
    return PLAY_BROKEN;
}

/* A whole number among the args; what is absent keeps it. */
static bool read_count(const json_t *args, const char *key, json_int_t maximum, json_int_t *count) {
    const json_t *value = json_object_get(args, key);
    if (value) {
        *count = json_integer_value(value);
    }
    return !value || (json_is_integer(value) && *count >= 0 && *count <= maximum);
}

static enum play_end read_classes(struct contest *contest) {
    const json_t *names = json_object_get(contest->args, "judge");
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        enum finding_class class;
        if (!name || !finding_class_from_name(name, &class)) {
            return misuse(contest, "judge",
                          "classes of findings: order, field, event, id, list, answer, flow, limit, model");
        }
        contest->classes |= 1u << class;
    }
    return PLAY_DONE;
}

static enum play_end contest_init(struct contest *contest) {
    json_int_t rounds = contest->is_race ? ROUNDS_DEFAULT : 1;
    json_int_t overlaps = contest->is_race ? 1 : 0;
    if (!read_count(contest->args, "rounds", ROUNDS_MAX, &rounds) || rounds == 0) {
        return misuse(contest, "rounds", "a whole number from 1 to 1000000");
    }
    if (!read_count(contest->args, "overlaps", ROUNDS_MAX, &overlaps)) {
        return misuse(contest, "overlaps", "a whole number from 0 to 1000000");
    }
    contest->rounds = (unsigned)rounds;
    contest->overlaps_wanted = (size_t)overlaps;
    contest->in_turn = json_is_true(json_object_get(contest->args, "in_turn"));
    contest->start_us = contest->stage->start_us;
    const char *id = contest->stage->case_id ? contest->stage->case_id : "";
    contest->seed = text_hash(contest->stage->seed, id, strlen(id));
    contest->violations = json_array();
    const json_t *turns = json_object_get(contest->args, "turns");
    if (turns && !contest->is_race && choices_decode(turns, &contest->choices, contest->problem) != HP_OK) {
        return misuse(contest, "turns", "numbers of clients");
    }
    return contest->violations ? read_classes(contest) : no_memory(contest);
}

static enum hp_status make_script(const struct contest *contest, unsigned round, struct script *script) {
    if (!contest->is_race) {
        return script_decode(json_object_get(contest->args, "script"), script, contest->problem);
    }
    const json_t *args = contest->args;
    json_t *race =
        json_pack("{s:O*, s:O*, s:O*}", "interrupts", json_object_get(args, "interrupts"), "lanes",
                  json_object_get(args, "lanes"), "per_minute", json_object_get(args, "per_minute"));
    enum hp_status status = race ? race_expand(race, contest->seed, round, contest->stage->hello->endpoints,
                                               script, contest->problem)
                                 : hp_problem_no_memory(contest->problem);
    json_decref(race);
    return status;
}

/* How far a script moves the clock. */
static int64_t clock_end_us(const struct script *script) {
    int64_t end_us = 0;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            end_us = act->kind == ACT_CLOCK && act->clock_us > end_us ? act->clock_us : end_us;
        }
    }
    return end_us;
}

static void show(const struct contest *contest, const struct performance *performance,
                 const struct finding *finding, unsigned round) {
    const struct script *script = performance->stage.script;
    char note[NOTE_SIZE];
    snprintf(note, sizeof note,
             "round %u of seed %" PRIu64 ", %zu clients, %zu acts; %zu pairs of calls overlapped in it",
             round + 1, contest->stage->seed, script->client_count, script_acts(script),
             performance->overlaps);
    exhibit_add(contest->stage->exhibit, &(struct exhibit){.performance = performance,
                                                           .finding = finding,
                                                           .title = contest->stage->case_id,
                                                           .note = note,
                                                           .folder = contest->stage->evidence,
                                                           .name = contest->stage->case_id});
}

static bool add_violations(const struct contest *contest, const struct review *review, unsigned round) {
    for (size_t i = 0; i < review->count; i++) {
        const struct finding *finding = &review->findings[i];
        json_t *violation = json_pack("{s:s, s:s, s:i}", "class", finding_class_name(finding->class), "what",
                                      finding->sentence, "round", (int)round + 1);
        if (!violation || json_array_append_new(contest->violations, violation) != 0) {
            return false;
        }
    }
    return true;
}

/* One after another there is one right answer to each act, and the model knows it. False when memory runs out. */
static bool model_judges(const struct contest *contest, const struct performance *performance,
                         struct review *review) {
    bool alone = contest->in_turn || performance->stage.script->client_count == 1;
    bool wanted = contest->classes == 0 || (contest->classes & 1u << FINDING_MODEL);
    return !alone || !wanted || model_review(performance, NULL, 0, review, contest->problem) == HP_OK;
}

/* What a performance comes to. */
static enum play_end judge(struct contest *contest, const struct performance *performance, unsigned round) {
    struct review review;
    enum play_end end = PLAY_DONE;
    contest->overlaps += performance->overlaps;
    if (performance->lost > 0) {
        hp_problem_set(contest->problem, HP_UNAVAILABLE, NULL, "%zu calls of round %u have no answer: %s",
                       performance->lost, round + 1, performance->lost_why);
        return performance->unsendable ? PLAY_UNSUPPORTED : PLAY_BROKEN;
    }
    if (review_make(performance, contest->classes, &review, contest->problem) != HP_OK ||
        !model_judges(contest, performance, &review)) {
        end = PLAY_BROKEN;
    } else if (review.undecided) {
        hp_problem_set(contest->problem, HP_CONFLICT, NULL, "the order of round %u could not be decided",
                       round + 1);
        end = PLAY_UNTESTABLE;
    } else if (review.count > 0) {
        show(contest, performance, &review.findings[0], round);
        end = add_violations(contest, &review, round) ? PLAY_DONE : no_memory(contest);
    }
    review_release(&review);
    return end;
}

/* By turns where they are given and the target can be held up. */
static enum hp_status play_crew(const struct contest *contest, const struct crew *crew,
                                const struct script *script, struct performance *performance) {
    struct choices choices = {.random = contest->seed};
    bool whole = true;
    if (contest->choices.count == 0 || !target_set_gate(crew->target, NULL)) {
        return crew_play(crew, script, NULL, performance, contest->problem);
    }
    for (size_t i = 0; whole && i < contest->choices.count; i++) {
        whole = choices_add(&choices, contest->choices.turns[i]);
    }
    enum hp_status status = whole ? schedule_play(crew, script, NULL, &choices, performance, contest->problem)
                                  : hp_problem_no_memory(contest->problem);
    choices_release(&choices);
    return status;
}

static enum play_end play_round(struct contest *contest, unsigned round) {
    const struct play_stage *stage = contest->stage;
    struct performance performance = {0};
    struct script script;
    if (make_script(contest, round, &script) != HP_OK) {
        return PLAY_BROKEN;
    }
    enum play_end end = PLAY_DONE;
    bool resets = hello_declares(stage->hello, "reset");
    const struct crew crew = {.target = stage->target,
                              .hello = stage->hello,
                              .deadline_ms = stage->deadline_ms,
                              .seed = contest->seed,
                              .number = round,
                              .start_us = contest->start_us,
                              .reset = resets,
                              .in_turn = contest->in_turn};
    if (script_endpoints(&script) > stage->hello->endpoints) {
        hp_problem_set(contest->problem, HP_UNSUPPORTED, NULL, "it takes %u endpoints, the target has %u",
                       script_endpoints(&script), stage->hello->endpoints);
        end = PLAY_UNTESTABLE;
    } else {
        enum hp_status status = play_crew(contest, &crew, &script, &performance);
        *stage->clock_us = contest->start_us + clock_end_us(&script);
        contest->start_us = resets ? contest->start_us : *stage->clock_us;
        end = status == HP_OK        ? judge(contest, &performance, round)
              : status == HP_INVALID ? PLAY_UNTESTABLE
                                     : PLAY_BROKEN;
    }
    performance_release(&performance);
    script_release(&script);
    return end;
}

/* Rounds until there are enough of them and of overlaps, or until one has a violation. */
static enum play_end play_rounds(struct contest *contest) {
    enum play_end end = PLAY_DONE;
    unsigned round = 0;
    bool enough = false;
    while (end == PLAY_DONE && json_array_size(contest->violations) == 0 && !enough) {
        end = play_round(contest, round++);
        enough = round >= contest->rounds && contest->overlaps >= contest->overlaps_wanted;
        if (!enough && end == PLAY_DONE && round / PATIENCE >= contest->rounds) {
            hp_problem_set(contest->problem, HP_CONFLICT, NULL,
                           "%zu pairs of calls overlapped on one interrupt in %u rounds; it takes %zu",
                           contest->overlaps, round, contest->overlaps_wanted);
            end = PLAY_UNTESTABLE;
        }
    }
    return end;
}

static enum play_end contest_play(struct contest *contest, json_t **result) {
    enum play_end end = contest_init(contest);
    if (end == PLAY_DONE) {
        end = play_rounds(contest);
    }
    if (end == PLAY_DONE) {
        *result = json_pack("{s:O}", "violations", contest->violations);
        end = *result ? PLAY_DONE : no_memory(contest);
    }
    json_decref(contest->violations);
    choices_release(&contest->choices);
    return end;
}

enum play_end concurrency_race_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                    struct hp_problem *problem) {
    struct contest contest = {.stage = stage, .args = args, .problem = problem, .is_race = true};
    return contest_play(&contest, result);
}

enum play_end concurrency_script_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                      struct hp_problem *problem) {
    struct contest contest = {.stage = stage, .args = args, .problem = problem};
    return contest_play(&contest, result);
}

void chapter_concurrency_register(void) {
    play_register("concurrency.race", concurrency_race_play);
    play_register("concurrency.script", concurrency_script_play);
}
