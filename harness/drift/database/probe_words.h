/* Which kinds and statuses the table accepts. */
#ifndef HOLDPOINT_DRIFT_PROBE_WORDS_H
#define HOLDPOINT_DRIFT_PROBE_WORDS_H

#include "harness/drift/database/probe.h"

/* kind-missing, kind-extra, status-missing, status-extra. A table that takes other words in place of some has one finding, that
 * some are missing, which names the others. Fills in probe->reach, probe->picky and probe->stepwise. */
void probe_words(struct probe *probe);

/* PROBE_YES when a row of the word as its kind, or as its status, goes in. */
struct probe_outcome probe_word(struct probe *probe, const char *column, const char *word);

#endif
