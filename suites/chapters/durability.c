#include "suites/chapters/durability.h"

#include "harness/base/value.h"
#include "reference/base/instant.h"
#include "suites/chapters/aftermath.h"
#include "suites/chapters/crash.h"
#include "suites/chapters/webhook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const act_names[CRASH_ACT_COUNT] = {"create", "respond", "cancel",
                                                       "sweep",  "flush",   "start"};
static const char *const lock_names[CRASH_LOCK_COUNT] = {NULL, "row", "migrations", "legacy"};

static enum play_end misuse(struct hp_problem *problem, const char *member, const char *expected) {
    hp_problem_set(problem, HP_INVALID, NULL, "at /args/%s of the play: expected %s", member, expected);
    return PLAY_BROKEN;
}

/* The number of the text in the list; count when it is not there. */
static unsigned find_name(const json_t *text, const char *const *names, unsigned count) {
    unsigned at = 0;
    while (at < count &&
           !(json_is_string(text) && names[at] && strcmp(names[at], json_string_value(text)) == 0)) {
        at++;
    }
    return at;
}

static bool read_count(const json_t *args, const char *name, size_t otherwise, size_t *count) {
    const json_t *value = json_object_get(args, name);
    json_int_t number = value ? json_integer_value(value) : (json_int_t)otherwise;
    *count = (size_t)number;
    return (!value || json_is_integer(value)) && number >= 0 && number <= CRASH_INTERRUPTS_MAX;
}

static enum play_end read_args(const json_t *args, struct crash *crash, struct hp_problem *problem) {
    const json_t *lock = json_object_get(args, "lock"), *store = json_object_get(args, "store");
    unsigned act = find_name(json_object_get(args, "act"), act_names, CRASH_ACT_COUNT);
    unsigned locked = lock ? find_name(lock, lock_names, CRASH_LOCK_COUNT) : CRASH_NO_LOCK;
    crash->hold = json_string_value(json_object_get(args, "hold"));
    if (act == CRASH_ACT_COUNT) {
        return misuse(problem, "act", "create, respond, cancel, sweep, flush or start");
    }
    if (locked == CRASH_LOCK_COUNT) {
        return misuse(problem, "lock", "row, migrations or legacy");
    }
    bool starts = locked == CRASH_LOCK_MIGRATIONS || locked == CRASH_LOCK_LEGACY;
    if ((crash->hold != NULL) == (lock != NULL) || starts != (act == CRASH_START)) {
        return misuse(problem, "hold",
                      "either a point or a lock, and with start a lock of migrations or legacy");
    }
    crash->act = (enum crash_act)act;
    crash->lock = (enum crash_lock)locked;
    if (!read_count(args, "interrupts", crash->lock == CRASH_LOCK_LEGACY ? 0 : 1, &crash->interrupts)) {
        return misuse(problem, "interrupts", "a number from 0 to 16");
    }
    bool acted = crash->act == CRASH_RESPOND || crash->act == CRASH_CANCEL || crash->lock == CRASH_LOCK_ROW;
    if (!read_count(args, "answered", 0, &crash->answered) ||
        crash->answered + (acted ? 1 : 0) > crash->interrupts) {
        return misuse(problem, "answered", "fewer than the interrupts that are not acted on");
    }
    crash->in_memory =
        store && strcmp(json_string_value(store) ? json_string_value(store) : "", "memory") == 0;
    return PLAY_DONE;
}

/* The play's own servers are the reference's, and prove nothing of another service. */
static bool is_reference(const struct hello *hello) {
    static const char *const names[] = {"holdpoint reference", "holdpoint serve"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strncmp(hello->name, names[i], strlen(names[i])) == 0) {
            return true;
        }
    }
    return false;
}

static enum play_end end_of(enum hp_status status) {
    return status == HP_OK ? PLAY_DONE : status == HP_CONFLICT ? PLAY_UNTESTABLE : PLAY_BROKEN;
}

