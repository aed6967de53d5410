/* A store in PostgreSQL (14 or later, encoding UTF8), for any number of threads, processes and machines on
 * one database. */
#ifndef HOLDPOINT_STORE_POSTGRES_H
#define HOLDPOINT_STORE_POSTGRES_H

#include "reference/base/clock.h"
#include "reference/base/ids.h"
#include "reference/store/store.h"

/* How a store uses its database. Texts are borrowed for the call only; zero takes the default. */
struct hp_postgres_options {
    const char *schema;      /* where the tables are; NULL: "public" */
    struct hp_clock *clock;  /* counts while it stands (hp_clock_set), else the database's
                                clock_timestamp() does; NULL: always the database's. Borrowed */
    struct hp_ids *ids;      /* of interrupts and events; borrowed. NULL: the store's own random ones */
    unsigned connections;    /* at most so many at once; default 8 */
    unsigned wait_ms;        /* for a free connection; default 5000 */
    unsigned connect_ms;     /* for the server to let us in; default 5000, in whole seconds above 1 */
    unsigned statement_ms;   /* for one statement; default 10000 */
    unsigned lock_ms;        /* for a row that somebody else holds; default 5000 */
    unsigned lease_ms;       /* a taken event that is not settled so long may be taken again; default 60000 */
    const char *legacy_zone; /* for hp_postgres_migrate: the zone of times without one in the legacy
                                tables ("Europe/Berlin"); NULL: there must be no such rows */
};

/* A store over the database that conninfo names ("host=/run/postgresql dbname=flows", or a postgresql://
 * URI), whose tables hp_postgres_migrate made. options may be NULL. Nothing is connected before the first
 * operation: while the server is away operations are HP_UNAVAILABLE, and the store recovers by itself. NULL
 * when memory runs out. The caller frees it with hp_store_free, when no operation is under way.
 *
 * What is beyond the other stores: HP_UNAVAILABLE also when no connection gets free in time, and when a lock
 * or a statement takes too long. create, get, respond and cancel are one round trip each. A sweep commits in
 * batches; when the server goes away half way it returns HP_OK with the ids that were expired by then, since
 * answering with an error would lose them; the rest waits for the next sweep. */
HP_API struct hp_store *hp_store_postgres_new(const char *conninfo,
                                              const struct hp_postgres_options *options);

/* Brings the schema up to date, creating it when it is missing: applies the migrations that this library
 * carries and the database lacks, in order, each in a transaction of its own, under an advisory lock, and
 * records their numbers, names and checksums in holdpoint_migrations. Doing it again changes nothing; two at
 * once wait for each other. HP_CONFLICT, naming the migration, when one that was applied has another text
 * now; HP_UNAVAILABLE when the server cannot be reached; HP_INTERNAL when a migration fails, with the
 * server's words; it and those behind it are not applied then. */
HP_API enum hp_status hp_postgres_migrate(const char *conninfo, const struct hp_postgres_options *options,
                                          struct hp_problem *problem);

#endif
