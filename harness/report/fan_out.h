/* Several reporters as one. */
#ifndef HOLDPOINT_REPORT_FAN_OUT_H
#define HOLDPOINT_REPORT_FAN_OUT_H

#include "harness/report/reporter.h"

/* Hands everything to each of them, in their order. Takes them over, also when memory runs out: then they are
 * closed and NULL is returned. Its close is true when every close was. */
struct reporter *reporter_fan_out_take(struct reporter *const *reporters, size_t count);

#endif
