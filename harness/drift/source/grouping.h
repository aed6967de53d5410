/* Facts that belong together: the members of one enum, the fields of one record, the entries of one map. */
#ifndef HOLDPOINT_DRIFT_SOURCE_GROUPING_H
#define HOLDPOINT_DRIFT_SOURCE_GROUPING_H

#include "harness/drift/source/facts.h"

/* Walks over the groups of one type in a file. Those with a name `of` are told apart by it, others by where their holder
 * begins. Zeroed but for facts and type it stands before the first; release with grouping_release. */
struct grouping {
    const struct facts *facts;
    enum fact_type type;
    const struct fact **members; /* of the group that it stands at */
    size_t count;
    bool *done;
    size_t next;
    bool failed; /* memory ran out, and the walk ended early */
};

/* Goes to the next group; false behind the last. */
bool grouping_next(struct grouping *grouping);
void grouping_release(struct grouping *grouping);

#endif
