#include "suites/bench/runners.h"
#include "suites/bench/ground.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { NUMBER_SIZE = 24 };

/* What the threads of one run share. */
struct run {
    const struct runners_order *order;
    pthread_barrier_t begin;
    const int64_t *rows; /* in the order in which they are answered; NULL when they are drawn */
};

struct runner {
    pthread_t thread;
    struct run *run;
    unsigned number;
    uint64_t state; /* of its random numbers */
    int64_t began_us, ended_us;
    enum hp_status status;
    struct hp_problem problem;
};

static int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Xorshift64 (Marsaglia, 2003): 1 to bound. */
static int64_t draw(uint64_t *state, int64_t bound) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (int64_t)((*state >> 1) % (uint64_t)bound) + 1;
}

struct hp_response runners_response(void) {
    return (struct hp_response){.approved = HP_APPROVED, .text = NULL};
}

static enum hp_status create_one(struct runner *runner, int64_t index) {
    (void)index;
    char request[NUMBER_SIZE], user[NUMBER_SIZE], session[NUMBER_SIZE];
    int64_t row = draw(&runner->state, 1000000);
    snprintf(request, sizeof request, "%" PRId64, row);
    snprintf(user, sizeof user, "%" PRId64, row % GROUND_USERS);
    snprintf(session, sizeof session, "%" PRId64, row % GROUND_SESSIONS);
    const struct hp_create create = {.kind = HP_CONFIRMATION,
                                     .request_id = request,
                                     .user_id = user,
                                     .session_id = session,
                                     .message = GROUND_MESSAGE,
                                     .data = GROUND_DATA,
                                     .ttl_us = HP_TTL_DEFAULT};
    struct hp_interrupt *created = NULL;
    enum hp_status status =
        hp_service_create(runner->run->order->service, &create, &created, &runner->problem);
    hp_interrupt_free(created);
    return status;
}

static enum hp_status get_row(struct runner *runner, int64_t row) {
    char id[HP_ID_SIZE];
    struct hp_interrupt *read = NULL;
    ground_id(row, id);
    enum hp_status status = hp_service_get(runner->run->order->service, id, NULL, &read, &runner->problem);
    hp_interrupt_free(read);
    return status;
}

static enum hp_status get_one(struct runner *runner, int64_t index) {
    (void)index;
    return get_row(runner, draw(&runner->state, runner->run->order->rows));
}

static enum hp_status respond_one(struct runner *runner, int64_t index) {
    const struct runners_order *order = runner->run->order;
    int64_t row = runner->run->rows[index * order->threads + runner->number];
    char id[HP_ID_SIZE], user[NUMBER_SIZE];
    struct hp_response response = runners_response();
    struct hp_interrupt *after = NULL;
    ground_id(row, id);
    snprintf(user, sizeof user, "%" PRId64, row % GROUND_USERS);
    enum hp_status status = hp_service_respond(order->service, id, user, &response, &after, &runner->problem);
    hp_interrupt_free(after);
    return status;
}

static const struct {
    const char *name;
    enum hp_status (*run)(struct runner *runner, int64_t index);
} disciplines[] = {
    [DISCIPLINE_CREATE] = {"create", create_one},
    [DISCIPLINE_GET] = {"get", get_one},
    [DISCIPLINE_RESPOND] = {"respond", respond_one},
};

const char *discipline_name(enum discipline discipline) {
    return disciplines[discipline].name;
}

/* All threads read at once for a while, so that each needs a connection. */
static void warm_up(struct runner *runner) {
    for (int i = 0; i < RUNNERS_WARM_UPS && runner->status == HP_OK; i++) {
        runner->status = get_row(runner, 1);
    }
}

static void *run_one(void *argument) {
    struct runner *runner = argument;
    const struct runners_order *order = runner->run->order;
    pthread_barrier_wait(&runner->run->begin);
    warm_up(runner);
    pthread_barrier_wait(&runner->run->begin);
    runner->began_us = monotonic_us();
    for (int64_t i = 0; i < order->operations && runner->status == HP_OK; i++) {
        runner->status = disciplines[order->discipline].run(runner, i);
    }
    runner->ended_us = monotonic_us();
    return NULL;
}

/* Every row once, shuffled (Fisher, Yates). NULL without memory. */
static int64_t *shuffle(int64_t count, uint64_t seed) {
    int64_t *rows = malloc((size_t)count * sizeof *rows);
    for (int64_t i = 0; rows && i < count; i++) {
        int64_t other = draw(&seed, i + 1) - 1;
        rows[i] = rows[other];
        rows[other] = i + 1;
    }
    return rows;
}

static double cpu_used_us(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

int64_t runners_peak_bytes(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (int64_t)used.ru_maxrss * 1024;
}

/* Joins them all; the span from the first begin to the last end, and the first error. */
static enum hp_status join(struct runner *runners, unsigned count, int64_t *span_us,
                           struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    int64_t began_us = INT64_MAX, ended_us = 0;
    for (unsigned i = 0; i < count; i++) {
        pthread_join(runners[i].thread, NULL);
        began_us = runners[i].began_us < began_us ? runners[i].began_us : began_us;
        ended_us = runners[i].ended_us > ended_us ? runners[i].ended_us : ended_us;
        if (status == HP_OK && runners[i].status != HP_OK) {
            status = hp_problem_set(problem, runners[i].status, NULL, "%s", runners[i].problem.detail);
        }
    }
    *span_us = ended_us > began_us ? ended_us - began_us : 1;
    return status;
}

/* Threads wait for each other and for us, so one that cannot be made is the end of the program. */
static void start(struct runner *runners, struct run *run) {
    for (unsigned i = 0; i < run->order->threads; i++) {
        runners[i] = (struct runner){
            .run = run, .number = i, .state = (run->order->seed + i + 1) * UINT64_C(0x9E3779B97F4A7C15)};
        if (pthread_create(&runners[i].thread, NULL, run_one, &runners[i]) != 0) {
            fprintf(stderr, "no thread\n");
            abort();
        }
    }
}

enum hp_status runners_run(const struct runners_order *order, struct runners_result *result,
                           struct hp_problem *problem) {
    struct run run = {.order = order};
    int64_t *rows = NULL, span_us = 1;
    struct runner *runners = calloc(order->threads, sizeof *runners);
    if (order->discipline == DISCIPLINE_RESPOND) {
        run.rows = rows = shuffle(order->rows, order->seed + 1);
    }
    if (!runners || (order->discipline == DISCIPLINE_RESPOND && !rows)) {
        free(runners);
        free(rows);
        return hp_problem_no_memory(problem);
    }
    pthread_barrier_init(&run.begin, NULL, order->threads + 1);
    start(runners, &run);
    pthread_barrier_wait(&run.begin);
    pthread_barrier_wait(&run.begin);
    double cpu_before_us = cpu_used_us();
    enum hp_status status = join(runners, order->threads, &span_us, problem);
    double operations = (double)order->operations * order->threads;
    result->per_second = operations * 1e6 / (double)span_us;
    result->cpu_us = (cpu_used_us() - cpu_before_us) / operations;
    pthread_barrier_destroy(&run.begin);
    free(runners);
    free(rows);
    return status;
}
