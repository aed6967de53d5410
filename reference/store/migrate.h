/* Migrations: the texts that make and change the tables, and how they are applied. */
#ifndef HOLDPOINT_STORE_MIGRATE_H
#define HOLDPOINT_STORE_MIGRATE_H

#include "reference/store/postgres.h"

#include <stddef.h>

/* One migration: static, and never edited once it was released. */
struct migration {
    const char
        *name; /* of its file without folder and ending: "0001_flow_interrupts"; begins with its number */
    const char *sql;
};

/* Those of reference/sql, in order; made by the Makefile. */
extern const struct migration migrations[];
extern const size_t migration_count;

/* hp_postgres_migrate with migrations of the caller's. */
enum hp_status migrate_apply(const char *conninfo, const struct hp_postgres_options *options,
                             const struct migration *list, size_t count, struct hp_problem *problem);

#endif
