#include "harness/lab/crew.h"

#include "harness/lab/crew_parts.h"
#include "harness/lab/random.h"
#include "reference/base/instant.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where all clients wait until the last is there. They spin: a sleeping thread would wake too late to meet the others. */
struct barrier {
    pthread_mutex_t mutex;
    unsigned missing; /* guarded by it */
};

/* A client that runs at the same time as the others. */
struct racer {
    pthread_t thread;
    bool started;
    struct runner *runner;
    struct barrier *barrier;
};

/* How crew_play has its clients act. */
struct racing {
    struct conduct conduct;
    struct target *target;
};

/* Where calls can be held up, one in four lets others go first: on few processors calls would hardly ever meet. */
struct pacer {
    struct gate gate;
    pthread_mutex_t mutex;
    uint64_t random; /* guarded by it */
};

static void pace(struct gate *gate, const char *point) {
    (void)point;
    struct pacer *pacer = (struct pacer *)gate;
    pthread_mutex_lock(&pacer->mutex);
    bool waits = random_below(&pacer->random, 4) == 0;
    pthread_mutex_unlock(&pacer->mutex);
    if (waits) {
        sched_yield();
    }
}

/* One more is there; how many are missing. */
static unsigned barrier_count(struct barrier *barrier, unsigned arrived) {
    pthread_mutex_lock(&barrier->mutex);
    unsigned missing = barrier->missing -= arrived;
    pthread_mutex_unlock(&barrier->mutex);
    return missing;
}

static void barrier_wait(struct barrier *barrier) {
    unsigned missing = barrier_count(barrier, 1);
    while (missing > 0) {
        sched_yield();
        missing = barrier_count(barrier, 0);
    }
}

/* A client's own pace: none, or a few moments in which others may go first. */
static void pause_shortly(uint64_t *random) {
    for (uint64_t pauses = random_below(random, 4); pauses > 0; pauses--) {
        sched_yield();
    }
}

bool runner_act(struct runner *runner, size_t act) {
    act_perform(&runner->player, &runner->client->acts[act], &runner->outcomes[act]);
    return runner->outcomes[act].end != ACT_LOST;
}

static void run_acts(struct runner *runner) {
    bool more = true;
    for (size_t i = 0; more && i < runner->client->act_count; i++) {
        pause_shortly(&runner->random);
        more = runner_act(runner, i);
    }
}

static void *run(void *argument) {
    struct racer *racer = argument;
    barrier_wait(racer->barrier);
    run_acts(racer->runner);
    return NULL;
}

/* Starts all; those that cannot be started count as waiting, so that nobody waits for ever. */
static enum hp_status race(struct racer *racers, struct runner *runners, size_t count,
                           struct hp_problem *problem) {
    struct barrier barrier = {PTHREAD_MUTEX_INITIALIZER, (unsigned)count};
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < count; i++) {
        racers[i].runner = &runners[i];
        racers[i].barrier = &barrier;
        racers[i].started = pthread_create(&racers[i].thread, NULL, run, &racers[i]) == 0;
        if (!racers[i].started) {
            barrier_count(&barrier, 1);
            status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "client %zu of %zu could not be started",
                                    i + 1, count);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (racers[i].started) {
            pthread_join(racers[i].thread, NULL);
        }
    }
    return status;
}

static enum hp_status run_at_once(struct conduct *conduct, struct runner *runners, size_t count,
                                  struct hp_problem *problem) {
    struct target *target = ((struct racing *)conduct)->target;
    struct pacer pacer = {{pace}, PTHREAD_MUTEX_INITIALIZER, runners[0].random};
    struct racer *racers = calloc(count + 1, sizeof *racers);
    if (!racers) {
        return hp_problem_no_memory(problem);
    }
    target_set_gate(target, &pacer.gate);
    enum hp_status status = race(racers, runners, count, problem);
    target_set_gate(target, NULL);
    free(racers);
    return status;
}

static enum hp_status run_in_turn(struct conduct *conduct, struct runner *runners, size_t count,
                                  struct hp_problem *problem) {
    (void)conduct;
    (void)problem;
    for (size_t i = 0; i < count; i++) {
        run_acts(&runners[i]);
    }
    return HP_OK;
}

static enum hp_status runner_open(struct runner *runner, const struct crew *crew, struct recorder *recorder,
                                  struct performance *performance, size_t at, struct hp_problem *problem) {
    const struct script *script = performance->stage.script;
    runner->client = &script->clients[at];
    runner->outcomes = performance->outcomes[at];
    runner->random = random_start(crew->seed, crew->number * UINT64_C(1000) + at);
    runner->player.stage = &performance->stage;
    enum hp_status status =
        target_open(crew->target, runner->client->endpoint, &runner->player.session, problem);
    return status == HP_OK ? recording_open(recorder, &runner->player.recording, problem) : status;
}

static enum hp_status runner_close(struct runner *runner, struct hp_problem *problem) {
    session_close(runner->player.session);
    return recording_close(runner->player.recording, problem);
}

