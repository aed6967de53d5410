#include "harness/lab/turns.h"

#include "harness/lab/record.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* A watch is asked at growing intervals, between these: a thread that is not held up is back long before. */
#define ASK_FIRST_NS INT64_C(1000000)
#define ASK_LAST_NS INT64_C(20000000)

struct turn_taker {
    pthread_t thread;
    bool started;
    struct turns *turns;
    size_t number;
    pthread_cond_t given;
    bool out; /* has the turn */
    bool done;
};

struct turns {
    pthread_mutex_t mutex; /* guards everything that changes */
    pthread_cond_t back;   /* somebody gave the turn back */
    void (*act)(void *context, size_t number);
    void *context;
    struct turn_taker *takers;
    size_t count;
    int64_t out;     /* how many have the turn */
    uint64_t backs;  /* how often it was given back */
    bool let_all_go; /* the end: no more turns */
};

/* Whose thread this is; NULL for one that takes no turns. */
static _Thread_local struct turn_taker *self;

/* False when there are no more turns. The mutex is held. */
static bool wait_for_turn(struct turn_taker *taker) {
    while (!taker->out && !taker->turns->let_all_go) {
        pthread_cond_wait(&taker->given, &taker->turns->mutex);
    }
    return taker->out;
}

static void come_back(struct turn_taker *taker) {
    struct turns *turns = taker->turns;
    if (taker->out) {
        taker->out = false;
        turns->out--;
        turns->backs++;
        pthread_cond_signal(&turns->back);
    }
}

static void *take_turns(void *argument) {
    struct turn_taker *taker = argument;
    struct turns *turns = taker->turns;
    self = taker;
    pthread_mutex_lock(&turns->mutex);
    bool acts = wait_for_turn(taker);
    pthread_mutex_unlock(&turns->mutex);
    if (acts) {
        turns->act(turns->context, taker->number);
    }
    pthread_mutex_lock(&turns->mutex);
    taker->done = true;
    come_back(taker);
    pthread_mutex_unlock(&turns->mutex);
    return NULL;
}

size_t turns_self(const struct turns *turns) {
    return self && self->turns == turns ? self->number : SIZE_MAX;
}

bool turns_give_back(struct turns *turns) {
    pthread_mutex_lock(&turns->mutex);
    come_back(self);
    bool given = wait_for_turn(self);
    pthread_mutex_unlock(&turns->mutex);
    return given;
}

/* A condition whose time limits are on the monotonic clock. */
static void init_back(pthread_cond_t *back) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(back, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void init_taker(struct turns *turns, size_t number) {
    struct turn_taker *taker = &turns->takers[number];
    taker->turns = turns;
    taker->number = number;
    pthread_cond_init(&taker->given, NULL);
}

enum hp_status turns_new(size_t count, void (*act)(void *context, size_t number), void *context,
                         struct turns **turns, struct hp_problem *problem) {
    struct turns *made = calloc(1, sizeof *made);
    struct turn_taker *takers = calloc(count + 1, sizeof *takers);
    if (!made || !takers) {
        free(made);
        free(takers);
        return hp_problem_no_memory(problem);
    }
    *made = (struct turns){.act = act, .context = context, .takers = takers, .count = count};
    pthread_mutex_init(&made->mutex, NULL);
    init_back(&made->back);
    for (size_t i = 0; i < count; i++) {
        init_taker(made, i);
    }
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        takers[i].started = pthread_create(&takers[i].thread, NULL, take_turns, &takers[i]) == 0;
        if (!takers[i].started) {
            status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "thread %zu of %zu could not be started",
                                    i + 1, count);
        }
    }
    if (status != HP_OK) {
        turns_end(made);
        made = NULL;
    }
    *turns = made;
    return status;
}

void turns_give(struct turns *turns, size_t number) {
    pthread_mutex_lock(&turns->mutex);
    turns->takers[number].out = true;
    turns->out++;
    pthread_cond_signal(&turns->takers[number].given);
    pthread_mutex_unlock(&turns->mutex);
}

/* Waits for somebody to come back; false when the time came first. The mutex is held. */
static bool wait_until(struct turns *turns, int64_t until_ns) {
    const struct timespec until = {until_ns / 1000000000, until_ns % 1000000000};
    uint64_t backs = turns->backs;
    int failed = 0;
    while (failed == 0 && turns->backs == backs) {
        failed = pthread_cond_timedwait(&turns->back, &turns->mutex, &until);
    }
    return turns->backs != backs;
}

/* Asks the watch, without the mutex, whether all that are out are held up. What it says counts only when nobody came back
 * meanwhile. */
static enum hp_status ask(struct turns *turns, struct watch *watch, bool *all, struct hp_problem *problem) {
    uint64_t backs = turns->backs;
    int64_t held_up = 0;
    pthread_mutex_unlock(&turns->mutex);
    enum hp_status status = watch->count(watch, &held_up, problem);
    pthread_mutex_lock(&turns->mutex);
    *all = status == HP_OK && turns->backs == backs && held_up >= turns->out;
    return status;
}

/* The mutex is held. */
static enum hp_status wait_for_all(struct turns *turns, struct watch *watch, unsigned deadline_ms,
                                   struct hp_problem *problem) {
    int64_t deadline_ns = recorder_now_ns() + deadline_ms * INT64_C(1000000);
    int64_t interval_ns = ASK_FIRST_NS;
    enum hp_status status = HP_OK;
    bool all = false;
    while (status == HP_OK && turns->out > 0 && !all) {
        int64_t now_ns = recorder_now_ns();
        if (now_ns >= deadline_ns) {
            return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                                  "a client did not come on within %u ms, and waits for none of our locks",
                                  deadline_ms);
        }
        bool asks = watch && now_ns + interval_ns < deadline_ns;
        if (!wait_until(turns, asks ? now_ns + interval_ns : deadline_ns) && asks) {
            status = ask(turns, watch, &all, problem);
            interval_ns = interval_ns * 2 < ASK_LAST_NS ? interval_ns * 2 : ASK_LAST_NS;
        }
    }
    return status;
}

enum hp_status turns_wait(struct turns *turns, struct watch *watch, unsigned deadline_ms,
                          struct hp_problem *problem) {
    pthread_mutex_lock(&turns->mutex);
    enum hp_status status = wait_for_all(turns, watch, deadline_ms, problem);
    pthread_mutex_unlock(&turns->mutex);
    return status;
}

static bool read_flag(const struct turns *turns, const bool *flag) {
    pthread_mutex_t *mutex = (pthread_mutex_t *)&turns->mutex;
    pthread_mutex_lock(mutex);
    bool value = *flag;
    pthread_mutex_unlock(mutex);
    return value;
}

bool turns_is_out(const struct turns *turns, size_t number) {
    return read_flag(turns, &turns->takers[number].out);
}

bool turns_is_done(const struct turns *turns, size_t number) {
    return read_flag(turns, &turns->takers[number].done);
}

void turns_end(struct turns *turns) {
    if (!turns) {
        return;
    }
    pthread_mutex_lock(&turns->mutex);
    turns->let_all_go = true;
    for (size_t i = 0; i < turns->count; i++) {
        pthread_cond_signal(&turns->takers[i].given);
    }
    pthread_mutex_unlock(&turns->mutex);
    for (size_t i = 0; i < turns->count; i++) {
        if (turns->takers[i].started) {
            pthread_join(turns->takers[i].thread, NULL);
        }
        pthread_cond_destroy(&turns->takers[i].given);
    }
    pthread_cond_destroy(&turns->back);
    pthread_mutex_destroy(&turns->mutex);
    free(turns->takers);
    free(turns);
}
