/* Source code as syntax trees, asked by patterns; the one door to libtree-sitter and to the library of grammars that
 * scripts/grammars makes. */
#ifndef HOLDPOINT_DRIFT_SOURCE_SYNTAX_H
#define HOLDPOINT_DRIFT_SOURCE_SYNTAX_H

#include "reference/base/problem.h"

#include <stdbool.h>
#include <stddef.h>

enum { SYNTAX_CAPTURES_MAX = 16 };

/* What one part of a pattern stands for in the text: bytes from (included) to `to` (excluded). */
struct syntax_capture {
    const char *name; /* as the pattern calls it, without the @; borrowed from the patterns */
    size_t from, to;
    size_t line; /* from 1 */
};

/* The parts of one place that a pattern fits. */
struct syntax_match {
    struct syntax_capture captures[SYNTAX_CAPTURES_MAX];
    size_t count;
};

/* The library of grammars. For one thread at a time. */
struct syntax_library;

/* Opens the library: the file that HOLDPOINT_GRAMMARS names, else the first that there is of grammars.so in
 * HOLDPOINT_CACHE, ~/.cache/holdpoint, and lib/holdpoint below the prefix. HP_UNAVAILABLE says what to install. The caller
 * closes *library. */
enum hp_status syntax_open(struct syntax_library **library, struct hp_problem *problem);
void syntax_close(struct syntax_library *library); /* NULL is allowed */

/* The patterns of one language, ready to be asked. */
struct syntax_patterns;

/* Compiles patterns, in tree-sitter's language of queries with its predicate (#any-of? @name "one" "other"), for the grammar of that name: "python". HP_UNAVAILABLE when the
 * library lacks the grammar, HP_INTERNAL with the line when the patterns do not fit it. The caller frees *patterns before it
 * closes the library. */
enum hp_status syntax_compile(struct syntax_library *library, const char *grammar, const char *text,
                              size_t length_bytes, struct syntax_patterns **patterns,
                              struct hp_problem *problem);
void syntax_free(struct syntax_patterns *patterns); /* NULL is allowed */

/* False for a text with so many words and marks that libtree-sitter 0.20 could fail on it: where it makes no sense of a text, it
 * counts the parts of a node with 16 bits. */
bool syntax_can_read(const char *text, size_t length_bytes);

/* Parses a text that it can read, which may be wrong in places, and hands out every match in the order of their begins. HP_INTERNAL when memory
 * runs out. */
enum hp_status syntax_search(const struct syntax_patterns *patterns, const char *text, size_t length_bytes,
                             void (*take)(void *context, const struct syntax_match *match), void *context,
                             struct hp_problem *problem);

#endif
