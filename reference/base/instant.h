/* Instants: signed microseconds since 1970-01-01T00:00:00Z, of the years 0001 to 9999, without leap seconds.
 * Zones and locales of the process change nothing here. */
#ifndef HOLDPOINT_BASE_INSTANT_H
#define HOLDPOINT_BASE_INSTANT_H

#include "reference/base/api.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HP_INSTANT_MIN INT64_C(-62135596800000000) /* 0001-01-01T00:00:00.000000Z */
#define HP_INSTANT_MAX INT64_C(253402300799999999) /* 9999-12-31T23:59:59.999999Z */
#define HP_INSTANT_NONE INT64_MIN                  /* no instant: null on the wire */
#define HP_SECOND_US INT64_C(1000000)

enum { HP_INSTANT_SIZE = 28 }; /* "2025-12-11T09:30:00.000000Z" and its NUL */

/* Reads an RFC 3339 date-time with any offset and 0 to 9 fraction digits; what is finer than a microsecond is
 * cut off (REQ-TIME-2, REQ-TIME-3). False, and *instant_us untouched, for a time without an offset, a second
 * of 60, a day that the calendar lacks, a year outside 0001..9999 (in UTC too), or anything else that the
 * grammar does not know. RFC 3339 lets t and z be lower case; a blank in place of T is refused. */
HP_API bool hp_instant_parse(const char *text, size_t length_bytes, int64_t *instant_us);

/* Writes "2025-12-11T09:30:00.000000Z" (REQ-TIME-1). The instant must lie in
 * HP_INSTANT_MIN..HP_INSTANT_MAX. */
HP_API void hp_instant_format(int64_t instant_us, char text[HP_INSTANT_SIZE]);

#endif
