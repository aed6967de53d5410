/* How large an interrupt may be, for a store that counts elsewhere than in hp_interrupt_check_size. The library
 * does not export it. */
#ifndef HOLDPOINT_CORE_ROOM_H
#define HOLDPOINT_CORE_ROOM_H

#include "reference/core/interrupt.h"

/* How many bytes the limit leaves for the texts of a row (null: 4 bytes)
 * and its data when it gets that response (NULL: none), and the refusal. */
int64_t interrupt_room_bytes(const struct hp_response *response);
enum hp_status interrupt_refuse_size(const struct hp_interrupt *interrupt, struct hp_problem *problem);

#endif
