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
void review_answers(const struct performance *performance, struct review *review);
void review_flows(const struct performance *performance, struct review *review);
void review_limits(const struct performance *performance, struct review *review);

/* Calls visit for each outcome of the script's clients, and of seeding and closing, with its act. client is NAME_NONE
 * for the latter. */
typedef void (*outcome_visit)(const struct performance *performance, const struct act *act,
                              const struct outcome *outcome, struct review *review);
void review_visit(const struct performance *performance, outcome_visit visit, struct review *review);

/* The slot of an interrupt that an answer shows; SCRIPT_SLOTS_MAX when it is none of this script's. */
unsigned review_slot(const struct performance *performance, const json_t *interrupt);

/* One member of two objects; a missing one is null. Times are compared as instants, which may be written in many ways, and
 * nothing but a member _at is taken for a time. */
bool review_members_equal(const json_t *one, const json_t *other, const char *key);

/* The first of the contract's fields in which two interrupts out of answers differ; NULL: in none. */
const char *review_difference(const json_t *one, const json_t *other);

/* The first field that is not as the creation of that slot gave it; NULL: none. */
const char *review_unlike_given(const struct performance *performance, unsigned slot, const json_t *interrupt,
                                struct review *review);

/* How an interrupt ended, as the closing get shows it; NULL when that showed nothing. */
const json_t *review_final(const struct performance *performance, unsigned slot);

/* As the answer to the respond or cancel that ended it shows it: the first that was accepted. NULL when there is none. */
const json_t *review_ended(const struct performance *performance, unsigned slot);

/* The status of an interrupt, "" when it has none. */
const char *review_status(const json_t *interrupt);

/* What came of a slot's creation; NULL when nothing creates it. */
const struct outcome *review_creation(const struct performance *performance, unsigned slot);

/* What creation answered, for a slot; NULL when it was not. */
const json_t *review_created(const struct performance *performance, unsigned slot);

#endif
