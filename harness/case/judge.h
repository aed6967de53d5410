/* Holds one answer against what its step asks for: private to scenario.c. */
#ifndef HOLDPOINT_CASE_JUDGE_H
#define HOLDPOINT_CASE_JUDGE_H

#include "harness/case/outcome.h"

#include <stdbool.h>

/* Judges the answer in the record, binds what the step binds (a step of several times binds later) and notes
 * a created interrupt. False when the case ends here; the result then says why. */
bool judge_answer(struct scenario *scenario, const struct step *step, const struct record *record);

/* Of a step of several times: adds what each bind leads to to the list of that name in the object. */
bool judge_collect(struct scenario *scenario, const struct step *step, const struct record *record,
                   json_t *lists);

#endif
