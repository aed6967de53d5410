/* Where in a JSON value one stands, kept as frames on the stack: it becomes a JSON Pointer only when
 * something has to be named. */
#ifndef HOLDPOINT_HARNESS_BASE_PLACE_H
#define HOLDPOINT_HARNESS_BASE_PLACE_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <stddef.h>

/* One step down from the parent. The root has no parent, and its key, when it has one, is a whole pointer
 * that the way begins with. */
struct place {
    const struct place *parent;
    const char *key; /* NULL: an index */
    size_t index;
};

/* Adds the JSON Pointer of the place. False when memory or the text's cap ends. */
bool place_write(struct text *pointer, const struct place *place);

/* Records HP_INVALID at the place with printf's text, and returns it; HP_INTERNAL when memory runs out. */
enum hp_status place_refuse(const struct place *place, struct hp_problem *problem, const char *format, ...)
    HP_PRINTF(3, 4);

#endif
