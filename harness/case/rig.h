/* A target with its open sessions during one run, and the calls of the case that is under way. */
#ifndef HOLDPOINT_CASE_RIG_H
#define HOLDPOINT_CASE_RIG_H

#include "harness/adapters/adapter.h"
#include "harness/case/run.h"
#include "harness/case/scope.h"
#include "reference/base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { RECORD_SETUP = -1, PARAMS_KEPT_BYTES = 2000 };

/* One call of the case and its answer. */
struct record {
    int step; /* its index, or RECORD_SETUP for reset and the clock */
    unsigned time, times;
    const char *method;
    size_t begin, length; /* of the params in rig->params; only the beginning of long ones is kept */
    size_t whole_length;
    bool raw;
    struct answer answer;
};

/* Lives as long as the run. One thread at a time; release with rig_release. */
struct rig {
    struct target *target;
    const struct run_plan *plan;
    const struct hello *hello;
    bool has_reset, has_clock;
    struct session **sessions; /* by endpoint; NULL until one is needed */
    int64_t clock_us;          /* what the target's clock was set to; HP_INSTANT_NONE: not known */
    uint64_t nonce;            /* mixed into {run}; 0 when the target can be reset */
    struct scope scope;
    struct record *records;
    size_t record_count, record_room;
    struct text params;
};

enum hp_status rig_init(struct rig *rig, const struct run_plan *plan, struct target *target,
                        const struct hello *hello, struct hp_problem *problem);
void rig_release(struct rig *rig);

/* Forgets the calls of the last case. */
void rig_clear(struct rig *rig);

/* Begins a call: the caller adds its params to rig->params from now on. The record stays valid until the next
 * one begins; NULL when memory runs out. */
struct record *rig_begin(struct rig *rig, int step, const char *method);

/* Sends it on an endpoint, whose session is opened when it is not yet, and waits for the answer, which is
 * ANSWER_BROKEN also when the session cannot be opened. */
const struct answer *rig_call(struct rig *rig, struct record *record, unsigned endpoint);

/* After a broken answer: closes all sessions and has the target start afresh. */
void rig_restart(struct rig *rig);

#endif
