/* Sentinel rows: made-up rows in the tables of a rehearsal, with values by which they are known again. */
#ifndef HOLDPOINT_DRIFT_SENTINEL_H
#define HOLDPOINT_DRIFT_SENTINEL_H

#include "harness/drift/catalog.h"
#include "harness/drift/migrations/snapshot.h"
#include "reference/base/problem.h"
#include "reference/base/text.h"

enum { SENTINEL_ROWS = 2 };

/* The rows of one table. */
struct sentinel {
    unsigned number;             /* of the table in this rehearsal; stands in every value */
    bool present[SENTINEL_ROWS]; /* put in, known again and not yet gone */
};

/* Puts rows into a table, trying several fillings of its columns: values by type, labels of enums, literals of CHECKs,
 * rows of the tables that it refers to. *planted is how many went in; when that is none, why gets the server's words of
 * the first refusal. Statuses as catalog_complain, for a line that is lost. */
enum hp_status sentinel_plant(struct catalog *catalog, const struct snapshot_table *table,
                              struct sentinel *sentinel, size_t *planted, struct text *why,
                              struct hp_problem *problem);

/* Whether the row, from 0, is in the table; it need not be the one where it was put. */
enum hp_status sentinel_look(struct catalog *catalog, const struct snapshot_table *table,
                             const struct sentinel *sentinel, size_t row, bool *found,
                             struct hp_problem *problem);

/* Names a column in which a value of the sentinel was cut; nothing is added when there is none. */
enum hp_status sentinel_find_cut(struct catalog *catalog, const struct snapshot_table *table,
                                 const struct sentinel *sentinel, struct text *column,
                                 struct hp_problem *problem);

#endif
