/* Pairs expectations with elements, each with one at most: several may fit several, so the first that fits is
 * not always the right one. */
#ifndef HOLDPOINT_CASE_PAIRING_H
#define HOLDPOINT_CASE_PAIRING_H

#include "reference/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Tells whether the wanted thing at `left` fits the element at `right`. */
typedef bool pairing_fits(void *context, size_t left, size_t right);

/* Finds a greatest pairing of left_count things with right_count elements. *unpaired becomes the first left
 * thing that stays alone, or left_count when none does. HP_INTERNAL when memory runs out. */
enum hp_status pairing_find(size_t left_count, size_t right_count, pairing_fits *fits, void *context,
                            size_t *unpaired);

#endif
