/* Whose turn it was in a schedule, one turn after another, so that it can be played again exactly.
 *
 * Threads: one at a time. */
#ifndef HOLDPOINT_LAB_CHOICES_H
#define HOLDPOINT_LAB_CHOICES_H

#include "reference/base/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHOICES_MAX = 100000 };

/* Zeroed it is empty; release it with choices_release. */
struct choices {
    uint16_t *turns; /* numbers of the script's clients */
    size_t count, room;
    uint64_t random; /* the state of chance for turns that are not chosen yet; set it by random_start */
};

/* One more turn. False when memory runs out or there are CHOICES_MAX. */
bool choices_add(struct choices *choices, unsigned client);

/* The turns as a JSON array of numbers; NULL when memory runs out. The caller drops it. */
json_t *choices_encode(const struct choices *choices);

/* Reads them into empty choices. HP_INVALID for anything else, the JSON Pointer in problem->field. */
enum hp_status choices_decode(const json_t *value, struct choices *choices, struct hp_problem *problem);

void choices_release(struct choices *choices);

#endif
