/* What the rooms of the reference and the harness use of a clock beside its public header. The library does not
 * export it. */
#ifndef HOLDPOINT_BASE_CLOCK_STATE_H
#define HOLDPOINT_BASE_CLOCK_STATE_H

#include "reference/base/clock.h"

#include <stdbool.h>

/* True, with the instant, when the clock was set and so stands still. For a store whose own clock counts
 * until then; the instant was read then as by hp_clock_now, so it is never set back to before it. */
bool clock_stands(struct hp_clock *clock, int64_t *instant_us);

/* Makes it as it was when it was new. */
void clock_restart(struct hp_clock *clock);

#endif
