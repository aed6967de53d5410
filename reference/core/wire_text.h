/* Interrupts as JSON text, without a tree of values between: for answers that are only passed on. The library does not
 * export it. */
#ifndef HOLDPOINT_CORE_WIRE_TEXT_H
#define HOLDPOINT_CORE_WIRE_TEXT_H

#include "reference/base/text.h"
#include "reference/core/interrupt.h"

/* Appends the value of interrupt_encode as JSON. Data stands as it is stored, a JSON text that was checked when it came
 * in. False when memory or the text's cap ends. */
bool interrupt_write(struct text *text, const struct hp_interrupt *interrupt);

#endif
