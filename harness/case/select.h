/* Which cases of a suite are run. */
#ifndef HOLDPOINT_CASE_SELECT_H
#define HOLDPOINT_CASE_SELECT_H

#include "harness/case/case.h"
#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* What the user asked for. Everything is borrowed; zeroed it selects every case. */
struct selection {
    /* Each is one of: an id or the beginning of ids up to a dot ("expiry", "users.respond"); a glob over the
     * whole id with * (any text, dots too) and ? (one byte); a requirement ("REQ-RESPOND-2", or a glob
     * "REQ-TTL-*") for the cases with a step that names it. A leading ! excludes. Those without ! are ORed;
     * when there are none, all cases are taken. What any ! matches is left out. */
    const char *const *patterns;
    size_t pattern_count;
    const char *level; /* "MUST" or "SHOULD"; NULL for both */
};

/* True when the pattern is the id, its beginning up to a dot, or a glob that matches the whole of it. */
bool select_id_matches(const char *id, const char *pattern);

/* True when one pattern, without its !, takes the case. */
bool select_matches(const struct test_case *test_case, const char *pattern);

/* Adds the suite's chapters with their numbers of cases: "kinds (172), users (64)". */
void select_add_chapters(struct text *text, const struct suite *suite);

/* Collects the selected cases in the suite's order. HP_INVALID when a level is unknown, when a pattern takes
 * no case at all, or when nothing is left; the problem names the nearest ids, or else
 * the chapters. The caller frees *cases (the
 * array; the cases stay the suite's). */
enum hp_status select_cases(const struct suite *suite, const struct selection *selection,
                            const struct test_case ***cases, size_t *case_count, struct hp_problem *problem);

#endif
