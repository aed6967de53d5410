/* Which capability a target should have next: the one that lets the most cases run, at once and once others have joined it. */
#ifndef HOLDPOINT_CASE_OPENING_H
#define HOLDPOINT_CASE_OPENING_H

#include "harness/adapters/adapter.h"
#include "harness/case/verdict.h"

enum { OPENING_MAX = 8 };

/* Capabilities of which each is missing, and the cases that could run if all were there. Texts are borrowed from the suite. */
struct opening {
    const char *capabilities[OPENING_MAX]; /* sorted */
    size_t capability_count;               /* as few as open any case at all: mostly one */
    size_t cases;
    size_t awaited; /* cases that lack all of these, and maybe others */
};

/* Finds it among the results that are unsupported: of those that open any case the one with the most of cases and awaited together, so
 * that `create`, for which nearly all cases wait, goes before what stands alone. What nobody builds is not proposed (a second server, a database), nor what
 * only a service over HTTP has, unless the target declares some of that. False when nothing would open a case. */
bool opening_find(const struct case_result *results, size_t count, const struct hello *hello,
                  struct opening *opening);

#endif
