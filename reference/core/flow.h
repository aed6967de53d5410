/* The process of a flow, as a kernel keeps it: a value that never changes. Its envelope and what the kernel notes about it are
 * JSON as text here; which interrupt it waits for is an id only, so that the interrupt itself is the one record of what is
 * pending. */
#ifndef HOLDPOINT_CORE_FLOW_H
#define HOLDPOINT_CORE_FLOW_H

#include "reference/base/api.h"
#include "reference/base/ids.h"

#include <stdbool.h>
#include <stdint.h>

/* What an operation reads once of its store: the instant, and ids that nobody else has. */
enum { HP_MOMENT_IDS = 3 };

struct hp_moment {
    int64_t now_us;
    char ids[HP_MOMENT_IDS][HP_ID_SIZE];
};

/* One row a state: constant, name. NEW, BLOCKED and ZOMBIE are vocabulary: nothing here stays in them. */
#define HP_FLOW_STATE_LIST(X)                                                                                \
    X(HP_FLOW_NEW, "new")                                                                                    \
    X(HP_FLOW_READY, "ready")                                                                                \
    X(HP_FLOW_RUNNING, "running")                                                                            \
    X(HP_FLOW_WAITING, "waiting")                                                                            \
    X(HP_FLOW_BLOCKED, "blocked")                                                                            \
    X(HP_FLOW_TERMINATED, "terminated")                                                                      \
    X(HP_FLOW_ZOMBIE, "zombie")

enum hp_flow_state {
#define X(constant, name) constant,
    HP_FLOW_STATE_LIST(X)
#undef X
        HP_FLOW_STATE_COUNT
};

/* The name ("waiting"); static text, never NULL. */
HP_API const char *hp_flow_state_name(enum hp_flow_state state);

/* Finds the state of exactly that name; false, and *state untouched, when there is none. */
HP_API bool hp_flow_state_from_name(const char *name, enum hp_flow_state *state);

/* Whether a process may go from one state to the other. */
HP_API bool hp_flow_may_become(enum hp_flow_state from, enum hp_flow_state to);

/* One process. Whoever got it owns it whole, in one piece of memory, and frees it with hp_flow_free. */
struct hp_flow {
    const char *pid; /* the id of its envelope, 1 to 255 bytes */
    enum hp_flow_state state;
    int64_t version;               /* 1 for a new one, and one more with each change */
    char interrupt_id[HP_ID_SIZE]; /* the latest interrupt; "": it had none yet */
    const char *envelope;          /* without its interrupt */
    const char *notes;             /* quota, usage, pipeline and effects */
};

/* A copy of a draft, texts and all. NULL when memory runs out. */
HP_API struct hp_flow *hp_flow_new(const struct hp_flow *draft);

HP_API void hp_flow_free(struct hp_flow *flow); /* NULL is allowed */

#endif
