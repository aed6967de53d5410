/* A subscription: who wants to be told of which events, and how. Pure: no store, no network. */
#ifndef HOLDPOINT_CORE_SUBSCRIPTION_H
#define HOLDPOINT_CORE_SUBSCRIPTION_H

#include "reference/base/api.h"
#include "reference/base/ids.h"
#include "reference/base/instant.h"
#include "reference/base/problem.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    HP_URL_MAX_BYTES = 2048,
    HP_EVENTS_MAX_BYTES = 1000,
    HP_SECRET_MAX_BYTES = 1000,
    HP_TRIES_DEFAULT = 3,
    HP_TRIES_MAX = 100,
};

#define HP_TIMEOUT_DEFAULT_US (10 * HP_SECOND_US)
#define HP_TIMEOUT_MAX_US (60 * HP_SECOND_US)
#define HP_DELAY_DEFAULT_US HP_SECOND_US
#define HP_DELAY_MAX_US (3600 * HP_SECOND_US)

/* One subscription; a value that never changes. Texts are UTF-8. In a request they are borrowed; whoever got it from this
 * library owns it whole, in one piece of memory, and frees it with hp_subscription_free. */
struct hp_subscription {
    char id[HP_ID_SIZE];    /* "" in a request: the store gives it one */
    const char *url;        /* http or https */
    const char *events;     /* patterns with a comma between: "interrupt.resolved", "interrupt.*" or "*" */
    const char *secret;     /* signs what is sent; NULL: nothing is signed */
    const char *request_id; /* only the events of this request; NULL: of every request */
    const char *headers;    /* a JSON object of texts, as text, for each request; "{}": none */
    int64_t timeout_us;     /* for one try, 1 ms to HP_TIMEOUT_MAX_US */
    int64_t
        base_delay_us; /* before the second try, 1 ms to HP_DELAY_MAX_US; each further delay is twice as long */
    unsigned max_tries; /* sends in all, 1 to HP_TRIES_MAX */
};

/* A copy of a draft, texts and all. NULL when memory runs out. */
HP_API struct hp_subscription *hp_subscription_new(const struct hp_subscription *draft);
HP_API void hp_subscription_free(struct hp_subscription *subscription); /* NULL is allowed */

/* The rules of a subscription but those of its headers, which the request reader adds: HP_INVALID naming the field. */
HP_API enum hp_status hp_subscription_check(const struct hp_subscription *subscription,
                                            struct hp_problem *problem);

/* True for "*", a name ("a.b", of letters, digits, - and _ with dots between) and a name with ".*" behind it. */
HP_API bool hp_event_pattern_is_valid(const char *pattern, size_t length_bytes);

/* Whether an event of that type and request is one of the subscription's. A prefix ends at its dot: "request.*" does not
 * match "requests.x", nor "request". */
HP_API bool hp_subscription_matches(const struct hp_subscription *subscription, const char *event_type,
                                    const char *request_id);

#endif
