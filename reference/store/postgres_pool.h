/* Connections shared by the threads of one store: made when needed, up to a cap, and waited for beyond it. */
#ifndef HOLDPOINT_STORE_POSTGRES_POOL_H
#define HOLDPOINT_STORE_POSTGRES_POOL_H

#include "reference/store/postgres_connection.h"
#include "reference/store/postgres_settings.h"

#include <pthread.h>

/* Safe for any number of threads. Idle connections that the server has hung up, and those older than the
 * latest failure, are replaced before they are used, so one restart of the server costs few errors. A thread gets the
 * one back that it had last, when it is idle: processors like pairs that stay. */
struct pool {
    struct connection_settings settings;
    pthread_mutex_t mutex;
    pthread_cond_t returned;
    struct connection *idle;
    unsigned open; /* idle or lent */
    unsigned most;
    unsigned waiting; /* callers that wait for one */
    unsigned wait_ms;
    uint64_t generation; /* grows with each connection that broke */
};

/* HP_INTERNAL without memory. Release it in any case, when no connection is lent. */
enum hp_status pool_init(struct pool *pool, const char *conninfo, const struct hp_postgres_options *options,
                         struct hp_problem *problem);
void pool_release(struct pool *pool);

/* Lends a connection. HP_UNAVAILABLE when none gets free in time or the server does not let us in. */
enum hp_status pool_borrow(struct pool *pool, struct connection **connection, struct hp_problem *problem);

/* Takes it back; one that broke is closed. NULL is allowed. */
void pool_return(struct pool *pool, struct connection *connection);

#endif