/* All clients, from their first act to their last. */
static enum hp_status play_clients(const struct crew *crew, struct conduct *conduct,
                                   struct recorder *recorder, struct performance *performance,
                                   struct hp_problem *problem) {
    size_t count = performance->stage.script->client_count;
    struct runner *runners = calloc(count + 1, sizeof *runners);
    if (!runners) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        status = runner_open(&runners[i], crew, recorder, performance, i, problem);
    }
    performance->stage.began_ns = recorder_now_ns();
    if (status == HP_OK) {
        status = conduct->act(conduct, runners, count, problem);
    }
    for (size_t i = 0; i < count; i++) {
        enum hp_status closed = runner_close(&runners[i], status == HP_OK ? problem : NULL);
        status = status == HP_OK ? closed : status;
    }
    free(runners);
    return status;
}

/* Memory for the outcomes; everything is zeroed. */
static bool make_outcomes(struct performance *performance) {
    const struct script *script = performance->stage.script;
    performance->seeding = calloc(script->seed_count + 1, sizeof *performance->seeding);
    performance->closing = calloc(performance->stage.slot_count + 1, sizeof *performance->closing);
    performance->windows = calloc(performance->stage.slot_count + 1, sizeof *performance->windows);
    performance->outcomes = calloc(script->client_count + 1, sizeof *performance->outcomes);
    bool whole =
        performance->seeding && performance->closing && performance->windows && performance->outcomes;
    for (size_t i = 0; whole && i < script->client_count; i++) {
        performance->outcomes[i] = calloc(script->clients[i].act_count + 1, sizeof **performance->outcomes);
        whole = performance->outcomes[i] != NULL;
    }
    return whole;
}

/* The performance knows its stage by now: names of its own, and no outcomes yet. */
static enum hp_status performance_init(struct performance *performance, const struct crew *crew,
                                       const struct script *script, struct hp_problem *problem) {
    char run[STAGE_NAME_SIZE];
    bool fresh = crew->reset && hello_declares(crew->hello, "reset");
    if (fresh) {
        snprintf(run, sizeof run, "%u", crew->number);
    } else {
        snprintf(run, sizeof run, "%u-%" PRIx64, crew->number, (uint64_t)recorder_now_ns());
    }
    enum hp_status status = stage_init(&performance->stage, script, run, problem);
    performance->stage.deadline_ms = crew->deadline_ms;
    performance->stage.has_clock = hello_declares(crew->hello, "clock");
    performance->stage.clock_error_ns = crew->hello->clock_error_us * 1000;
    if (status == HP_OK && !make_outcomes(performance)) {
        status = hp_problem_no_memory(problem);
    }
    return status;
}

static enum hp_status play(const struct crew *crew, struct conduct *conduct, struct recorder *recorder,
                           struct performance *performance, struct hp_problem *problem) {
    struct backstage backstage = {0};
    enum hp_status status = backstage_open(&backstage, crew, recorder, performance, problem);
    if (status == HP_OK) {
        status = backstage_seed(&backstage, problem);
    }
    if (status == HP_OK) {
        status = play_clients(crew, conduct, recorder, performance, problem);
    }
    if (status == HP_OK) {
        status = backstage_read(&backstage, problem);
    }
    enum hp_status closed = backstage_close(&backstage, status == HP_OK ? problem : NULL);
    return status == HP_OK ? closed : status;
}

enum hp_status crew_play(const struct crew *crew, const struct script *script, const char *folder,
                         struct performance *performance, struct hp_problem *problem) {
    bool in_turn = crew->in_turn || script->client_count == 1;
    struct racing racing = {{in_turn ? run_in_turn : run_at_once}, crew->target};
    return crew_conduct(crew, script, folder, &racing.conduct, performance, problem);
}

enum hp_status crew_conduct(const struct crew *crew, const struct script *script, const char *folder,
                            struct conduct *conduct, struct performance *performance,
                            struct hp_problem *problem) {
    struct notebook notebook = {0};
    *performance = (struct performance){0};
    if (script_endpoints(script) > crew->hello->endpoints) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "the script names endpoint %u, and the target has %u of them, from 0 on",
                              script_endpoints(script) - 1, crew->hello->endpoints);
    }
    enum hp_status status = performance_init(performance, crew, script, problem);
    if (status == HP_OK) {
        status = notebook_open(&notebook, folder, problem);
    }
    if (status == HP_OK) {
        status = play(crew, conduct, notebook.recorder, performance, problem);
    }
    if (status == HP_OK && performance->stage.failed) {
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        status = recorder_merge(notebook.folder, &performance->history, problem);
    }
    notebook_close(&notebook);
    if (status == HP_OK) {
        performance_complete(performance);
    }
    return status;
}

static void release_outcomes(struct outcome *outcomes, size_t count) {
    for (size_t i = 0; outcomes && i < count; i++) {
        outcome_release(&outcomes[i]);
    }
    free(outcomes);
}

void performance_release(struct performance *performance) {
    const struct script *script = performance->stage.script;
    for (size_t i = 0; performance->outcomes && i < script->client_count; i++) {
        release_outcomes(performance->outcomes[i], script->clients[i].act_count);
    }
    free(performance->outcomes);
    release_outcomes(performance->seeding, script ? script->seed_count : 0);
    release_outcomes(performance->closing, performance->stage.slot_count);
    free(performance->windows);
    json_decref(performance->events);
    history_release(&performance->history);
    stage_release(&performance->stage);
    *performance = (struct performance){0};
}
