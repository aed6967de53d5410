/* Values of the wire compared as the contract has them: by the fields that it names, since further members in
 * an answer are no fault. */
#ifndef HOLDPOINT_BASE_SHAPE_H
#define HOLDPOINT_BASE_SHAPE_H

#include <jansson.h>
#include <stdbool.h>

/* Equality of two values out of answers. Interrupts, responses and events are compared by the contract's
 * fields, a missing one as null; what callers store in `data` exactly and in full; lists of them element by
 * element; everything else as value_equals does. */
bool shape_equals(const json_t *left, const json_t *right);

/* The names of the fields, in the contract's order, ending with NULL. */
extern const char *const shape_interrupt_fields[];
extern const char *const shape_response_fields[];
extern const char *const shape_event_fields[];

#endif
