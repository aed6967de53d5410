#include "suites/self/support_cluster.h"
#include "harness/adapters/deadline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { SQL_SIZE = 4096, WAITERS_MS = 60000 };

static struct cluster *the_cluster;
static unsigned schemas;

int support_cluster_start(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    if (cluster_start(NULL, &the_cluster, &problem) != HP_OK) {
        fprintf(stderr, "%s\n", problem.detail);
        return -1;
    }
    return 0;
}

int support_cluster_stop(void **state) {
    (void)state;
    cluster_stop(the_cluster);
    the_cluster = NULL;
    return 0;
}

struct cluster *support_cluster(void) {
    return the_cluster;
}

const char *support_conninfo(void) {
    return cluster_conninfo(the_cluster);
}

static void assert_done(enum hp_status status, const struct hp_problem *problem) {
    if (status != HP_OK) {
        fail_msg("%s: %s", hp_status_name(status), problem->detail);
    }
}

void pg_bench_init(struct pg_bench *pg, const struct hp_postgres_options *options) {
    struct hp_problem problem = {0};
    *pg = (struct pg_bench){0};
    if (options) {
        pg->options = *options;
    }
    snprintf(pg->schema, sizeof pg->schema, "Schema %u", ++schemas);
    pg->options.schema = pg->schema;
    assert_done(hp_postgres_migrate(support_conninfo(), &pg->options, &problem), &problem);
    assert_done(database_open(support_conninfo(), &pg->other, &problem), &problem);
    pg_run(pg, "set search_path = \"%s\"", pg->schema);
    pg->bench.clock = hp_clock_new();
    pg->bench.ids = hp_ids_seeded_new(schemas);
    assert_int_equal(hp_clock_set(pg->bench.clock, BENCH_NOW_US, NULL), HP_OK);
    pg->options.clock = pg->bench.clock;
    pg->options.ids = pg->bench.ids;
    pg->bench.store = hp_store_postgres_new(support_conninfo(), &pg->options);
    assert_non_null(pg->bench.store);
    pg->bench.service = hp_service_new(pg->bench.store);
    assert_non_null(pg->bench.service);
}

void pg_bench_release(struct pg_bench *pg) {
    bench_release(&pg->bench);
    database_run(pg->other, "rollback", NULL);
    pg_run(pg, "drop schema \"%s\" cascade", pg->schema);
    database_close(pg->other);
}

void pg_run(struct pg_bench *pg, const char *format, ...) {
    char sql[SQL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    struct hp_problem problem = {0};
    assert_done(database_run(pg->other, sql, &problem), &problem);
}

int64_t pg_ask(struct pg_bench *pg, const char *format, ...) {
    char sql[SQL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    struct hp_problem problem = {0};
    int64_t number = 0;
    assert_done(database_ask(pg->other, sql, &number, &problem), &problem);
    return number;
}

/* Each turn blocks inside the server: pg_blocking_pids takes every part of its table of locks. */
void pg_await_waiters(struct pg_bench *pg, int64_t count) {
    int64_t deadline_us = deadline_after_ms(WAITERS_MS);
    while (deadline_remaining_ms(deadline_us) > 0) {
        pg_run(pg, "select pg_stat_clear_snapshot()"); /* a transaction sees one picture of the others else */
        if (pg_ask(pg,
                   "select count(*) from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0") >=
            count) {
            return;
        }
    }
    fail_msg("nobody waits for a lock");
}
