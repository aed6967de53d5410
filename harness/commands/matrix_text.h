/* A judged matrix as text. */
#ifndef HOLDPOINT_COMMANDS_MATRIX_TEXT_H
#define HOLDPOINT_COMMANDS_MATRIX_TEXT_H

#include "harness/commands/matrix.h"
#include "reference/base/text.h"

/* The table of mutants and chapters, what is wrong, and the sum, for a terminal. */
void matrix_add_text(struct text *out, const struct matrix *matrix);

/* The same as a page of Markdown, with what each mutant is. */
void matrix_add_markdown(struct text *out, const struct matrix *matrix);

/* Everything as one JSON object; reports/README.md describes it. */
void matrix_add_json(struct text *out, const struct matrix *matrix);

/* The mutants alone: id, where, requirement, sentence. */
void mutants_add_list(struct text *out, const struct mutants *mutants);

#endif
