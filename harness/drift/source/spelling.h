/* The words of the vocabulary as languages spell them: "critic_review", CRITIC_REVIEW, InterruptKind.CRITIC_REVIEW,
 * Kind::CriticReview, INTERRUPT_KIND_CRITIC_REVIEW are one word. */
#ifndef HOLDPOINT_DRIFT_SOURCE_SPELLING_H
#define HOLDPOINT_DRIFT_SOURCE_SPELLING_H

#include "harness/drift/vocabulary.h"

#include <stdbool.h>
#include <stddef.h>

enum { SPELLING_SIZE = 256 };

/* True when a piece of source is a text: in quotes of any kind, with the letters that may stand before them. */
bool spelling_is_text(const char *source);

/* A piece of source as a word of lower case with underscores: of a text what stands in the quotes, else the last name. Cut
 * when it does not fit. */
void spelling_put(char word[SPELLING_SIZE], const char *source);

/* The vocabulary's word that a piece of source spells, as a whole or, for a name, behind a prefix; NULL when it spells none. */
const char *spelling_find(const struct words *words, const char *source);

/* Collects the different words that a condition or a label spells, as texts or as names of constants; a name in lower case
 * alone is a variable. Returns how many of them there are. */
size_t spelling_find_all(const struct words *words, const char *source, const char **found, size_t room);

/* True when the word, as spelling_put makes it, has this part between its underscores. */
bool spelling_has_part(const char *word, const char *part);

#endif
