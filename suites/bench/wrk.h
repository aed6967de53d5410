/* wrk, a client of HTTP that is faster than what it measures, with the script walk.lua. For one thread. */
#ifndef HOLDPOINT_BENCH_WRK_H
#define HOLDPOINT_BENCH_WRK_H

#include "reference/base/problem.h"

#include <stdbool.h>
#include <stdint.h>

/* One run; everything is borrowed. */
struct wrk_order {
    const char *url;    /* with the prefix of the routes */
    const char *action; /* "get" or "respond" */
    const char *ids;    /* path of a file: an id a line, each for one request */
    unsigned threads;   /* of wrk */
    unsigned connections;
    unsigned seconds;
};

/* What one run came to. */
struct wrk_result {
    double per_second;
    int64_t requests; /* that were answered */
    bool ran_out; /* there were fewer ids than requests, so some were asked twice: the run does not count */
};

/* Reads what the script printed. HP_UNAVAILABLE when its line is not there, when a connection broke, or when an answer
 * was a refusal though there were ids enough. */
enum hp_status wrk_read(const char *output, struct wrk_result *result, struct hp_problem *problem);

/* Runs wrk from the root of the project. Errors as above. */
enum hp_status wrk_run(const struct wrk_order *order, struct wrk_result *result, struct hp_problem *problem);

#endif
