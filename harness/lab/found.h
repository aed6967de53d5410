/* What was found, as an ordinary case: a file that `holdpoint replay` repeats as it is, and that may be moved into
 * fixtures/cases/concurrency. Pure; any thread. */
#ifndef HOLDPOINT_LAB_FOUND_H
#define HOLDPOINT_LAB_FOUND_H

#include "harness/lab/attempt.h"

enum { FOUND_NAME_SIZE = 96 };

/* What the case is made of. Everything is borrowed. */
struct found {
    const char *name; /* by found_name */
    enum finding_class class;
    const char *sentence;
    const char *origin; /* "seed 1, run 17, memory" */
    enum way way;
    const struct script *script;
    const struct choices *choices; /* by turns: whose turn it was; else NULL */
    unsigned rounds;
};

/* "order-s1-r17": of the class, the seed and the number of the run. */
void found_name(enum finding_class class, uint64_t seed, uint64_t number, char name[FOUND_NAME_SIZE]);

/* The whole file: one case "concurrency.found.NAME", whose step is the play concurrency.script, which must find nothing.
 * NULL when memory runs out. The caller drops it. */
json_t *found_encode(const struct found *found);

#endif
