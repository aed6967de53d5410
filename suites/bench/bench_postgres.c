/* The PostgreSQL store against pgbench: the same statements, as many connections, equal tables, by turns.
 * usage: bench_postgres [ROUNDS [SECONDS]]. Exits with 1 when the store reaches less than BOUND of pgbench's
 * transactions a second in the median of the rounds, 3 when something broke. */
#include "reference/core/room.h"
#include "reference/store/postgres_change.h"
#include "reference/store/postgres_statement.h"
#include "suites/bench/contest.h"
#include "suites/bench/ground.h"
#include "suites/bench/pgbench.h"
#include "suites/bench/runners.h"
#include "suites/bench/server_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define BOUND 0.85

enum { PARAMETERS = 16, VARIABLES = 16, ROWS = 20000, TRIAL = 1000, MOST = 200000, COUNTED = 1000 };

/* A discipline as pgbench runs it: what is drawn before each transaction, and the parameters of the statement in
 * order. $1 is null, as the store sends it while the database's clock counts. */
struct exercise {
    enum statement statement;
    const char *draws;
    const char *values[PARAMETERS];
    size_t count;
    const char *proof; /* SQL: how many operations the tables show, beyond the rows of the ground */
};

static const struct exercise exercises[] = {
    [DISCIPLINE_CREATE] =
        {STATEMENT_CREATE,
         "\\set row random(1, 1000000)\n\\set user :row % 1000\n\\set session :row % 10000\n",
         {"null", "gen_random_uuid()", ":kind", ":row", ":user", ":session", "null", "null", ":message",
          ":data", "null", "null", ":ttl", ":last", "gen_random_uuid()", ":type"},
         16,
         "select count(*) from flow_interrupts f join flow_interrupt_events e"
         " on e.interrupt_id = f.id and e.event_type = 'interrupt.confirmation_needed'"},
    [DISCIPLINE_GET] = {STATEMENT_GET, "\\set row random(1, :rows)\n", {"null", GROUND_ID_SQL}, 2, NULL},
    [DISCIPLINE_RESPOND] = {STATEMENT_RESOLVE,
                            "\\set index :index + 1\n"
                            "\\set row permute(:index * :connections + :client_id, :rows, :seed) + 1\n"
                            "\\set user :row % 1000\n",
                            {"null", GROUND_ID_SQL, ":user", "gen_random_uuid()", ":response", ":kinds",
                             ":room"},
                            7,
                            "select count(*) from flow_interrupts f join flow_interrupt_events e"
                            " on e.interrupt_id = f.id and e.event_type = 'interrupt.resolved'"
                            " where f.status = 'resolved'"},
};

struct bench {
    struct ground ground;
    unsigned rounds;
    double seconds;
    struct change_texts response; /* what the store sends with a response */
    char room[24];
};

/* One run of either side. */
struct leg {
    enum discipline discipline;
    unsigned connections;
    int64_t operations; /* of each connection */
    int64_t rows;       /* of the ground before it */
    uint64_t seed;
};

static enum hp_status bench_init(struct bench *bench, struct hp_problem *problem) {
    const struct hp_response response = runners_response();
    const struct hp_change change = {.to = HP_RESOLVED, .response = &response};
    struct parameters parameters = {0};
    enum hp_status status = ground_init(&bench->ground, problem);
    snprintf(bench->room, sizeof bench->room, "%" PRId64, interrupt_room_bytes(&response));
    return status == HP_OK ? change_add(&parameters, &change, &bench->response, problem) : status;
}

static void bench_release(struct bench *bench) {
    change_texts_release(&bench->response);
    ground_release(&bench->ground);
}

static enum hp_status write_script(const char *path, const struct exercise *exercise,
                                   struct hp_problem *problem) {
    struct text script = {0};
    text_add(&script, exercise->draws);
    bool written =
        pgbench_write(&script, statement_sql(exercise->statement), exercise->values, exercise->count);
    FILE *file = written ? fopen(path, "w") : NULL;
    written = file && fputs(script.bytes, file) >= 0;
    written = file && fclose(file) == 0 && written;
    text_release(&script);
    return written ? HP_OK
                   : hp_problem_set(problem, HP_INTERNAL, NULL, "the script %s cannot be written", path);
}

