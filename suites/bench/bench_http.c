/* The server over HTTP on the memory store, asked by wrk over 8 connections, against a bare handler of libmicrohttpd
 * (bare_server.h) in the same process, by turns. Every counted response is a 200 on an interrupt of its own. Then the harness as a
 * client: the whole suite over HTTP. usage: bench_http [ROUNDS [SECONDS]]. Exits with 1 when a bound is missed, 3 when
 * something broke. */
#include "reference/server/server.h"
#include "suites/bench/bare_server.h"
#include "suites/bench/contest.h"
#include "suites/bench/wrk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS = 8,
    WRK_THREADS = 2,
    IDS_AT_FIRST = 20000, /* of a second */
    TRIES = 5,            /* of a pair of runs, each with twice the ids */
    PATH_SIZE = 512,
};

static const struct discipline {
    const char *action;
    double bound;
} disciplines[] = {{"get", 0.8}, {"respond", 0.6}};

enum { DISCIPLINE_COUNT = sizeof disciplines / sizeof disciplines[0] };

struct bench {
    unsigned rounds, seconds;
    unsigned ids;  /* so many are made for a pair of runs */
    unsigned made; /* so many pending ones there are; 0: they were answered */
    char folder[PATH_SIZE], ids_path[PATH_SIZE + 8], log_path[PATH_SIZE + 8];
    int log_fd;
    unsigned threads;
    struct deployment *deployment;
    struct server *ours;
    struct bare_server *theirs;
};

