/* What a row may be without, and what it then gets. */
#ifndef HOLDPOINT_DRIFT_PROBE_COLUMNS_H
#define HOLDPOINT_DRIFT_PROBE_COLUMNS_H

#include "harness/drift/probe.h"

/* column-nullable and column-default. */
void probe_columns(struct probe *probe);

#endif