static enum hp_status go_through(struct crash *crash, bool again, const json_t *box,
                                 const struct play_stage *stage, json_t **result,
                                 struct hp_problem *problem) {
    struct aftermath aftermath = {.crash = crash, .again = again, .box = box, .stage = stage};
    enum hp_status status = crash_prepare(crash, problem);
    if (status == HP_OK) {
        status = crash_happen(crash, problem);
    }
    if (status == HP_OK) {
        status = crash_resume(crash, problem);
    }
    return status == HP_OK ? aftermath_count(&aftermath, result, problem) : status;
}

static enum play_end play(const struct play_stage *stage, const json_t *args, struct crash *crash,
                          json_t **result, struct hp_problem *problem) {
    json_t *box = NULL, *none = json_object();
    enum play_end end = PLAY_DONE;
    if (json_is_true(json_object_get(args, "webhook"))) {
        end = webhook_receive_play(stage, none, &box, problem);
        crash->endpoint = json_string_value(json_object_get(box, "url"));
    }
    if (end == PLAY_DONE) {
        end = end_of(
            go_through(crash, json_is_true(json_object_get(args, "again")), box, stage, result, problem));
    }
    crash_release(crash);
    json_decref(box);
    json_decref(none);
    return end;
}

enum play_end durability_crash_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                    struct hp_problem *problem) {
    struct crash crash = {.conninfo = stage->hello->database,
                          .fault = stage->hello->fault,
                          .fixtures = stage->fixtures,
                          .deadline_ms = stage->deadline_ms};
    enum play_end end = read_args(args, &crash, problem);
    if (end != PLAY_DONE) {
        return end;
    }
    if (!is_reference(stage->hello) || !crash.conninfo) {
        hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                       "the play kills servers of the reference; how %s is started nobody has said",
                       stage->hello->name);
        return PLAY_UNSUPPORTED;
    }
    return play(stage, args, &crash, result, problem);
}

/* A new server's clock runs. */
static enum hp_status set_clock(const struct play_stage *stage, int64_t now_us, struct hp_problem *problem) {
    char now[HP_INSTANT_SIZE], params[HP_INSTANT_SIZE + 16];
    struct session *session = NULL;
    struct answer answer = {0};
    enum hp_status status = target_open(stage->target, 0, &session, problem);
    if (status != HP_OK) {
        return status;
    }
    hp_instant_format(now_us, now);
    snprintf(params, sizeof params, "{\"now\":\"%s\"}", now);
    session_call(session, &(struct request){"clock.set", params, strlen(params), false}, stage->deadline_ms,
                 &answer);
    if (answer.kind != ANSWER_RESULT) {
        status =
            hp_problem_set(problem, HP_UNAVAILABLE, NULL, "clock.set after the restart: %s", answer.detail);
    }
    answer_release(&answer);
    session_close(session);
    *stage->clock_us = now_us;
    return status;
}

static bool is_same(const struct hello *before, const struct hello *after) {
    return strcmp(before->name, after->name) == 0 && before->endpoints == after->endpoints &&
           json_equal(before->capabilities, after->capabilities);
}

enum play_end durability_restart_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                      struct hp_problem *problem) {
    int64_t now_us = *stage->clock_us;
    struct hello hello = {0};
    if (json_object_size(args) > 0) {
        hp_problem_set(problem, HP_INVALID, NULL, "at /args of the play: expected nothing");
        return PLAY_BROKEN;
    }
    stage->restart(stage->restarted);
    /* Before anything else: a hello may have the server read its clock, and then it cannot be set back. */
    enum hp_status status = now_us == HP_INSTANT_NONE ? HP_OK : set_clock(stage, now_us, problem);
    if (status == HP_OK) {
        status = target_hello(stage->target, &hello, problem);
    }
    if (status == HP_OK) {
        *result = json_pack("{s:b}", "same", is_same(stage->hello, &hello));
        status = *result ? HP_OK : hp_problem_no_memory(problem);
    }
    hello_release(&hello);
    return status == HP_OK ? PLAY_DONE : PLAY_BROKEN;
}

void chapter_durability_register(void) {
    play_register("durability.restart", durability_restart_play);
    play_register("durability.crash", durability_crash_play);
}
