/* What a row may hold in which status. */
#ifndef HOLDPOINT_DRIFT_PROBE_CONSISTENCY_H
#define HOLDPOINT_DRIFT_PROBE_CONSISTENCY_H

#include "harness/drift/database/probe.h"

/* resolved-incomplete, open-with-answer, data-not-object: each one finding that lists all that goes in. When rows of both sorts
 * go in, one constraint is missing: resolved-incomplete names all. Comes after probe_words. */
void probe_consistency(struct probe *probe);

#endif
