/* What the catalog decides about columns: that they are there, of which type, and what may be null. */
#ifndef HOLDPOINT_DRIFT_COLUMNS_H
#define HOLDPOINT_DRIFT_COLUMNS_H

#include "harness/drift/database/relation.h"

/* column-missing, column-type, and of column-nullable what may be null and cannot. Notes in relation->flaws which
 * columns have a finding. */
void columns_inspect(struct inspection *inspection, struct relation *relation);

/* The SQL type and the default's SQL that a wanted column has; "" for none. */
const char *columns_type_sql(enum column_type type);
const char *columns_default_sql(enum column_default fallback);

/* column-nullable and column-default by the catalog alone, where nothing may be probed: clean or found where nothing
 * but the catalog has a say, undecided elsewhere. */
void columns_inspect_unprobed(struct inspection *inspection, const struct relation *relation);

/* Adds the finding that a column which is never null can be. */
void columns_find_nullable(struct inspection *inspection, const struct relation *relation,
                           const char *column);
/* Adds the finding that the default of a column is not what it should be; why is a clause: "has no default". */
void columns_find_default(struct inspection *inspection, const struct relation *relation,
                          const struct wanted_column *wanted, const char *why);

/* True when the table has a trigger or a rule for the event: 4 insert, 8 delete, 16 update (pg_trigger.tgtype). */
bool columns_guarded(struct inspection *inspection, const struct relation *relation, const char *event);

#endif
