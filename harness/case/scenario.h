/* Plays one case on one target and judges what comes back. */
#ifndef HOLDPOINT_CASE_SCENARIO_H
#define HOLDPOINT_CASE_SCENARIO_H

#include "harness/case/case.h"
#include "harness/case/rig.h"
#include "harness/case/verdict.h"

/* Where a case would begin on the rig's target now: at its start or, when the target's clock cannot be set
 * back, at the clock; a fixed one some cycles of 400 years later. False when no cycle is left before the year
 * 10000. */
bool scenario_start(const struct rig *rig, const struct test_case *test_case, int64_t *start_us,
                    int64_t *cycles);

/* Plays the case and fills in *result, which is zeroed:
 * - a capability that the target does not declare: unsupported;
 * - a broken answer: errored, with the adapter's words and the target's log; the target is started afresh;
 * - a refused twin: failed at the step whose refusal then counts for nothing;
 * - a step that names a requirement and goes wrong: failed; one that names none: untestable.
 * The first of these ends the case. */
void scenario_run(struct rig *rig, const struct test_case *test_case, struct case_result *result);

#endif
