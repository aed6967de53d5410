/* Responses and interrupts as a database keeps them in jsonb (core/jsonb.h), for a store that itself holds text only. */
#ifndef HOLDPOINT_CORE_STORED_H
#define HOLDPOINT_CORE_STORED_H

#include "reference/base/text.h"
#include "reference/core/interrupt.h"

/* A response that was read, and the texts that it borrows. Zeroed it is empty. */
struct stored_response {
    struct hp_response response;
    char *text;
    char *data;
};

void stored_response_release(struct stored_response *stored);

/* Appends the members that were given, without received_at. False when memory runs out. */
bool stored_write_response(struct text *json, const struct hp_response *response);

/* Appends what a cancel adds to data: {} without a reason. False when memory runs out. */
bool stored_write_reason(struct text *json, const char *reason);

/* Reads what jsonb shows; received_at is not read. What others wrote and no response holds is taken for absent.
 * HP_INTERNAL without memory; release *stored in any case. */
enum hp_status stored_read_response(const char *shown, struct stored_response *stored,
                                    struct hp_problem *problem);

/* Reads a whole interrupt, as interrupt_decode. The caller owns *interrupt. */
enum hp_status stored_read_interrupt(const char *shown, struct hp_interrupt **interrupt,
                                     struct hp_problem *problem);

#endif
