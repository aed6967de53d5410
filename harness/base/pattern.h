/* POSIX extended regular expressions; the one door to <regex.h>. */
#ifndef HOLDPOINT_HARNESS_BASE_PATTERN_H
#define HOLDPOINT_HARNESS_BASE_PATTERN_H

#include "reference/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* A compiled expression. Immutable: any number of threads may match with one. */
struct pattern;

/* HP_INVALID when the text is no extended regular expression, HP_INTERNAL when memory runs out. The caller
 * frees *pattern. */
enum hp_status pattern_compile(const char *text, struct pattern **pattern);
void pattern_free(struct pattern *pattern); /* NULL is allowed */

/* True when the expression finds something in the bytes, which end with NUL. Text that holds U+0000 matches
 * nothing: only its beginning would be looked at. */
bool pattern_matches(const struct pattern *pattern, const char *bytes, size_t length_bytes);

#endif