static double children_cpu_us(void) {
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static enum hp_status run_theirs(struct bench *bench, const struct leg *leg, struct contest_round *round,
                                 struct hp_problem *problem) {
    char path[600], rows[24], seed[24], connections[24];
    struct pgbench_result result = {0};
    const struct pgbench_variable variables[] = {
        {"rows", rows},
        {"seed", seed},
        {"connections", connections},
        {"index", "-1"},
        {"kind", hp_kind_rule(HP_CONFIRMATION)->name},
        {"type", hp_kind_rule(HP_CONFIRMATION)->created_event},
        {"message", GROUND_MESSAGE},
        {"data", GROUND_DATA},
        {"ttl", "1 hour"},
        {"last", "9999-12-31T23:59:59.999999Z"},
        {"response", bench->response.json.bytes},
        {"kinds", bench->response.kinds},
        {"room", bench->room},
    };
    snprintf(path, sizeof path, "%s/%s.pgbench", cluster_folder(bench->ground.cluster),
             discipline_name(leg->discipline));
    snprintf(rows, sizeof rows, "%" PRId64, leg->rows);
    snprintf(seed, sizeof seed, "%" PRIu64, leg->seed);
    snprintf(connections, sizeof connections, "%u", leg->connections);
    const struct pgbench_order order = {.conninfo = cluster_conninfo(bench->ground.cluster),
                                        .session = bench->ground.session.bytes,
                                        .script = path,
                                        .variables = variables,
                                        .variable_count = sizeof variables / sizeof variables[0],
                                        .connections = leg->connections,
                                        .transactions = leg->operations};
    enum hp_status status = write_script(path, &exercises[leg->discipline], problem);
    double cpu_before_us = children_cpu_us();
    if (status == HP_OK) {
        status = pgbench_run(&order, &result, problem);
    }
    round->theirs = result.per_second;
    round->their_cpu_us =
        (children_cpu_us() - cpu_before_us) / ((double)leg->operations * (double)leg->connections);
    return status;
}

static enum hp_status run_ours(struct bench *bench, const struct leg *leg, struct contest_round *round,
                               struct hp_problem *problem) {
    const struct hp_postgres_options options = {.schema = GROUND_SCHEMA, .connections = leg->connections};
    struct hp_store *store = hp_store_postgres_new(cluster_conninfo(bench->ground.cluster), &options);
    struct hp_service *service = store ? hp_service_new(store) : NULL;
    struct runners_result result = {0};
    const struct runners_order order = {.discipline = leg->discipline,
                                        .service = service,
                                        .threads = leg->connections,
                                        .operations = leg->operations,
                                        .rows = leg->rows,
                                        .seed = leg->seed};
    enum hp_status status = service ? runners_run(&order, &result, problem) : hp_problem_no_memory(problem);
    round->ours = result.per_second;
    round->our_cpu_us = result.cpu_us;
    hp_service_free(service);
    hp_store_free(store);
    return status;
}

typedef enum hp_status side(struct bench *bench, const struct leg *leg, struct contest_round *round,
                            struct hp_problem *problem);

/* Fills the ground, runs one side, and looks whether what it says to have done is in the tables. */
static enum hp_status run_leg(struct bench *bench, const struct leg *leg, side *run,
                              struct contest_round *round, struct hp_problem *problem) {
    const struct exercise *exercise = &exercises[leg->discipline];
    int64_t wanted = leg->operations * leg->connections, done = wanted;
    enum hp_status status = ground_fill(&bench->ground, leg->rows, problem);
    if (status == HP_OK) {
        status = run(bench, leg, round, problem);
    }
    if (status == HP_OK && exercise->proof) {
        status = database_ask(bench->ground.database, exercise->proof, &done, problem);
    }
    if (status == HP_OK && done != wanted) {
        status = hp_problem_set(problem, HP_INTERNAL, NULL,
                                "%s: %" PRId64 " operations were to be done, the tables show %" PRId64,
                                discipline_name(leg->discipline), wanted, done);
    }
    return status;
}

/* How many operations a connection does in about the wanted time, by a trial. */
static enum hp_status size_leg(struct bench *bench, struct leg *leg, struct hp_problem *problem) {
    struct contest_round trial = {0};
    struct leg small = *leg;
    small.operations = TRIAL;
    small.rows = leg->discipline == DISCIPLINE_RESPOND ? TRIAL * (int64_t)leg->connections : ROWS;
    enum hp_status status = run_leg(bench, &small, run_ours, &trial, problem);
    double operations = trial.ours * bench->seconds;
    operations = operations < MOST ? operations : MOST;
    leg->operations = (int64_t)(operations / leg->connections) + 1;
    leg->rows = leg->discipline == DISCIPLINE_RESPOND ? leg->operations * leg->connections : ROWS;
    return status;
}

/* The sides take turns in going first. */
static enum hp_status run_contest(struct bench *bench, enum discipline discipline, unsigned connections,
                                  struct contest *contest, struct hp_problem *problem) {
    struct leg leg = {.discipline = discipline, .connections = connections};
    *contest = (struct contest){.name = discipline_name(discipline), .connections = connections};
    enum hp_status status = size_leg(bench, &leg, problem);
    contest->operations = leg.operations * connections;
    while (status == HP_OK && contest->count < bench->rounds) {
        struct contest_round *round = &contest->rounds[contest->count];
        leg.seed = contest->count + 1;
        side *first = contest->count % 2 ? run_theirs : run_ours;
        status = run_leg(bench, &leg, first, round, problem);
        if (status == HP_OK) {
            status = run_leg(bench, &leg, first == run_ours ? run_theirs : run_ours, round, problem);
        }
        contest->count += status == HP_OK;
    }
    return status;
}

/* Prints how many statements the server saw for so many operations. *single says whether there was one for each. */
static enum hp_status count_trips(struct bench *bench, enum discipline discipline, bool *single,
                                  struct hp_problem *problem) {
    struct contest_round round;
    struct leg leg = {.discipline = discipline, .connections = 1, .operations = COUNTED, .rows = COUNTED};
    struct server_log before, after;
    const char *folder = cluster_folder(bench->ground.cluster);
    enum hp_status status = ground_fill(&bench->ground, leg.rows, problem);
    if (status == HP_OK) {
        status = database_run(bench->ground.database, "alter database postgres set log_statement = 'all'",
                              problem);
    }
    bool counted = server_log_count(folder, &before);
    if (status == HP_OK) {
        status = run_ours(bench, &leg, &round, problem);
    }
    counted = server_log_count(folder, &after) && counted;
    if (status == HP_OK && !counted) {
        status = hp_problem_set(problem, HP_INTERNAL, NULL, "the server's log in %s cannot be read", folder);
    }
    if (status == HP_OK) {
        status = database_run(bench->ground.database, "alter database postgres reset log_statement", problem);
    }
    if (status == HP_OK) {
        int64_t all = after.statements - before.statements - RUNNERS_WARM_UPS - 1;
        *single = *single && all == COUNTED;
        printf("%-9s %6d operations, %" PRId64 " statements\n", discipline_name(discipline), COUNTED, all);
    }
    return status;
}

static void print_terms(const struct bench *bench, const char *server) {
    printf("%s; %ld processors\n", server, sysconf(_SC_NPROCESSORS_ONLN));
    printf("pgbench: -M prepared, a thread for each connection; values go and come as text, ids are made in "
           "SQL\n"
           "sessions of both: %s\n",
           bench->ground.session.bytes);
    printf("%u rounds of about %.1f s a side, by turns on equal tables; the median ratio counts, at least "
           "%.2f\n\n",
           bench->rounds, bench->seconds, BOUND);
}

static enum hp_status run_all(struct bench *bench, bool *held, struct hp_problem *problem) {
    static const unsigned connections[] = {1, 8};
    struct text text = {0};
    enum hp_status status = ground_describe(&bench->ground, &text, problem);
    if (status == HP_OK) {
        print_terms(bench, text.bytes);
    }
    text_clear(&text);
    contest_write_head(&text);
    printf("%s", status == HP_OK && text.bytes ? text.bytes : "");
    for (int i = 0; status == HP_OK && i < 2 * (int)DISCIPLINE_COUNT; i++) {
        struct contest contest;
        status = run_contest(bench, (enum discipline)(i / 2), connections[i % 2], &contest, problem);
        text_clear(&text);
        if (status == HP_OK && contest_write(&text, &contest, BOUND)) {
            printf("%s", text.bytes);
            fflush(stdout);
            *held = *held && contest_holds(&contest, BOUND);
        }
    }
    text_release(&text);
    return status;
}

static enum hp_status count_all(struct bench *bench, bool *held, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    printf("\nstatements in the server's log, log_statement = all\n");
    for (int i = 0; status == HP_OK && i < (int)DISCIPLINE_COUNT; i++) {
        status = count_trips(bench, (enum discipline)i, held, problem);
    }
    printf("\nthe greatest memory of our process was %.1f MB\n", (double)runners_peak_bytes() / 1e6);
    return status;
}

int main(int count, char **words) {
    struct bench bench = {.rounds = 5, .seconds = 2};
    struct hp_problem problem = {0};
    bool held = true;
    if (count > 1) {
        bench.rounds = (unsigned)strtoul(words[1], NULL, 10);
    }
    if (count > 2) {
        bench.seconds = strtod(words[2], NULL);
    }
    if (bench.rounds < 1 || bench.rounds > CONTEST_ROUNDS_MAX ||
        !(bench.seconds > 0 && bench.seconds < 600)) {
        fprintf(stderr, "usage: bench_postgres [ROUNDS (1 to %d) [SECONDS]]\n", CONTEST_ROUNDS_MAX);
        return 2;
    }
    enum hp_status status = bench_init(&bench, &problem);
    if (status == HP_OK) {
        status = run_all(&bench, &held, &problem);
    }
    if (status == HP_OK) {
        status = count_all(&bench, &held, &problem);
    }
    bench_release(&bench);
    if (status != HP_OK) {
        fprintf(stderr, "bench_postgres: %s: %s\n", hp_status_name(status), problem.detail);
        return 3;
    }
    printf("%s\n", held ? "the store keeps its bounds" : "the store MISSES its bounds");
    return held ? 0 : 1;
}
