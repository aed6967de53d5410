/* Interrupts, responses and events as JSON values, and back. A value belongs to the thread that made it. */
#ifndef HOLDPOINT_CORE_WIRE_H
#define HOLDPOINT_CORE_WIRE_H

#include "reference/core/event.h"

#include <jansson.h>

/* The value with all its fields, an absent one null (REQ-SHAPE-1, REQ-SHAPE-3). NULL when memory runs out.
 * The caller owns it. */
json_t *interrupt_encode(const struct hp_interrupt *interrupt);
json_t *event_encode(const struct hp_event *event);

/* Reads an interrupt back. Times may have any offset; an omitted field is null, unknown ones are ignored.
 * HP_INVALID, naming the field, for a missing or wrong one. The caller owns *interrupt. */
enum hp_status interrupt_decode(const json_t *value, struct hp_interrupt **interrupt,
                                struct hp_problem *problem);

#endif
