/* One throwaway PostgreSQL server for a whole test program, and benches over schemas of their own in it.
 * Everything here fails the running test by cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_CLUSTER_H
#define HOLDPOINT_SELF_SUPPORT_CLUSTER_H

#include "harness/adapters/cluster.h"
#include "harness/adapters/database.h"
#include "reference/store/calls.h"
#include "suites/self/support_bench.h"

/* Group setup and teardown of cmocka: starts the server, stops it. */
int support_cluster_start(void **state);
int support_cluster_stop(void **state);

/* The server, and how it is reached. */
struct cluster *support_cluster(void);
const char *support_conninfo(void);

/* A bench whose store is in PostgreSQL, with a set clock, in a schema of its own, migrated. */
struct pg_bench {
    struct bench bench;
    struct hp_postgres_options options; /* of the store */
    char schema[32];
    struct database *other; /* a session of somebody else, whose search_path is the schema */
};

/* options: NULL, or what is to differ; schema, clock and ids are filled in. */
void pg_bench_init(struct pg_bench *pg, const struct hp_postgres_options *options);
void pg_bench_release(struct pg_bench *pg);

/* SQL of the other session, printf's; fails the test unless it succeeds. */
void pg_run(struct pg_bench *pg, const char *format, ...) HP_PRINTF(2, 3);
int64_t pg_ask(struct pg_bench *pg, const char *format, ...) HP_PRINTF(2, 3);

/* Waits until so many sessions of the server wait for a lock. */
void pg_await_waiters(struct pg_bench *pg, int64_t count);

#endif
