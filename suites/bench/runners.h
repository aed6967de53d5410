/* So many threads at one service, each doing operations one after another, as fast as it goes. */
#ifndef HOLDPOINT_BENCH_RUNNERS_H
#define HOLDPOINT_BENCH_RUNNERS_H

#include "reference/holdpoint.h"

/* What a runner does. */
enum discipline {
    DISCIPLINE_CREATE,
    DISCIPLINE_GET,     /* a random row of the ground */
    DISCIPLINE_RESPOND, /* each row of the ground once, in a random order */
    DISCIPLINE_COUNT,
};

/* How often each thread reads before it begins. */
enum { RUNNERS_WARM_UPS = 50 };

const char *discipline_name(enum discipline discipline);

/* One run; everything is borrowed. */
struct runners_order {
    enum discipline discipline;
    struct hp_service *service;
    unsigned threads;
    int64_t operations; /* of each thread */
    int64_t rows;       /* of the ground; for DISCIPLINE_RESPOND: threads * operations */
    uint64_t seed;
};

struct runners_result {
    double per_second; /* operations of all threads, from the first begin to the last end */
    double cpu_us;     /* of this process for one operation, in user and system mode */
};

/* Each thread warms up a connection of its own first, then all begin at once. The first error that an operation gives
 * ends the run: it is returned. */
enum hp_status runners_run(const struct runners_order *order, struct runners_result *result,
                           struct hp_problem *problem);

/* The response that DISCIPLINE_RESPOND gives. */
struct hp_response runners_response(void);

/* The greatest memory of this process so far, in bytes. */
int64_t runners_peak_bytes(void);

#endif
