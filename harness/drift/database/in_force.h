/* What the catalog shows and does not enforce. */
#ifndef HOLDPOINT_DRIFT_IN_FORCE_H
#define HOLDPOINT_DRIFT_IN_FORCE_H

#include "harness/drift/database/relation.h"

/* trigger-disabled: one finding for the table, noted in inspection->disabled: what it lets happen is not reported again. */
void in_force_inspect_triggers(struct inspection *inspection, const struct relation *relation);

/* constraint-not-valid, of the table and of its domains; not for a constraint over a column whose stored rows have a
 * finding already, since that one says what to mend. */
void in_force_inspect_constraints(struct inspection *inspection, const struct relation *relation);

#endif
