/* pgbench, the yardstick: scripts made of the store's own statements, a run, and what it prints. For one thread. */
#ifndef HOLDPOINT_BENCH_PGBENCH_H
#define HOLDPOINT_BENCH_PGBENCH_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

/* Appends the statement as a script holds it: in the place of $1 stands values[0], and so on: a variable of pgbench
 * (":user"), or an expression of SQL. A colon within a quoted string, which pgbench would take for a variable's, is
 * written by its code, so the server reads the same string. False without memory, and for a parameter beyond count. */
bool pgbench_write(struct text *script, const char *sql, const char *const values[], size_t count);

/* What one run came to. */
struct pgbench_result {
    double per_second; /* transactions, the time to connect not counted */
    int64_t processed; /* transactions */
};

/* Reads what pgbench printed; false when the two numbers are not there, or transactions failed. */
bool pgbench_read(const char *output, struct pgbench_result *result);

/* A variable of a script. */
struct pgbench_variable {
    const char *name;
    const char *value;
};

/* One run; everything is borrowed. */
struct pgbench_order {
    const char *conninfo;
    const char *session; /* options of its sessions, as in PGOPTIONS */
    const char *script;  /* path of the file */
    const struct pgbench_variable *variables;
    size_t variable_count;
    unsigned connections; /* each with a thread of its own */
    int64_t transactions; /* of each connection */
};

/* Runs pgbench with prepared statements. HP_UNAVAILABLE, with its first error, when it fails. */
enum hp_status pgbench_run(const struct pgbench_order *order, struct pgbench_result *result,
                           struct hp_problem *problem);

#endif
