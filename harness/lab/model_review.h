/* A performance whose order is known, held against the model: what came back of each act, what the closing reads show,
 * and the events. Pure; any thread. */
#ifndef HOLDPOINT_LAB_MODEL_REVIEW_H
#define HOLDPOINT_LAB_MODEL_REVIEW_H

#include "harness/lab/review.h"

/* One act of a script. */
struct turn {
    size_t client, act;
};

/* Adds FINDING_MODEL for the first deviation, and no other: from there on the service and the model have parted. turns
 * are all acts in the order in which they were carried out; NULL: one client after another. An answer that was lost ends
 * the comparison, for nobody knows what became of it. HP_INTERNAL without memory. */
enum hp_status model_review(const struct performance *performance, const struct turn *turns,
                            size_t turn_count, struct review *review, struct hp_problem *problem);

#endif
