/* The first place at which two normal forms differ: private to parity.c. */
#ifndef HOLDPOINT_CASE_TREE_DIFFERENCE_H
#define HOLDPOINT_CASE_TREE_DIFFERENCE_H

#include "reference/base/text.h"

#include <jansson.h>
#include <stdbool.h>

/* Where, and what is there: borrowed from the trees, NULL where one has nothing. */
struct tree_difference {
    struct text path; /* JSON Pointer; the caller releases it */
    const json_t *one, *other;
};

/* True when they differ: in a value, in a member or element that one of them lacks. The order of keys counts for nothing,
 * nor does whether a number is written 1 or 1.0: some languages know no difference. *found, which is zeroed before, says
 * where they differ first; members are looked at in the order of the first tree. */
bool tree_differ(const json_t *one, const json_t *other, struct tree_difference *found);

#endif
