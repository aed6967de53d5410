/* Limits on how often a user may call an endpoint: three sliding windows, pure. Time is a parameter. */
#ifndef HOLDPOINT_CORE_RATELIMIT_H
#define HOLDPOINT_CORE_RATELIMIT_H

#include "reference/base/api.h"
#include "reference/base/ids.h"
#include "reference/base/instant.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row a window: constant, name, length in seconds, limit by default. The shortest first. */
#define HP_RATE_WINDOW_LIST(X)                                                                               \
    X(HP_RATE_MINUTE, "minute", 60, 60)                                                                      \
    X(HP_RATE_HOUR, "hour", 3600, 1000)                                                                      \
    X(HP_RATE_DAY, "day", 86400, 10000)

enum hp_rate_window {
#define X(constant, name, seconds, limit) constant,
    HP_RATE_WINDOW_LIST(X)
#undef X
        HP_RATE_WINDOW_COUNT
};

/* The name of a window ("minute"); static. */
HP_API const char *hp_rate_window_name(enum hp_rate_window window);

/* Its length; a check at t sees what was recorded in (t - length, t]. */
HP_API int64_t hp_rate_window_us(enum hp_rate_window window);

/* How many calls each window takes; 0 and less: any number. */
struct hp_rate_limits {
    int64_t most[HP_RATE_WINDOW_COUNT];
};

/* 60 a minute, 1,000 an hour, 10,000 a day. */
HP_API struct hp_rate_limits hp_rate_limits_default(void);

/* What there is of each window: how many allowed calls stand in it, and, where they fill it, the instant of the one with whose
 * leaving it has room again, the limit's from the latest; HP_INSTANT_NONE where it has room. */
struct hp_rate_facts {
    int64_t count[HP_RATE_WINDOW_COUNT];
    int64_t filler_us[HP_RATE_WINDOW_COUNT];
};

/* The facts at that instant, of instants that ascend and do not lie behind it. */
HP_API struct hp_rate_facts hp_rate_count(const int64_t *instants_us, size_t count, int64_t now_us,
                                          const struct hp_rate_limits *limits);

/* What becomes of a call. */
struct hp_rate_verdict {
    bool allowed;
    enum hp_rate_window
        window; /* unless allowed: of the full ones the one with the longest wait; of equals the shortest */
    int64_t count; /* in it */
    int64_t limit; /* its limit */
    int64_t
        retry_after_us; /* a call so much later is allowed if none comes between, one a microsecond earlier is not */
    int64_t
        remaining; /* further calls that were allowed now, this one not counted when it is; -1: any number */
};

/* Judges a call by the facts. */
HP_API struct hp_rate_verdict hp_rate_judge(const struct hp_rate_facts *facts,
                                            const struct hp_rate_limits *limits, int64_t now_us);

/* Limits of a user or of an endpoint; the other is NULL. Those of an endpoint go before those of a user, and these before the
 * default; each replaces all three windows. Texts are borrowed. */
struct hp_rate_rule {
    const char *user_id;
    const char *endpoint;
    struct hp_rate_limits limits;
};

/* A call that is to be judged. Texts are borrowed, 1 to 255 bytes. */
struct hp_rate_call {
    const char *user_id;
    const char *endpoint;
    bool record; /* it counts from now on when it is allowed */
};

/* What a store says to it. */
struct hp_rate_answer {
    struct hp_rate_verdict verdict;
    char interrupt_id
        [HP_ID_SIZE]; /* the latest that was raised about this user and endpoint; "": none was yet */
};

/* A creation that is the interrupt about this user and endpoint, unless another was raised since `before`, which is what an
 * answer's interrupt_id was. */
struct hp_rate_claim {
    const char *user_id;
    const char *endpoint;
    const char *before;
};

#endif
