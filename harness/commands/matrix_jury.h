/* Which cases a mutant is judged by, and which of these are worth playing. */
#ifndef HOLDPOINT_COMMANDS_MATRIX_JURY_H
#define HOLDPOINT_COMMANDS_MATRIX_JURY_H

#include "harness/commands/matrix.h"

/* True when the case is one by which a mutant is judged: one whose id begins with a chapter that it names, when it names
 * any, else every case, but those of the chapter concurrency only for mutants of the store, and those of the chapter
 * durability for none. NULL is the target without a mutant, judged by all. */
bool matrix_judges(const struct test_case *test_case, const struct mutant *mutant);

/* False when the case cannot notice the mutant on a target where every case starts on an empty one: it makes none of the
 * calls that the fault is about, nor does the harness on its behalf. */
bool matrix_touches(const struct test_case *test_case, const struct mutant *mutant);

/* True when the case is to be played for the row: one that judges its mutant and, where every case starts on an empty
 * target (`fresh`; elsewhere it may meet what another one left), touches it; without a mutant, every case on the first of
 * the bases, and on those beside it what some mutant made of them is judged by. */
bool matrix_plays(const struct matrix *matrix, const struct matrix_row *row,
                  const struct test_case *test_case, bool fresh);

#endif
