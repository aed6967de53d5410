/* A few words of SQL to a database, for what a harness does around a service: a schema of its own, emptied
 * between cases and dropped in the end. */
#ifndef HOLDPOINT_ADAPTERS_DATABASE_H
#define HOLDPOINT_ADAPTERS_DATABASE_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* One connection, for one thread at a time. */
struct database;

/* HP_UNAVAILABLE when the server does not let us in. The caller closes *database. */
enum hp_status database_open(const char *conninfo, struct database **database, struct hp_problem *problem);
void database_close(struct database *database); /* NULL is allowed */

/* Runs statements; connects again first when the connection was lost. HP_INTERNAL in the server's words. */
enum hp_status database_run(struct database *database, const char *sql, struct hp_problem *problem);

/* The same; *number is the first value of the last statement's result, a whole number. */
enum hp_status database_ask(struct database *database, const char *sql, int64_t *number,
                            struct hp_problem *problem);

enum { DATABASE_PARAMETERS_MAX = 16 };

/* One statement with parameters $1, $2, ... as text, NULL for null. *found says whether it gave a row, whose first value is
 * then added to `value` as text. HP_INVALID when the server refuses the values themselves (SQLSTATE of class 22 or 23), else
 * as database_run. */
enum hp_status database_query(struct database *database, const char *sql, const char *const *parameters,
                              int count, struct text *value, bool *found, struct hp_problem *problem);

#endif
