/* What a database holds at one moment: its tables with their rows, counted and summed up by the server, and the
 * definition of everything else by its meaning. */
#ifndef HOLDPOINT_DRIFT_SNAPSHOT_H
#define HOLDPOINT_DRIFT_SNAPSHOT_H

#include "harness/drift/catalog.h"
#include "reference/base/problem.h"
#include "reference/base/text.h"

/* One table, or partitioned table as a whole; system tables and temporary ones are none. */
struct snapshot_table {
    char *oid;
    char *schema, *name;
    size_t rows;
    char *sum; /* over its rows in any order; instants since the start of the rehearsal are all one */
};

/* One object: "table public.notes" with a digest of its definition. */
struct snapshot_object {
    size_t rank; /* tables come first, what belongs to them later */
    char *name;
    char *digest;
};

/* Zeroed it holds nothing; release with snapshot_release. */
struct snapshot {
    struct snapshot_table *tables; /* by schema and name */
    size_t table_count;
    struct snapshot_object *objects; /* by rank, then by name in the order of bytes */
    size_t object_count;
};

/* Takes one. since is the instant, in the server's words, from which on instants count as "recent": what a default
 * fills in is not the same twice. Statuses as catalog_complain. Release in every case. */
enum hp_status snapshot_take(struct catalog *catalog, const char *since, struct snapshot *snapshot,
                             struct hp_problem *problem);
void snapshot_release(struct snapshot *snapshot);

/* The table of that oid, or of that name; NULL: none. */
const struct snapshot_table *snapshot_find(const struct snapshot *snapshot, const char *oid);
const struct snapshot_table *snapshot_find_named(const struct snapshot *snapshot, const char *schema,
                                                 const char *name);

/* Says what is otherwise in the second: "the table public.notes is new", "public.notes has 3 rows instead of 2";
 * at most three things. False, and nothing is added, when both are the same. */
bool snapshot_tell_difference(const struct snapshot *before, const struct snapshot *after, struct text *text);

#endif
