#include "harness/lab/schedule.h"

#include "harness/lab/crew_parts.h"
#include "harness/lab/random.h"
#include "harness/lab/schedule_parts.h"
#include "harness/lab/turns.h"

#include <stdlib.h>

/* Where an actor is. A client's own thread says so before it gives the turn back. */
struct position {
    size_t act;        /* the one it is in, or begins next */
    const char *point; /* NULL: between two acts */
};

/* One play under way. */
struct play {
    struct conduct conduct; /* first, so that a conduct is its play */
    struct gate gate;
    struct watch watch;
    const struct staging *staging;
    struct turns *turns;
    struct runner *runners;
    size_t client_count, actor_count;
    struct position *positions;
    size_t *acts; /* of the positions, for the scene */
    bool *ready;
    bool *waits;    /* was seen held up, and has not come on since */
    bool *deferred; /* a clock act that was given a turn too early */
    size_t last;
};

static void pass(struct gate *gate, const char *point) {
    struct play *play = (struct play *)((char *)gate - offsetof(struct play, gate));
    size_t self = turns_self(play->turns);
    if (self != SIZE_MAX) {
        play->positions[self].point = point;
        turns_give_back(play->turns);
    }
}

/* A client's thread: all of its acts, with a turn for each. */
static void act_all(void *context, size_t number) {
    struct play *play = context;
    struct position *position = &play->positions[number];
    size_t count = play->runners[number].client->act_count;
    bool more = true;
    for (size_t i = 0; more && i < count; i++) {
        more = runner_act(&play->runners[number], i);
        *position = (struct position){i + 1, NULL};
        more = more && (i + 1 == count || turns_give_back(play->turns));
    }
}

static enum hp_status count_waiting(struct watch *watch, int64_t *held_up, struct hp_problem *problem) {
    const struct play *play = (const struct play *)((char *)watch - offsetof(struct play, watch));
    return row_locks_count_waiting(play->staging->locks, held_up, problem);
}

static bool is_client(const struct play *play, size_t actor) {
    return actor < play->client_count;
}

static bool is_over(const struct play *play, size_t actor) {
    return is_client(play, actor)
               ? turns_is_done(play->turns, actor) || play->runners[actor].client->act_count == 0
               : play->positions[actor].act == HOLDER_ACTS;
}

/* A clock that is to be set waits until the calls under way are answered; those that stand at a point are not under way. */
static bool is_clock(const struct play *play, size_t actor) {
    const struct position *position = &play->positions[actor];
    return is_client(play, actor) && !position->point &&
           play->runners[actor].client->acts[position->act].kind == ACT_CLOCK;
}

static bool anybody_waits(const struct play *play) {
    for (size_t i = 0; i < play->client_count; i++) {
        if (play->waits[i]) {
            return true;
        }
    }
    return false;
}

/* Who can go on; false when nobody can. */
static bool find_ready(struct play *play) {
    bool any = false;
    bool clock_waits = anybody_waits(play);
    for (size_t i = 0; i < play->actor_count; i++) {
        if (play->waits[i]) { /* its thread may come on at any time; where it is, is not to be read */
            play->ready[i] = false;
            continue;
        }
        play->acts[i] = play->positions[i].act;
        play->ready[i] = !is_over(play, i) && !(clock_waits && is_clock(play, i));
        any = any || play->ready[i];
    }
    return any;
}

static enum hp_status note(struct play *play, const struct move *move, struct hp_problem *problem) {
    return course_add(play->staging->course, move) ? HP_OK : hp_problem_no_memory(problem);
}

/* Where an actor has come to. */
static struct move move_of(const struct play *play, size_t actor) {
    const struct position *position = &play->positions[actor];
    if (play->waits[actor]) {
        return (struct move){.actor = actor, .act = play->acts[actor], .end = MOVE_WAITS};
    }
    if (position->point) {
        return (struct move){
            .actor = actor, .act = position->act, .end = MOVE_POINT, .point = position->point};
    }
    return (struct move){.actor = actor, .act = position->act - 1, .end = MOVE_DONE};
}

