/* The chapter `concurrency`: clients let loose at once, as plays for cases. */
#ifndef HOLDPOINT_CHAPTERS_CONCURRENCY_H
#define HOLDPOINT_CHAPTERS_CONCURRENCY_H

#include "harness/case/play.h"

/* concurrency.race: a race (harness/lab/race.h), round after round. args: the race's members, and
 *   rounds    how many at least (default 20)
 *   overlaps  how many pairs of calls must really have overlapped on one interrupt; while there are fewer the race goes
 *             on, up to 20 times the rounds, and then it is untestable (default 1)
 *   judge     the classes of findings that count: order, field, event, id, list, answer, model (default all)
 * The result is {"violations": [{"class", "what", "round"}, ...]}, of the first round that has any.
 *
 * Untestable when the target has fewer endpoints than are named, refuses the set-up, or overlaps too little; broken when
 * a call had no answer. */
enum play_end concurrency_race_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                    struct hp_problem *problem);

/* concurrency.script: one script (harness/lab/script.h), the same in each round. args: script, rounds (default 1), in_turn
 * (true: one client after another, which a crew of one is anyway; then the model judges too), turns (numbers of clients: whose turn it is, one after another, from one point to the
 * next, as far as they go; where the target has no such points all go at once), judge. */
enum play_end concurrency_script_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                      struct hp_problem *problem);

/* Registers the plays of this chapter. */
void chapter_concurrency_register(void);

#endif
