/* Between review.c and the files that it is made of. Each adds its findings. */
#ifndef HOLDPOINT_LAB_REVIEW_PARTS_H
#define HOLDPOINT_LAB_REVIEW_PARTS_H

#include "harness/lab/review.h"

/* Adds a finding; the sentence is printf's. */
void review_add(struct review *review, enum finding_class class, unsigned slot, const char *format, ...)
    HP_PRINTF(4, 5);

void review_fields(const struct performance *performance, struct review *review);
void review_events(const struct performance *performance, struct review *review);
void review_lists(const struct performance *performance, struct review *review);

/* Calls visit for each outcome of the script's clients, and of seeding and closing, with its act. client is NAME_NONE
 * for the latter. */
typedef void (*outcome_visit)(const struct performance *performance, const struct act *act,
                              const struct outcome *outcome, struct review *review);
void review_visit(const struct performance *performance, outcome_visit visit, struct review *review);

/* How an interrupt ended, as the closing get shows it; NULL when that showed nothing. */
const json_t *review_final(const struct performance *performance, unsigned slot);

/* The status of an interrupt, "" when it has none. */
const char *review_status(const json_t *interrupt);

/* What creation answered, for a slot; NULL when it was not. */
const json_t *review_created(const struct performance *performance, unsigned slot);

#endif
