/* Says of a matrix whether the suite bites: what became of each mutant, which case kills nothing, and all that is
 * wrong. */
#ifndef HOLDPOINT_COMMANDS_MATRIX_JUDGE_H
#define HOLDPOINT_COMMANDS_MATRIX_JUDGE_H

#include "harness/commands/matrix.h"

/* A mutant that fails more than this share of the suite's cases, and more than so many, counts for no case's
 * kill: whatever looks at it fails. */
enum { CATASTROPHE_SHARE = 10, CATASTROPHE_MIN = 10 };

/* Fills in what the judge says in the played matrix:
 * - a target that fails anything without a mutant, or cannot be reached;
 * - a mutant that survives, that is killed by no tied case, or whose target cannot be reached;
 * - a mutant of a requirement that does not exist;
 * - when all mutants were played, a case that passes without a mutant and kills nothing, unless it says why
 *   (and one that says so and kills), and a requirement that such a case names and no mutant breaks.
 * Each is a complaint. False when memory runs out. */
bool matrix_judge(struct matrix *matrix);

/* True when some base passes the case: it can be run at all. */
bool matrix_can_run(const struct matrix *matrix, size_t case_index);

#endif
