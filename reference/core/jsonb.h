/* JSON on its way into jsonb and back, so that every value survives: jsonb keeps numbers as decimal digits,
 * writes 1e22 as 23 of them, and forgets that it was a double. */
#ifndef HOLDPOINT_CORE_JSONB_H
#define HOLDPOINT_CORE_JSONB_H

#include "reference/base/text.h"

/* Appends a JSON text for jsonb, in which each double is written with a fraction
 * ("10000000000000000000000.0"), which jsonb keeps. The text was checked before. False when memory or the
 * text's cap ends. */
bool jsonb_write(struct text *text, const char *json);

/* Appends what jsonb shows as compact JSON that json_read takes: doubles in the fewest digits, integers
 * beyond 64 bits as the nearest double, beyond the doubles as the largest. False when memory or the cap ends.
 */
bool jsonb_read(struct text *text, const char *shown);

#endif
