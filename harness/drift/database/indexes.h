/* The primary key and the indexes of the table, held against what is looked up. */
#ifndef HOLDPOINT_DRIFT_INDEXES_H
#define HOLDPOINT_DRIFT_INDEXES_H

#include "harness/drift/database/relation.h"

/* primary-key, index-missing, index-checkpoints, index-invalid. An index serves when its first columns are the wanted ones and
 * its predicate holds on every row that must be in it: the predicate is asked about made-up rows, never read. */
void indexes_inspect(struct inspection *inspection, const struct relation *relation);

#endif