/* Notes what came of a turn, and who came on besides. */
static enum hp_status look_around(struct play *play, size_t actor, struct hp_problem *problem) {
    bool was_deferred = play->deferred[actor];
    play->deferred[actor] = false;
    play->waits[actor] = is_client(play, actor) && turns_is_out(play->turns, actor);
    struct move move = move_of(play, actor);
    move.comes_on = was_deferred;
    enum hp_status status = note(play, &move, problem);
    for (size_t i = 0; status == HP_OK && i < play->client_count; i++) {
        if (i != actor && play->waits[i] && !turns_is_out(play->turns, i)) {
            play->waits[i] = false;
            move = move_of(play, i);
            move.comes_on = true;
            status = note(play, &move, problem);
        }
    }
    return status;
}

static enum hp_status move_holder(struct play *play, size_t actor, struct hp_problem *problem) {
    const struct staging *staging = play->staging;
    size_t at = actor - play->client_count;
    const char *id = play->runners[0].player.stage->slots[staging->held[at]].id;
    struct position *position = &play->positions[actor];
    enum hp_status status = position->act == HOLDER_HOLDS ? row_locks_hold(staging->locks, at, id, problem)
                                                          : row_locks_let_go(staging->locks, at, problem);
    position->act++;
    return status;
}

/* One turn, until everybody stands still again. */
static enum hp_status move(struct play *play, size_t actor, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    if (is_client(play, actor)) {
        turns_give(play->turns, actor);
    } else {
        status = move_holder(play, actor, problem);
    }
    struct row_locks *locks = play->staging->locks;
    struct watch *watch = locks && row_locks_any(locks) ? &play->watch : NULL;
    if (status == HP_OK) {
        status = turns_wait(play->turns, watch, play->staging->crew->deadline_ms, problem);
    }
    return status == HP_OK ? look_around(play, actor, problem) : status;
}

/* A clock act that was named too early and can go on by now; else whom the director names. */
static enum hp_status choose(struct play *play, size_t *actor, struct hp_problem *problem) {
    for (*actor = 0; *actor < play->client_count; ++*actor) {
        if (play->deferred[*actor] && play->ready[*actor]) {
            return HP_OK;
        }
    }
    struct course *course = play->staging->course;
    size_t last = play->last;
    bool inside = last != SIZE_MAX && play->ready[last] && play->positions[last].point;
    const struct scene scene = {play->actor_count, play->ready, play->acts, course, last, inside};
    *actor = play->staging->director->choose(play->staging->director, &scene, problem);
    if (*actor == TURN_NONE) {
        return problem ? problem->status : HP_INTERNAL;
    }
    course->preemptions += inside && *actor != last;
    return HP_OK;
}

static enum hp_status defer(struct play *play, size_t actor, struct hp_problem *problem) {
    const struct move move = {.actor = actor, .act = play->acts[actor], .end = MOVE_WAITS};
    play->deferred[actor] = true;
    return note(play, &move, problem);
}

static enum hp_status give_turns(struct play *play, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    while (status == HP_OK && find_ready(play)) {
        size_t actor = 0;
        status = choose(play, &actor, problem);
        if (status == HP_OK && !play->ready[actor]) {
            status = defer(play, actor, problem);
        } else if (status == HP_OK) {
            status = move(play, actor, problem);
            play->last = actor;
        }
    }
    return status;
}

static void let_all_go(const struct staging *staging) {
    for (size_t i = 0; i < staging->holder_count; i++) {
        row_locks_let_go(staging->locks, i, NULL);
    }
}

