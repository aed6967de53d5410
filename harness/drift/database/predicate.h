/* The predicate of a partial index, asked about made-up rows. */
#ifndef HOLDPOINT_DRIFT_PREDICATE_H
#define HOLDPOINT_DRIFT_PREDICATE_H

#include "harness/drift/database/relation.h"

enum predicate_end {
    PREDICATE_SERVES,     /* holds on what must be in the index, and on nothing that must not */
    PREDICATE_HOLDS_MORE, /* holds on what must be in it, and on what must not */
    PREDICATE_MISSES,     /* does not hold on something that must be in it */
    PREDICATE_UNKNOWN     /* the database would not say: *unknown has its words */
};

/* Asks predicate, as pg_get_expr writes it (NULL: always true), about a row of each kind and status that the
 * wanted index holds, with all else null and with all else filled; the indexed columns are never null. Rows that
 * the types do not let exist are no rows. */
enum predicate_end predicate_judge(struct inspection *inspection, const struct relation *relation,
                                   const struct wanted_index *wanted, const char *predicate,
                                   struct probe_outcome *unknown);

#endif
