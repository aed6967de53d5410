/* What a row may be without, and what it then gets. */
#ifndef HOLDPOINT_DRIFT_PROBE_COLUMNS_H
#define HOLDPOINT_DRIFT_PROBE_COLUMNS_H

#include "harness/drift/database/probe.h"

/* column-nullable, column-default, and of column-type how long a text may be. */
void probe_columns(struct probe *probe);

#endif