static double cpu_us(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static enum hp_status refuse(struct hp_problem *problem, const char *path) {
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s cannot be written or read", path);
}

static enum hp_status bench_init(struct bench *bench, struct hp_problem *problem) {
    const char *folder = getenv("TMPDIR");
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    snprintf(bench->folder, sizeof bench->folder, "%s/bench-http-XXXXXX",
             folder && *folder ? folder : "/tmp");
    if (!mkdtemp(bench->folder)) {
        bench->folder[0] = '\0';
        return refuse(problem, "the folder of temporary files");
    }
    snprintf(bench->ids_path, sizeof bench->ids_path, "%s/ids", bench->folder);
    snprintf(bench->log_path, sizeof bench->log_path, "%s/log", bench->folder);
    bench->log_fd = open(bench->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    bench->threads = processors > 0 && processors < 256 ? (unsigned)processors : 2;
    bench->deployment = deployment_memory_new();
    if (bench->log_fd < 0 || !bench->deployment) {
        return bench->deployment ? refuse(problem, bench->log_path) : hp_problem_no_memory(problem);
    }
    const struct hp_webhook_options webhooks = {.discard_events = true};
    const struct server_options options = {
        .prefix = "/api/v1", .threads = bench->threads, .log_fd = bench->log_fd};
    enum hp_status status = deployment_deliver(bench->deployment, &webhooks, true, problem);
    if (status == HP_OK) {
        status = server_start(bench->deployment, &options, &bench->ours, problem);
    }
    if (status == HP_OK) {
        status = bare_server_start(bench->threads, bench->log_fd, &bench->theirs, problem);
    }
    return status;
}

static void bench_release(struct bench *bench) {
    bare_server_stop(bench->theirs);
    server_stop(bench->ours);
    if (bench->deployment) {
        deployment_stop_delivering(bench->deployment, 0);
        deployment_free(bench->deployment);
    }
    if (bench->log_fd >= 0) {
        close(bench->log_fd);
    }
    if (bench->folder[0]) {
        unlink(bench->ids_path);
        unlink(bench->log_path);
        rmdir(bench->folder);
    }
}

/* New interrupts in the place of all others, their ids in the file. */
static enum hp_status make_interrupts(struct bench *bench, struct hp_problem *problem) {
    const struct hp_create create = {.kind = HP_CLARIFICATION,
                                     .request_id = "r1",
                                     .user_id = "ann",
                                     .session_id = "s1",
                                     .question = "Which of the two?",
                                     .ttl_us = HP_TTL_DEFAULT};
    enum hp_status status = deployment_reset(bench->deployment, problem);
    FILE *ids = fopen(bench->ids_path, "w");
    if (!ids) {
        return refuse(problem, bench->ids_path);
    }
    struct hp_service *service = deployment_enter(bench->deployment);
    for (unsigned i = 0; status == HP_OK && i < bench->ids; i++) {
        struct hp_interrupt *created = NULL;
        status = hp_service_create(service, &create, &created, problem);
        if (status == HP_OK) {
            fprintf(ids, "%s\n", created->id);
        }
        hp_interrupt_free(created);
    }
    deployment_leave(bench->deployment);
    bool written = !ferror(ids);
    written = fclose(ids) == 0 && written;
    return status == HP_OK && !written ? refuse(problem, bench->ids_path) : status;
}

/* How many lines there are in the log; below 0 unless each is of a 200. */
static int64_t count_log(const struct bench *bench) {
    char line[4096];
    int64_t count = 0;
    FILE *log = fopen(bench->log_path, "r");
    bool good = log != NULL;
    while (good && fgets(line, sizeof line, log)) {
        good = strstr(line, "\"status\":200,") != NULL;
        count++;
    }
    if (log) {
        fclose(log);
    }
    return good ? count : -1;
}

/* One run of one side, and what it has logged. */
static enum hp_status run_side(const struct bench *bench, const char *action, const char *url,
                               double *cpu_each_us, struct wrk_result *result, struct hp_problem *problem) {
    const struct wrk_order order = {.url = url,
                                    .action = action,
                                    .ids = bench->ids_path,
                                    .threads = WRK_THREADS,
                                    .connections = CONNECTIONS,
                                    .seconds = bench->seconds};
    if (truncate(bench->log_path, 0) != 0) {
        return refuse(problem, bench->log_path);
    }
    double before_us = cpu_us();
    enum hp_status status = wrk_run(&order, result, problem);
    if (status != HP_OK || result->ran_out) {
        return status;
    }
    *cpu_each_us = (cpu_us() - before_us) / (double)result->requests;
    int64_t lines = count_log(bench);
    if (lines < result->requests || lines > result->requests + 2 * CONNECTIONS) {
        return hp_problem_set(
            problem, HP_INTERNAL, NULL,
            "%lld requests were answered, and the log does not have as many lines, all of them of "
            "200, but %lld",
            (long long)result->requests, (long long)lines);
    }
    return HP_OK;
}

/* One pair of runs on the same interrupts, new ones when they were answered; who begins alternates. */
static enum hp_status run_pair(struct bench *bench, const char *action, unsigned number,
                               struct contest_round *round, bool *ran_out, struct hp_problem *problem) {
    struct wrk_result result = {0};
    enum hp_status status = bench->made == bench->ids ? HP_OK : make_interrupts(bench, problem);
    bench->made = strcmp(action, "respond") == 0 ? 0 : bench->ids;
    *ran_out = false;
    for (unsigned i = 0; status == HP_OK && !*ran_out && i < 2; i++) {
        bool ours = (i + number) % 2 == 0;
        status = run_side(bench, action, ours ? server_url(bench->ours) : bare_server_url(bench->theirs),
                          ours ? &round->our_cpu_us : &round->their_cpu_us, &result, problem);
        *(ours ? &round->ours : &round->theirs) = result.per_second;
        *ran_out = result.ran_out;
    }
    return status;
}

static enum hp_status run_round(struct bench *bench, const char *action, struct contest *contest,
                                struct hp_problem *problem) {
    bool ran_out = true;
    enum hp_status status = HP_OK;
    for (unsigned i = 0; status == HP_OK && ran_out && i < TRIES; i++) {
        status = run_pair(bench, action, contest->count, &contest->rounds[contest->count], &ran_out, problem);
        bench->ids *= ran_out ? 2 : 1;
    }
    if (status == HP_OK && ran_out) {
        return hp_problem_set(problem, HP_INTERNAL, NULL, "%u interrupts were not enough", bench->ids / 2);
    }
    contest->count += status == HP_OK;
    return status;
}

static double median_of(const struct contest *contest, size_t offset) {
    double values[CONTEST_ROUNDS_MAX];
    for (unsigned i = 0; i < contest->count; i++) {
        memcpy(&values[i], (const char *)&contest->rounds[i] + offset, sizeof values[i]);
    }
    return median(values, contest->count);
}

static void print_contest(const struct contest *contest, double bound) {
    printf("%-9s %10.0f %10.0f  %-6.3f %6.2f %12.1f %12.1f %7u%s\n", contest->name,
           median_of(contest, offsetof(struct contest_round, ours)),
           median_of(contest, offsetof(struct contest_round, theirs)), contest_ratio(contest), bound,
           median_of(contest, offsetof(struct contest_round, our_cpu_us)),
           median_of(contest, offsetof(struct contest_round, their_cpu_us)), contest->count,
           contest_holds(contest, bound) ? "" : "  TOO SLOW");
    fflush(stdout);
}

static enum hp_status run_contests(struct bench *bench, bool *held, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    printf("%s; %u threads a server, %d connections, %d threads of wrk; both log to a file\n"
           "%u rounds of %u s a side, by turns on the same interrupts; the median ratio counts\n\n",
           "holdpoint's server on the memory store against a bare handler of libmicrohttpd", bench->threads,
           CONNECTIONS, WRK_THREADS, bench->rounds, bench->seconds);
    printf("%-9s %10s %10s  %-6s %6s %12s %12s %7s\n", "request", "ours/s", "bare/s", "ratio", "bound",
           "ours us cpu", "bare us cpu", "rounds");
    for (size_t i = 0; status == HP_OK && i < DISCIPLINE_COUNT; i++) {
        struct contest contest = {.name = disciplines[i].action, .connections = CONNECTIONS};
        while (status == HP_OK && contest.count < bench->rounds) {
            status = run_round(bench, disciplines[i].action, &contest, problem);
        }
        if (status == HP_OK) {
            print_contest(&contest, disciplines[i].bound);
            *held = *held && contest_holds(&contest, disciplines[i].bound);
        }
    }
    return status;
}

/* The suite over one target; everything that was selected counts as a case. */
static enum hp_status run_suite(const char *target, struct hp_problem *problem) {
    char command[PATH_SIZE], line[1024];
    const char *program = getenv("HOLDPOINT");
    struct timespec began, ended;
    unsigned long cases = 0;
    snprintf(command, sizeof command, "exec '%s' run --target %s --report-dir build/bench-http 2>&1",
             program && *program ? program : "build/holdpoint", target);
    clock_gettime(CLOCK_MONOTONIC, &began);
    FILE *printed = popen(command, "r");
    while (printed && fgets(line, sizeof line, printed)) {
        sscanf(line, "selected %lu", &cases);
    }
    int exited = printed ? pclose(printed) : -1;
    clock_gettime(CLOCK_MONOTONIC, &ended);
    if (exited != 0 || cases == 0) {
        return hp_problem_set(problem, HP_INTERNAL, NULL, "%.200s failed (%d): %.200s", command, exited,
                              line);
    }
    double seconds = (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9;
    printf("%-9s %6lu cases in %6.2f s, %8.1f cases/s\n", target, cases, seconds, (double)cases / seconds);
    fflush(stdout);
    return HP_OK;
}

int main(int count, char **words) {
    struct bench bench = {.rounds = 7, .seconds = 1, .log_fd = -1};
    struct hp_problem problem = {0};
    bool held = true;
    if (count > 1) {
        bench.rounds = (unsigned)strtoul(words[1], NULL, 10);
    }
    if (count > 2) {
        bench.seconds = (unsigned)strtoul(words[2], NULL, 10);
    }
    if (bench.rounds < 1 || bench.rounds > CONTEST_ROUNDS_MAX || bench.seconds < 1 || bench.seconds > 60) {
        fprintf(stderr, "usage: bench_http [ROUNDS (1 to %d) [SECONDS (1 to 60)]]\n", CONTEST_ROUNDS_MAX);
        return 2;
    }
    bench.ids = IDS_AT_FIRST * bench.seconds;
    enum hp_status status = bench_init(&bench, &problem);
    if (status == HP_OK) {
        status = run_contests(&bench, &held, &problem);
    }
    bench_release(&bench);
    printf("\nthe harness as a client: the whole suite, start and reports included\n");
    static const char *const targets[] = {"memory", "http"};
    for (size_t i = 0; status == HP_OK && i < 2; i++) {
        status = run_suite(targets[i], &problem);
    }
    if (status != HP_OK) {
        fprintf(stderr, "bench_http: %s: %s\n", hp_status_name(status), problem.detail);
        return 3;
    }
    printf("%s\n", held ? "the server keeps its bounds" : "the server MISSES its bounds");
    return held ? 0 : 1;
}
