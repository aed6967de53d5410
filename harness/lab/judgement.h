/* What a check of one interrupt's history came to. */
#ifndef HOLDPOINT_LAB_JUDGEMENT_H
#define HOLDPOINT_LAB_JUDGEMENT_H

#include "harness/lab/history.h"

enum linearity {
    LINEARIZABLE,
    VIOLATION, /* no order of the operations explains what they answered */
    UNDECIDED, /* the check gave up; never a pass */
};

enum { JUDGEMENT_OPERATIONS_MAX = 3, JUDGEMENT_REASON_SIZE = 512 };

/* What a check fills. It borrows the operations of the history that was checked. */
struct judgement {
    enum linearity linearity;
    /* The operations that contradict each other, in the order of their calls: one, two, or three where a list left
     * out what others show. Of a search that the interval test does not explain: where it got stuck. */
    const struct operation *operations[JUDGEMENT_OPERATIONS_MAX];
    size_t operation_count;
    char reason[JUDGEMENT_REASON_SIZE]; /* one sentence; "" when LINEARIZABLE */
};

/* Makes it say LINEARIZABLE; what else it held is left as it is. */
void judgement_clear(struct judgement *judgement);

#endif
