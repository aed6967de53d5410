/* The changes of single values: private to mutant_change.c. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_CHANGE_LEAF_H
#define HOLDPOINT_ADAPTERS_MUTANT_CHANGE_LEAF_H

#include <jansson.h>

/* One change as it is written in a fault. Borrowed. */
struct change {
    const char *name;
    const json_t *operand; /* NULL for those that have none */
};

/* What a text, a number, a truth or null becomes: a new value, a copy where the change has nothing to do with
 * it. Of "text" also what an object or a list becomes. NULL when memory runs out. */
json_t *leaf_changed(const struct change *change, const json_t *value);

#endif
