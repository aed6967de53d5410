/* The contract once more, as a small program: several interrupts, one operation after another, by a set clock. It is told
 * what a script asks for, in the order in which that was done, and says what must have come back. It shares nothing with
 * any service, and is for scripts only: each call is well-formed, and each text is the script's own.
 *
 * Ids are chance, so the model borrows them from a stage on which the script was played. Without a clock it is told the
 * time of each act.
 *
 * Threads: one at a time. */
#ifndef HOLDPOINT_LAB_MODEL_H
#define HOLDPOINT_LAB_MODEL_H

#include "harness/lab/act.h"

/* What must come back of one act. Zeroed it is empty; release it with forecast_release. */
struct forecast {
    bool skipped;                 /* its interrupt is not there yet: nothing is called */
    const char *refused;          /* the error's name; NULL: it is accepted */
    const char *interrupt_status; /* with a conflict; else NULL */
    json_t *result; /* of an accepted one: all fields of the contract. A sweep's ids are in no order */
};

void forecast_release(struct forecast *forecast);

struct model;

/* No interrupts, and the clock at the stage's start; NULL when memory runs out. The stage is borrowed. */
struct model *model_new(const struct stage *stage);
void model_free(struct model *model); /* NULL is allowed */

/* Sets the clock of a stage that has none of its own. */
void model_set_now(struct model *model, int64_t now_us);

/* Carries an act out, as called by the recording's client of that number. HP_INTERNAL without memory; then the model is
 * of no more use. */
enum hp_status model_perform(struct model *model, const struct act *act, uint32_t by,
                             struct forecast *forecast, struct hp_problem *problem);

/* The events about a slot so far, in order, without their ids; an empty array when there is none. Borrowed. */
const json_t *model_events(const struct model *model, unsigned slot);

#endif
