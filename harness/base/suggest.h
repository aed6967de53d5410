/* The nearest known word to a misspelt one. */
#ifndef HOLDPOINT_HARNESS_BASE_SUGGEST_H
#define HOLDPOINT_HARNESS_BASE_SUGGEST_H

#include <stddef.h>

/* How many single-byte insertions, deletions, replacements and swaps of neighbours lead from one word to the
 * other. Words are compared up to their first 255 bytes; ASCII case differences count half an edit, so the
 * distance is in half edits. */
size_t suggest_distance(const char *one, const char *other);

/* The word nearest to `word`, or NULL when none is near enough to be meant (more than about a third of it
 * would have to change). Of two equally near ones the first. NULL entries in words are skipped. Borrowed. */
const char *suggest_nearest(const char *word, const char *const *words, size_t count);

/* Collects the nearest words, best first, up to room; returns how many. A word that begins with, or contains,
 * the misspelt one counts as near. */
size_t suggest_several(const char *word, const char *const *words, size_t count, const char **nearest,
                       size_t room);

#endif
