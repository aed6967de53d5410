/* Comments that name kinds or statuses which the database does not take. */
#ifndef HOLDPOINT_DRIFT_COMMENTS_H
#define HOLDPOINT_DRIFT_COMMENTS_H

#include "harness/drift/database/probe.h"

/* comment-values. A word counts as named when it stands in a list (parted by commas, bars, "and", "or") with two words of
 * the vocabulary, or is an alias; prose does not count. probe is NULL where nothing may be probed: then a strange
 * word is undecided. One finding a comment. */
void comments_inspect(struct inspection *inspection, const struct relation *relation, struct probe *probe);

#endif
