/* What a flow may use, and what it has used: pure. */
#ifndef HOLDPOINT_CORE_QUOTA_H
#define HOLDPOINT_CORE_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row a resource: constant, its name in what is used, in a quota, as a resource_type, how much there is by default, and
 * the counter of the envelope that shows it (NULL: none). The first that is crossed counts. */
#define QUOTA_LIST(X)                                                                                        \
    X(QUOTA_LLM_CALLS, "llm_calls", "max_llm_calls", "max_llm_calls_exceeded", 10, "llm_call_count")         \
    X(QUOTA_TOOL_CALLS, "tool_calls", "max_tool_calls", "max_tool_calls_exceeded", 50, NULL)                 \
    X(QUOTA_AGENT_HOPS, "agent_hops", "max_agent_hops", "max_agent_hops_exceeded", 21, "agent_hop_count")    \
    X(QUOTA_ITERATIONS, "iterations", "max_iterations", "max_iterations_exceeded", 3, "iteration")           \
    X(QUOTA_ELAPSED, "elapsed_seconds", "timeout_seconds", "timeout_exceeded", 300000000, NULL)

enum quota_resource {
#define X(constant, used, most, type, standard, counter) constant,
    QUOTA_LIST(X)
#undef X
        QUOTA_COUNT
};

/* Amounts, one a resource: numbers of calls, and microseconds of QUOTA_ELAPSED. */
struct quota_amounts {
    int64_t of[QUOTA_COUNT];
};

/* The words for a resource; static. */
struct quota_words {
    const char *used, *most, *type;
    const char *counter; /* NULL: the envelope does not show it */
};

const struct quota_words *quota_words(enum quota_resource resource);

struct quota_amounts quota_default(void);

/* Adds what was used, up to the largest number there is. */
void quota_add(struct quota_amounts *used, const struct quota_amounts *more);

/* True, and the first of them, when more of something was used than there is: the quota itself may be used up. */
bool quota_crossed(const struct quota_amounts *used, const struct quota_amounts *most,
                   enum quota_resource *resource);

/* When to come again after it was crossed. */
enum { QUOTA_RETRY_SECONDS = 60 };

#endif
