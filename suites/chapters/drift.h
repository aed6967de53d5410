/* The chapter `drift`: what a target's database says, as a play for cases. */
#ifndef HOLDPOINT_CHAPTERS_DRIFT_H
#define HOLDPOINT_CHAPTERS_DRIFT_H

#include "harness/case/play.h"

/* drift.database: looks at the database that the target's hello names, as `holdpoint drift db` does. args:
 * {"checks": [id, ...]}. The result is {"findings": [...]}, those of these checks. Untestable when the hello names no
 * database, or when one of the checks is undecided or was not looked at. */
enum play_end drift_database_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                  struct hp_problem *problem);

/* Registers the plays of this chapter. */
void chapter_drift_register(void);

#endif
