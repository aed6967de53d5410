/* One part of a selection, for runs that several machines share. */
#ifndef HOLDPOINT_CASE_SHARD_H
#define HOLDPOINT_CASE_SHARD_H

#include "harness/case/case.h"
#include "reference/base/problem.h"

enum { SHARDS_MAX = 1000 };

/* Which part of how many; zeroed: the whole. */
struct shard {
    unsigned index; /* 1 .. count */
    unsigned count; /* 0: there are no parts */
};

/* Reads "2/4". HP_INVALID says what is wrong. */
enum hp_status shard_read(const char *text, struct shard *shard, struct hp_problem *problem);

/* Leaves of the cases, which are in the suite's order, those of that part, in the same order. Each case is in exactly one
 * part: within its chapter the cases are dealt out by the digest of their ids, the next chapter going on where the last
 * one ended. So the parts differ by one case at most, as do those of each chapter by themselves, and the same selection
 * is dealt in the same way on every machine. HP_INVALID when there are more parts than cases; HP_INTERNAL when memory runs
 * out. */
enum hp_status shard_take(const struct shard *shard, const struct test_case **cases, size_t *case_count,
                          struct hp_problem *problem);

#endif
