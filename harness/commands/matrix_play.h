/* Plays the cases on every mutant of a matrix. */
#ifndef HOLDPOINT_COMMANDS_MATRIX_PLAY_H
#define HOLDPOINT_COMMANDS_MATRIX_PLAY_H

#include "harness/commands/matrix.h"

/* Plays every base and every row by so many processes of its own, at least one, and fills in their marks. Each
 * row's `mutant` and `base` are set before, and no thread but the caller's runs. A row that cannot be played is
 * down and says why. HP_INTERNAL when memory, processes or temporary files run out, or when a worker ends before
 * its time; then no mark means anything. */
enum hp_status matrix_play(struct matrix *matrix, unsigned jobs, struct hp_problem *problem);

#endif
