/* The reference on its memory store with one bug that shows by what clients do, and not by when: what is found, made smaller
 * and repeated can be known beforehand. Any thread. */
#ifndef HOLDPOINT_SELF_SUPPORT_RIVAL_H
#define HOLDPOINT_SELF_SUPPORT_RIVAL_H

#include "harness/adapters/adapter.h"

enum rival {
    RIVAL_NONE,
    RIVAL_TWO_WINNERS, /* an answer that comes too late is accepted when another session gave the first */
    RIVAL_LOST_DATA,   /* a cancel with a reason leaves nothing else in data, in its own answer */
    RIVAL_MOODY,       /* after each second reset lists lack their last row */
    RIVAL_UNSOUND,     /* from the third reset on no call is answered */
};

/* Makes one; target_free frees it. Fails the running test without memory. */
struct target *rival_new(enum rival rival);

#endif
