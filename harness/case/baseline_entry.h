/* What a baseline holds: private to baseline.c and the baseline_*.c beside it. */
#ifndef HOLDPOINT_CASE_BASELINE_ENTRY_H
#define HOLDPOINT_CASE_BASELINE_ENTRY_H

#include "harness/base/document.h"
#include "harness/case/baseline.h"
#include "reference/base/text.h"

/* One known failure, borrowed from the document. */
struct known_failure {
    const json_t *source;
    const char *case_id;
    const char *target; /* NULL: every target */
    const char *fingerprint;
    const char *reason;
    const char *link;  /* NULL when there is none */
    const char *until; /* NULL: for good */
};

struct baseline {
    struct document document;
    struct known_failure *entries;
    size_t entry_count;
};

/* True when the entry holds for the target. */
bool known_failure_is_for(const struct known_failure *entry, const char *target);

/* The entry for a case on a target; NULL when there is none. There is at most one. */
const struct known_failure *baseline_find(const struct baseline *baseline, const char *case_id,
                                          const char *target);

/* Adds a problem, whose text is taken over. HP_INTERNAL when memory runs out, now or while it was written. */
enum hp_status baseline_problems_take(struct baseline_problems *problems, struct text *text);

/* The line on which an entry begins. */
size_t baseline_line(const struct baseline *baseline, const struct known_failure *entry);

#endif
