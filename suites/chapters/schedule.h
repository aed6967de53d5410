/* Of the chapter `concurrency`: schedules of fixtures/schedules, as a play for cases. */
#ifndef HOLDPOINT_CHAPTERS_SCHEDULE_H
#define HOLDPOINT_CHAPTERS_SCHEDULE_H

#include "harness/case/play.h"

/* concurrency.schedule: plays a schedule as exactly as the target allows (harness/lab/schedule_run.h). args: {"schedule":
 * "respond-respond"}. The result is {"how", "runs", "failed", "violations": [...], "differences": [...]}, as struct
 * schedule_result has them. The exhibit shows the order that failed with what came of each step, and the timeline. Untestable
 * when the schedule needs rows held or endpoints that the target does not have, or when the set-up is refused. */
enum play_end concurrency_schedule_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                        struct hp_problem *problem);

/* Registers the play. */
void chapter_schedule_register(void);

#endif
