/* What a row may become, and what an update leaves behind. */
#ifndef HOLDPOINT_DRIFT_PROBE_TRANSITIONS_H
#define HOLDPOINT_DRIFT_PROBE_TRANSITIONS_H

#include "harness/drift/database/probe.h"

/* transition-open and transition-closed, each one finding that lists all; updated-at. What a rule or a trigger silently
 * does not do counts as refused. Comes after probe_words. */
void probe_transitions(struct probe *probe);

#endif
