/* The interrupt that an envelope embeds, and interrupt_pending, which is true exactly while it is pending. An embedded
 * interrupt has at least id and kind; without a status it is pending until it has a response. It keeps what it has and lacks. */
#ifndef HOLDPOINT_CORE_ENVELOPE_INTERRUPT_H
#define HOLDPOINT_CORE_ENVELOPE_INTERRUPT_H

#include "reference/core/envelope.h"
#include "reference/core/member_path.h"

/* Checks one that is not null: HP_INVALID at the member behind `pointer`, which names the interrupt. */
enum hp_status embedded_check(const json_t *interrupt, struct member_path *pointer,
                              struct hp_problem *problem);

/* Whether it is pending; false for null. */
bool embedded_is_pending(const json_t *interrupt);

/* Whether it lies behind its expires_at, where it has one and its kind expires by itself. */
bool embedded_is_expired(const json_t *interrupt, int64_t now_us);

/* The embedded interrupt; NULL for null. Borrowed. */
json_t *envelope_interrupt(const json_t *envelope);

/* Embeds an interrupt, borrowed. HP_CONFLICT, with the status of what is there, over a pending one; HP_INTERNAL without
 * memory. */
enum hp_status envelope_set_interrupt(json_t *envelope, json_t *interrupt, struct hp_problem *problem);

/* Stores the response, borrowed, in the embedded interrupt, which is resolved at that instant. HP_CONFLICT unless one is
 * there, pending and not behind its expires_at. */
enum hp_status envelope_resolve_interrupt(json_t *envelope, json_t *response, int64_t resolved_at_us,
                                          struct hp_problem *problem);

/* Takes the interrupt out, whatever it is. HP_INTERNAL without memory. */
enum hp_status envelope_clear_interrupt(json_t *envelope, struct hp_problem *problem);

#endif