/* Behind the gate, from the first turn to the last. */
static enum hp_status take_turns(struct play *play, struct hp_problem *problem) {
    struct target *target = play->staging->crew->target;
    enum hp_status status = turns_new(play->client_count, act_all, play, &play->turns, problem);
    if (status == HP_OK && !target_set_gate(target, &play->gate) && !play->staging->whole_acts) {
        status = hp_problem_set(problem, HP_UNSUPPORTED, NULL,
                                "the target has no points at which a call can be held up");
    }
    if (status == HP_OK) {
        status = give_turns(play, problem);
    }
    let_all_go(play->staging);
    turns_end(play->turns);
    target_set_gate(target, NULL);
    return status;
}

static enum hp_status act(struct conduct *conduct, struct runner *runners, size_t count,
                          struct hp_problem *problem) {
    struct play *play = (struct play *)conduct;
    size_t actors = count + play->staging->holder_count;
    play->runners = runners;
    play->client_count = count;
    play->actor_count = actors;
    play->positions = calloc(actors + 1, sizeof *play->positions);
    play->acts = calloc(actors + 1, sizeof *play->acts);
    bool *flags = calloc(3 * (actors + 1), sizeof *flags);
    enum hp_status status;
    if (play->positions && play->acts && flags) {
        play->ready = flags;
        play->waits = flags + actors + 1;
        play->deferred = flags + 2 * (actors + 1);
        status = take_turns(play, problem);
    } else {
        status = hp_problem_no_memory(problem);
    }
    free(play->positions);
    free(play->acts);
    free(flags);
    return status;
}

enum hp_status schedule_stage(const struct staging *staging, struct performance *performance,
                              struct hp_problem *problem) {
    struct play play = {
        .conduct = {act}, .gate = {pass}, .watch = {count_waiting}, .staging = staging, .last = SIZE_MAX};
    return crew_conduct(staging->crew, staging->script, staging->folder, &play.conduct, performance, problem);
}

/* The turns that were chosen before, then such as chance chooses. */
struct chance {
    struct director director; /* first, so that a director is its chance */
    struct choices *choices;
    size_t played; /* of the choices */
};

static size_t by_chance(struct choices *choices, const struct scene *scene) {
    size_t count = 0;
    for (size_t i = 0; i < scene->actor_count; i++) {
        count += scene->ready[i];
    }
    size_t nth = (size_t)random_below(&choices->random, count);
    size_t actor = 0;
    while (!scene->ready[actor] || nth-- > 0) {
        actor++;
    }
    return actor;
}

/* What was passed over goes from the choices, so that they hold what is played. */
static size_t choose_by_chance(struct director *director, const struct scene *scene,
                               struct hp_problem *problem) {
    struct chance *chance = (struct chance *)director;
    struct choices *choices = chance->choices;
    size_t at = chance->played;
    while (at < choices->count &&
           (choices->turns[at] >= scene->actor_count || !scene->ready[choices->turns[at]])) {
        at++;
    }
    for (size_t i = at; at > chance->played && i < choices->count; i++) {
        choices->turns[chance->played + i - at] = choices->turns[i];
    }
    choices->count -= at - chance->played;
    if (chance->played == choices->count && !choices_add(choices, (unsigned)by_chance(choices, scene))) {
        hp_problem_set(problem, HP_INTERNAL, NULL, "more than %d turns, or out of memory", CHOICES_MAX);
        return TURN_NONE;
    }
    return choices->turns[chance->played++];
}

enum hp_status schedule_stage_by_chance(struct staging *staging, struct choices *choices,
                                        struct performance *performance, struct hp_problem *problem) {
    struct chance chance = {{choose_by_chance}, choices, 0};
    staging->director = &chance.director;
    enum hp_status status = schedule_stage(staging, performance, problem);
    staging->director = NULL;
    if (status == HP_OK) {
        choices->count = chance.played;
    }
    return status;
}

enum hp_status schedule_play(const struct crew *crew, const struct script *script, const char *folder,
                             struct choices *choices, struct performance *performance,
                             struct hp_problem *problem) {
    struct course course = {0};
    struct staging staging = {.crew = crew, .script = script, .folder = folder, .course = &course};
    enum hp_status status = schedule_stage_by_chance(&staging, choices, performance, problem);
    course_release(&course);
    return status;
}
