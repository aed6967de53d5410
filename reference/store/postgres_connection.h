/* One connection to PostgreSQL: opening it with the session that the store needs, and running statements with
 * a time limit of our own, so that a server that hangs is as good as one that is away.
 *
 * Results come in binary, so that no setting of the database changes how a time is written. */
#ifndef HOLDPOINT_STORE_POSTGRES_CONNECTION_H
#define HOLDPOINT_STORE_POSTGRES_CONNECTION_H

#include "reference/base/problem.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How connections are made. Owned texts; see struct hp_postgres_options. */
struct connection_settings {
    char *conninfo;
    char *schema;
    unsigned connect_ms;
    unsigned statement_ms;
    unsigned lock_ms;
};

/* One connection, for one thread at a time. */
struct connection {
    PGconn *server;
    uint64_t prepared;  /* a bit for each statement that was prepared here */
    unsigned answer_ms; /* how long to wait for an answer; longer than the server's own limit */
    /* The pool's: */
    uint64_t generation;
    pthread_t user;          /* who had it last */
    int64_t returned_ms;     /* when, by connection_clock_ms */
    struct connection *next; /* in the list of idle ones */
};

/* The monotonic clock. */
int64_t connection_clock_ms(void);

/* PostgreSQL counts microseconds from 2000-01-01. */
#define POSTGRES_EPOCH_US INT64_C(946684800000000)

enum { PARAMETERS_MAX = 24 };

/* The parameters of a statement, in order. Texts are borrowed until it ran. Zeroed it is empty. */
struct parameters {
    int count;
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX];
    int formats[PARAMETERS_MAX];
    char binary[PARAMETERS_MAX][16];
};

void parameters_add_text(struct parameters *parameters, const char *text); /* NULL: null */
/* A timestamptz; HP_INSTANT_NONE is null. */
void parameters_add_instant(struct parameters *parameters, int64_t instant_us);
/* An interval of microseconds. */
void parameters_add_span(struct parameters *parameters, int64_t span_us);
void parameters_add_number(struct parameters *parameters, int64_t number); /* an int8 */

/* Opens one. HP_UNAVAILABLE when the server does not let us in. The caller closes *connection. */
enum hp_status connection_open(const struct connection_settings *settings, struct connection **connection,
                               struct hp_problem *problem);
void connection_close(struct connection *connection); /* NULL is allowed */

/* False when the server has hung up; asks nothing over the wire. */
bool connection_is_alive(const struct connection *connection);

/* False when the connection must not be used again. */
bool connection_is_usable(const struct connection *connection);

/* Runs a statement once. With parameters it is one statement; with NULL it may be several, and the last one's
 * result counts. HP_OK: the caller clears *result. HP_UNAVAILABLE when the server is away, too slow, shutting
 * down, or waits too long for a lock; HP_INTERNAL for any other error, in the server's words. */
enum hp_status connection_run(struct connection *connection, const char *sql,
                              const struct parameters *parameters, PGresult **result,
                              struct hp_problem *problem);

/* The same for a prepared statement: `number` (0 to 63) names it on this connection, and it is prepared when
 * it was not yet. */
enum hp_status connection_run_prepared(struct connection *connection, unsigned number, const char *sql,
                                       const struct parameters *parameters, PGresult **result,
                                       struct hp_problem *problem);

#endif
