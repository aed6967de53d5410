/* The rows that are stored, held against the vocabulary. */
#ifndef HOLDPOINT_DRIFT_STORED_ROWS_H
#define HOLDPOINT_DRIFT_STORED_ROWS_H

#include "harness/drift/database/relation.h"

/* row-kind, row-status, row-inconsistent: each one finding, with counts and one id each. Reads the whole table, for at
 * most 30 s a check. */
void stored_rows_inspect(struct inspection *inspection, const struct relation *relation);

#endif
