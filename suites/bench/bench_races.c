/* Clients of the memory store at once: operations a second of 1, 2, 4 and 8 threads, not recorded; then 64 clients for a
 * while, recorded and judged. usage: bench_races [SECONDS (default 10)]. Exits with 1 when something was answered that
 * cannot be, 3 when something broke. */
#include "harness/adapters/in_process.h"
#include "harness/lab/race.h"
#include "harness/lab/review.h"
#include "reference/base/instant.h"
#include "suites/bench/contest.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS = 10, THREADS_MAX = 8, SLICE_MS = 500, SLICES = 5, DEADLINE_MS = 10000 };

/* What all threads of a slice share. */
struct slice {
    struct target *target;
    atomic_bool over;
    atomic_uint_fast64_t operations;
    atomic_bool broken;
};

/* One call; the answer is released. False when it is no result. */
static bool call(struct session *session, const char *method, const struct text *params,
                 char id[STAGE_ID_SIZE]) {
    const struct request request = {method, params->bytes, params->length_bytes, false};
    struct answer answer = {0};
    session_call(session, &request, DEADLINE_MS, &answer);
    const json_t *interrupt = json_object_get(answer.result, "interrupt");
    const char *made = json_string_value(json_object_get(interrupt, "id"));
    bool done = answer.kind == ANSWER_RESULT && made;
    text_put(id, STAGE_ID_SIZE, made ? made : "");
    answer_release(&answer);
    return done;
}

/* An interrupt's whole life: created, read, answered, read again. */
static bool live(struct session *session, struct text *params) {
    char id[STAGE_ID_SIZE], again[STAGE_ID_SIZE];
    text_clear(params);
    text_add(params,
             "{\"kind\":\"clarification\",\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\"}");
    bool done = call(session, "interrupt.create", params, id);
    for (unsigned step = 0; done && step < 3; step++) {
        text_clear(params);
        text_addf(params, "{\"id\":\"%s\",\"user_id\":\"u\"%s}", id,
                  step == 1 ? ",\"response\":{\"text\":\"yes\"}" : "");
        done = call(session, step == 1 ? "interrupt.respond" : "interrupt.get", params, again);
    }
    return done;
}

static void *work(void *argument) {
    struct slice *slice = argument;
    struct session *session = NULL;
    struct text params = {0};
    bool going = target_open(slice->target, 0, &session, NULL) == HP_OK;
    while (going && !atomic_load(&slice->over)) {
        going = live(session, &params);
        atomic_fetch_add(&slice->operations, 4);
    }
    atomic_store(&slice->broken, atomic_load(&slice->broken) || !going);
    text_release(&params);
    session_close(session);
    return NULL;
}

/* Waits on a condition that nobody signals, so that a slice has its length whatever its threads do. */
static void wait_ms(unsigned time_ms) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)time_ms * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&mutex);
    while (pthread_cond_timedwait(&never, &mutex, &until) == 0) {
    }
    pthread_mutex_unlock(&mutex);
}

/* Operations a second of so many threads on a fresh store; below 0 when something broke. */
static double measure(unsigned threads) {
    struct slice slice = {.target = in_process_memory_new()};
    pthread_t workers[THREADS_MAX];
    unsigned started = 0;
    if (!slice.target) {
        return -1;
    }
    int64_t began_ns = recorder_now_ns();
    while (started < threads && pthread_create(&workers[started], NULL, work, &slice) == 0) {
        started++;
    }
    wait_ms(SLICE_MS);
    atomic_store(&slice.over, true);
    for (unsigned i = 0; i < started; i++) {
        pthread_join(workers[i], NULL);
    }
    double seconds = (double)(recorder_now_ns() - began_ns) / 1e9;
    target_free(slice.target);
    return started < threads || atomic_load(&slice.broken) ? -1
                                                           : (double)atomic_load(&slice.operations) / seconds;
}

