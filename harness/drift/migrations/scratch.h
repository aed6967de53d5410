/* Databases that may be ruined: made, copied and dropped on a server of our own. */
#ifndef HOLDPOINT_DRIFT_SCRATCH_H
#define HOLDPOINT_DRIFT_SCRATCH_H

#include "harness/drift/catalog.h"
#include "reference/base/problem.h"

enum { SCRATCH_NAME_SIZE = 64 };

/* A server, and the line by which databases are made. One thread at a time. */
struct scratch;

/* Begins with the server of conninfo (keywords and values), or starts one for NULL. HP_UNAVAILABLE when there
 * is none. The caller stops *scratch. */
enum hp_status scratch_start(const char *conninfo, struct scratch **scratch, struct hp_problem *problem);

/* Drops the databases that are left, and stops what was started. NULL is allowed. */
void scratch_stop(struct scratch *scratch);

/* Makes a database, empty or as a copy of another one to which nobody is connected; its name is written. */
enum hp_status scratch_create(struct scratch *scratch, const char *template_name,
                              char name[SCRATCH_NAME_SIZE], struct hp_problem *problem);

/* Drops a database, and throws out who is in it. */
enum hp_status scratch_drop(struct scratch *scratch, const char *name, struct hp_problem *problem);

/* How a database is reached; free it. NULL when memory runs out. */
char *scratch_conninfo(const struct scratch *scratch, const char *name);

/* Connects as a runner of migrations would, with bounds of 60 s for a statement and 10 s for a lock. */
enum hp_status scratch_open(const struct scratch *scratch, const char *name, struct catalog **catalog,
                            struct hp_problem *problem);

/* Runs a statement on the line of the server itself, for what all of its databases share. */
enum catalog_end scratch_run(struct scratch *scratch, const char *sql, struct catalog_answer *answer);

#endif
