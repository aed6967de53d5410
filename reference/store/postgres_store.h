/* The insides of a PostgreSQL store, shared by the files that make it up. */
#ifndef HOLDPOINT_STORE_POSTGRES_STORE_H
#define HOLDPOINT_STORE_POSTGRES_STORE_H

#include "reference/store/postgres_pool.h"
#include "reference/store/postgres_row.h"
#include "reference/store/postgres_statement.h"
#include "reference/store/store.h"

struct postgres_store {
    struct hp_store store; /* first, so that a store is its PostgreSQL store */
    struct pool pool;
    struct hp_clock *clock; /* NULL: the database's */
    struct hp_ids *ids;     /* the caller's, or own_ids */
    struct hp_ids *own_ids; /* NULL when the caller gave some */
    int64_t lease_us;
};

/* Adds the instant at which an operation takes place: null, for the database's clock, unless ours stands. */
void postgres_add_now(struct postgres_store *postgres, struct parameters *parameters);

/* connection_run_prepared on a connection of the pool. */
enum hp_status postgres_run(struct postgres_store *postgres, unsigned number, const char *sql,
                            const struct parameters *parameters, PGresult **result,
                            struct hp_problem *problem);

#endif