static bool print_throughput(void) {
    printf("operations a second on the memory store, medians of %d slices of %d ms, not recorded\n", SLICES,
           SLICE_MS);
    for (unsigned threads = 1; threads <= THREADS_MAX; threads *= 2) {
        double values[SLICES];
        for (size_t i = 0; i < SLICES; i++) {
            values[i] = measure(threads);
            if (values[i] < 0) {
                return false;
            }
        }
        printf("  %u thread%s %10.0f\n", threads, threads == 1 ? " " : "s", median(values, SLICES));
        fflush(stdout);
    }
    return true;
}

/* 64 clients, everything at once. */
static const char mixture[] = "{\"interrupts\":[{\"kind\":\"clarification\"},{\"kind\":\"confirmation\","
                              "\"ttl_seconds\":5},{\"owner\":\"bob\"}],"
                              "\"lanes\":[{\"clients\":63,\"endpoints\":[0,1],\"pick\":20,\"acts\":[{\"do\":"
                              "\"respond\"},{\"do\":\"cancel\",\"reason\":true},"
                              "{\"do\":\"get\"},{\"do\":\"list\",\"status\":\"all\",\"limit\":5},{\"do\":"
                              "\"pending\"},{\"do\":\"sweep\"},"
                              "{\"do\":\"get\",\"as\":\"stranger\"}]},{\"clients\":1,\"acts\":[{\"do\":"
                              "\"get\"},{\"do\":\"clock\",\"seconds\":6},"
                              "{\"do\":\"sweep\"}]}]}";

/* What the rounds came to. */
struct tally_of_rounds {
    unsigned rounds;
    size_t acts, overlaps, findings;
};

static enum hp_status play_round(struct target *target, const struct hello *hello, const json_t *race,
                                 struct tally_of_rounds *tally, struct hp_problem *problem) {
    struct script script = {0};
    struct performance performance = {0};
    struct review review = {0};
    const struct crew crew = {.target = target,
                              .hello = hello,
                              .deadline_ms = DEADLINE_MS,
                              .seed = 1,
                              .number = tally->rounds,
                              .reset = true};
    enum hp_status status = race_expand(race, 1, tally->rounds, hello->endpoints, &script, problem);
    if (status == HP_OK) {
        status = crew_play(&crew, &script, NULL, &performance, problem);
    }
    if (status == HP_OK) {
        status = review_make(&performance, 0, &review, problem);
    }
    tally->rounds++;
    tally->acts += script_acts(&script);
    tally->overlaps += performance.overlaps;
    tally->findings += review.count + review.undecided;
    for (size_t i = 0; i < review.count; i++) {
        printf("  round %u: %s\n", tally->rounds, review.findings[i].sentence);
    }
    review_release(&review);
    performance_release(&performance);
    script_release(&script);
    return status;
}

/* 0 when nothing was found, else what the process exits with. */
static int judge(unsigned seconds) {
    struct target *target = in_process_memory_new();
    struct hello hello = {0};
    struct hp_problem problem = {0};
    struct tally_of_rounds tally = {0};
    json_t *race = json_loads(mixture, 0, NULL);
    enum hp_status status =
        target && race ? target_hello(target, &hello, &problem) : hp_problem_no_memory(&problem);
    int64_t end_ns = recorder_now_ns() + (int64_t)seconds * 1000000000;
    while (status == HP_OK && tally.findings == 0 && recorder_now_ns() < end_ns) {
        status = play_round(target, &hello, race, &tally, &problem);
    }
    printf("64 clients for %u s: %u rounds, %zu acts, %zu pairs of calls overlapped on one interrupt, %zu "
           "violations\n",
           seconds, tally.rounds, tally.acts, tally.overlaps, tally.findings);
    if (status != HP_OK) {
        fprintf(stderr, "bench_races: %s\n", problem.detail);
    }
    json_decref(race);
    hello_release(&hello);
    target_free(target);
    return status != HP_OK ? 3 : tally.findings > 0;
}

int main(int count, char **words) {
    unsigned long seconds = count > 1 ? strtoul(words[1], NULL, 10) : SECONDS;
    if (seconds < 1 || seconds > 3600) {
        fputs("usage: bench_races [SECONDS (1 to 3600)]\n", stderr);
        return 2;
    }
    if (!print_throughput()) {
        fputs("bench_races: a call was refused, or a thread could not be started\n", stderr);
        return 3;
    }
    return judge((unsigned)seconds);
}
